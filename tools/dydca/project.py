"""The folder of a project: a manifest that says which steps are done, of what, with
which options and seed, and what files they left.

manifest.json: {"format": "dydca project", "version": 1, "steps": {NAME: STEP}}. A step
has `options`, `needs` (the keys of the steps that it used), `key` (SHA-256 of the name
and both), `files` (bytes and SHA-256 of each), `figures` (what it found) and `seconds`.
A step is done while its key is that of the options now and its files have their bytes:
other options, or a step before it that ran again, make it run again.
"""

import contextlib
import fcntl
import json
import tempfile
import time
from pathlib import Path

import numpy as np

import files
import video
from failure import DydcaError
from grid import Grid

FORMAT, VERSION = "dydca project", 1


class Project:
    def __init__(self, folder, program="dydca"):
        self.folder, self.program = Path(folder), program
        self.manifest = self.folder / "manifest.json"
        self.steps = self.read()

    def read(self):
        if not self.manifest.exists():
            return {}
        try:
            content = json.loads(self.manifest.read_bytes())
            found = content["format"], content["version"]
            steps = content["steps"]
        except (ValueError, KeyError, TypeError):
            raise DydcaError(f"{self.manifest}: no manifest of a dydca project") from None
        if found != (FORMAT, VERSION):
            raise DydcaError(f"{self.manifest}: is a {found[0]} of version {found[1]}, "
                             f"expects a {FORMAT} of version {VERSION}")
        return steps

    @contextlib.contextmanager
    def locked(self):
        """One command at a time changes a project."""
        with files.explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = open(self.folder / ".lock", "w")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DydcaError(f"{self.folder}: another {self.program} works in it") from None
            self.steps = self.read()
            yield

    def path(self, name):
        return self.folder / name

    # Steps.

    def is_current(self, step):
        """Whether a step ran, and behind the last run of all that it used."""
        return step in self.steps and all(
            self.is_current(n) and self.steps[n]["key"] == key
            for n, key in self.steps[step]["needs"].items())

    def facts(self, step, hint=None):
        """What a finished step found; says which command is missing."""
        if not self.is_current(step):
            raise DydcaError(f"{self.folder}: has no step \"{step}\" of what is there now, "
                             f"first run: {self.program} {hint or step}")
        return self.steps[step]["figures"]

    def key(self, step, options, needs):
        for need in needs:
            self.facts(need)
        return files.digest_of(step, options, {n: self.steps[n]["key"] for n in needs})

    def is_done(self, step, options, needs):
        record = self.steps.get(step)
        return bool(record) and record["key"] == self.key(step, options, needs) and all(
            self.path(name).is_file() and self.path(name).stat().st_size == file["bytes"]
            for name, file in record["files"].items())

    def run(self, step, options, needs, make):
        """Does a step unless it is done: make() writes files and returns their names and
        the figures. Returns the figures."""
        if self.is_done(step, options, needs):
            print(f"{step}: done before")
            return self.steps[step]["figures"]
        key, began = self.key(step, options, needs), time.monotonic()
        names, figures = make()
        self.steps[step] = {
            "options": options, "needs": {n: self.steps[n]["key"] for n in needs}, "key": key,
            "files": {name: {"bytes": self.path(name).stat().st_size,
                             "sha256": files.digest(self.path(name))} for name in names},
            "figures": figures, "seconds": round(time.monotonic() - began, 3)}
        files.write_json(self.manifest,
                         {"format": FORMAT, "version": VERSION, "steps": self.steps})
        return figures

    # What most steps use of the first one.

    @property
    def grid(self):
        facts = self.facts("prepare", "prepare VIDEO")
        return Grid(*facts["low"], tuple(facts["cell"]))

    def array(self, name):
        """A .npy file of the project, mapped."""
        try:
            return np.load(self.path(name), mmap_mode="r")
        except (OSError, ValueError) as error:
            raise DydcaError(f"{self.path(name)}: cannot be read: {error}") from None

    @property
    def low(self):
        return self.array("low.npy")

    def originals(self):
        """Each original frame, from the kept ones or the video again."""
        facts = self.facts("prepare", "prepare VIDEO")
        if facts["keep_hr"]:
            yield from self.array("high.npy")
            return
        source = facts["video"]
        if not Path(source).is_file():
            raise DydcaError(f"{source}: the video of this project is gone; prepare with "
                             "--keep-hr keeps its frames")
        count = 0
        for count, frame in enumerate(video.frames(source, facts["frames"]), 1):
            yield frame
        if count != facts["frames"]:
            raise DydcaError(f"{source}: has {count} frames, expects {facts['frames']} as "
                             "when it was prepared")

    @contextlib.contextmanager
    def high(self):
        """All original frames as one mapped array; what is not kept is decoded into a
        file that is gone afterwards."""
        if self.facts("prepare", "prepare VIDEO")["keep_hr"]:
            yield self.array("high.npy")
            return
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".high.") as folder:
            path = Path(folder) / "high.npy"
            with files.arrays(path) as out:
                for frame in self.originals():
                    out.add(frame)
            yield np.load(path, mmap_mode="r")
