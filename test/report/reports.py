"""The models whose reports are looked at, and the extents that a reader tries."""

import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

# Before this folder, which has a run.py of its own.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models"))
import cases as model_cases  # noqa: E402
import run as model_runs  # noqa: E402

# What would end an element, an attribute, a script, or a page that is careless.
HOSTILE = ("</script><b>", "a&amp;b", "\"quoted\" 'twice'", "<!--", "{{name}}", "]]>",
           "日本語", "line\nbreak", "__proto__", "toString")


class Report:
    """A model, the options it is compiled with, and extents to try."""

    def __init__(self, name, make, flags=(), points=(), inspects=True):
        self.name, self.make = name, make
        self.flags, self.points = list(flags), list(points)
        self.inspects = inspects  # The model's own plan is compared, too.


def write(path, nodes, inputs, outputs):
    value = lambda n, dims: helper.make_tensor_value_info(n, TensorProto.FLOAT, dims)
    graph = helper.make_graph(nodes, "net", [value(*i) for i in inputs],
                              [value(*o) for o in outputs])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                                ir_version=8), path)
    return path


def image(path):
    """Pools, softmaxes and transposes of an image: several slots, one shared."""
    n = helper.make_node
    nodes = [n("MaxPool", ["x"], ["half"], "half", kernel_shape=[2, 2], strides=[2, 2],
               ceil_mode=1),
             n("Softmax", ["half"], ["soft"], "soft", axis=1),
             n("Transpose", ["soft"], ["turned"], "turned", perm=[0, 1, 3, 2]),
             n("Softmax", ["turned"], ["wide"], "wide", axis=2),
             n("Transpose", ["wide"], ["back"], "back", perm=[0, 1, 3, 2]),
             n("Mul", ["soft", "back"], ["gated"], "gated"),
             n("GlobalAveragePool", ["gated"], ["pooled"], "pooled"),
             n("Mul", ["x", "pooled"], ["scaled"], "scaled"),
             n("Softmax", ["scaled"], ["y"], "y", axis=1)]
    shape = ["N", 8, "H", "W"]
    return write(path, nodes, [("x", shape)], [("y", shape)])


def hostile(path):
    """Names that HTML and JavaScript would read as their own."""
    nodes, last = [], "x</title>"
    for i, name in enumerate(HOSTILE):
        op = ("Softmax", "Relu", "Transpose")[i % 3]
        nodes.append(helper.make_node(op, [last], [f"v{i}<i>"], name))
        last = f"v{i}<i>"
    nodes.append(helper.make_node("Softmax", [last], ["y&lt;"], "</style>"))
    return write(path, nodes, [("x</title>", ["\"N\" <&>", "__proto__"])],
                 [("y&lt;", [None, None])])


def vast(path):
    """A tensor that no kernel takes at the extents that the page opens with."""
    shape = [f"d{i}" for i in range(9)]
    return write(path, [helper.make_node("Softmax", ["x"], ["a"], "one"),
                        helper.make_node("Softmax", ["a"], ["y"], "two", axis=0)],
                 [("x", shape)], [("y", shape)])


def many(path, blocks=500):
    """2,000 nodes of few kernels."""
    nodes, last = [], "x"
    for i in range(blocks):
        nodes += [helper.make_node("Softmax", [last], [f"s{i}"], f"block{i}/soft", axis=1),
                  helper.make_node("Add", [f"s{i}", last], [f"a{i}"], f"block{i}/add"),
                  helper.make_node("Softmax", [f"a{i}"], [f"t{i}"], f"block{i}/turn", axis=0),
                  helper.make_node("Mul", [f"t{i}", last], [f"m{i}"], f"block{i}/gate")]
        last = f"m{i}"
    return write(path, nodes, [("x", ["N", "C"])], [(last, ["N", "C"])])


def of_models(name, points, **options):
    """A model of test/models, and extents for it."""
    def make(path):
        case = next(c for c in model_cases.all_cases() if c.name == name)
        folder = Path(path).parent
        folder.mkdir(exist_ok=True)
        return model_runs.make_model(case, folder)
    return Report(name, make, points=points, **options)


def reports(everything):
    point = lambda **dims: dims
    yield Report("image", image, ["--dim", "N=1..16", "--dim", "H=32..512%32", "--dim",
                                  "W=0..500%7"],
                 [point(N=1, H=32, W=0), point(N=16, H=512, W=497), point(N=7, H=96, W=203)])
    yield Report("hostile", hostile, [], [{'"N" <&>': 3, "__proto__": 70},
                                          {'"N" <&>': 0, "__proto__": 1}])
    yield Report("vast", vast, [], [{f"d{i}": 2 for i in range(9)},
                                    {f"d{i}": 2000000000 for i in range(9)}], inspects=False)
    yield of_models("loop_in_if", [point(N=0), point(N=1), point(N=7), point(N=4096)])
    yield of_models("loop_nested", [])
    yield of_models("float_extents", [])
    yield of_models("pyramid", [point(h=1, w=1), point(h=97, w=640), point(h=1080, w=1920),
                                point(h=2147483647, w=2147483647)])
    yield Report("many", many, [], [point(N=3, C=5)], inspects=False)
    if everything:
        yield of_models("nudenet", [point(batch=1, height=320, width=320),
                                    point(batch=3, height=97, width=640)], inspects=False)
