"""One licence, in one place: no file brings another."""

import re

from checks.common import ROOT, tracked

FOREIGN = re.compile(r"copyright \(c\)|©|all rights reserved|spdx-license-identifier", re.I)


def check():
    problems = []
    text = (ROOT / "LICENSE").read_text()
    for part in ("Apache License", "LLVM Exceptions to the Apache 2.0 License"):
        if part not in text:
            problems.append(f"LICENSE: expects \"{part}\" in it")
    for path in tracked():
        if path in ("LICENSE", "tools/scripts/checks/licence.py"):
            continue
        if path.endswith((".npz", ".png", ".npy")):
            continue
        if FOREIGN.search((ROOT / path).read_text(errors="replace")):
            problems.append(f"{path}: names a licence or an owner of its own")
    return problems
