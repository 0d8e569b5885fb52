#!/usr/bin/env python3
"""Installs the wheel in an environment with nothing else but NumPy, and runs
test_dycc.py and the Python of README.md there, without what this environment has; then
with the onnx package test_onnx_backend.py.

    test/python/run.py [--wheel FILE] [--json FILE]

Without --wheel it is made from the build folder, $DYCC_BUILD or build.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "test" / "docs"))

from examples import code, make_upscale  # noqa: E402

BUILD = ROOT / os.environ.get("DYCC_BUILD", "build")
MODELS = {
    "scale": """net (float[N, 3, H, W] x, float[1] bias) => (float[N, 3, H, W] y)
                <float[1] bias = {0.5}>
                { two = Constant<value = float {2}>()
                  z = Mul(x, two)
                  y = Add(z, bias) }""",
    "pick": """net (bool[N] mask, float16[N] half) => (int64[1, K] which, float16[N] kept)
               { which = NonZero(mask)
                 ones = Cast<to = 10>(mask)
                 kept = Mul(half, ones) }""",
    "largest": """net (float[N] x) => (float[1] y) { y = ReduceMax<keepdims = 1>(x) }""",
    "types": """net (float[N] x) => (bool[N] b, uint8[N] u, int16[N] i, double[N] d)
                { b = Cast<to = 9>(x)
                  u = Cast<to = 2>(x)
                  i = Cast<to = 5>(x)
                  d = Cast<to = 11>(x) }""",
    "narrow": """net (bfloat16[N] x) => (bfloat16[N] y) { y = Neg(x) }""",
    "slow": """net (float[N, N] x) => (float[N, N] y)
               { a = MatMul(x, x)
                 b = MatMul(a, x)
                 c = MatMul(b, x)
                 y = MatMul(c, x) }""",
    "unknown": """net (float[N] x) => (float[N] y)
                  { y = SoftmaxCrossEntropyLoss(x, x) }""",
}


def make_models(folder):
    folder.mkdir()
    for name, text in MODELS.items():
        model = onnx.parser.parse_model(f'<ir_version: 8, opset_import: ["" : 17]> {text}')
        onnx.save(model, folder / f"{name}.onnx")


def make_wheel():
    """An environment variable says where the build is; setup has made the rest."""
    subprocess.run([ROOT / "tools/scripts/wheel"], check=True,
                   env={**os.environ, "DYCC_BUILD": str(BUILD),
                        "DYCC_VENV": str(Path(sys.prefix))})
    wheel, = (BUILD / "wheels").glob("*.whl")
    return wheel


def check_readme(python, folder):
    """Runs the Python of README.md as it stands there."""
    make_upscale(folder / "upscale.onnx")
    source, = code("python")
    done = subprocess.run([python, "-c", source], cwd=folder, capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})
    print(done.stdout + done.stderr)
    return done.returncode == 0 and done.stdout.startswith("(1, 3, 180, 320) ")


def run_tests(python, file, folder, models):
    """Runs a file of tests and prints what it says."""
    done = subprocess.run([python, HERE / file, "-v"], cwd=folder, capture_output=True,
                          text=True, env={"PATH": "/usr/bin:/bin", "HOME": str(folder),
                                          "DYCC_TEST_MODELS": str(models)})
    print(done.stdout + done.stderr)
    return done


def results_of(text):
    """{test: whether it passed} of what unittest prints."""
    return {m[1]: m[2] == "ok" for m in re.finditer(r"^(test_\w+) .*\.\.\. (\w+)$", text, re.M)}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="an existing wheel")
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    wheel = args.wheel or make_wheel()
    with tempfile.TemporaryDirectory(prefix="dycc-python-") as top:
        models, venv = Path(top) / "models", Path(top) / "venv"
        make_models(models)
        subprocess.run(["/usr/bin/python3", "-m", "venv", venv], check=True)
        python = venv / "bin/python"
        install = [venv / "bin/pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, wheel.resolve(), f"numpy=={numpy.__version__}"], check=True)
        runs = [run_tests(python, "test_dycc.py", top, models)]
        readme = check_readme(python, Path(top))
        subprocess.run([*install, f"onnx=={onnx.__version__}"], check=True)
        runs.append(run_tests(python, "test_onnx_backend.py", top, models))
    results = results_of("".join(done.stderr for done in runs)) | {"README.md": readme}
    if args.json:
        rows = [{"name": n, "state": "green" if good else "red"} for n, good in results.items()]
        args.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 1 if any(done.returncode for done in runs) or not readme or len(results) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
