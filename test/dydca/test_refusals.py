"""What is wrong ends in exit code 1, one text that names it, and no file half written."""

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import clips
import common
import graphs
import network
import numpy as np
import project as projects
import video

CELL = 8, 8


class Refusals(unittest.TestCase, common.Steps):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.own = "--project", self.folder / "p"

    def clip(self, frames=None, name="clip.mkv"):
        frames = clips.drawn(*common.TINY) if frames is None else frames
        return clips.write(self.folder / name, frames)

    def prepared(self, *steps):
        self.done("prepare", self.clip(), *common.PREPARE, *self.own)
        for step in steps:
            self.done(step, *self.own)
        return self.folder / "p"


class Videos(Refusals):
    def test_missing(self):
        self.refused("gone.mp4: no such file", "prepare", self.folder / "gone.mp4", *self.own)
        self.assertEqual([*(self.folder / "p").glob("[!.]*")], [])

    def test_not_a_video(self):
        text = self.folder / "text.mp4"
        text.write_text("no video")
        self.refused("text.mp4: no video in it", "prepare", text, *self.own)

    def test_sound_alone(self):
        sound = self.folder / "sound.wav"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=0.1", sound],
                       check=True)
        self.refused("sound.wav: no video in it", "prepare", sound, *self.own)

    def test_size_that_changes(self):
        path = self.folder / "two.mkv"
        with open(path, "wb") as out:
            for h, w in ((16, 16), (8, 24)):
                out.write(f"P6\n{w} {h}\n255\n".encode() + bytes(3 * h * w))
        with open(path, "rb") as pipe, self.assertRaisesRegex(
                video.DydcaError, "frame 1 has 24x8 pixels, expects 16x16 as those before"):
            list(video.pictures(pipe, path))

    def test_frame_that_is_cut_off(self):
        path = self.folder / "cut.mkv"
        path.write_bytes(b"P6\n16 16\n255\n" + bytes(100))
        with open(path, "rb") as pipe, self.assertRaisesRegex(video.DydcaError,
                                                              "frame 0 is cut off"):
            list(video.pictures(pipe, path))

    def test_no_ffmpeg(self):
        clip = self.clip()
        with mock.patch.dict(os.environ, {"PATH": str(self.folder)}):
            self.refused("not found; videos need the package ffmpeg", "prepare", clip, *self.own)

    def test_video_that_changed_behind_the_project(self):
        project = self.prepared()
        self.clip(clips.drawn(2, *common.TINY[1:]))
        self.refused("has 2 frames, expects 3 as when it was prepared", "score", *self.own)
        (self.folder / "clip.mkv").unlink()
        self.refused("the video of this project is gone; prepare with --keep-hr", "score",
                     *self.own)
        self.assertEqual(self.left_over(project), [])

    def test_result_of_another_kind(self):
        with self.assertRaisesRegex(video.DydcaError,
                                    r'a video ends in .mkv or .mp4, got ".avi"'):
            with video.encoder(self.folder / "x.avi", 8, 8, "10/1"):
                pass


