"""dycc.batch in one process, without Ray and pyarrow: run.py makes the environment and the
models (DYCC_TEST_MODELS)."""

import os
import pty
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

import numpy as np

import dycc
import dycc.batch
from batch_case import MODELS, BatchTest, command, finished, lines_of, run_command, \
    times_of, wait_for
from dycc.batch._worker import as_batch_error

SCALE = MODELS / "scale.onnx"  # y = 2 x + 0.5


class DataSets(BatchTest):
    def test_folder_of_files(self):
        frames = self.frames()
        (frames / ".hidden.npy").write_bytes(b"no item")
        summary = dycc.batch.run(SCALE, frames, self.out, workers=0, chunk=4)
        self.assertEqual(summary[:3], (10, 0, 3))
        for file in frames.rglob("[!.]*.npy"):
            found = np.load(self.out / file.relative_to(frames))
            np.testing.assert_array_equal(found, 2 * np.load(file) + np.float32(0.5))
        self.assertEqual(len([*self.out.rglob("*.npy")]), 10)

    def test_several_inputs_and_outputs(self):
        folder = self.top / "in"
        folder.mkdir()
        for n in (3, 5):
            np.savez(folder / f"{n}.npz", mask=np.arange(n) % 2 == 0,
                     half=np.arange(n, dtype=np.float16))
        dycc.batch.run(MODELS / "pick.onnx", folder, self.out, workers=0)
        with np.load(self.out / "5.npz") as found:
            np.testing.assert_array_equal(found["which"], [[0, 2, 4]])
            np.testing.assert_array_equal(found["kept"], [0, 0, 2, 0, 4])

    def test_names_that_are_arguments_elsewhere(self):
        dycc.batch.run(MODELS / "names.onnx", np.float32([[1, -2]]), self.out, workers=0)
        with np.load(self.out / "part-000000.npz") as found:
            np.testing.assert_array_equal(found["file"], [[-1, 2]])
            np.testing.assert_array_equal(found["mode"], [[1, 2]])

    def test_rows_share_runs(self):
        rows = np.random.default_rng(0).standard_normal((23, 3, 4, 5), np.float32)
        np.save(self.top / "rows.npy", rows)
        for name, data in (("file", self.top / "rows.npy"), ("memory", rows)):
            out = self.top / name
            dycc.batch.run(SCALE, data, out, workers=0, chunk=10, batch=4)
            parts = [np.load(p) for p in sorted(out.glob("part-*.npy"))]
            self.assertEqual([len(p) for p in parts], [10, 10, 3])
            np.testing.assert_array_equal(np.concatenate(parts), 2 * rows + np.float32(0.5))

    def test_rows_by_input(self):
        arrays = {"x": np.ones((4, 3, 2, 2), np.float32),
                  "bias": np.float32([[1], [2], [3], [4]])}
        dycc.batch.run(SCALE, arrays, self.out, workers=0)
        found = np.load(self.out / "part-000000.npy")
        np.testing.assert_array_equal(found[:, 0, 0, 0], [3, 4, 5, 6])

    def test_rows_without_a_batch_axis(self):
        rows = np.float32([[1, 9, 3], [4, 5, 6]])
        dycc.batch.run(MODELS / "largest.onnx", rows, self.out, workers=0)
        np.testing.assert_array_equal(np.load(self.out / "part-000000.npy"), [[9], [6]])

    def test_a_file_for_each_row(self):
        rows = {"mask": np.array([[True, False], [True, True]] * 6),
                "half": np.ones((12, 2), np.float16)}
        self.refuses("output \"which\": has shape (1, 1) for item 'array[0]' and (1, 2) for "
                     "item 'array[1]': expected --each", "usage", MODELS / "pick.onnx", rows,
                     self.out)
        dycc.batch.run(MODELS / "pick.onnx", rows, self.top / "each", workers=0, each=True)
        names = sorted(p.name for p in (self.top / "each").glob("*.npz"))
        self.assertEqual(names, [f"{i:02}.npz" for i in range(12)])

    def test_what_is_no_data_set(self):
        folder = self.top / "in"
        folder.mkdir()
        refuses = lambda text, data, status="refused": self.refuses(text, status, SCALE, data,
                                                                    self.out)
        refuses("data 'nowhere': there is no such file or folder", "nowhere")
        refuses("in': expects .npy, .npz or .parquet", folder)
        refuses("array: holds no item", np.zeros((0, 3, 2, 2), np.float32))
        refuses("array: expects arrays of one leading extent, got x (2, 1), bias (3, 1)",
                {"x": np.zeros((2, 1)), "bias": np.zeros((3, 1))})
        np.save(folder / "a.npy", np.zeros(1))
        np.savez(folder / "a.npz", np.zeros(1))
        refuses("'a.npy' and 'a.npz' would have results of the same name", folder)
        (folder / "a.npz").rename(folder / "a.parquet")
        refuses("holds 'a.npy' and 'a.parquet', expected one kind of data", folder)
        (folder / "a.npy").unlink()
        refuses("Parquet needs pyarrow: pip install 'dycc[parquet]'", folder, "usage")

    def test_items_that_are_refused(self):
        folder = self.frames(4)
        np.save(folder / "bad.npy", np.zeros((1, 2, 4, 4), np.float32))
        self.refuses("item 'bad.npy': input \"x\"", "refused", SCALE, folder, self.out)
        self.refuses("item 'bad.npy': input \"x\": has rank 2, expects 4, or 3 for one of a "
                     "batch", "refused", SCALE, self.with_bad(np.zeros((2, 2))), self.out)
        (folder / "bad.npy").write_bytes(b"no array")
        self.refuses("item 'bad.npy': cannot be read: ", "refused", SCALE, folder,
                     self.top / "other")
        self.refuses("items 'array[0]' to 'array[1]': input \"x\"", "refused", SCALE,
                     np.zeros((2, 2, 4, 4), np.float32), self.top / "rows", batch=2)
        self.refuses("item 'array[0]': is one array, the model needs ['mask', 'half']", "refused",
                     MODELS / "pick.onnx", np.zeros((2, 4)), self.top / "pick")
        self.refuses("output \"y\" has no leading axis N to tell the items of a run by",
                     "usage", MODELS / "total.onnx", np.zeros((4, 2), np.float32),
                     self.top / "total", batch=2)

    def with_bad(self, array):
        folder = self.top / "frames"
        np.save(folder / "bad.npy", array)
        shutil.rmtree(self.out, ignore_errors=True)
        return folder


