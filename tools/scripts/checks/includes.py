"""Which folder may include which: the layers of docs/architecture.md.

Of the runtime the compiler sees the contract, runtime/abi, and the public headers
("dycc/..."); the contract itself includes nothing but the C library.
"""

import re

from checks.common import ROOT, tracked

FOLDERS = ("dialects", "passes", "codegen", "compiler", "runtime", "tools", "test")
ALLOWED = {
    "runtime": set(),
    "dialects": set(),
    "passes": {"dialects"},
    "codegen": {"dialects", "passes"},
    "compiler": {"dialects", "passes", "codegen"},
    "tools": {"dialects", "passes", "codegen", "compiler", "runtime"},
}
ABI = "runtime/abi/"
SEE_ABI = ("passes", "codegen", "compiler")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)


def may_include(path, seen):
    """Whether the file at `path` may include "`seen`"."""
    folder, other = path.split("/")[0], seen.split("/")[0]
    if path.startswith(ABI):
        return seen.startswith(ABI)
    if seen.startswith(ABI) and folder in SEE_ABI:
        return True
    return other not in FOLDERS or other == folder or other in ALLOWED[folder]


def check():
    problems = []
    for path in tracked():
        folder = path.split("/")[0]
        if folder not in ALLOWED or not path.endswith((".cpp", ".h", ".hpp", ".c")):
            continue
        for seen in set(INCLUDE.findall((ROOT / path).read_text(errors="replace"))):
            if not may_include(path, seen):
                problems.append(f"{path}: includes {seen}, {folder}/ may include "
                                f"{sorted(ALLOWED[folder]) or 'no other folder'}")
    return problems
