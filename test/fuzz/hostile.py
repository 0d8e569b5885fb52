#!/usr/bin/env python3
"""Compiles models that were changed at random in their structure: each has to
compile or to be refused with a text.

    test/fuzz/hostile.py [--count 2000 | --all] [--first SEED] [--json FILE]
                         [--dycc build/bin/dycc] [--jobs 2] [--whole] [--keep]
    test/fuzz/hostile.py --seed SEED    one mutant, with all that is said of it

A seed stands for one model and one to three mutations of it. Most go up to the
plan of their memory, one in 16 of the small ones through kernels and link. Red are: an
exit code other than 0 and 1, more than 20 s of processor time, more than 2 GiB
of memory, a refusal without a text, a message of 400 characters or more, or
one in the words of the libraries beneath.
"""

import argparse
import collections
import json
import multiprocessing
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import onnx

import corpus
from mutations import mutate

paths = corpus.paths
SECONDS = 20 * paths.PATIENCE
BYTES = 2 << 30
LONGEST = 400
WHOLE = 16  # One in so many is compiled to the end.
SMALL = 40  # Nodes of a model that is.
# How often a group of models is chosen.
WEIGHTS = {"nodes": 35, "types": 15, "random": 25, "made": 20, "packages": 3, "networks": 2}
# What only the libraries beneath say; names of the model are quoted.
FOREIGN = re.compile(
    r"Halide|LLVM|MLIR|libc\+\+|std::|Assertion|terminate called|bad_alloc|"
    r"CompileError|InternalError|unbounded|let stmt|uint\d|"
    r"op operand|op result|op attribute|op requires|op region|op inferred|"
    r"failed to verify|failed to satisfy|does not dominate")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def seeded(seed, files):
    """(text, model) of one seed. With the folder of shared inputs every fourth
    is of it; the others mean the same without."""
    rng = random.Random(seed)
    group = rng.choices(list(WEIGHTS), WEIGHTS.values())[0]
    if seed % 4 == 3 and files["shared"]:
        group = "shared"
    file = rng.choice(files[group])
    model = onnx.load(file, load_external_data=False)
    texts = mutate(rng, model)
    return f"{group}/{file.stem}: {'; '.join(texts)}", model


def limit():
    """No process may take more processor time or memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if paths.PATIENCE == 1:  # A sanitizer's shadow takes more than there is.
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))


def is_whole(seed, model, args):
    return len(model.graph.node) < SMALL and (args.whole or seed % WHOLE == 0)


def command(args, folder, whole):
    base = [str(args.dycc), "mutant.onnx", *args.dycc_flag]
    if not whole:
        return [*base, "--stop-after", "plan"]
    return [*base, "-o", "mutant.so", "-j", "1", "--cache", str(corpus.FOLDER / "kernels")]


# A line of a message. Of a sanitized compiler also what AddressSanitizer says where Halide
# changes stacks to compile a kernel, and where nothing is wrong.
MESSAGE = re.compile(r" *(error|warning|note|remark): |"
                     r"==\d+==WARNING: ASan doesn't fully support makecontext/swapcontext")


def wrong(code, text):
    """What is wrong with how a compilation ended, or None."""
    if code == -24 or code == -9:
        return f"more than {SECONDS:.0f} s or killed"
    if code not in (0, 1):
        return f"exit code {code}"
    if code == 1 and "error: " not in text:
        return "refused without a text"
    for line in text.splitlines():
        if not MESSAGE.match(line):
            return f"no message: {line}"
        if len(line) >= LONGEST:
            return f"{len(line)} characters: {line}"
        if FOREIGN.search(QUOTED.sub("''", line)):
            return f"a library's words: {line}"
    return None


def compile_one(seed, args, files):
    """(seed, what is wrong or None, text of the mutant, exit code, seconds)."""
    folder = corpus.FOLDER / f"worker-{multiprocessing.current_process().pid}"
    folder.mkdir(exist_ok=True)
    zeros = folder / corpus.ZEROS
    if not zeros.exists():  # A link out of the folder would be refused.
        zeros.hardlink_to(corpus.FOLDER / corpus.ZEROS)
    text, model = seeded(seed, files)
    (folder / "mutant.onnx").write_bytes(model.SerializeToString())
    whole, began = is_whole(seed, model, args), time.time()
    try:
        done = subprocess.run(command(args, folder, whole), cwd=folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              timeout=10 * SECONDS, preexec_fn=limit)
        code, said = done.returncode, done.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired:
        code, said = -9, ""
    problem = wrong(code, said)
    if problem or args.keep:
        kept = corpus.FOLDER / "red" / f"{seed}.onnx"
        kept.write_bytes((folder / "mutant.onnx").read_bytes())
        kept.with_suffix(".txt").write_text(
            f"{text}\n{'whole' if whole else 'plan'}\n{problem}\n{said}")
    return seed, problem, text, said if args.seed is not None else code, time.time() - began


def work(seed):
    return compile_one(seed, work.args, work.files)


def start(args, files):
    work.args, work.files = args, files


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--all", action="store_true", help="50,000")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--whole", action="store_true", help="all small ones to the end")
    parser.add_argument("--keep", action="store_true", help="keep the mutants")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--dycc-flag", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the results there")
    args = parser.parse_args()
    if not args.dycc.exists():
        sys.exit(f"hostile.py: no compiler at {args.dycc}")
    args.dycc = args.dycc.resolve()
    return args


def main():
    args, began = parse(), time.time()
    files = corpus.build()
    (corpus.FOLDER / "red").mkdir(exist_ok=True)
    if args.seed is not None:
        seed, problem, text, said, seconds = compile_one(args.seed, args, files)
        print(f"{text}\n{said}{problem or 'good'}, {seconds:.1f} s")
        return int(problem is not None)
    count = 50000 if args.all else args.count
    seeds = range(args.first, args.first + count)
    codes, red, slowest = collections.Counter(), [], (0, 0)
    with multiprocessing.Pool(args.jobs, start, (args, files)) as pool:
        for seed, problem, text, code, seconds in pool.imap_unordered(work, seeds, 16):
            codes[code] += 1
            slowest = max(slowest, (seconds, seed))
            if problem:
                red.append(seed)
                print(f"red  {seed}: {problem[:300]}\n     {text[:300]}", flush=True)
    print(f"seeds {seeds[0]} to {seeds[-1]}: {codes[0]} compile, {codes[1]} refused, "
          f"{len(red)} red, slowest {slowest[1]} with {slowest[0]:.1f} s, "
          f"{(time.time() - began) / 60:.1f} minutes; red ones are in "
          f"{corpus.FOLDER / 'red'}")
    if args.json:
        row = {"name": f"seeds {seeds[0]} to {seeds[-1]}",
               "state": "red" if red else "green", "red": sorted(red)}
        args.json.write_text(json.dumps([row]))
    return int(bool(red))


if __name__ == "__main__":
    sys.exit(main())