class Restarts(BatchTest):
    def test_a_second_start_does_what_is_missing(self):
        frames = self.frames()
        dycc.batch.run(SCALE, frames, self.out, workers=0, chunk=3)
        before = times_of(self.out)
        summary = dycc.batch.run(SCALE, frames, self.out, workers=0)
        self.assertEqual((summary.items_before, summary.chunks), (10, 4))
        self.assertEqual(times_of(self.out), before)
        gone = self.out / "000.npy"
        gone.unlink()
        self.assertEqual(dycc.batch.run(SCALE, frames, self.out, workers=0).items_before, 7)
        changed = {name for name, found in times_of(self.out).items()
                   if before[name] != found}
        chunk = {Path(name) for name, _, _ in lines_of(self.out)[1]["files"]}
        self.assertEqual(changed, chunk | {Path("manifest.jsonl")})

    def test_killed_in_the_middle(self):
        data = np.random.default_rng(0).standard_normal((60, 300, 300), np.float32)
        np.save(self.top / "rows.npy", data)
        arguments = (MODELS / "slow.onnx", self.top / "rows.npy", "-o", self.out, "--workers",
                     0, "--chunk", 2, "--threads", 1)
        process = self.start(*arguments)
        wait_for(lambda: finished(self.out) >= 2, process)
        process.kill()
        process.wait()
        before = finished(self.out)
        self.assertLess(before, 30)
        kept = times_of(self.out)
        with open(self.out / "manifest.jsonl", "ab") as file:
            file.write(b'{"chunk": 29, "items": 2, "fi')  # What a kill may leave.
        self.assertEqual(run_command(*arguments).returncode, 0)
        chunks = [line["chunk"] for line in lines_of(self.out)[1:]]
        self.assertEqual(sorted(chunks), list(range(30)))
        again = times_of(self.out)
        for line in lines_of(self.out)[1:before + 1]:
            name = Path(line["files"][0][0])
            self.assertEqual(again[name], kept[name])
        dycc.batch.run(MODELS / "slow.onnx", data, self.top / "whole", workers=0, chunk=2,
                       threads=1)
        for file in (self.top / "whole").glob("*.npy"):
            self.assertEqual(file.read_bytes(), (self.out / file.name).read_bytes())
        self.assertFalse((self.out / ".unfinished").exists())

    def test_interrupted(self):
        # Programs that a shell starts in the background ignore this one, and so would theirs.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        np.save(self.top / "rows.npy", np.ones((60, 300, 300), np.float32))
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start(MODELS / "slow.onnx", self.top / "rows.npy", "-o", self.out,
                                 "--workers", 0, "--chunk", 1)
            began = finished(self.out)
            wait_for(lambda: finished(self.out) > began, process)
            process.send_signal(number)
            self.assertIn("interrupted: the same command does what is missing",
                          process.communicate()[1])
            self.assertEqual(process.returncode, 130)

    def test_damaged_results(self):
        frames = self.frames(4)
        dycc.batch.run(SCALE, frames, self.out, workers=0, chunk=1)
        good = (self.out / "000.npy").read_bytes()
        (self.out / "000.npy").write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        (self.out / "001.npy").write_bytes(b"short")
        self.assertEqual(dycc.batch.run(SCALE, frames, self.out, workers=0).items_before, 3)
        self.assertNotEqual((self.out / "000.npy").read_bytes(), good)
        summary = dycc.batch.run(SCALE, frames, self.out, workers=0, verify=True)
        self.assertEqual(summary.items_before, 3)
        self.assertEqual((self.out / "000.npy").read_bytes(), good)

    def test_other_batches_are_refused(self):
        frames = self.frames(4)
        dycc.batch.run(SCALE, frames, self.out, workers=0)
        refuses = lambda text, model=SCALE, data=frames, **options: self.refuses(
            text, "usage", model, data, self.out, **options)
        refuses("was begun with model ", model=MODELS / "slow.onnx")
        refuses("was begun with model ", dims={"H": (1, 100)})
        refuses("was begun with items in a chunk 16, got 2: expected the same, or another "
                "folder", chunk=2)
        refuses("was begun with items in a run 1, got 2", batch=2)
        np.save(frames / "000.npy", np.load(frames / "000.npy"))
        refuses("was begun with data set 4 items, ")
        self.frames(5)
        refuses("expected the same, or another folder")
        (self.out / "manifest.jsonl").write_text("{\n{\n")
        refuses("manifest.jsonl is damaged: ")
        (self.out / "manifest.jsonl").unlink()
        refuses("is not empty and has no manifest.jsonl, expected a new folder or one of this "
                "batch")

    def test_folders_that_are_refused(self):
        frames = self.frames(2)
        self.refuses("lies in the data set", "usage", SCALE, frames, frames / "out")
        with dycc.batch._manifest.Manifest(self.out, {}):
            self.refuses("out': another process works in it", "usage", SCALE, frames, self.out)

    def test_goes_on_behind_what_is_refused(self):
        frames = self.frames(5)
        np.save(frames / "001.npy", np.zeros((1, 2, 4, 4), np.float32))
        with self.assertRaises(dycc.batch.BatchError) as caught:
            dycc.batch.run(SCALE, frames, self.out, workers=0, chunk=1, keep_going=True)
        self.assertIn("1 of 5 chunks are not finished", str(caught.exception))
        self.assertEqual(len(caught.exception.failures), 1)
        self.assertIn("item '001.npy'", caught.exception.failures[0].text)
        self.assertEqual(finished(self.out), 4)


