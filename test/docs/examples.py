"""The pieces of code in a document, and what the pages work on."""

import re
from pathlib import Path

import numpy as np
import onnx.parser

ROOT = Path(__file__).resolve().parents[2]
UPSCALE = """<ir_version: 8, opset_import: ["" : 17]>
upscale (float[1, 3, H, W] x) => (float[1, 3, H2, W2] y)
<float[0] roi = {}, float[4] scales = {1.0, 1.0, 2.0, 2.0}>
{ y = Resize<mode = "nearest">(x, roi, scales) }"""


def code(language, document="README.md"):
    """The pieces in a language, in their order."""
    text = (ROOT / document).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.S | re.M)


def make_upscale(path):
    onnx.save(onnx.parser.parse_model(UPSCALE), path)


def make_what_pages_use(folder):
    """upscale.onnx, and in frames/ pictures of some sizes."""
    make_upscale(folder / "upscale.onnx")
    (folder / "frames").mkdir()
    for i in range(9):
        np.save(folder / "frames" / f"{i:03}.npy", np.full((1, 3, 20 + i, 30), i, np.float32))
