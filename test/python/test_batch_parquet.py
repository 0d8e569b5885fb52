"""dycc.batch over Parquet: batch.py makes the environment and the models."""

import shutil
import unittest

import numpy as np
import pyarrow as arrow
import pyarrow.parquet as parquet

import dycc.batch
from batch_case import MODELS, BatchTest
from dycc.batch._parquet_output import _column


def images(count):
    """Rows of an image each, no two of one size, and their labels."""
    rng = np.random.default_rng(1)
    found = [rng.standard_normal((3, 2 + i, 4), np.float32) for i in range(count)]
    return found, arrow.table({"x": [a.tolist() for a in found],
                               "label": [f"image {i}" for i in range(count)]},
                              schema=arrow.schema([
                                  ("x", arrow.list_(arrow.list_(arrow.list_(arrow.float32())))),
                                  ("label", arrow.string())]))


class Parquet(BatchTest):
    def save(self, table, name="data.parquet", **options):
        (self.top / "tables").mkdir(exist_ok=True)
        parquet.write_table(table, self.top / "tables" / name, **options)
        return self.top / "tables"

    def results(self, **options):
        dycc.batch.run(MODELS / "scale.onnx", self.top / "tables", self.out, workers=0, **options)
        return arrow.concat_tables(map(parquet.read_table,
                                       sorted(self.out.glob("part-*.parquet"))))

    def test_images_of_varying_sizes(self):
        given, table = images(11)
        self.save(table.slice(0, 7), "a.parquet", row_group_size=3)
        self.save(table.slice(7), "b.parquet")
        found = self.results(chunk=4, keep=["label"])
        self.assertEqual(found["label"].to_pylist(), table["label"].to_pylist())
        for array, row in zip(given, found["y"].to_pylist()):
            np.testing.assert_array_equal(np.float32(row), 2 * array + np.float32(0.5))

    def test_columns_by_input(self):
        table = images(3)[1].rename_columns(["picture", "x"])
        self.save(table.append_column("shift", arrow.array(
            [[1], [2], [3]], arrow.list_(arrow.float32(), 1))))
        found = self.results(columns={"x": "picture", "bias": "shift"})
        for i, row in enumerate(found["y"].to_pylist()):
            picture = np.float32(table["picture"][i].as_py())
            np.testing.assert_array_equal(np.float32(row), 2 * picture + np.float32(1 + i))

    def test_tensors_share_runs(self):
        given = np.random.default_rng(2).standard_normal((9, 3, 4, 5), np.float32)
        self.save(arrow.table({"x": arrow.FixedShapeTensorArray.from_numpy_ndarray(given)}))
        found = self.results(batch=4)
        np.testing.assert_array_equal(np.float32(found["y"].to_pylist()),
                                      2 * given + np.float32(0.5))

    def test_numbers(self):
        self.save(arrow.table({"x": arrow.array([1.5, -2, 3], arrow.float32())}))
        dycc.batch.run(MODELS / "types.onnx", self.top / "tables", self.out, workers=0, batch=3)
        found = parquet.read_table(self.out / "part-000000.parquet")
        self.assertEqual(found["d"].to_pylist(), [1.5, -2, 3])
        self.assertEqual([str(f.type) for f in found.schema], ["bool", "uint8", "int16", "double"])

    def test_no_elements(self):
        table = arrow.table({"x": arrow.array([[[], [], []]], arrow.list_(arrow.list_(
            arrow.list_(arrow.float32()))))})
        self.save(table)
        self.assertEqual(self.results()["y"].to_pylist(), [[[], [], []]])

    def test_what_is_refused(self):
        lists = arrow.list_(arrow.float32())

        def refuses(text, table, status="refused", model="largest", **options):
            folder = self.save(arrow.table(table))
            self.refuses(text, status, MODELS / f"{model}.onnx", folder, self.top / "refused",
                         **options)
            shutil.rmtree(self.top / "refused", ignore_errors=True)

        refuses("item 'data.parquet row 1': input \"x\": is null, expected numbers",
                {"x": arrow.array([[1], None], lists)})
        refuses("item 'data.parquet row 0': input \"x\": is null, expected numbers",
                {"x": arrow.array([[1, None]], lists)})
        refuses("input \"x\": has lists of 1 to 2 elements at depth 1, expected equal lengths",
                {"x": arrow.array([[[1], [1, 2]]], arrow.list_(lists))})
        refuses("column 'x' has type string, expected numbers", {"x": ["a"]},
                columns={"x": "x"})
        refuses("file 'data.parquet': has no column 'z', expected one of ['x']",
                {"x": arrow.array([[1]], lists)}, keep=["z"])
        refuses("item 'data.parquet row 0': no value for input \"x\"", {"z": [1]})
        refuses("column 'y' is kept and is an output of the model", {
            "x": arrow.array([[1]], lists), "y": [1]}, "usage", keep=["y"])
        (self.save(images(1)[1]) / "data.parquet").write_bytes(b"nothing of the kind")
        self.refuses("file 'data.parquet': cannot be read: ", "refused", MODELS / "scale.onnx",
                     self.top / "tables", self.top / "broken")

    def test_a_type_that_parquet_lacks(self):
        with self.assertRaisesRegex(dycc.batch.BatchError, "output \"y\": Parquet has no type "
                                                           "complex64, expected --each"):
            _column("y", [np.zeros(2, np.complex64)])


if __name__ == "__main__":
    unittest.main()
