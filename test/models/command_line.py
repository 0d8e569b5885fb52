"""The options that the programs of this folder with named cases share."""

import argparse
import concurrent.futures
import fnmatch
import sys
from pathlib import Path

import paths


def choose(description, names, more=()):
    """(arguments, chosen names). `more`: hidden options, for a program that
    starts itself. With --list the names are printed, and that is all."""
    parser = argparse.ArgumentParser(description=description.split("\n\n")[0])
    parser.add_argument("--list", action="store_true", help="print the names")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--json", type=Path, help="write the results there")
    for option in more:
        parser.add_argument(option, help=argparse.SUPPRESS)
    args = parser.parse_args()
    chosen = [n for n in names if any(fnmatch.fnmatch(n, p) for p in args.only)]
    if args.list:
        print("\n".join(chosen))
        sys.exit(0)
    if not args.dycc.exists():
        sys.exit(f"{parser.prog}: no compiler at {args.dycc}")
    args.dycc = args.dycc.resolve()
    return args, chosen


def each(work, names, jobs=2):
    """work(name) for all names, some at a time: most of it waits for processes."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(work, names))
