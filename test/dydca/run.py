#!/usr/bin/env python3
"""The commands dydca, dysr and nas in an environment with JAX, on tiny videos and without a GPU.

    test/dydca/run.py [--only test_routing ...] [--json FILE]

The environment stays in the build folder, $DYCC_BUILD or build (dydca-venv), with the
packages of tools/dydca/requirements.txt; the package dycc is that of the build folder.
"""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python"))

import environment  # noqa: E402

TESTS = ("test_routing", "test_measures", "test_network", "test_refusals", "test_commands",
         "test_rivals", "test_dysr", "test_playing", "test_nas", "test_figures",
         "test_client")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=TESTS, default=TESTS)
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    python = environment.kept(environment.BUILD / "dydca-venv", None,
                              environment.ROOT / "tools" / "dydca" / "requirements.txt")
    # The client's project wants a newer CMake than the system's, which is beside this Python.
    variables = {"PATH": f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin:/sbin:/bin", "DYCC_BUILD": str(environment.BUILD),
                 "JAX_PLATFORMS": "cpu", "PYTHONDONTWRITEBYTECODE": "1"}
    results = {}
    with tempfile.TemporaryDirectory(prefix="dycc-dydca-") as top:
        for test in args.only:
            results |= environment.run_tests(python, HERE / f"{test}.py", Path(top), None,
                                             {**variables, "HOME": top})
    return environment.report(results, args.json)


if __name__ == "__main__":
    sys.exit(main())
