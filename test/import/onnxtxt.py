#!/usr/bin/env python3
"""Writes the ONNX text in a file as a model to the standard output.

Lines that begin with `//` belong to lit and FileCheck.

  onnxtxt.py FILE | dycc - --stop-after=import
"""
import sys

import onnx.parser


def main():
    with open(sys.argv[1]) as file:
        lines = [line for line in file if not line.startswith("//")]
    model = onnx.parser.parse_model("".join(lines))
    sys.stdout.buffer.write(model.SerializeToString())


if __name__ == "__main__":
    main()
