"""The options that the programs of this folder with named cases share."""

import argparse
import concurrent.futures
import fnmatch
import sys
import tempfile
from pathlib import Path

import paths
from expected import save, verdict


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


def judge_cases(part, args, names, check):
    """Runs check(name, folder), each in a folder of its own; it gives what is wrong, or
    None. Prints a line for each, saves them as `part`'s; returns the exit code."""
    red = set()
    with tempfile.TemporaryDirectory() as top:
        for name in names:
            folder = Path(top) / name
            folder.mkdir()
            try:
                problem = check(name, folder)
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            red |= {name} if problem else set()
            print(f"{'red  ' if problem else 'green'} {name:16} {problem or ''}", flush=True)
    print(f"{len(names) - len(red)} of {len(names)} green")
    save(args.json, red, set(names))
    return verdict(part, red, set(names))


def each(work, names, jobs=2):
    """work(name) for all names, some at a time: most of it waits for processes."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(work, names))
