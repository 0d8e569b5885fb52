"""Writes folders of samples for --calibrate: precision_samples.py FOLDER INPUT COLUMNS."""

import sys
from pathlib import Path

import numpy as np
import onnx


def main():
    folder, name, columns = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

    def values(rows, seed):
        return np.random.default_rng(seed).uniform(1, 2, (rows, columns)).astype(np.float32)

    def archive(kind, file="one.npz", **arrays):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        np.savez(folder / kind / file, **arrays)

    for seed in range(3):
        archive("good", f"{seed}.npz", **{name: values(2 + seed, seed), "label": np.int64(seed)})
    archive("name", data=values(2, 0), label=np.int64(1))
    archive("rank", **{name: values(2, 0)[0]})
    archive("extent", **{name: values(2, 0)[:, 1:]})
    archive("type", **{name: values(2, 0).astype(np.float64)})
    archive("huge", **{name: np.full((1, columns), 3e38, np.float32)})
    np.savez_compressed(folder / "name" / "two.npz", **{name: values(2, 0)})
    # A data set of ONNX, and arrays by themselves, as deep as their model is.
    for sample, write in (("set", None), ("arrays", np.save)):
        (folder / "others" / sample).mkdir(parents=True, exist_ok=True)
        if write:
            write(folder / "others" / sample / f"{name}.npy", values(2, 0))
        else:
            tensor = onnx.numpy_helper.from_array(values(2, 1))
            (folder / "others" / sample / "input_0.pb").write_bytes(tensor.SerializeToString())
    (folder / "empty" / "nothing").mkdir(parents=True, exist_ok=True)
    (folder / "empty" / "text.txt").write_text("none")


main()
