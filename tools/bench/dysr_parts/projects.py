"""The project whose figures are measured: the clip that comes with a package, and the
supernet whose weights are kept beside the command dysr."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from dydca_parts.networks import CLIPS

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = ROOT / "tools" / "dysr" / "weights" / "bunny_x4.npz"
SCALE = 4
# A network, frames and searches that take seconds.
TINY = {"train": ("--width", 8, "--blocks", 3),
        "front": ("--seconds", 0.05), "play": ("--seconds", 3, "--others", 1),
        "search": ("--steps", 3, "--generations", 1, "--population", 4, "--fps", 200),
        "verify": ("--steps", 2, "--min-time", 0.05)}


class Figures:
    """The folder of the project, and the commands."""

    def __init__(self, args):
        self.args, self.folder = args, args.folder / "bunny.dysr"
        args.folder.mkdir(parents=True, exist_ok=True)
        self.python = args.build / "dydca-venv" / "bin" / "python"

    def command(self, program, step, *words):
        """One step; its lines go on to the terminal."""
        quick = TINY.get(step, ()) if self.args.quick else ()
        command = [self.python, "-B", ROOT / "tools" / program / program, step, *words, *quick,
                   "--project", self.folder]
        print(*map(str, command[3:-2]), flush=True)
        if subprocess.run([str(word) for word in command]).returncode:
            sys.exit(f"dysr: step {step} of {program} failed")

    def clip(self):
        file, make = CLIPS["tiny" if self.args.quick else "bunny"]
        path = self.args.folder / file
        if not path.exists():
            make(path)
        return path

    def trained(self):
        """The supernet: that whose weights are kept, or with --steps one of that many."""
        self.command("dysr", "prepare", self.clip(), "--scale", SCALE, "--keep-hr",
                     *(("--frames", 8) if self.args.quick else ()))
        kept = self.args.steps is None and not self.args.quick
        words = (("--from", WEIGHTS, "--steps", 0) if kept else
                 ("--steps", 2 if self.args.steps is None else self.args.steps,
                  "--rate", self.args.rate))
        self.command("dysr", "train", *words)
        if self.args.keep:
            shutil.copy(self.folder / "supernet.npz", WEIGHTS)
            shutil.copy(self.folder / "train.log", WEIGHTS.with_suffix(".log"))

    def family(self):
        machine = ("--machine", self.args.machine) if self.args.machine else ()
        self.command("dysr", "export", *machine)

    def facts(self, step):
        manifest = json.loads((self.folder / "manifest.json").read_bytes())
        return manifest["steps"][step]["figures"]

    def picture(self, name):
        """Copies a step's picture beside the page; the line that shows it."""
        if not self.args.report:
            return ""
        folder = self.args.report.parent / "pictures"
        folder.mkdir(exist_ok=True)
        shutil.copy(self.folder / f"{name}.svg", folder / f"dysr-{name}.svg")
        return f"![{name}](pictures/dysr-{name}.svg)"
