#!/usr/bin/env python3
"""Compiles the real models and compares their runs with ONNX Runtime.

    test/models/run.py [--list] [--only PATTERN ...] [--json FILE]
                       [--table models|exported] [--all]
                       [--dycc build/bin/dycc] [--jobs 2] [--budget 14]

Every model is made, compiled once and run at all its shapes in a process of
its own, so that a crash is a red row and not the end of the run. The table
"exported" has graphs of folders beside the checkout, some of them or --all, and
is empty where these are not there. The budget
(minutes) is for all models together: what it does not reach is red. Exit code
0: all green, skipped with a reason or listed in expected_failures.txt.
"""

import argparse
import concurrent.futures
import fnmatch
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import exported
import paths
import dycc  # On the path by `paths`.
import refusal
from expected import verdict

HERE = Path(__file__).resolve().parent
PHASES = ("make", "compile", "run", "reference")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--table", choices=("models", "exported"), default="models")
    parser.add_argument("--all", action="store_true", help="every row of the table")
    parser.add_argument("--list", action="store_true", help="print the models' names")
    parser.add_argument("--only", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--json", type=Path, help="write all results there")
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--dycc-flag", action="append", default=[],
                        help="passed to dycc; may be repeated")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2, help="of a compiled model")
    parser.add_argument("--budget", type=float, default=14, help="minutes")
    parser.add_argument("--verbose", action="store_true", help="print every step")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


def table(args):
    import cases

    return cases.all_cases() if args.table == "models" else exported.cases(args.all)


def select(args, patterns):
    return [c for c in table(args) if any(
        fnmatch.fnmatch(c.name, p) for p in patterns)]


# One model, in a process of its own.

def generator_stamp():
    """Changes when a file that models are made by changes."""
    files = [HERE / f"{name}.py" for name in
             ("cases", "cnns", "contributed", "control_flow", "exported", "extremes", "form_nets",
              "forms", "growing", "joined_channels", "joined_images", "learning", "pipelines", "quantized",
              "quantizer", "ranks", "regions", "scans", "transformer")]
    files += [paths.DYDCA / f"{name}.py" for name in ("builder", "graphs", "network")]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:16]


def make_model(case, folder):
    """The model's file; made again only when the generators changed."""
    file, stamp = folder / f"{case.name}.onnx", folder / f"{case.name}.stamp"
    if file.exists() and stamp.exists() and stamp.read_text() == generator_stamp():
        return file
    made = case.make(str(file))
    if made is not None and Path(made) == file:
        stamp.write_text(generator_stamp())
    return made and Path(made)


def compile_model(args, case, model, library):
    """Whether there is a library; not where dycc has to refuse the model."""
    command = [str(args.dycc), str(model), "-o", str(library), *args.dycc_flag,
               *case.flags]
    done = subprocess.run(command, capture_output=True, text=True,
                          timeout=case.limit * paths.PATIENCE)
    if case.refused:
        wrong = refusal.problem(model, case.refused, done.returncode, done.stderr)
        if wrong:
            raise RuntimeError(wrong)
        return False
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        more = [f"and {len(lines) - 4} more lines"] if len(lines) > 4 else []
        text = "\n".join([*(line[:300] for line in lines[:4]), *more])
        raise RuntimeError(f"dycc exits {done.returncode}: {text}")
    return True


def reference_session(model):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model), options, ["CPUExecutionProvider"])


def carried(step, previous):
    """The feed of a step, with what the last step of the same side gave."""
    return {**step.feed, **{name: previous[i] for name, i in step.carry.items()}}


class Clock:
    def __init__(self):
        self.seconds = dict.fromkeys(PHASES, 0.0)

    def time(self, phase, work):
        began = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[phase] += time.perf_counter() - began


def reference_of(case, model):
    """feed -> the right outputs."""
    if case.reference:
        return case.reference(model)
    session = reference_session(model)
    return lambda feed: session.run(None, feed)


def refused_run(compiled, label, feed):
    """The row of a run that has to end in a status with a text."""
    try:
        compiled.run(feed)
        text = "expects the run to be refused, but it gave a result"
    except dycc.Error as error:
        text = "" if error.text else f"expects a text, got {error.status} without one"
    return {"step": label, "output": "status", "ok": not text, "worst": 0.0, "text": text}


def run_steps(case, args, model, library, clock):
    import numpy as np

    from compare import judge

    reference = clock.time("reference", lambda: reference_of(case, model))
    rows, mine, theirs = [], None, None
    with dycc.load(library, threads=args.threads) as compiled:
        for step in case.steps(np.random.default_rng(0)):
            ours, feed = carried(step, mine), carried(step, theirs)
            if case.forbids and case.forbids(feed):
                rows.append(refused_run(compiled, step.label, ours))
                continue
            results = clock.time("run", lambda: compiled.run(ours))
            mine = list(results.values())
            theirs = clock.time("reference", lambda: reference(feed))
            good = all(r["ok"] for r in rows)
            verdicts = judge(model, feed, mine, theirs, in_doubt=good)
            for name, verdict in zip(results, verdicts):
                rows.append({"step": step.label, "output": name, "ok": bool(verdict.ok),
                             "worst": float(verdict.worst), "text": verdict.text})
    return rows


