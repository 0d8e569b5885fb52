#!/usr/bin/env python3
"""Bad models, bad inputs and bad surroundings: each has to end in a message or
status that names the culprit, never in a crash, a hang or a partial file.

    test/models/bad_inputs.py [--list] [--only PATTERN] [--dycc build/bin/dycc]

Every case runs in a process of its own with a time limit. After a failed run
of a model a good one follows, and its result is checked.
"""

import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import paths
import dycc  # On the path by `paths`.
from command_line import choose, each
from expected import save, verdict

CASES = {}


def case(function):
    """Registers a case under its name."""
    CASES[function.__name__] = function
    return function


class Env:
    """The compiler and a folder for one case."""

    def __init__(self, dycc, folder):
        self.dycc, self.folder = dycc, Path(folder)

    def dycc_run(self, model, *flags, output=None, limit=110, **options):
        output = output or self.folder / "out.so"
        # A damaged model's names need not be text.
        return subprocess.run([str(self.dycc), str(model), "-o", str(output), *flags],
                              capture_output=True, text=True, errors="replace",
                              timeout=limit * paths.PATIENCE, **options)

    def refuse(self, model, *words, flags=(), output=None, **options):
        """dycc has to refuse: exit code 1, all words in the text, no output."""
        done = self.dycc_run(model, *flags, output=output, **options)
        text = done.stderr + done.stdout
        check(done.returncode == 1, f"expects exit code 1, got {done.returncode}: {text}")
        mentions(text, words)
        left = [p.name for p in self.folder.iterdir() if p.name.startswith("out.so")]
        check(not left, f"expects no output file, found {left}")

    def compile(self, model, *flags, **options):
        done = self.dycc_run(model, *flags, **options)
        check(done.returncode == 0, f"expects exit code 0, got {done.returncode}: "
              f"{done.stderr}")
        return self.folder / "out.so"


class Failed(Exception):
    pass


def check(good, text):
    if not good:
        raise Failed(text)


def mentions(text, words):
    missing = [w for w in words if w not in text]
    check(not missing, f"expects {missing} in the text: {text!r}")


def refused(model, feed, status, *words):
    """A run has to end in this status, with these words in its text."""
    try:
        model.run(feed)
    except dycc.Error as error:
        check(error.status == status, f"expects {status}, got {error}")
        mentions(error.text, words)
    else:
        raise Failed(f"expects {status}, but the run succeeded")


def main():
    import bad_learning  # noqa: F401  (registers its cases)
    import bad_models  # noqa: F401
    import bad_operators  # noqa: F401
    import bad_positions  # noqa: F401
    import bad_runs  # noqa: F401
    import bad_steering  # noqa: F401
    import cache_runs  # noqa: F401
    import memory_runs  # noqa: F401
    import placed_runs  # noqa: F401
    import strip_runs  # noqa: F401

    args, names = choose(__doc__, CASES, ["--one"])
    if args.one:
        return one(args)
    good = each(lambda name: green(name, args), names)
    red = [n for n, g in zip(names, good) if not g]
    print(f"{len(names) - len(red)} of {len(names)} green"
          + (f", red: {', '.join(red)}" if red else ""))
    save(args.json, set(red), set(names))
    return verdict("bad-input", set(red), set(names))


def one(args):
    with tempfile.TemporaryDirectory() as folder:
        try:
            CASES[args.one](Env(args.dycc, folder))
        except Failed as error:
            print(error)
            return 1
        except Exception:
            traceback.print_exc(file=sys.stdout)
            return 1
    return 0


def green(name, args):
    """Runs one case in a child and prints its line."""
    command = [sys.executable, __file__, "--one", name, "--dycc", str(args.dycc)]
    limit = 120 * paths.PATIENCE
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
        text = done.stdout.strip()
        if len(text) > 800:
            text = f"{text[:600]} ... {text[-200:]}"
        if done.returncode not in (0, 1):
            text = f"ended by {done.returncode}: {done.stderr[-500:]}"
        good = done.returncode == 0
    except subprocess.TimeoutExpired:
        good, text = False, f"hangs: more than {limit:.0f} s"
    print(f"{'green' if good else 'red  '} {name}" + ("" if good else f": {text}"),
          flush=True)
    return good


if __name__ == "__main__":
    # The cases import this file by its name; there is one registry.
    sys.modules["bad_inputs"] = sys.modules["__main__"]
    sys.exit(main())