class Options(Refusals):
    def test_scores(self):
        self.prepared()
        for text, words in (
                ("--fraction: expects 1 numbers for 2 classes, got 2", ("--fraction", .1, .2)),
                ("--fraction: expects falling numbers, got 0.1 0.2",
                 ("--classes", 3, "--fraction", .1, .2)),
                ("--threshold: expects rising numbers, got 9.0 5.0",
                 ("--classes", 3, "--by", "gradients", "--threshold", 9, 5)),
                ("--fraction: expects numbers from 0 to 1, got 1.5", ("--fraction", 1.5)),
                ("--scoring-steps: is of --by network, got --by bicubic",
                 ("--scoring-steps", 3))):
            self.refused(text, "score", *words, *self.own)

    def test_minutes(self):
        self.prepared("score")
        self.refused("--minutes: expects more than 0, got -1.0", "train", "--minutes", -1,
                     *self.own)

    def test_cells(self):
        for text in ("9x8", "8", "0x8", "8x8x8", "2000x8"):
            code, _, errors = common.dydca("prepare", self.clip(), "--cell", text)
            self.assertEqual(code, 2)
            self.assertIn("expects HEIGHTxWIDTH, even numbers from 2 to 1024", errors)

    def test_order_of_steps(self):
        for step, first in (("score", "prepare VIDEO"), ("bits", "prepare VIDEO"),
                            ("eval", "prepare VIDEO"), ("train", "prepare VIDEO")):
            self.refused(f"first run: dydca {first}", step, *self.own)
        self.prepared()
        for step in ("bits", "train", "eval"):
            self.refused("first run: dydca score", step, *self.own)
        self.refused("first run: dydca train", "export", *self.own)
        self.refused("first run: dydca export", "run", *self.own)

    def test_which_project(self):
        with contextlib.chdir(self.folder):
            self.refused("which project? --project expects one of: none", "score")
            for name in ("a", "b"):
                self.done("prepare", self.clip(), "--project", f"{name}.dydca")
            self.refused("expects one of: a.dydca, b.dydca", "score")
            shutil.rmtree("b.dydca")
            self.done("score")

    def test_no_jax(self):
        self.prepared("score")
        with mock.patch.dict(sys.modules, {"optimizer": None}):
            self.refused("training needs JAX (pip install jax)", "train", *self.own)


class Folders(Refusals):
    def test_foreign_manifest(self):
        (self.folder / "p").mkdir()
        file = self.folder / "p" / "manifest.json"
        for text, content in (("no manifest of a dydca project", "[1"),
                              ("no manifest of a dydca project", "{}"),
                              ("is a dydca project of version 9, expects a dydca project of "
                               "version 1",
                               json.dumps({"format": "dydca project", "version": 9,
                                           "steps": {}}))):
            file.write_text(content)
            self.refused(text, "score", *self.own)

    def test_two_commands_at_once(self):
        self.prepared()
        with projects.Project(self.folder / "p").locked():
            self.refused("another dydca works in it", "score", *self.own)

    def test_damaged_array(self):
        project = self.prepared("score")
        size = (project / "low.npy").stat().st_size
        (project / "low.npy").write_bytes(b"x" * size)
        self.refused("low.npy: cannot be read", "eval", *self.own)

    def test_damaged_checkpoint(self):
        project = self.prepared("score")
        (project / "checkpoint.npz").write_bytes(b"PK\3\4 nothing")
        self.refused("checkpoint.npz: damaged; remove it, and training begins anew", "train",
                     "--steps", 2, *self.own)

    def test_folder_that_cannot_be(self):
        (self.folder / "p").write_text("a file")
        self.refused("cannot be written: ", "prepare", self.clip(), *self.own)


class Disks(Refusals):
    @contextlib.contextmanager
    def room(self, size):
        """No file may grow beyond `size` bytes, which is an error as a full disk is."""
        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)
            signal.signal(signal.SIGXFSZ, before)

    def check(self, size, *words):
        project = self.folder / "p"
        before = {p.name: p.read_bytes() for p in project.glob("[!.]*")}
        with self.room(size):
            self.refused("cannot be written", *words, *self.own)
        self.assertEqual({p.name: p.read_bytes() for p in project.glob("[!.]*")}, before)
        self.assertEqual(self.left_over(project), [])

    def test_each_step(self):
        clip = self.clip(clips.drawn(4, 40, 56))
        self.check(1000, "prepare", clip, *common.PREPARE)
        self.check(2500, "prepare", clip, *common.PREPARE, "--keep-hr")
        self.done("prepare", clip, *common.PREPARE, *self.own)
        self.check(100, "score")
        self.done("score", *self.own)
        self.check(30, "bits")
        self.check(500, "eval")
        self.check(100_000, "train", "--steps", 2)

    def test_a_disk_that_is_full(self):
        """The system's own error, where there is leave to make a small disk."""
        disk = self.folder / "p"
        disk.mkdir()
        program = (f"mount -t tmpfs -o size=64k none {disk} && {sys.executable} "
                   f"{common.COMMAND} prepare {self.clip(clips.drawn(30, 200, 300))} "
                   f"--project {disk}; code=$?; ls -A {disk}; exit $code")
        done = subprocess.run(["unshare", "-m", "sh", "-c", program], capture_output=True,
                              text=True)
        if "unshare" in done.stderr or "mount" in done.stderr:
            self.skipTest("no leave to mount")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be written", done.stderr)
        self.assertEqual(done.stdout.split(), [".lock"])