def one(args):
    """Prints the result of one model as JSON, on the last line."""
    case = next(c for c in table(args) if c.name == args.one)
    clock, result = Clock(), {"name": case.name, "steps": []}
    folder = paths.BUILD / args.table
    folder.mkdir(parents=True, exist_ok=True)
    try:
        model = clock.time("make", lambda: make_model(case, folder))
        if model is None:
            result |= {"state": "skipped", "text": case.missing or "the model is not there"}
        else:
            library = folder / f"{case.name}.so"
            if clock.time("compile", lambda: compile_model(args, case, model, library)):
                result["bytes"] = library.stat().st_size
                result["steps"] = run_steps(case, args, model, library, clock)
            bad = [s for s in result["steps"] if not s["ok"]]
            result["state"] = "red" if bad else "green"
            result["text"] = "; ".join(f"{s['step']}, {s['output']}: {s['text']}"
                                       for s in bad[:3])
    except Exception as error:
        result |= {"state": "red", "text": f"{type(error).__name__}: {error}"}
    print(json.dumps(result | {"seconds": clock.seconds}))


# All models.

def spawn(args, case, deadline):
    """Runs one model in a child; every way it can end gives a result."""
    left = deadline - time.time()
    if left <= 0:
        return {"name": case.name, "state": "red", "text": "not reached in the budget"}
    command = [sys.executable, str(HERE / "run.py"), "--one", case.name, "--all",
               "--table", args.table, "--dycc", str(args.dycc), "--threads", str(args.threads),
               *(f"--dycc-flag={f}" for f in args.dycc_flag)]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = subprocess.Popen(command, stdout=out, stderr=err, start_new_session=True)
        try:
            code = child.wait(timeout=left)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            child.wait()
            return {"name": case.name, "state": "red", "text": "over the budget"}
        out.seek(0)
        err.seek(0)
        lines = out.read().strip().splitlines()
        if code == 0 and lines:
            return json.loads(lines[-1])
        why = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
        return {"name": case.name, "state": "red",
                "text": f"{why}: {err.read().strip()[-500:]}"}


def worst(result):
    return max((s["worst"] for s in result.get("steps", ())), default=0.0)


def show(result, args):
    seconds = result.get("seconds") or dict.fromkeys(PHASES, 0.0)
    times = "  ".join(f"{p} {seconds[p]:6.1f}" for p in PHASES)
    count = len({s["step"] for s in result.get("steps", ())})
    print(f"{result['state']:7}  {result['name']:22} {count:3} shapes  "
          f"worst {worst(result):8.3g}  {times}", flush=True)
    if result.get("text"):
        print(f"         {result['text']}", flush=True)
    for s in result.get("steps", ()) if args.verbose else ():
        print(f"         {s['worst']:8.3g}  {s['output']}  {s['step']}")


def summary(results, began):
    total = {p: sum((r.get("seconds") or {}).get(p, 0) for r in results) for p in PHASES}
    print("\nminutes (summed over the jobs)")
    for phase, seconds in total.items():
        print(f"  {phase:10} {seconds / 60:6.2f}")
    print(f"  {'wall':10} {(time.time() - began) / 60:6.2f}")
    states = [r["state"] for r in results]
    print(", ".join(f"{states.count(s)} {s}" for s in ("green", "red", "skipped")))


def run_all(args):
    chosen = select(args, args.only)
    if args.table == "exported" and exported.folder() is None:
        print("skipped: there is no folder of exported graphs beside the checkout")
        return 0
    if not chosen:
        sys.exit(f"run.py: no model matches {args.only}")
    if not args.dycc.exists():
        sys.exit(f"run.py: no compiler at {args.dycc}; build it or give --dycc")
    began = time.time()
    deadline = began + 60 * args.budget
    print("worst: the largest deviation as a part of what is allowed; times in seconds")
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        jobs = [pool.submit(spawn, args, case, deadline) for case in chosen]
        results = []
        for job in concurrent.futures.as_completed(jobs):
            results.append(job.result())
            show(results[-1], args)
    summary(results, began)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1))
    red = {r["name"] for r in results if r["state"] == "red"}
    ran = {r["name"] for r in results if r["state"] != "skipped"}
    return verdict(args.table, red, ran)


def main():
    args = parse()
    if args.list:
        print("\n".join(c.name for c in select(args, args.only)))
    elif args.one:
        one(args)
    else:
        return run_all(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