class Artifacts(BatchTest):
    def libraries(self):
        return times_of(self.top / "cache" / "dycc" / "batch")

    def test_compiled_once(self):
        frames = self.frames(2)
        dycc.batch.run(SCALE, frames, self.top / "a", workers=0)
        before = {name: t for name, t in self.libraries().items() if name.suffix == ".so"}
        shutil.copy(SCALE, self.top / "scale.onnx")
        dycc.batch.run(self.top / "scale.onnx", frames, self.top / "b", workers=0)
        again = {name: t for name, t in self.libraries().items() if name.suffix == ".so"}
        self.assertEqual(before, again)
        # One that was compiled, one under its own checksum.
        self.assertEqual(len(before), 2)
        dycc.batch.run(SCALE, frames, self.top / "c", workers=0, dims={"H": (1, 64)})
        self.assertEqual(sum(name.suffix == ".so" for name in self.libraries()), 4)

    def test_damaged_in_the_cache(self):
        frames = self.frames(2)
        dycc.batch.run(SCALE, frames, self.top / "a", workers=0)
        for library in (self.top / "cache" / "dycc" / "batch").glob("*.so"):
            library.write_bytes(library.read_bytes()[:-1])
        dycc.batch.run(SCALE, frames, self.top / "b", workers=0)
        self.assertEqual((self.top / "a/000.npy").read_bytes(),
                         (self.top / "b/000.npy").read_bytes())

    def test_transport_that_changes_it(self):
        with self.assertRaisesRegex(dycc.batch.BatchError, "after its transport, expected 0123"):
            dycc.batch._artifact.install("0123", lambda: b"something else")

    def test_external_data(self):
        folder, rows = self.top / "model", np.zeros((2, 4), np.float32)
        shutil.copytree(MODELS / "external", folder)
        dycc.batch.run(folder / "model.onnx", rows, self.top / "a", workers=0)
        data = np.fromfile(folder / "w.bin", np.float32)
        (data + 1).tofile(folder / "w.bin")
        self.refuses("was begun with model ", "usage", folder / "model.onnx", rows,
                     self.top / "a")
        dycc.batch.run(folder / "model.onnx", rows, self.top / "b", workers=0)
        found = [np.load(self.top / f"{n}/part-000000.npy") for n in "ab"]
        np.testing.assert_array_equal(found[1] - found[0], np.ones((2, 4)))

    def test_library(self):
        library = dycc.compile_file(SCALE, self.top / "scale.so")
        dycc.batch.run(library, self.frames(2), self.out, workers=0)
        self.assertTrue((self.out / "000.npy").exists())
        self.refuses("scale.so': is compiled already, expected an ONNX file with dims or flags",
                     "usage", library, self.frames(2), self.out, dims={"H": 4})
        self.refuses("model 'none.onnx': there is no such file", "refused", "none.onnx",
                     self.frames(2), self.out)

    def test_what_a_compiler_of_make_escapes(self):
        rule = "a.so: \\\n  /a\\ b/m.onnx \\\n  /a\\ b/w$$1\\#.bin\n"
        self.assertEqual(dycc.batch._artifact._read_files(rule),
                         ["/a b/m.onnx", "/a b/w$1#.bin"])


