#!/usr/bin/env python3
"""Makes the models and the test data of this project.

    make_models.py FOLDER [--weight NUMBER]

scale.onnx: y = weight * x + bias, weight in the file weights.bin, bias with a
default. pick.onnx: which of the elements are chosen, and their halves.
family.json: two variants that are pick.onnx. scale_data, pick_data: ONNX test data for them.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

WEIGHTS = "weights.bin"


def tensors(*values):
    return [helper.make_tensor_value_info(*v) for v in values]


def save(path, graph, **options):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path, **options)


def make_scale(folder, weight):
    weights = numpy_helper.from_array(np.full((1, 3, 1, 1), weight, np.float32), "weight")
    bias = numpy_helper.from_array(np.array([0.5], np.float32), "new bias")
    nodes = [helper.make_node("Mul", ["x:0", "weight"], ["scaled"]),
             helper.make_node("Add", ["scaled", "new bias"], ["y"])]
    graph = helper.make_graph(
        nodes, "scale",
        tensors(("x:0", T.FLOAT, ["N", 3, "H", "W"]), ("new bias", T.FLOAT, [1])),
        tensors(("y", T.FLOAT, ["N", 3, "H", "W"])), [weights, bias])
    save(folder / "scale.onnx", graph, save_as_external_data=True, location=WEIGHTS,
         size_threshold=12)


def make_pick(folder):
    nodes = [helper.make_node("NonZero", ["mask"], ["where"]),
             helper.make_node("Cast", ["where"], ["class"], to=T.INT32),
             helper.make_node("Cast", ["mask"], ["ones"], to=T.FLOAT16),
             helper.make_node("Mul", ["half", "ones"], ["kept"])]
    graph = helper.make_graph(
        nodes, "pick", tensors(("mask", T.BOOL, ["N"]), ("half", T.FLOAT16, ["N"])),
        tensors(("class", T.INT32, [1, "K"]), ("kept", T.FLOAT16, ["N"])))
    save(folder / "pick.onnx", graph)


def make_family(folder):
    """Of the same model twice: what differs are names and qualities."""
    variants = [{"name": name, "model": "pick.onnx", "quality": quality}
                for name, quality in (("fair", 1), ("good", 2))]
    (folder / "family.json").write_text(json.dumps({"variants": variants}))


def make_data(folder, inputs, outputs):
    folder.mkdir(exist_ok=True)
    for prefix, arrays in (("input", inputs), ("output", outputs)):
        for i, (name, array) in enumerate(arrays.items()):
            path = folder / f"{prefix}_{i}.pb"
            path.write_bytes(numpy_helper.from_array(array, name).SerializeToString())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weight", type=float, default=2)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    make_scale(args.folder, args.weight)
    make_pick(args.folder)
    make_family(args.folder)
    x = np.arange(2 * 3 * 4 * 7, dtype=np.float32).reshape(2, 3, 4, 7)
    make_data(args.folder / "scale_data", {"x:0": x}, {"y": x * np.float32(args.weight) + 0.5})
    mask, half = np.array([True, False, True]), np.array([1, 2, -3], np.float16)
    make_data(args.folder / "pick_data", {"mask": mask, "half": half},
              {"class": np.array([[0, 2]], np.int32), "kept": half * mask})


if __name__ == "__main__":
    main()
