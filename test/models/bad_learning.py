"""What classical models refuse: rows with too few features, unknown categories, and maps
in the place of tensors."""

import numpy as np
import onnx
from onnx import helper

from bad_inputs import case, refused
from bad_runs import MODEL, good, loaded, named
from builder import F32, I64
from learning import DOMAIN, Learned, forest, weights


@case
def features_that_trees_lack(env):
    g, rng = Learned(), np.random.default_rng(3)
    x = g.input("x", F32, ["N", "F"])
    lists, leaves = forest(rng, 4, 5)
    y = g.learn("TreeEnsembleRegressor", x, n_targets=1, **lists,
                **weights(rng, leaves, [0], "target"))
    named(g, "forest")
    g.output("y", y, F32, ["N", 1])
    with loaded(env, g) as model:
        for features in (0, 5):
            refused(model, {"x": np.zeros((3, features), np.float32)}, MODEL, "forest",
                    "expects the 6 features that its trees ask for", f"got {features}")
        expected = model.run({"x": np.zeros((3, 6), np.float32)})["y"]
        good(model, {"x": np.zeros((3, 9), np.float32)}, expected)


@case
def category_that_is_unknown(env):
    g = Learned()
    x = g.input("x", I64, ["N"])
    y = g.learn("OneHotEncoder", x, cats_int64s=[2, 5], zeros=0)
    named(g, "encode")
    g.output("y", y, F32, ["N", 2])
    with loaded(env, g) as model:
        refused(model, {"x": np.array([2, 3])}, MODEL, "encode")
        good(model, {"x": np.array([5, 2])}, np.float32([[0, 1], [1, 0]]))


def classifier(map_too):
    """A classifier with a ZipMap behind it, as skl2onnx writes one by default."""
    g = Learned()
    x = g.input("x", F32, ["N", 3])
    _, scores = g.learn("LinearClassifier", x, outputs=2, classlabels_ints=[0, 1],
                        coefficients=[1.0, 2.0, 3.0], intercepts=[0.5])
    zipped = g.learn("ZipMap", scores, classlabels_int64s=[0, 1])
    named(g, "zip")
    g.output("scores", scores, F32, ["N", 2])
    model = g.model("classifier")
    model.opset_import.append(helper.make_opsetid(DOMAIN, 3))
    if map_too:
        value = helper.make_map_type_proto(I64, helper.make_tensor_type_proto(F32, []))
        kind = helper.make_sequence_type_proto(value)
        model.graph.output.append(helper.make_value_info(zipped, kind))
    return model


@case
def maps_that_are_an_output(env):
    file = env.folder / "zipped.onnx"
    onnx.save(classifier(True), file)
    env.refuse(file, "zip", "a sequence of maps", "export the model with zipmap=False")
    onnx.save(classifier(False), file)
    env.compile(file)


@case
def classes_beyond_number(env):
    g = Learned()
    x = g.input("x", F32, ["N", 3])
    label, _ = g.learn("SVMClassifier", x, outputs=2, classlabels_ints=list(range(1001)))
    named(g, "machine")
    g.output("label", label, I64, ["N"])
    file = g.save(env.folder / "classes.onnx", "classes")
    env.refuse(file, "machine", "expects at most 1000 classes, got 1001")