class Commands(BatchTest):
    def test_quiet_in_a_pipe(self):
        done = run_command(SCALE, self.frames(), "-o", self.out)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_progress_at_a_terminal(self):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(command(SCALE, self.frames(), "-o", self.out, "--chunk", 2),
                                   stdout=theirs, stderr=theirs)
        os.close(theirs)
        text = b""
        try:
            while part := os.read(ours, 1000):
                text += part
        except OSError:  # The other end is closed.
            pass
        self.assertEqual(process.wait(), 0)
        self.assertRegex(text.decode(), r"10 of 10 items, [\d.]+ a second, 1 worker, 0:00 left")
        self.assertRegex(text.decode(), r"10 items, 0 of them before, [\d.]+ s: ")

    def test_failures_of_the_system(self):
        frames = self.frames(2)
        (self.top / "file").write_text("no folder")
        done = run_command(SCALE, frames, "-o", self.top / "file" / "out")
        self.assertEqual(done.returncode, 1)
        self.assertIn("dycc.batch: [Errno 20] Not a directory: ", done.stderr)
        self.out.mkdir()
        (self.out / ".unfinished").write_text("no folder")
        self.refuses("items '000.npy' to '001.npy': [Errno 17] File exists: ", "refused", SCALE,
                     frames, self.out)
        self.assertEqual(as_batch_error(MemoryError(), "items 'a' to 'b'").text,
                         "items 'a' to 'b': MemoryError")

    def test_exit_codes(self):
        frames = self.frames(2)
        for code, text, arguments in (
                (1, "dycc.batch: model 'no.onnx': there is no such file", ["no.onnx", frames]),
                (1, "error: node", [MODELS / "unknown.onnx", frames]),
                (2, "chunk is 0, expected at least 1", [SCALE, frames, "--chunk", 0]),
                (2, "in-flight is 0, expected at least 1", [SCALE, frames, "--in-flight", 0]),
                (2, "unrecognized arguments: --nonsense", [SCALE, frames, "--nonsense"]),
                (2, "'x': expected INPUT=COLUMN", [SCALE, frames, "--column", "x"]),
                (1, "--dim 'H=9..1'", [SCALE, frames, "--dim", "H=9..1"]),
                (2, "workers need Ray: pip install 'dycc[batch]'",
                 [SCALE, frames, "--workers", 2])):
            done = run_command(*arguments, "-o", self.out)
            self.assertIn(text, done.stderr)
            self.assertNotIn("Traceback", done.stderr)
            self.assertEqual(done.returncode, code, done.stderr)


if __name__ == "__main__":
    unittest.main()
