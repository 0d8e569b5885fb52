#!/usr/bin/env python3
"""Installs the wheel in an environment with nothing else but NumPy, and runs the tests
of INSTALLED and the Python of README.md there, without what this environment has; then,
with the packages onnx and pillow, those of WITH_ONNX. Those of COMPARED run here, beside ONNX
Runtime, with the package of the build folder.

    test/python/run.py [--wheel FILE] [--json FILE]

Without --wheel it is made from the build folder, $DYCC_BUILD or build.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


import environment
from models import make_models

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "docs"))

from examples import code, make_upscale  # noqa: E402

INSTALLED = ("test_compiling.py", "test_loading.py", "test_running.py", "test_qos.py",
             "test_predict.py", "test_batch.py")
WITH_ONNX = ("test_onnx_backend.py", "test_dydca.py")
COMPARED = ("test_compare.py", "test_compare_rule.py", "test_compare_search.py")


def check_readme(python, folder):
    """Runs the Python of README.md as it stands there."""
    make_upscale(folder / "upscale.onnx")
    source, = code("python")
    done = subprocess.run([python, "-c", source], cwd=folder, capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})
    print(done.stdout + done.stderr)
    return done.returncode == 0 and done.stdout.startswith("(1, 3, 180, 320) ")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="an existing wheel")
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    wheel = args.wheel or environment.make_wheel()
    results = {}
    with tempfile.TemporaryDirectory(prefix="dycc-python-") as top:
        models = Path(top) / "models"
        make_models(models)
        python = environment.make(Path(top) / "venv", wheel, "numpy")
        for test in INSTALLED:
            results |= environment.run_tests(python, HERE / test, Path(top), models)
        results["README.md"] = check_readme(python, Path(top))
        environment.add(python, "onnx", "pillow")
        for test in WITH_ONNX:
            results |= environment.run_tests(python, HERE / test, Path(top), models)
        package = {**os.environ, "PYTHONPATH": str(environment.BUILD / "lib" / "python")}
        for test in COMPARED:
            results |= environment.run_tests(sys.executable, HERE / test, HERE, models,
                                             package)
    return environment.report(results, args.json)


if __name__ == "__main__":
    sys.exit(main())
