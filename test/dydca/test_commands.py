"""Each step of the command on tiny videos: what it leaves, that it goes on where it was,
and that it does not what is done."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

import clips
import common
import numpy as np
import routing
import video

TRAIN = ("--steps", 4)


class Resources(HTMLParser):
    """What a page asks for."""

    def __init__(self):
        super().__init__()
        self.asked, self.pictures = [], 0

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("src", "href"):
                inside = value.startswith("data:")
                self.pictures += inside
                self.asked += [] if inside else [value]


class Whole(unittest.TestCase, common.Steps):
    """One project through all steps; the tests look at it in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.top.cleanup)
        folder = Path(cls.top.name)
        cls.clip = clips.write(folder / "clip.mkv", clips.drawn(*common.TINY))
        cls.project = folder / "clip.dydca"
        words = ["all", cls.clip, *common.PREPARE, "--classes", 3, *TRAIN, "--project",
                 cls.project]
        cls.words = words
        code, cls.out, errors = common.dydca(*words)
        assert code == 0, cls.out + errors
        cls.manifest = json.loads((cls.project / "manifest.json").read_bytes())

    def test_all_ends_with_a_gain(self):
        last = self.out.splitlines()[-1]
        self.assertRegex(last, r"^report: .*report\.html; PSNR over bicubic [+-]\d+\.\d\d dB$")
        self.assertRegex(self.out, r"run: .* 3 frames; upscaling alone [\d.]+ frames/s")
        self.assertEqual(self.left_over(self.project), [])

    def test_again_does_nothing(self):
        before = {p: p.stat().st_mtime_ns for p in self.project.iterdir() if p.name != ".lock"}
        out = self.done(*self.words)
        self.assertEqual(out.count("done before"), 8)
        after = {p: p.stat().st_mtime_ns for p in self.project.iterdir() if p.name != ".lock"}
        self.assertEqual(before, after)

    def test_manifest(self):
        steps = self.manifest["steps"]
        self.assertEqual([*steps], ["prepare", "score", "train", "export", "bits", "eval",
                                    "run", "report"])
        self.assertEqual(steps["train"]["figures"]["seed"], 0)
        for step in steps.values():
            for name, file in step["files"].items():
                path = self.project / name
                self.assertEqual(path.stat().st_size, file["bytes"])
                digest = subprocess.run(["sha256sum", path], capture_output=True, text=True)
                self.assertEqual(digest.stdout.split()[0], file["sha256"])

    def test_low_resolution_video_is_lossless(self):
        low = np.load(self.project / "low.npy")
        self.assertEqual(low.shape, (3, 10, 14, 3))
        np.testing.assert_array_equal(video.decode(self.project / "low.mkv"), low)

    def test_bits_are_the_classes(self):
        bits = routing.read(self.project / "routing.bits")
        self.assertEqual((bits.scale, bits.paths, bits.cell, bits.high),
                         (2, 3, (8, 8), common.TINY[1:]))
        np.testing.assert_array_equal(bits.classes, np.load(self.project / "classes.npy"))
        self.assertEqual(set(bits.classes.flat), {0, 1, 2})

    def test_what_is_played_is_what_was_measured(self):
        shown = video.decode(self.project / "upscaled.mkv")
        original = video.decode(self.clip)
        self.assertEqual(shown.shape, original.shape)
        results = json.loads((self.project / "evaluation.json").read_bytes())
        error = ((shown.astype(float) - original) ** 2).mean((1, 2, 3))
        np.testing.assert_allclose(results["a1"]["frames"]["PSNR"],
                                   10 * np.log10(255**2 / error), atol=1e-3)

    def test_client_without_a_project(self):
        out = self.project.parent / "alone.mkv"
        self.done("run", "--model", self.project / "model_a1.so", "--bits",
                  self.project / "routing.bits", "--low", self.project / "low.mkv", "-o", out)
        np.testing.assert_array_equal(video.decode(out),
                                      video.decode(self.project / "upscaled.mkv"))

    def test_page_has_all_in_itself(self):
        text = (self.project / "report.html").read_text()
        page = Resources()
        page.feed(text)
        self.assertEqual(page.asked, [])
        self.assertEqual(page.pictures, 6)
        self.assertNotRegex(text, r"https?:|@import|url\(|\{\{")
        self.assertEqual(text.count("<svg"), 1)

    def test_other_options_make_what_follows_old(self):
        project = self.project.parent / "copy.dydca"
        shutil.copytree(self.project, project)
        self.done("score", "--classes", 3, "--fraction", .5, .5, "--project", project)
        text = "has no step \"train\" of what is there now, first run: dydca train"
        self.refused(text, "export", "--project", project)
        self.refused("first run: dydca train", "report", "--project", project)
        out = self.done("eval", "--project", project)
        self.assertNotIn("a1", out)

    def test_lost_file_is_made_again(self):
        project = self.project.parent / "lost.dydca"
        shutil.copytree(self.project, project)
        old = (project / "routing.bits").read_bytes()
        (project / "routing.bits").write_bytes(old[:-1])
        self.assertNotIn("done before", self.done("bits", "--project", project))
        self.assertEqual((project / "routing.bits").read_bytes(), old)


