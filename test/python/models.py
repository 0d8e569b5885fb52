"""The models of the tests of the Python package."""

import numpy as np
import onnx
from onnx import numpy_helper

TEXTS = {
    "scale": """net (float[N, 3, H, W] x, float[1] bias) => (float[N, 3, H, W] y)
                <float[1] bias = {0.5}>
                { two = Constant<value = float {2}>()
                  z = Mul(x, two)
                  y = Add(z, bias) }""",
    "pick": """net (bool[N] mask, float16[N] half) => (int64[1, K] which, float16[N] kept)
               { which = NonZero(mask)
                 ones = Cast<to = 10>(mask)
                 kept = Mul(half, ones) }""",
    "largest": """net (float[N] x) => (float[1] y) { y = ReduceMax<keepdims = 1>(x) }""",
    "total": """net (float[N, K] x) => (float[K] y)
                { axes = Constant<value = int64[1] {0}>()
                  y = ReduceSum<keepdims = 0>(x, axes) }""",
    "types": """net (float[N] x) => (bool[N] b, uint8[N] u, int16[N] i, double[N] d)
                { b = Cast<to = 9>(x)
                  u = Cast<to = 2>(x)
                  i = Cast<to = 5>(x)
                  d = Cast<to = 11>(x) }""",
    "names": """net (float[N] x) => (float[N] file, float[N] mode)
                { file = Neg(x)
                  mode = Abs(x) }""",
    "narrow": """net (bfloat16[N] x) => (bfloat16[N] y) { y = Neg(x) }""",
    "few_bits": """net (float8e4m3fn[N] x, int4[N] i)
                   => (float[N] number, float8e5m2[N] y, int8[N] whole, uint2[N] u, int4[N] j)
                   { number = Cast<to = 1>(x)
                     y = Cast<to = 19, saturate = 0>(x)
                     whole = Cast<to = 3>(i)
                     u = Cast<to = 25>(i)
                     j = Identity(i) }""",
    "small": """net (float[N] x) => (float[N] y) { y = Abs(x) }""",
    "large": """net (float[N] x) => (float[K] y)
                { doubled = Concat<axis = 0>(x, x)
                  y = Neg(doubled) }""",
    "slow": """net (float[N, N] x) => (float[N, N] y)
               { a = MatMul(x, x)
                 b = MatMul(a, x)
                 c = MatMul(b, x)
                 y = MatMul(c, x) }""",
    "count": """net (int64 n) => (int64[K] y)
                { zero = Constant<value = int64 {0}>()
                  one = Constant<value = int64 {1}>()
                  numbers = Range(zero, n, one)
                  y = Neg(numbers) }""",
    "texts": """<ir_version: 9, opset_import: ["" : 20]>
                net (string[N, M] s, string[1] mark) => (string[N, M] joined, bool[N, M] same)
                <string[1] mark = {"!"}>
                { joined = StringConcat(s, mark)
                  same = Equal(s, mark) }""",
    "lists": """net (seq(float[K, 2]) s, float[N, 2] x) => (seq(float[K, 2]) y, int64 count)
                { y = SequenceInsert(s, x)
                  count = SequenceLength(y) }""",
    "maybe": """<ir_version: 8, opset_import: ["" : 18]>
                net (optional(seq(float[4])) o, optional(float[4]) t)
                => (optional(seq(float[4])) same, bool has, optional(float[4]) u)
                { same = Identity(o)
                  has = OptionalHasElement(t)
                  u = Identity(t) }""",
    # In f16 `large` is beyond what it holds.
    "breaks": """net (float[N, 4] file) => (float[N, 4] y)
                 <float[4, 4] w = {1.0, 0.5, 0.25, 2.0, -1.0, 0.5, 0.125, 1.0,
                                   2.0, -0.5, 0.25, 1.0, 0.5, 0.5, 1.0, -2.0},
                  float[4, 4] up = {30000, 20000, 10000, 5000, 20000, 30000, 5000, 10000,
                                    10000, 20000, 30000, 40000, 9000, 8000, 7000, 6000},
                  float[4, 4] down = {0.0002, 0.0001, -0.0003, -0.0001, 0.0001, -0.0002, -0.0001,
                                      0.0003, -0.0002, 0.0001, 0.0001, -0.0002, 0.0003, -0.0001,
                                      0.0002, 0.0001}>
                 { a = MatMul(file, w)
                   r = Relu(a)
                   large = MatMul(r, up)
                   f = MatMul(large, down)
                   t = Transpose<perm = [1, 0]>(down)
                   s = MatMul(large, t)
                   c = Sub(f, s)
                   p = Softmax(c)
                   y = MatMul(p, w) }""",
    "unknown": """net (float[N] x) => (float[N] y)
                  { y = SoftmaxCrossEntropyLoss(x, x) }""",
}
EXTERNAL = "net (float[N, 4] x) => (float[N, 4] y) { y = Add(x, w) }"


def _parse(text):
    opset = 25 if "int4" in text else 17
    head = "" if text.startswith("<") else f'<ir_version: 8, opset_import: ["" : {opset}]> '
    return onnx.parser.parse_model(head + text)


def make_models(folder):
    """Writes NAME.onnx of each, and external/model.onnx with its weights in w.bin."""
    folder.mkdir()
    for name, text in TEXTS.items():
        onnx.save(_parse(text), folder / f"{name}.onnx")
    model = _parse(EXTERNAL)
    weights = numpy_helper.from_array(np.float32([1, 2, 3, 4]), "w")
    model.graph.initializer.append(weights)
    (folder / "external").mkdir()
    onnx.save(model, folder / "external" / "model.onnx", save_as_external_data=True,
              location="w.bin", size_threshold=0)
