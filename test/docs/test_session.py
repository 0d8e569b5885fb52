"""What session.py takes for a page that does not do what it says."""

import re
import tempfile
import unittest
from pathlib import Path

from session import Step, pattern_of, play, steps_of

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


class Session(unittest.TestCase):
    def play(self, text, **options):
        with tempfile.TemporaryDirectory() as folder:
            return play(text, Path(folder), ENVIRONMENT, **options)

    def refuses(self, text, page):
        with self.assertRaisesRegex(ValueError, text):
            self.play(page)

    def test_files_and_commands(self):
        page = "```text a/b.txt\none\ntwo\n```\n```console\n$ x=a\n$ cat \\\n  $x/b.txt\none\n" \
               "two\n$ cat\n```\n"
        self.assertEqual(self.play(page), 3)
        self.assertEqual(list(steps_of(page))[2], Step("command", "cat \\\n  $x/b.txt",
                                                       "one\ntwo\n"))

    def test_other_output(self):
        self.refuses("prints\none\nexpected\ntwo", "```console\n$ echo one\ntwo\n```\n")
        self.refuses("expected\none", "```console\n$ printf 'one\\nmore'\none\n```\n")
        self.refuses("expected\none", "```console\n$ true\none\n```\n")

    def test_exit_codes(self):
        self.refuses("ends with 3", "```console\n$ (exit 3)\n```\n")
        self.play("```console\n$ (exit 3)\n$ echo $?\n3\n```\n")
        self.refuses("expected\n4", "```console\n$ (exit 3)\n$ echo $?\n4\n```\n")
        self.refuses("the shell ended: exit 0", "```console\n$ exit 0\n```\n")

    def test_code_that_nothing_runs(self):
        page = "```cpp\nint main() {}\n```\n"
        self.refuses("code of the language cpp has no name, so nothing runs it: int main", page)
        self.assertEqual(self.play(page, is_complete=False), 0)

    def test_patterns(self):
        for expected, printed, holds in (("a...c", "abbc\n", True), ("a...c", "ab\n", False),
                                         ("a\n...\nd", "a\nb\nc\nd\n", True),
                                         ("a\n...\nd", "a\nd\n", True),
                                         ("a\n...\nd", "a\nb\n", False), ("a.b", "axb\n", False)):
            self.assertEqual(bool(re.fullmatch(pattern_of(expected), printed)), holds)


if __name__ == "__main__":
    unittest.main()