class Paper(unittest.TestCase, common.Steps):
    """Zero padding, two classes, every form; the frames are kept."""

    @classmethod
    def setUpClass(cls):
        cls.top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.top.cleanup)
        cls.folder = Path(cls.top.name)
        cls.project = cls.folder / "paper"
        clip = clips.write(cls.folder / "clip.mkv", clips.drawn(*common.TINY))
        own = "--project", cls.project
        for words in (("prepare", clip, *common.PREPARE, "--keep-hr"),
                      ("score", "--by", "gradients", "--fraction", 0.5),
                      ("train", *TRAIN, "--halo", 0),
                      ("export", "--forms", "a1", "a2", "b", "c", "d"), ("bits",)):
            code, out, errors = common.dydca(*words, *own)
            assert code == 0, out + errors
        clip.unlink()

    def test_forms_agree(self):
        frames = {}
        for form in ("a1", "a2", "b", "c"):
            out = self.folder / f"{form}.mkv"
            self.done("run", "--form", form, "-o", out, "--project", self.project)
            frames[form] = video.decode(out).astype(int)
        for form in ("a2", "b", "c"):
            # Another order of sums may round one value to the other side.
            gap = np.abs(frames[form] - frames["a1"])
            self.assertLessEqual(gap.max(), 1, form)
            self.assertLess((gap > 0).mean(), 0.001, form)

    def test_kept_frames_are_enough(self):
        out = self.done("eval", "--form", "a2", "--project", self.project)
        self.assertRegex(out, r"PSNR over bicubic [+-]\d")

    def test_halo_again(self):
        """The same folder with a halo: everything behind the training is new."""
        project = self.folder / "halo"
        shutil.copytree(self.project, project)
        out = self.done("train", "--minutes", 0.001, "--project", project)
        self.assertRegex(out, r"[1-9]\d+ steps, seed 0, halo 10, ")
        self.refused("form c has two classes and no halo, this network has 2 and a halo of 10",
                     "export", "--forms", "c", "--project", project)
        self.assertEqual(self.left_over(project), [])


