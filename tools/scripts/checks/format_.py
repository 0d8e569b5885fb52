"""C and C++ are as clang-format leaves them."""

import shutil
import subprocess

from checks.common import ROOT, tracked


def sources():
    return [f for f in tracked() if f.endswith((".cpp", ".h", ".hpp", ".c"))]


def run(*flags):
    tool = shutil.which("clang-format-22") or "/usr/lib/llvm-22/bin/clang-format"
    return subprocess.run([tool, *flags, *sources()], cwd=ROOT, capture_output=True,
                          text=True)


def fix():
    run("-i")


def check():
    done = run("--dry-run", "--ferror-limit=1")
    return sorted({line.split(": ")[0] + ": is not formatted, run with --fix"
                   for line in done.stderr.splitlines() if "-Wclang-format" in line})
