"""The command dydca of the installed package, without JAX: all steps that need none."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

COMMAND = Path(sys.executable).with_name("dydca")


class Installed(unittest.TestCase):
    def dydca(self, *words):
        done = subprocess.run([str(w) for w in (COMMAND, *words)], cwd=self.folder,
                              capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=54x38:rate=10:duration=0.3", "clip.mkv"],
                       cwd=folder.name, check=True)

    def test_steps_up_to_the_training(self):
        for words in (("prepare", "clip.mkv", "--scale", 2, "--cell", "8x8"), ("score",),
                      ("bits",), ("eval",)):
            code, out, errors = self.dydca(*words)
            self.assertEqual((code, errors), (0, ""), words)
        self.assertIn("eval: bicubic: PSNR ", out)
        self.assertTrue((self.folder / "clip.dydca" / "routing.bits").is_file())
        code, _, errors = self.dydca("train")
        self.assertEqual(code, 1)
        self.assertIn("training needs JAX (pip install jax)", errors)


if __name__ == "__main__":
    unittest.main()
