#!/usr/bin/env python3
"""Builds the project beside this file as somebody else would: from an installed
copy of dycc in a folder of another name and from the build folder, with Ninja
and with Make, for this machine and for aarch64 in an emulator.

    test/package/run.py [--only NAME ...] [--all] [--list] [--json FILE]

The build folder is $DYCC_BUILD, or build.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from refusals import check_refusals, check_runner

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / os.environ.get("DYCC_BUILD", "build")
# Libraries of the C and C++ compilers, which every Linux has.
SYSTEM = re.compile(r"^(linux-vdso|/lib64/ld-linux-x86-64|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+))"
                    r"\.so")
TESTS = ("app", "plain", "qos", "scale.scale_data", "pick.pick_data", "again.scale_data",
         "both.scale_data", "both.pick.pick_data")


class Red(Exception):
    """A claim that does not hold."""


def claim(holds, text):
    if not holds:
        raise Red(text)


def run(*command, fails=False, **options):
    """What a command prints; red where its exit code is not 0, or with `fails` that
    number, True for any other."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True,
                          timeout=600, **options)
    text = done.stdout + done.stderr
    claim(bool(done.returncode) if fails is True else done.returncode == fails,
          f"{' '.join(map(str, command))}: exit code {done.returncode}\n{text[-4000:]}")
    return text


def cmake(*arguments, **options):
    return run("cmake", *arguments, **options)


class Project:
    """The project in one build folder."""

    def __init__(self, top, name, dycc, generator, *options):
        self.folder, self.models = top / name, top / f"{name} models"
        self.make_models(2)
        cmake("-S", HERE, "-B", self.folder, "-G", generator, f"-Ddycc_ROOT={dycc}",
              f"-DMODELS={self.models}", "-DWEIGHT=2", *options)

    def make_models(self, weight):
        run(sys.executable, HERE / "make_models.py", self.models, "--weight", weight)

    def build(self):
        return cmake("--build", self.folder, "--parallel", 2)

    def test(self):
        text = run("ctest", "--test-dir", self.folder, "--output-on-failure")
        for name in TESTS:
            claim(re.search(rf"{re.escape(name)} \.+ +Passed", text), f"no test {name}:\n{text}")

    def build_and_test(self):
        text = self.build()
        for model in ("scale", "pick", "again", "both", "both_pick"):
            claim(f"Compiling model {model}" in text, f"{model} is not compiled:\n{text}")
        self.test()

    def rebuild(self):
        """Nothing is made again until a file changes that the model is made of."""
        compiled = "Compiling model"
        claim(compiled not in self.build(), "models are compiled though nothing has changed")
        self.make_models(3)
        for file in self.models.glob("*.onnx"):  # They say where the weights are, no more.
            os.utime(file, (0, 0))
        text = self.build()
        claim(f"{compiled} scale" in text and f"{compiled} again" in text,
              f"the weights have changed, models are as they were:\n{text}")
        claim(f"{compiled} pick" not in text, "a model without weights is compiled again")
        cmake(self.folder, "-DWEIGHT=3")
        self.test()


def installed(top):
    """An installed copy, moved to where nothing leads: one for all parts."""
    copy = top.parent / "of another name"
    if not copy.exists():
        cmake("--install", BUILD, "--prefix", top.parent / "first")
        (top.parent / "first").rename(copy)
    return copy


def check_programs(dycc):
    """The programs load what lies in the tree, and nothing of this machine but
    what the C and C++ compilers bring."""
    programs = [dycc / "bin" / p for p in ("dycc", "dycc-run", "dycc-inspect")]
    programs += [dycc / "lib/dycc/bin" / p for p in ("ld.lld", "llvm-objcopy")]
    for program in programs:
        for line in run("ldd", program).splitlines():
            name, _, path = line.strip().partition(" => ")
            claim(SYSTEM.match(name) or path.startswith(f"{dycc}/"),
                  f"{program.name} loads {line.strip()}")


def check_licences(dycc):
    """The licences of the tree are those that docs/third-party.md lists."""
    page = (ROOT / "docs/third-party.md").read_text()
    table = page.split("\n## In an installed copy\n")[1].split("\n## ")[0]
    listed = set(re.findall(r"^\| (\S+) \|", table, re.M))
    found = {f.name for f in (dycc / "share/doc/dycc/licences").iterdir()}
    claim(found == listed, f"licences: {sorted(found - listed)} are not listed, "
                           f"{sorted(listed - found)} are not there")


def check_linker(dycc, top):
    """It links with the linker of the tree."""
    folder = top / "linker"
    run(sys.executable, HERE / "make_models.py", folder)
    tool = dycc / "lib/dycc/bin/ld.lld"
    hidden = tool.rename(tool.with_name("hidden"))
    tool.write_text("#!/bin/sh\necho this one is called >&2\nexit 1\n")
    tool.chmod(0o755)
    text = run(dycc / "bin/dycc", folder / "pick.onnx", "-o", folder / "pick.so", fails=True)
    claim("this one is called" in text, f"another linker is called:\n{text}")
    hidden.rename(tool)


def check_reports(project, processor):
    """A triple that was given, and one that is the project's."""
    for model in ("scale", "again"):
        report = json.loads((project.folder / f"dycc/{model}/{model}.json").read_text())
        target = report["model"]["target"]
        claim(processor in json.dumps(target), f"{model} is compiled for {target}")


