#!/usr/bin/env python3
"""Builds and runs the C, C++ and CMake of README.md as it stands there, with the dycc of
a build folder. (test/python/run.py runs its Python.)

    test/docs/run.py [--json FILE]

The build folder is $DYCC_BUILD, or build.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from examples import ROOT, code, make_upscale

BUILD = ROOT / os.environ.get("DYCC_BUILD", "build")
HEAD = "cmake_minimum_required(VERSION 3.21)\nproject(example LANGUAGES C CXX)\n"


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True,
                          timeout=300, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n"
                 f"{done.stdout}{done.stderr}")
    return done.stdout


def check(name, source, folder):
    """The project of README.md with one of its programs; what that prints."""
    folder.mkdir()
    make_upscale(folder / "upscale.onnx")
    project, = code("cmake")
    (folder / "app.cpp").write_text("")
    (folder / name).write_text(source)
    (folder / "CMakeLists.txt").write_text(HEAD + project.replace("app.cpp", name))
    run("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja",
        f"-Ddycc_ROOT={BUILD.resolve()}")
    run("cmake", "--build", folder / "build")
    return run(folder / "build" / "app")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    expected = {"app.cpp": ("cpp", "180 x 320\n"), "app.c": ("c", "")}
    rows = []
    with tempfile.TemporaryDirectory(prefix="dycc-docs-") as top:
        for name, (language, printed) in expected.items():
            program, = code(language)
            found = check(name, program, Path(top) / language)
            rows.append({"name": f"README.md {language}",
                         "state": "green" if found == printed else "red"})
            print(f"{rows[-1]['state']}  {rows[-1]['name']}: prints {found!r}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n")
    return any(row["state"] == "red" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
