#!/usr/bin/env python3
"""Installs the wheel in an environment with Ray and pyarrow, and runs there what of
dycc.batch needs them: test_batch_parquet.py, test_batch_cluster.py, which kills workers
and one of two nodes, and the commands of docs/batch.md.

    test/python/batch.py [--wheel FILE] [--json FILE]

Without --wheel it is made from the build folder, $DYCC_BUILD or build, where the
environment stays too (batch-venv), in the versions of requirements-batch.txt.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import environment
from models import make_models

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "docs"))

from examples import ROOT, make_what_pages_use  # noqa: E402
from session import play  # noqa: E402


def make_what_dies(library):
    """A library that ends the process that loads it."""
    source = "#include <stdlib.h>\n" \
             "__attribute__((constructor)) static void end(void) { abort(); }\n"
    subprocess.run(["clang-22", "-shared", "-fPIC", "-x", "c", "-", "-o", library], check=True,
                   input=source, text=True)


def check_page(python, folder):
    """Does what docs/batch.md says."""
    folder.mkdir()
    make_what_pages_use(folder)
    try:
        play((ROOT / "docs" / "batch.md").read_text(), folder,
             {"PATH": f"{python.parent}:/usr/bin:/bin", "HOME": str(folder)})
    except ValueError as error:
        print(f"docs/batch.md: {error}")
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="an existing wheel")
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    wheel = args.wheel or environment.make_wheel()
    python = environment.kept(environment.BUILD / "batch-venv", wheel,
                              HERE / "requirements-batch.txt")
    results = {}
    with tempfile.TemporaryDirectory(prefix="dycc-batch-") as top:
        models = Path(top) / "models"
        make_models(models)
        make_what_dies(models / "dies.so")
        for test in ("test_batch_parquet.py", "test_batch_cluster.py"):
            results |= environment.run_tests(python, HERE / test, Path(top), models)
        results["docs/batch.md"] = check_page(python, Path(top) / "page")
    return environment.report(results, args.json)


if __name__ == "__main__":
    sys.exit(main())
