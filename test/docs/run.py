#!/usr/bin/env python3
"""Does what the documentation says, with the wheel: builds and runs the C, C++ and CMake of
README.md as they stand there, and plays the pages below as sessions (session.py).
(test/python/run.py runs README.md's Python, test/python/batch.py docs/batch.md.)

    test/docs/run.py [--only PAGE ...] [--wheel FILE] [--json FILE]

Without --wheel it is made from the build folder, $DYCC_BUILD or build.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from examples import ROOT, code, make_upscale, make_what_pages_use
from session import play

sys.path.insert(0, str(ROOT / "test" / "python"))

import environment  # noqa: E402

HEAD = "cmake_minimum_required(VERSION 3.21)\nproject(example LANGUAGES C CXX)\n"
# A page, and whether it begins where nothing is installed.
PAGES = {"README.md": False, "docs/getting-started.md": True, "docs/cookbook.md": False,
         "docs/python.md": False, "docs/cmake.md": False}
README = {"app.cpp": ("cpp", "180 x 320\n"), "app.c": ("c", "")}


class Session:
    """Folders with the compiler's usual names in the path, and an environment for pages that
    do not make their own."""

    def __init__(self, top, wheel):
        self.top, self.wheel, self.venv = top, wheel, top / "venv"
        (top / "bin").mkdir()
        for name, program in (("cc", "clang-22"), ("c++", "clang++-22")):
            (top / "bin" / name).symlink_to(shutil.which(program))

    def variables(self, is_bare):
        if not is_bare and not self.venv.exists():
            environment.make(self.venv, self.wheel, "onnx", "cmake")
        path = [] if is_bare else [self.venv / "bin"]
        return {"PATH": ":".join(map(str, [*path, self.top / "bin", "/usr/bin", "/bin"])),
                "HOME": str(self.top), "PIP_CONSTRAINT": str(environment.REQUIREMENTS),
                "PIP_DISABLE_PIP_VERSION_CHECK": "1", "CC": "cc", "CXX": "c++"}

    def play(self, page, is_bare):
        folder = self.top / Path(page).stem
        folder.mkdir()
        if is_bare:
            shutil.copy(self.wheel, folder)
        else:
            make_what_pages_use(folder)
        # README.md's programs are run below and by test/python/run.py.
        return play((ROOT / page).read_text(), folder, self.variables(is_bare),
                    is_complete=page != "README.md")

    def check_readme(self, name):
        """The project of README.md with one of its programs."""
        language, expected = README[name]
        folder = self.top / language
        folder.mkdir()
        make_upscale(folder / "upscale.onnx")
        project, = code("cmake")
        program, = code(language)
        (folder / name).write_text(program)
        (folder / "CMakeLists.txt").write_text(HEAD + project.replace("app.cpp", name))
        root = "$(python -c 'import dycc; print(dycc.root())')"
        script = f"cmake -B build -Ddycc_ROOT={root} >log && cmake --build build >>log && build/app"
        done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True,
                              env=self.variables(False), timeout=300)
        if done.returncode or done.stdout != expected:
            raise ValueError(f"{language}: exit code {done.returncode}, prints {done.stdout!r}\n"
                             f"{done.stderr}{(folder / 'log').read_text()}")
        return 1


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="PAGE", choices=PAGES, default=PAGES)
    parser.add_argument("--wheel", type=Path, help="an existing wheel")
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory(prefix="dycc-docs-") as top:
        session = Session(Path(top), args.wheel or environment.make_wheel())
        parts = {page: lambda page=page: session.play(page, PAGES[page]) for page in args.only}
        if "README.md" in args.only:
            parts |= {f"README.md {README[name][0]}": lambda name=name: session.check_readme(name)
                      for name in README}
        for name, part in parts.items():
            try:
                text, results[name] = f"{part()} commands", True
            except (ValueError, subprocess.SubprocessError) as error:
                text, results[name] = str(error), False
            print(f"{'green' if results[name] else 'red'}  {name}: {text}", flush=True)
    return environment.report(results, args.json)


if __name__ == "__main__":
    sys.exit(main())
