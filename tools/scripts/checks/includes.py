"""Which folder may include which: the layers of docs/architecture.md."""

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
INCLUDE = re.compile(r'^#include "([^"/]+)/', re.M)


def check():
    problems = []
    for path in tracked():
        folder = path.split("/")[0]
        if folder not in ALLOWED or not path.endswith((".cpp", ".h", ".c")):
            continue
        for seen in set(INCLUDE.findall((ROOT / path).read_text(errors="replace"))):
            if seen in FOLDERS and seen != folder and seen not in ALLOWED[folder]:
                problems.append(f"{path}: includes {seen}/, {folder}/ may include "
                                f"{sorted(ALLOWED[folder]) or 'no other folder'}")
    return problems
