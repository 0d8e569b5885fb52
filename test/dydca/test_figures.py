"""tools/bench/dydca in its quick mode: each part runs and writes its own part of a page."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import common

PAGE = """# Title
<!-- dydca quality: begin -->
old
<!-- dydca quality: end -->
The end.
"""


class Figures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(top.cleanup)
        cls.folder = Path(top.name)
        cls.page, cls.json = cls.folder / "page.md", cls.folder / "found.json"
        cls.page.write_text(PAGE)
        cls.measure("--only", "quality", "--networks", "x4", "small_x4", "--every", 1)
        cls.measure("--only", "rates", "places")

    @classmethod
    def measure(cls, *words):
        command = [sys.executable, "-B", common.ROOT / "tools" / "bench" / "dydca", "--quick",
                   "--steps", 2, "--folder", cls.folder / "trained", "--report", cls.page,
                   "--json", cls.json, *words]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              env=os.environ)
        assert done.returncode == 0, done.stdout + done.stderr

    def rows(self, part):
        """Cells of the tables of a part."""
        text = self.page.read_text()
        self.assertEqual(text.count(f"<!-- dydca {part}: begin -->"), 1)
        inside = text.split(f"<!-- dydca {part}: begin -->")[1].split("<!--")[0]
        return [line.strip("| ").split(" | ") for line in inside.splitlines()
                if line.startswith("|")]

    def test_page_around_the_parts_stays(self):
        text = self.page.read_text()
        self.assertTrue(text.startswith("# Title\n<!-- dydca quality: begin -->"))
        self.assertNotIn("old", text)
        self.assertIn("<!-- dydca quality: end -->\nThe end.\n", text)

    def test_quality(self):
        networks = {row[0]: row for row in self.rows("quality")}
        self.assertEqual(networks["x4"][2:4], ["2/4 x 32", "10"])
        self.assertEqual(networks["small_x4"][2:4], ["1/2 x 8", "4"])
        for name in ("x4", "small_x4"):  # Behind those of the weights that were kept.
            self.assertRegex(networks[name][4], r"^(\d+ \+ )?2$")
        self.assertRegex(networks["x4"][8], r"^[+-]\d+\.\d\d$")
        for name, models in (("dynamic", "1"), ("static", "1"), ("chunks", "3"),
                             ("groups", "2")):
            self.assertEqual(networks[f"x4, {name}"][1], models)
        self.assertEqual(networks["x4, chunks"][2], "2")
        self.assertEqual(networks["x4, dynamic"][2], "0")

    def test_cause_of_what_is_missed(self):
        text = self.page.read_text()
        missed = "+4.2, missed" in text
        self.assertEqual(missed, bool(re.search(r"\* x4: \d+e12 multiply-adds of training",
                                                text)))

    def test_rates(self):
        rows = self.rows("rates")
        forms = {(row[0], row[1]): row[3] for row in rows if row[0] in ("A1", "A2", "B", "C")}
        self.assertEqual(len(forms), 8)
        self.assertEqual(forms["A1", "1"], "1.00")
        self.assertEqual([row[0] for row in rows if row[-1] in ("x4", "x4_3_paths", "x4_4_paths")
                          and "/" not in row[0]], ["2", "3", "4"])

    def test_places(self):
        verdicts = [row[-1].split(":")[0] for row in self.rows("places")[2:]]
        self.assertEqual(len(verdicts), 2)
        self.assertLessEqual({*verdicts}, {"agrees", "not run"})

    def test_json_has_all_parts(self):
        found = json.loads(self.json.read_text())
        self.assertEqual({*found}, {"quality", "rates", "places"})
        self.assertGreater(found["quality"]["x4"]["work"]["paper"], 0)


if __name__ == "__main__":
    unittest.main()