def check_command_files(tree):
    """What shells and man know of the programs."""
    for name in ("dycc", "dycc-run", "dycc-bench", "dycc-inspect", "dycc-calibrate", "dycc-predict"):
        for path in (f"bash-completion/completions/{name}", f"zsh/site-functions/_{name}",
                     f"man/man1/{name}.1"):
            file = tree / "share" / path
            claim(file.exists(), f"no {path}")
            claim("Written by tools/scripts/gen-command-files" in file.read_text(),
                  f"{path} is another file")


def install_ninja(top):
    dycc = installed(top)
    check_programs(dycc)
    check_licences(dycc)
    check_command_files(dycc)
    check_linker(dycc, top)
    project = Project(top, "ninja", dycc, "Ninja", "-DCMAKE_C_COMPILER=clang-22",
                      "-DCMAKE_CXX_COMPILER=clang++-22")
    project.build_and_test()
    project.rebuild()
    cmake("--install", project.folder, "--prefix", top / "consumer")
    library = top / "consumer/lib/libpick.so"
    claim(library.resolve().name == "libpick.so.1.2", f"{library} has no version")
    text = run(dycc / "bin/dycc-run", library, "--describe")
    claim("model chosen" in text, f"dycc-run does not know the library:\n{text}")
    headers = {f.name for f in (top / "consumer/include").iterdir()}
    claim(headers == {"scale.h", "scale.hpp", "both.h", "both.hpp", "both_pick.h",
                      "both_pick.hpp", "scale.json", "again.json"},
          f"installed: {headers}")
    check_reports(project, "x86_64")


def aarch64_ninja(top):
    project = Project(top, "aarch64", installed(top), "Ninja",
                      f"-DCMAKE_TOOLCHAIN_FILE={HERE / 'aarch64.cmake'}")
    project.build_and_test()
    text = run("llvm-readelf-22", "-h", project.folder / "app")
    claim("AArch64" in text, f"the program is for another machine:\n{text}")
    check_reports(project, "aarch64")


def build_make(top):
    options = [] if shutil.which("g++") else ["-DCMAKE_C_COMPILER=clang-22",
                                              "-DCMAKE_CXX_COMPILER=clang++-22"]
    project = Project(top, "make", BUILD, "Unix Makefiles", *options)
    project.build_and_test()
    project.rebuild()


def refusals(top):
    """Everything that is refused, with its text."""
    dycc, models = installed(top), top / "models"
    run(sys.executable, HERE / "make_models.py", models)
    check_refusals(run, claim, dycc, models)
    library, program = models / "libpick.a", top / "model_test"
    run(dycc / "bin/dycc", models / "pick.onnx", "--emit", "static", "-o", library)
    run("clang++-22", "-std=c++17", "-DDYCC_TEST_QUERY=dycc_model_query",
        f"-I{dycc / 'include'}", dycc / "share/dycc/model_test.cpp", library, "-lm", "-o",
        program)
    (top / "data").mkdir()
    check_runner(run, claim, program, models / "pick_data", top / "data")


def pack(generator, pattern):
    """A part: what CPack packs is a compiler that runs."""
    def check(top):
        run("cpack", "-G", generator, "-B", top, cwd=BUILD)
        archive, = top.glob(pattern)
        tree, models = top / "of another name", top / "models"
        tree.mkdir()
        if generator == "DEB":
            run("dpkg-deb", "-x", archive, tree)
            fields = run("dpkg-deb", "-f", archive, "Depends")
            claim("libdlpack-dev" in fields and "libstdc++6" in fields, fields)
            claim(not (tree / "usr/include/dlpack").exists(), "libdlpack-dev has that header")
            tree /= "usr"
        else:
            run("tar", "xf", archive, "-C", tree, "--strip-components=1")
            claim((tree / "include/dlpack/dlpack.h").exists(), "no header of DLPack")
        check_command_files(tree)
        run(sys.executable, HERE / "make_models.py", models)
        run(tree / "bin/dycc", models / "pick.onnx", "-o", models / "pick.so")
        run(tree / "bin/dycc-run", models / "pick.so", "--data", models / "pick_data")
    return check


PARTS = {"install-ninja": install_ninja, "aarch64-ninja": aarch64_ninja,
         "build-make": build_make, "refusals": refusals, "deb": pack("DEB", "*.deb"),
         "archive": pack("TGZ", "*.tar.gz")}
SLOW = ("archive",)  # Compressing; it is the tree of install-ninja.


def run_part(name, top):
    """What is wrong, or None."""
    began, problem = time.time(), None
    top.mkdir()
    try:
        PARTS[name](top)
    except (Red, subprocess.TimeoutExpired) as error:
        problem = str(error)
    print(f"{'red  ' if problem else 'green'} {name:16} {time.time() - began:5.1f} s  "
          f"{problem or ''}", flush=True)
    return problem


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS)
    parser.add_argument("--all", action="store_true", help=f"with {', '.join(SLOW)}")
    parser.add_argument("--list", action="store_true", help="print the names")
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    if args.list:
        print("\n".join(PARTS))
        return 0
    names = args.only or [name for name in PARTS if args.all or name not in SLOW]
    with tempfile.TemporaryDirectory(prefix="dycc-package-") as top:
        os.environ["XDG_CACHE_HOME"] = f"{top}/cache"  # Where kernels are kept.
        # CMake is that of this Python's environment.
        os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        results = {name: run_part(name, Path(top) / name) for name in names}
    if args.json:
        rows = [{"name": n, "state": "red" if text else "green"} for n, text in results.items()]
        args.json.write_text(json.dumps(rows, indent=1) + "\n")
    red = [n for n, text in results.items() if text]
    print(f"{len(results) - len(red)} of {len(results)} green")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
