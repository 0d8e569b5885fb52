"""What the tests of dycc.batch share."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np

import dycc.batch

MODELS = Path(os.environ["DYCC_TEST_MODELS"])


def command(*arguments):
    return [sys.executable, "-m", "dycc.batch", *map(str, arguments)]


def run_command(*arguments, **options):
    return subprocess.run(command(*arguments), capture_output=True, text=True, **options)


def wait_for(what, process, seconds=300):
    """Polls until `what` is true while the process runs; the time is of a machine that does
    other things too."""
    end = time.monotonic() + seconds
    while not what():
        if process.poll() is not None:
            raise RuntimeError(f"the command ended with {process.returncode} before what the "
                               f"test waits for: {process.communicate()[1]}")
        if time.monotonic() > end:
            raise TimeoutError("what the test waits for does not happen")
        time.sleep(0.01)


def lines_of(folder):
    """The lines of a manifest, the facts first."""
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]


def finished(folder):
    """How many chunks the manifest has; 0 without one."""
    file = folder / "manifest.jsonl"
    return max(file.read_bytes().count(b"\n") - 1, 0) if file.exists() else 0


def times_of(folder):
    """What changes of a file that is written again, by relative name."""
    return {p.relative_to(folder): (p.stat().st_ino, p.stat().st_mtime_ns)
            for p in folder.rglob("*") if p.is_file()}


class BatchTest(unittest.TestCase):
    """A folder of its own, with a cache of its own."""

    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="dycc-batch-"))
        self.addCleanup(shutil.rmtree, self.top)
        before = os.environ.get("XDG_CACHE_HOME")
        os.environ["XDG_CACHE_HOME"] = str(self.top / "cache")
        self.addCleanup(os.environ.update, {"XDG_CACHE_HOME": before or ""})
        self.out = self.top / "out"

    def frames(self, count=10, seed=0):
        """A folder of images, no two of one size; some of them in a folder below."""
        rng = np.random.default_rng(seed)
        folder = self.top / "frames"
        (folder / "more").mkdir(parents=True, exist_ok=True)
        for i in range(count):
            name = f"more/{i:03}.npy" if i % 3 == 2 else f"{i:03}.npy"
            np.save(folder / name, rng.standard_normal((1, 3, 4 + i, 9), np.float32))
        return folder

    def start(self, *arguments):
        """The command, which ends with the test at the latest."""
        process = subprocess.Popen(command(*arguments), stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def refuses(self, text, status, *arguments, **options):
        with self.assertRaises(dycc.batch.BatchError) as caught:
            dycc.batch.run(*arguments, **{"workers": 0, **options})
        self.assertIn(text, str(caught.exception))
        self.assertEqual(caught.exception.status, status)
