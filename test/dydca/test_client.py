"""tools/dydca-client, built as a project of somebody else's from the build folder: what it
writes is what `dydca run` writes, and what it does with damaged input."""

import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import clips
import common
import numpy as np
import video

FRAMES = 6
SHAPE = FRAMES, *common.TINY[1:]


def build(project, folder):
    """The client with the models of a project."""
    for words in (["-S", common.ROOT / "tools" / "dydca-client", "-B", folder, "-G", "Ninja",
                   f"-Ddycc_ROOT={common.BUILD}", f"-DDYDCA_PROJECT={project}",
                   "-DCMAKE_CXX_COMPILER=clang++-22"],
                  ["--build", folder, "--parallel", 2]):
        done = subprocess.run(["cmake", *map(str, words)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "dydca-client"


def packets(path):
    """(position, bytes) of each packet of a video."""
    out = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=pos,size", "-of",
                          "json", str(path)], capture_output=True, check=True).stdout
    return [(int(packet["pos"]), int(packet["size"])) for packet in json.loads(out)["packets"]]


class Client(unittest.TestCase, common.Steps):
    """A project and the client of its models."""

    options, train, forms = (), (), ("a1", "b")

    @classmethod
    def setUpClass(cls):
        if cls is Client:
            raise unittest.SkipTest("what the others share")
        cls.top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.top.cleanup)
        cls.folder = Path(cls.top.name)
        cls.project = cls.folder / "p"
        clip = clips.write(cls.folder / "clip.mkv", clips.drawn(*SHAPE))
        for words in (("prepare", clip, *common.PREPARE), ("score", *cls.options),
                      ("train", "--steps", 2, *cls.train), ("export", "--forms", *cls.forms),
                      ("bits",)):
            code, out, errors = common.dydca(*words, "--project", cls.project)
            assert code == 0, out + errors
        cls.client = build(cls.project, cls.folder / "client")
        cls.low, cls.bits = cls.project / "low.mkv", cls.project / "routing.bits"
        # A format whose damaged pictures are not decoded.
        for name in ("pictures.mov", "pictures.mkv"):
            subprocess.run(["ffmpeg", "-v", "error", "-i", cls.low, "-c:v", "png",
                            cls.folder / name], check=True)

    def call(self, *words, **options):
        return subprocess.run([str(w) for w in (self.client, *words)], capture_output=True,
                              text=True, **options)

    def played(self, *words, out=None):
        """The frames that the client writes, and what it prints."""
        out = out or self.folder / "client.mkv"
        done = self.call(*words, "-o", out)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return video.decode(out), done.stdout

    def by_python(self, form):
        out = self.folder / f"python {form}.mkv"
        self.done("run", "--form", form, "-o", out, "--project", self.project)
        return video.decode(out)

    def fails(self, text, *words, **options):
        out = self.folder / "none.mkv"
        done = self.call(*words, "-o", out, **options)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(text, done.stderr)
        self.assertTrue(done.stderr.startswith("dydca-client: error: "), done.stderr)
        self.assertFalse(out.exists())
        self.assertEqual(self.left_over(self.folder), [])

    def damaged(self, *numbers, suffix=".mov"):
        """The video with the beginning of some packets overwritten."""
        pictures = self.folder / f"pictures{suffix}"
        data = bytearray(pictures.read_bytes())
        for number in numbers:
            position, size = packets(pictures)[number]
            start = data.index(b"\x89PNG", position)
            self.assertLess(start, position + 64)
            data[start:start + size // 2] = bytes(size // 2)
        path = self.folder / f"damaged{suffix}"
        path.write_bytes(data)
        return path


class WithHalo(Client):
    """Three classes, any size of a frame, both ways of routing."""

    options = "--classes", 3

    def test_bits_of_the_python_client(self):
        frames, out = self.played("--low", self.low, "--bits", self.bits)
        np.testing.assert_array_equal(frames, self.by_python("a1"))
        self.assertEqual(frames.shape, (*SHAPE, 3))
        self.assertRegex(out, r"^dydca-client: .*client\.mkv, 6 frames; upscaling alone [\d.]+ "
                              r"frames/s \(median [\d.]+ ms, p99 [\d.]+ ms\), with decoding and "
                              r"encoding [\d.]+ frames/s; peak memory [\d.]+ MiB\n$")
        self.assertEqual(video.rate(self.folder / "client.mkv"), video.rate(self.low))

    def test_routing_in_the_graph(self):
        frames, _ = self.played("--low", self.low)
        whole = self.by_python("b")
        # Without bits nothing says that the last row and column are beyond the frame.
        np.testing.assert_array_equal(frames[:, :whole.shape[1], :whole.shape[2]], whole)
        self.assertEqual(frames.shape[1:3], (20, 28))

    def test_queues_and_threads(self):
        expected = self.by_python("a1")
        for words in (("--ahead", 1), ("--threads", 1), ("--ahead", 64, "--threads", 2)):
            frames, _ = self.played("--low", self.low, "--bits", self.bits, *words)
            np.testing.assert_array_equal(frames, expected)

    def test_mp4(self):
        out = self.folder / "client.mp4"
        frames, _ = self.played("--low", self.low, "--bits", self.bits, out=out)
        expected = self.by_python("a1")
        self.assertEqual(frames.shape, expected.shape)
        error = ((frames.astype(float) - expected) ** 2).mean()
        self.assertLess(error, 60)  # H.264 of noise; a wrong plane or frame has hundreds.

    def test_window(self):
        for video_driver, code in (("dummy", 0), ("none such", 1)):
            done = self.call("--low", self.low, "--bits", self.bits, "--show",
                             env={**os.environ, "SDL_VIDEODRIVER": video_driver})
            self.assertEqual(done.returncode, code, done.stderr)
            if code:
                self.assertIn("dydca-client: error: no window: ", done.stderr)
            else:
                self.assertIn("shown, 6 frames", done.stdout)

    def test_broken_frames_show_the_one_before(self):
        expected = self.by_python("a1")
        for broken in ((3,), (2, 3), (FRAMES - 1,), (1, FRAMES - 2, FRAMES - 1)):
            frames, out = self.played("--low", self.damaged(*broken), "--bits", self.bits)
            shown = [max(k for k in range(n + 1) if k not in broken) for n in range(FRAMES)]
            np.testing.assert_array_equal(frames, expected[shown])
            self.assertIn(f"dydca-client: {len(broken)} frames were broken: the one before was "
                          "shown again\n", out)

    def test_broken_frames_that_take_others_along(self):
        """In this file the next picture belongs to the broken packet: times tell."""
        frames, out = self.played("--low", self.damaged(2, suffix=".mkv"), "--bits", self.bits)
        np.testing.assert_array_equal(frames, self.by_python("a1")[[0, 1, 1, 1, 4, 5]])
        self.assertIn("2 frames were broken", out)

    def test_first_frame_broken(self):
        self.fails("frame 0 is broken, and there is none before it to show", "--low",
                   self.damaged(0), "--bits", self.bits)

    def test_too_few_and_too_many_frames(self):
        for count, text in ((4, "the video ends before frame 4, {bits} has 6"),
                            (8, "the video goes on behind the 6 frames of {bits}")):
            low = clips.write(self.folder / f"{count}.mkv", clips.drawn(count, 10, 14))
            self.fails(text.format(bits=self.bits), "--low", low, "--bits", self.bits)

    def test_frames_of_another_size(self):
        low = clips.write(self.folder / "wide.mkv", clips.drawn(6, 10, 16))
        self.fails(f"frame 0 has 16x10 pixels, {self.bits} is of 14x10", "--low", low, "--bits",
                   self.bits)

    def test_foreign_and_damaged_bits(self):
        good = self.bits.read_bytes()
        path = self.folder / "other.bits"
        for data, text in (
                (b"GIF89a" + good[6:], "no file of routing bits"),
                (good[:20], "has 20 bytes, expects a header of 32"),
                (good[:-1], f"has {len(good) - 1} bytes, expects {len(good)} for 6 frames"),
                (good[:8] + b"\2" + good[9:], "has version 2, this program expects 1"),
                (good[:10] + b"\3" + good[11:], "has scale 3, this program expects 2"),
                (good[:11] + b"\2" + good[12:], "has classes 2, this program expects 3"),
                (good[:12] + b"\4" + good[13:], "has cells of height 4, this program expects 8"),
                (good[:14] + b"\4" + good[15:], "has cells of width 4, this program expects 8"),
                (good[:-1] + bytes([good[-1] ^ 16]), "damaged: its checksum is not")):
            path.write_bytes(data)
            self.fails(f"{path}: {text}", "--low", self.low, "--bits", path)
        self.fails("none.bits: cannot be read: No such file", "--low", self.low, "--bits",
                   self.folder / "none.bits")

    def test_files_that_are_no_videos(self):
        for name, data in (("empty.mkv", b""), ("text.mkv", b"no video " * 999)):
            (self.folder / name).write_bytes(data)
            self.fails(f"{name}: cannot be read: ", "--low", self.folder / name)
        self.fails("nothing.mkv: cannot be read: No such file", "--low",
                   self.folder / "nothing.mkv")

    def test_videos_that_are_not_played(self):
        sound, turned = self.folder / "sound.wav", self.folder / "turned.mov"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=0.1", sound],
                       check=True)
        self.fails("sound.wav: no video in it that can be decoded", "--low", sound)
        subprocess.run(["ffmpeg", "-v", "error", "-i", self.folder / "pictures.mov", "-c", "copy",
                        "-metadata:s:v", "rotate=90", turned], check=True)
        self.fails("turned.mov: its frames are to be turned when they are shown, expects those "
                   "of `dydca prepare`, which are not", "--low", turned)

    def test_frames_of_two_sizes(self):
        """Two videos of pictures, one behind the other."""
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc=size=20x10:duration=0.1:rate=10", "-c:v", "mjpeg", "-f", "mjpeg",
                        self.folder / "wide.mjpeg"], check=True)
        subprocess.run(["ffmpeg", "-v", "error", "-i", self.low, "-c:v", "mjpeg", "-f", "mjpeg",
                        self.folder / "first.mjpeg"], check=True)
        both = self.folder / "both.mjpeg"
        both.write_bytes((self.folder / "first.mjpeg").read_bytes() +
                         (self.folder / "wide.mjpeg").read_bytes())
        self.fails("both.mjpeg: frame 6 has 20x10 pixels, expects 14x10 as those before", "--low",
                   both)

    def test_where_nothing_can_be_written(self):
        done = self.call("--low", self.low, "-o", self.folder / "no" / "out.mkv")
        self.assertEqual(done.returncode, 1)
        self.assertIn("out.mkv: cannot be written: No such file", done.stderr)
        done = self.call("--low", self.low, "-o", self.folder / "out.gif")
        self.assertIn("out.gif: a video ends in .mkv or .mp4, got \".gif\"", done.stderr)
        low = clips.write(self.folder / "large.mkv", clips.drawn(6, 100, 140))
        # No file may grow beyond this: an error as a full disk is.
        words = ["sh", "-c", f'trap "" XFSZ; ulimit -f 20; exec "{self.client}" --low "{low}" '
                             f'-o "{self.folder}/none.mkv"']
        done = subprocess.run(words, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("none.mkv: cannot be written", done.stderr)
        self.assertFalse((self.folder / "none.mkv").exists())
        self.assertEqual(self.left_over(self.folder), [])

    def test_command_line(self):
        for words, text in (((), "--low: is needed"),
                            (("--low",), "--low: has no value"),
                            (("--fast",), "unknown argument \"--fast\", see --help"),
                            (("--low", "a", "--threads", "x"),
                             "--threads: expects a number from 0 to 4096, got \"x\""),
                            (("--low", "a", "--ahead", "0"),
                             "--ahead: expects a number from 1 to 4096, got \"0\""),
                            (("--low", "a"), "expects one of --output and --show")):
            done = self.call(*words)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(done.stderr, f"dydca-client: error: {text}\n")
        out = self.call("--help").stdout
        self.assertTrue(out.startswith("Plays a video that `dydca` prepared: decodes, upscales by "
                                       "the model in\n"), out)

    def test_signals_end_it_and_leave_nothing(self):
        low = clips.write(self.folder / "long.mkv", clips.drawn(8, 200, 280))
        looped = self.folder / "looped.mkv"
        subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "200", "-i", low, "-c", "copy",
                        looped], check=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            out = self.folder / "ended.mkv"
            process = subprocess.Popen([self.client, "--low", looped, "-o", out],
                                       stderr=subprocess.PIPE, text=True)
            while not self.left_over(self.folder) and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(number)
            self.assertEqual(process.communicate()[1], "dydca-client: interrupted\n")
            self.assertEqual(process.returncode, 128 + number)
            self.assertFalse(out.exists())
            self.assertEqual(self.left_over(self.folder), [])


class WithoutHalo(Client):
    """Two classes, zeros around patches: frames are filled up to whole cells."""

    train, forms = ("--halo", 0), ("a1",)

    def test_bits_of_the_python_client(self):
        frames, _ = self.played("--low", self.low, "--bits", self.bits)
        np.testing.assert_array_equal(frames, self.by_python("a1"))

    def test_no_form_that_routes_by_itself(self):
        self.fails("this program has no form B", "--low", self.low)

    def test_a_project_without_models(self):
        with self.assertRaisesRegex(AssertionError, "write them by: dydca export"):
            build(self.folder / "nowhere", self.folder / "other client")


if __name__ == "__main__":
    unittest.main()
