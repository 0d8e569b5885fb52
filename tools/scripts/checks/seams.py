"""The tests that docs/seams.md names exist."""

import re

from checks.common import ROOT, tracked

NAME = re.compile(r"`(?:(\w+):)?([^`]+)`")
TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", re.M)


def known_tests():
    names = set()
    for path in tracked():
        if path.startswith("test/unit/") and path.endswith(".cpp"):
            names |= {f"{a}.{b}" for a, b in TEST.findall((ROOT / path).read_text())}
    return names


def check():
    known, problems = known_tests(), []
    for line in (ROOT / "docs" / "seams.md").read_text().splitlines():
        if not line.startswith("|") or line.count("|") < 4:
            continue
        for suite, name in NAME.findall(line.rsplit("|", 2)[1]):
            if suite == "lit":
                good = (ROOT / "test" / name).is_file()
            elif name.endswith(".*"):
                good = any(test.startswith(name[:-1]) for test in known)
            else:
                good = "." not in name or name in known
            if not good:
                problems.append(f"docs/seams.md: names '{name}', which does not exist")
    return problems