class Clients(Refusals):
    """The client with what does not fit; the model is one with random weights."""

    @classmethod
    def setUpClass(cls):
        import dycc

        top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(top.cleanup)
        cls.models = Path(top.name)
        graphs.make_a1(str(cls.models / "m.onnx"), network.random(2, 0), 2, CELL)
        dycc.compile_file(cls.models / "m.onnx", cls.models / "m.so")
        cls.facts = {"form": "a1", "scale": 2, "classes": 2, "halo": 0, "cell": CELL}

    def setUp(self):
        super().setUp()
        self.set_facts()
        self.project = self.prepared("score", "bits")

    def set_facts(self, **other):
        (self.models / "m.json").write_text(json.dumps({**self.facts, **other}))

    def play(self, *words, **files):
        out = self.folder / "out.mkv"
        names = {"model": self.models / "m.so", "bits": self.project / "routing.bits",
                 "low": self.project / "low.mkv", "output": out} | files
        return ["run", *(x for k, v in names.items() for x in (f"--{k}", v)), *words]

    def check(self, text, **files):
        self.refused(text, *self.play(**files))
        self.assertFalse((self.folder / "out.mkv").exists())
        self.assertEqual(self.left_over(self.folder), [])

    def test_whole(self):
        self.done(*self.play())
        self.assertEqual(video.decode(self.folder / "out.mkv").shape, (3, 19, 27, 3))

    def test_bits(self):
        bits = self.folder / "some.bits"
        data = (self.project / "routing.bits").read_bytes()
        for text, content in (("no file of routing bits", b"PK" + data),
                              (f"has {len(data) - 1} bytes, expects {len(data)}", data[:-1]),
                              ("its checksum is not that of its content",
                               data[:-1] + bytes([data[-1] ^ 16]))):
            bits.write_bytes(content)
            self.check(text, bits=bits)

    def test_frames(self):
        low = np.load(self.project / "low.npy")
        own = clips.write(self.folder / "low.mkv", low[:2])
        self.check("low.mkv: ends before frame 2, ", low=own)
        clips.write(own, np.concatenate([low, low]))
        self.check("low.mkv: goes on behind the 3 frames of ", low=own)
        clips.write(own, low[:, :-1])
        self.check("frame 0 has 14x9 pixels, ", low=own)

    def test_model_of_another_scale(self):
        other = self.folder / "q"
        self.done("prepare", self.folder / "clip.mkv", "--scale", 3, "--cell", "8x8",
                  "--project", other)
        for step in ("score", "bits"):
            self.done(step, "--project", other)
        self.check("is for a model with scale 3, ", bits=other / "routing.bits",
                   low=other / "low.mkv")
        self.set_facts(scale=3)
        self.check("makes 16x16 pixels of 8x8, expects 3 times as many")

    def test_model_of_other_classes(self):
        self.done("score", "--classes", 3, *self.own)
        self.done("bits", *self.own)
        self.check("is for a model with classes 3, ")

    def test_facts(self):
        (self.models / "m.json").write_text("{}")
        self.check("m.json: no facts of a model: expects scale, classes, halo, cell, form")
        (self.models / "m.json").unlink()
        self.check("m.json: the model's facts cannot be read: No such file")

    def test_library(self):
        library = self.models / "text.so"
        library.write_text("no library")
        shutil.copy(self.models / "m.json", self.models / "text.json")
        self.check("text.so: cannot be loaded: ", model=library)

    def test_files_of_a_model_alone(self):
        self.refused("--bits: is needed where --model is given", "run", "--model",
                     self.models / "m.so")

    def test_encoder_that_fails(self):
        with mock.patch.dict(video.ENCODERS, {".mkv": ["-c:v", "no_such_codec"]}):
            self.check("out.mkv: cannot be written, ffmpeg ended with ")


if __name__ == "__main__":
    unittest.main()
