#!/usr/bin/env python3
"""Writes a model of two products with weights of few bits, of 64 by 32: 4 bits in blocks of
16, and 8 bits with a scale for each column.

  few_bits.py MODEL
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def main():
    rng = np.random.default_rng(1)
    f32 = np.float32
    weights = {
        "packed": rng.integers(0, 256, (32, 4, 8), np.uint8),
        "scales": rng.uniform(0.01, 0.1, (32, 4)).astype(f32),
        "bytes": rng.integers(-127, 128, (64, 32), np.int8),
        "columns": rng.uniform(0.01, 0.1, 32).astype(f32)}
    nodes = [
        helper.make_node("MatMulNBits", ["x", "packed", "scales"], ["four"], K=64, N=32, bits=4,
                         block_size=16, domain="com.microsoft"),
        helper.make_node("DequantizeLinear", ["bytes", "columns"], ["real"], axis=1),
        helper.make_node("MatMul", ["x", "real"], ["eight"])]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", extent])
              for name, extent in (("x", 64), ("four", 32), ("eight", 32))]
    graph = helper.make_graph(nodes, "few_bits", values[:1], values[1:],
                              [numpy_helper.from_array(v, k) for k, v in weights.items()])
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), sys.argv[1])


if __name__ == "__main__":
    main()
