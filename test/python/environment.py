"""Python environments with the wheel in them, and unittest's results there."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "tools" / "scripts" / "requirements.txt"
BUILD = ROOT / os.environ.get("DYCC_BUILD", "build")


def make_wheel():
    """An environment variable says where the build is; setup has made the rest."""
    subprocess.run([ROOT / "tools/scripts/wheel"], check=True,
                   env={**os.environ, "DYCC_BUILD": str(BUILD),
                        "DYCC_VENV": str(Path(sys.prefix))})
    wheel, = (BUILD / "wheels").glob("*.whl")
    return wheel


def install(python, *what):
    """What pip is to install there, by names, files or options."""
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                    *map(str, what)], check=True)


def add(python, *packages):
    """Packages and what they need, in the versions of the project."""
    install(python, "-c", REQUIREMENTS, *packages)


def make(venv, wheel, *packages):
    """A new environment with the wheel and packages, in the versions of the project; its
    interpreter."""
    subprocess.run(["/usr/bin/python3", "-m", "venv", str(venv)], check=True)
    python = Path(venv) / "bin" / "python"
    add(python, Path(wheel).resolve(), *packages)
    return python


def kept(venv, wheel, requirements):
    """The same, of pinned packages that are made once, and all that they need is among
    them; the wheel, where one is given, is installed anew."""
    digest = hashlib.sha256(Path(requirements).read_bytes()).hexdigest()[:16]
    stamp, python = Path(venv) / f".packages-{digest}", Path(venv) / "bin" / "python"
    if not stamp.exists():
        print(f"installing {requirements} in {venv}", flush=True)
        subprocess.run(["/usr/bin/python3", "-m", "venv", "--clear", str(venv)], check=True)
        install(python, "--no-deps", "-r", requirements)
        stamp.touch()
    if wheel:
        install(python, "--no-deps", "--force-reinstall", Path(wheel).resolve())
    return python


def run_tests(python, test, folder, models, variables=None):
    """Runs a file of tests with these environment variables, or with none of this
    process; returns {test: whether it passed}."""
    variables = variables or {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    done = subprocess.run([python, test, "-v"], cwd=folder, capture_output=True, text=True,
                          env={**variables, "DYCC_TEST_MODELS": str(models)})
    print(done.stdout + done.stderr, flush=True)
    results = {m[1]: m[2] == "ok"
               for m in re.finditer(r"^(test_\w+) .*\.\.\. (\w+)$", done.stderr, re.M)}
    # What ends before or beside its tests is red too.
    return results | {Path(test).stem: done.returncode == 0 and bool(results)}


def report(results, file):
    """Writes the results for docs/status.md; returns the exit code."""
    if file:
        rows = [{"name": n, "state": "green" if good else "red"} for n, good in results.items()]
        file.write_text(json.dumps(rows, indent=1) + "\n")
    return 0 if all(results.values()) else 1
