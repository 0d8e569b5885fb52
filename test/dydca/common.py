"""Where the command lies, and calls of it in this process."""

import contextlib
import io
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("DYCC_BUILD", "build")
COMMAND = ROOT / "tools" / "dydca" / "dydca"
sys.path[:0] = [*(str(ROOT / "tools" / name) for name in ("nas", "dysr", "dydca")),
                str(BUILD / "lib" / "python")]

import command  # noqa: E402

# Four cells, the right and lower ones cut off by the frame: 19 x 27 pixels are sent as
# 10 x 14.
TINY = 3, 19, 27
PREPARE = ("--scale", 2, "--cell", "8x8")


def dydca(*words, of=command.DYDCA):
    """(exit code, what was printed, errors) of that program."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            code = command.main([str(w) for w in words], of)
        except SystemExit as end:  # argparse
            code = end.code
    return code, out.getvalue(), errors.getvalue()


class Steps:
    """For test cases: steps that have to succeed, or to fail with a text."""

    def done(self, *words, of=command.DYDCA):
        code, out, errors = dydca(*words, of=of)
        self.assertEqual((code, errors), (0, ""), f"{words}: {out}{errors}")
        return out

    def refused(self, text, *words, of=command.DYDCA):
        code, _, errors = dydca(*words, of=of)
        self.assertEqual(code, 1, errors)
        self.assertIn(text, errors)
        self.assertTrue(errors.startswith(f"{of.name} {words[0]}: error: "), errors)
        return errors

    def left_over(self, folder):
        """Files that are there for a moment only."""
        return [p.name for p in Path(folder).iterdir()
                if p.name.startswith(".") and p.name != ".lock"]
