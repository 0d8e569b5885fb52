"""From ONNX to libraries, and the programs of the package."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np

import dycc
from common import MODELS, Test


class Compiling(Test):
    def test_ranges(self):
        made = dycc.compile(MODELS / "scale.onnx", dims={
            "N": 2, "H": (16, 1080, 4), "W": (None, 64)})
        self.assertEqual({s.name: s[1:] for s in made.symbols},
                         {"N": (2, 2, 1), "H": (16, 1080, 4), "W": (0, 64, 1)})
        self.assertEqual(made.inputs[0].shape, (2, 3, "H", "W"))
        self.assertEqual(made.name, "scale")
        self.assertEqual(made(np.ones((2, 3, 16, 5), np.float32)).shape, (2, 3, 16, 5))

    def test_bytes(self):
        data = (MODELS / "largest.onnx").read_bytes()
        made = dycc.compile(data, name="of_bytes", flags=["-O", "1"])
        self.assertEqual(made.name, "of_bytes")
        self.assertEqual(made(np.float32([1, 5, 2])), 5)

    def test_file_for_another_machine(self):
        path = dycc.compile_file(MODELS / "largest.onnx", MODELS / "arm.so",
                                 target="aarch64-linux-gnu")
        self.assertEqual(path.read_bytes()[18], 183)  # EM_AARCH64
        with self.assertRaises(dycc.Error):
            dycc.load(path)

    def test_budgets_of_errors(self):
        random = np.random.default_rng(1)
        samples = [{"file": random.uniform(1, 2, (rows, 4)).astype(np.float32)}
                   for rows in (2, 3)]
        path = MODELS / "breaks.onnx"
        exact = dycc.compile(path)
        found = MODELS / "breaks.json"
        options = {"precision": "f16", "max_error": 1e-2,
                   "flags": ["--precision-exceptions", str(found)]}

        def error(model, sample):
            reference = exact.run(sample)["y"]
            return np.abs(model.run(sample)["y"] - reference).max() / np.abs(reference).max()

        without = dycc.compile(path, precision="f16")
        self.assertFalse(error(without, samples[0]) <= 1e-2)
        for source in (path, path.read_bytes()):
            made = dycc.compile(source, calibrate=samples, **options)
            for sample in samples:
                self.assertLessEqual(error(made, sample), 1e-2)
            facts = json.loads(found.read_text())
            self.assertEqual((facts["samples"], facts["error_without"]), (2, None))
            self.assertTrue(0 < len(facts["keep_f32"]) <= 3, facts)
        folder = MODELS / "samples"
        folder.mkdir(exist_ok=True)
        np.save(folder / "file.npy", samples[0]["file"])
        self.assertLessEqual(error(dycc.compile(path, calibrate=folder, **options),
                                   samples[0]), 1e-2)
        self.compile_refuses("no value for input 'file', has 'x'", "refused", lambda: dycc.compile(
            path, calibrate=[{"x": samples[0]["file"]}], **options))
        self.compile_refuses("has no samples, expects .npz files", "refused",
                             lambda: dycc.compile(path, calibrate=[], **options))
        self.compile_refuses("--max-error requires --calibrate", "usage",
                             lambda: dycc.compile(path, **options))

    def test_what_the_compiler_refuses(self):
        self.compile_refuses("error: node", "refused",
                             lambda: dycc.compile(MODELS / "unknown.onnx"))
        self.compile_refuses("no_model.onnx", "refused",
                             lambda: dycc.compile("no_model.onnx"))
        self.compile_refuses("--dim 'H=9..1'", "refused", lambda: dycc.compile(
            MODELS / "scale.onnx", dims={"H": (9, 1)}))
        self.compile_refuses("--nonsense", "usage", lambda: dycc.compile(
            MODELS / "scale.onnx", flags=["--nonsense"]))
        self.compile_refuses("dims['H'] is (1,), expected a number, (lower, upper) or "
                             "(lower, upper, multiple)", "usage", lambda: dycc.compile(
                                 MODELS / "scale.onnx", dims={"H": (1,)}))

    def test_text_is_what_the_program_says(self):
        for model, options, flags in (
                ("unknown.onnx", {}, []), ("nowhere.onnx", {}, []), (os.devnull, {}, []),
                ("scale.onnx", {"dims": {"H": (9, 1)}}, ["--dim", "H=9..1"]),
                ("scale.onnx", {"dims": {"Q": 3}}, ["--dim", "Q=3"]),
                ("scale.onnx", {"target": "pdp11"}, ["--target", "pdp11"]),
                ("scale.onnx", {"name": "4"}, ["--name", "4"]),
                ("scale.onnx", {"flags": ["-O", "9"]}, ["-O", "9"])):
            command = [dycc.program("dycc"), "-o", "x.so", *flags, MODELS / model]
            done = subprocess.run(command, capture_output=True, text=True)
            with self.assertRaises(dycc.CompileError) as caught:
                dycc.compile(MODELS / model, "x.so", **options)
            self.assertEqual(str(caught.exception), done.stderr.strip())
            self.assertEqual(caught.exception.status,
                             {1: "refused", 2: "usage"}[done.returncode])

    def test_programs(self):
        command = Path(sys.executable).with_name("dycc-run")
        library = dycc.compile_file(MODELS / "largest.onnx", MODELS / "largest.so")
        done = subprocess.run([command, library, "--describe"], capture_output=True, text=True)
        self.assertIn("model largest", done.stdout)
        self.assertTrue((dycc.root() / "lib/cmake/dycc/dyccConfig.cmake").exists())
        with self.assertRaisesRegex(FileNotFoundError, "dycc has no program 'cc': expected "):
            dycc.program("cc")

    def test_videos_need_packages(self):
        command = Path(sys.executable).with_name("dydca")
        done = subprocess.run([command, "--help"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (
            1, "dydca: needs the package PIL: pip install 'dycc[dydca]'\n"))

    def test_comparing_needs_onnx(self):
        command = Path(sys.executable).with_name("dycc-compare")
        done = subprocess.run([command, MODELS / "scale.onnx"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (
            2, "dycc-compare: needs the package onnx: pip install 'dycc[compare]'\n"))


if __name__ == "__main__":
    unittest.main()
