"""Writes a file of plans from a report of dycc (--report FILE.json).

    plan_file.py REPORT FILE [--machine NAME] [--version NAME] [--change OLD=>NEW ...]

Each version of each kernel has an entry with its plan, in which the regular expression
OLD is replaced by NEW.
"""

import argparse
import json
import re
from pathlib import Path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("report", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--machine", default="x86-64-v3")
    parser.add_argument("--version", help="in the place of the versions' names")
    parser.add_argument("--change", action="append", default=[])
    args = parser.parse_args()
    lines = ["dycc plans 1", "// Written by a test."]
    for kernel in json.loads(args.report.read_text())["kernels"]:
        for version in kernel["versions"]:
            plan = version["plan"]
            for change in args.change:
                old, new = change.split("=>")
                plan = re.sub(old, new, plan)
            lines.append(f'{{kernel = "{kernel["digest"]}", '
                         f'version = "{args.version or version["name"]}", '
                         f'machine = "{args.machine}", plan = {plan}}}')
    args.file.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
