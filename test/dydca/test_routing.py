"""Classes from scores, and files of routing bits: whole ones, and all others."""

import struct
import tempfile
import unittest
import zlib
from pathlib import Path

import common  # noqa: F401
import numpy as np
import routing
from failure import DydcaError
from grid import Grid


def drawn(paths, high=(19, 27), frames=5):
    bits = routing.Bits(2, paths, (8, 8), high, np.zeros((0, 0), np.uint8))
    rng = np.random.default_rng(paths)
    shape = frames, bits.grid.count
    return routing.Bits(2, paths, (8, 8), high, rng.integers(0, paths, shape, np.uint8))


class Classes(unittest.TestCase):
    def test_parts(self):
        scores = np.random.default_rng(0).permutation(100).astype(np.float32)
        found = routing.classes(scores, routing.thresholds_for(scores, [0.4, 0.1]))
        self.assertEqual([int((found == k).sum()) for k in range(3)], [60, 30, 10])
        self.assertLess(scores[found == 2].max(), scores[found == 1].min())

    def test_ends(self):
        scores = np.arange(10, dtype=np.float32)
        for part, count in ((0, 0), (1, 10), (0.999, 9), (0.05, 0)):
            found = routing.classes(scores, routing.thresholds_for(scores, [part]))
            self.assertEqual(int(found.sum()), count, part)

    def test_equal_scores_stay_together(self):
        scores = np.full(10, 100, np.float32)
        found = routing.classes(scores, routing.thresholds_for(scores, [0.4]))
        self.assertFalse(found.any())

    def test_paper_rule(self):
        self.assertEqual(routing.classes(np.float32([39, 40, 41]), [40]).tolist(), [1, 1, 0])

    def test_indices(self):
        lists = routing.indices(np.uint8([2, 0, 0, 2]), 3)
        self.assertEqual([i.tolist() for i in lists], [[1, 2], [], [0, 3]])
        self.assertEqual({i.dtype for i in lists}, {np.dtype(np.int64)})

    def test_table(self):
        table = routing.table(Grid(8, 16, (8, 8)), np.uint8([0, 1]))
        self.assertEqual(table.tolist(), [[0, 0, 8, 8], [0, 8, 4, 4], [0, 12, 4, 4],
                                          [4, 8, 4, 4], [4, 12, 4, 4]])


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "some.bits"

    def check_refused(self, data, text):
        self.path.write_bytes(data)
        with self.assertRaises(DydcaError) as caught:
            routing.read(self.path)
        self.assertIn(text, str(caught.exception))
        self.assertIn(str(self.path), str(caught.exception))

    def whole(self, paths=2):
        routing.write(self.path, drawn(paths))
        return self.path.read_bytes()

    def test_round_trip(self):
        for paths in (2, 3, 4):
            for high in ((19, 27), (1, 1), (1, 300), (270, 3)):
                bits = drawn(paths, high)
                routing.write(self.path, bits)
                back = routing.read(self.path)
                self.assertEqual((back.scale, back.paths, back.cell, back.high),
                                 (bits.scale, bits.paths, bits.cell, bits.high))
                np.testing.assert_array_equal(back.classes, bits.classes)

    def test_a_bit_a_cell(self):
        size = routing.HEADER.size + routing.CHECKSUM.size
        self.assertEqual(len(self.whole(2)), size + 5)
        self.assertEqual(len(self.whole(4)), size + 5)
        routing.write(self.path, drawn(2, (64, 200)))
        self.assertEqual(self.path.stat().st_size, size + 5 * 7)

    def test_truncated(self):
        data = self.whole()
        for length in range(len(data)):
            self.check_refused(data[:length], "expects")
        self.check_refused(data + b"\0", f"has {len(data) + 1} bytes, expects {len(data)}")

    def test_each_damaged_byte_is_noticed(self):
        data = self.whole()
        for at in range(len(data)):
            damaged = bytearray(data)
            damaged[at] ^= 0x41
            self.check_refused(bytes(damaged), "")
        damaged[-1] ^= 1
        self.check_refused(bytes(damaged), "damaged: its checksum is not that of its content")

    def test_foreign(self):
        self.check_refused(b"\x7fELF" + bytes(100), "no file of routing bits: begins with")
        self.check_refused(b"", "no file of routing bits")

    def test_version(self):
        data = bytearray(self.whole())
        data[8] = 2
        self.check_refused(bytes(data), "is of version 2, expects 1")

    def test_header_that_says_nothing(self):
        data = bytearray(self.whole())
        data[10] = 0
        self.check_refused(bytes(data), "damaged: its header has scale 0")

    def test_class_that_no_path_has(self):
        bits = drawn(3)
        data = bytearray(self.whole(3))
        data[-bits.bytes_per_frame] = 0xFF
        start = routing.HEADER.size
        body = data[start + 4:]
        data[start:start + 4] = struct.pack("<I", zlib.crc32(data[:start] + body))
        self.check_refused(bytes(data), "has a cell of class 3, expects fewer than 3")

    def test_missing(self):
        with self.assertRaisesRegex(DydcaError, "cannot be read: No such file"):
            routing.read(self.path)


if __name__ == "__main__":
    unittest.main()