class ByNetwork(unittest.TestCase, common.Steps):
    """Scores by a network that begins as bicubic interpolation, and learns."""

    def test_scores(self):
        with tempfile.TemporaryDirectory() as top:
            project = Path(top) / "p"
            clip = clips.write(Path(top) / "clip.mkv", clips.drawn(3, 64, 80))
            self.done("prepare", clip, *common.PREPARE, "--project", project)
            found = {}
            for name, words in (("bicubic", ()), ("first", ("--by", "network", "--scoring-steps",
                                                            0)),
                                ("trained", ("--by", "network", "--scoring-steps", 80))):
                out = self.done("score", *words, "--project", project)
                found[name] = np.load(project / "scores.npy")
            self.assertRegex(out, r"score: by network: 6\d\.\d% of class 0, ")
            self.assertEqual(found["first"].shape, (3, 20))
            # The first network adds a little noise, which counts where nothing else is wrong.
            hard = found["bicubic"] < 30
            self.assertLess(np.abs(found["first"] - found["bicubic"])[hard].max(), 1.5)
            gain = (found["trained"] - found["bicubic"])[hard]
            self.assertGreater(gain.max(), 1)  # Of the square; noise is hard for any network.
            self.assertGreater(np.median(gain), -0.5)


class Resumed(unittest.TestCase):
    """Training that is interrupted goes on, and ends as if it had not been."""

    def test_weights_are_the_same(self):
        with tempfile.TemporaryDirectory() as top:
            folder = Path(top)
            clip = clips.write(folder / "clip.mkv", clips.drawn(*common.TINY))
            projects = [folder / "one", folder / "two"]
            for project in projects:
                for words in (("prepare", clip, *common.PREPARE), ("score",)):
                    code, _, errors = common.dydca(*words, "--project", project)
                    self.assertEqual(code, 0, errors)
            self.interrupt(projects[0])
            outs = [common.dydca("train", "--steps", 40, "--project", p)[1] for p in projects]
            self.assertRegex(outs[0], r"goes on behind step [1-9]\d* of 40")
            self.assertNotIn("goes on", outs[1])
            one, two = (dict(np.load(p / "weights.npz")) for p in projects)
            self.assertEqual(one.keys(), two.keys())
            for name in one:
                np.testing.assert_array_equal(one[name], two[name])

    def interrupt(self, project):
        """Ends the command by a signal as soon as it has begun to train."""
        program = ("import sys; sys.path[:0] = {paths}; import command, signal, steps.train as t\n"
                   # Whoever runs the tests in the background has it ignored.
                   "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
                   "real = t.Training.advance\n"
                   "def advance(self, patches):\n"
                   "    if self.step == 15: signal.raise_signal(signal.SIGINT)\n"
                   "    return real(self, patches)\n"
                   "t.Training.advance = advance\n"
                   "sys.exit(command.main(['train', '--steps', '40', '--project', {project!r}]))")
        text = program.format(paths=sys.path[:3], project=str(project))
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
        self.assertEqual(done.returncode, 130, done.stderr)
        self.assertEqual(done.stderr, "dydca train: interrupted; the same command goes on\n")


class Sizes(unittest.TestCase, common.Steps):
    """Frames of any size, through the steps that need no training."""

    def test_sizes(self):
        for h, w in ((1, 1), (1, 50), (50, 1), (61, 17), (16, 16)):
            for scale in (2, 3, 4):
                with tempfile.TemporaryDirectory() as top:
                    clip = clips.write(Path(top) / "clip.mkv", clips.drawn(2, h, w))
                    own = "--project", Path(top) / "p"
                    out = self.done("prepare", clip, "--scale", scale, "--cell", "8x8", *own)
                    low = f"{-(-w // scale)}x{-(-h // scale)}"
                    self.assertIn(f"2 frames of {w}x{h}, sent as {low}", out)
                    for step in ("score", "bits", "eval"):
                        out = self.done(step, *own)
                    self.assertRegex(out, r"^eval: bicubic: PSNR [\d.]+ dB")


class Help(unittest.TestCase):
    def test_every_step_has_examples(self):
        for step in ("prepare", "score", "train", "rivals", "export", "bits", "eval", "run",
                     "report", "all"):
            code, out, _ = common.dydca(step, "--help")
            self.assertEqual(code, 0)
            self.assertTrue(re.search(rf"^  dydca {step}", out, re.M), step)


if __name__ == "__main__":
    unittest.main()
