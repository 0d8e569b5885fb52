"""docs/third-party.md has a row for each package that is installed, and no other; each
Python package has one version."""

import re

from checks.common import ROOT

PAGE = "docs/third-party.md"
SETUP, REQUIREMENTS = "tools/scripts/setup", "tools/scripts/requirements.txt"
SUITE = "tools/bench/requirements-suite.txt"
BATCH = "test/python/requirements-batch.txt"
DYDCA = "tools/dydca/requirements.txt"
CELLS = 5


def debian_packages():
    listed = re.search(r"^packages=\((.*?)^\)", (ROOT / SETUP).read_text(), re.S | re.M)
    return set(listed[1].split())


def python_packages(path):
    lines = (ROOT / path).read_text().splitlines()
    return {re.split(r"[=<>~! ]", line)[0] for line in lines if line.strip()}


def unpinned(path):
    return [f"{path}: expects NAME==VERSION, got {line}"
            for line in (ROOT / path).read_text().splitlines()
            if not re.fullmatch(r"[\w-]+==[\w.]+", line)]


def rows(heading):
    """The rows of the table below a heading, as lists of cells."""
    section = (ROOT / PAGE).read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def check():
    problems = [p for path in (REQUIREMENTS, SUITE, BATCH, DYDCA) for p in unpinned(path)]
    for heading, source, packages in (("Debian packages", SETUP, debian_packages()),
                                      ("Python packages", REQUIREMENTS,
                                       python_packages(REQUIREMENTS)),
                                      ("Python packages of the suite of benchmarks", SUITE,
                                       python_packages(SUITE)),
                                      ("Python packages of the tests of batches", BATCH,
                                       python_packages(BATCH)),
                                      ("Python packages of dydca", DYDCA,
                                       python_packages(DYDCA))):
        table = rows(heading)
        known = {row[0] for row in table}
        problems += [f"{PAGE}: has no row for {name} of {source}"
                     for name in sorted(packages - known)]
        problems += [f"{PAGE}: names {name}, which {source} does not install"
                     for name in sorted(known - packages)]
        problems += [f"{PAGE}: expects {CELLS} filled cells for {row[0]}, got {row[1:]}"
                     for row in table if len(row) != CELLS or not all(row)]
    return problems
