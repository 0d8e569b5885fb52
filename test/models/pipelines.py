"""What stands around trees in classical models, and linear models and support vector
machines, of domain ai.onnx.ml, against ONNX Runtime.
"""

import numpy as np
from onnx import TensorProto, numpy_helper

from builder import F32, I32, I64
from forms import floats
from learning import FEATURES, ROWS_OF, Learned, forest, rows, weights

F64, STRING = TensorProto.DOUBLE, TensorProto.STRING


def learned_features(path):
    g = Learned()
    x, wide_x = g.input("x", F32, ["N", 6]), g.input("w", F64, ["N", 6])
    i, j = g.input("i", I64, ["N", 6]), g.input("j", I32, ["N", 6])
    offset, scale = [1.0, -2.0, 0.5, 0.0, 3.0, 1.0], [0.5, 2.0, 1.0, -1.0, 0.1, 3.0]
    for name, value in (("x", x), ("w", wide_x), ("i", i), ("j", j)):
        g.output(f"scaled_{name}", g.learn("Scaler", value, offset=offset, scale=scale), F32,
                 ["N", 6])
        g.output(f"scaled_alike_{name}", g.learn("Scaler", value, offset=[1.5], scale=[0.25]),
                 F32, ["N", 6])
        for norm in ("MAX", "L1", "L2"):
            g.output(f"{norm}_{name}", g.learn("Normalizer", value, norm=norm), F32, ["N", 6])
    g.output("binarized", g.learn("Binarizer", x, threshold=0.25), F32, ["N", 6])
    g.output("imputed", g.learn("Imputer", x, imputed_value_floats=scale,
                                replaced_value_float=0.5), F32, ["N", 6])
    g.output("imputed_nan", g.learn("Imputer", x, imputed_value_floats=[7.0],
                                    replaced_value_float=float("nan")), F32, ["N", 6])
    g.output("imputed_ints", g.learn("Imputer", i, imputed_value_int64s=[1, 2, 3, 4, 5, 6],
                                     replaced_value_int64=2), I64, ["N", 6])
    columns = g.constant([5, 0, 0])
    g.output("columns", g.learn("ArrayFeatureExtractor", x, columns), F32, ["N", 3])
    g.output("one_row", g.learn("ArrayFeatureExtractor", g.constant([4, 5, 6]), columns2(g, i)),
             I64, [1, "M"])
    for name, value in (("x", x), ("w", wide_x), ("i", i), ("j", j)):
        y = g.learn("FeatureVectorizer", value, value, value, inputdimensions=[6, 4, 8])
        g.output(f"features_{name}", y, F32, ["N", 18])
    return g.save(path, "learned_features")


def columns2(g, i):
    """Places in a vector of three."""
    return g.op("Mod", g.op("Reshape", i, g.constant([1, -1])), g.constant(3))


def steps_features(rng):
    for count in ROWS_OF:
        x = rows(rng, count, missing=0)
        x[0] = -1 - np.abs(x[0])  # A row of negative numbers alone has another maximum.
        if count > 2:
            x[1] = 0
        yield {"x": x, "w": rows(rng, count, np.float64, 0),
               "i": rng.integers(-4, 5, (count, 6)), "j": rng.integers(-4, 5, (count, 6), np.int32)}


def learned_encoders(path):
    g = Learned(4)
    i, j = g.input("i", I64, ["N", 3]), g.input("j", I32, ["N", 3])
    x, wide_x = g.input("x", F32, ["N", 3]), g.input("w", F64, ["N", 3])
    categories = [-2, 0, 3, 7]
    for name, value in (("i", i), ("x", x), ("w", wide_x)):
        g.output(f"hot_{name}", g.learn("OneHotEncoder", value, cats_int64s=categories), F32,
                 ["N", 3, 4])
    known = g.op("Mod", i, g.constant(4))
    g.output("hot_known", g.learn("OneHotEncoder", known, cats_int64s=[3, 1, 0, 2], zeros=0),
             F32, ["N", 3, 4])
    near, far = [3, -1, 0, 3, 2], [10**12, 3, -10**12, 0, 2**62]
    for name, keys in (("near", near), ("far", far)):
        g.output(f"{name}_ints", g.learn(
            "LabelEncoder", i, keys_int64s=keys, values_int64s=[2**40, 2, 3, 4, 5]), I64,
            ["N", 3])
        g.output(f"{name}_floats", g.learn(
            "LabelEncoder", i, keys_int64s=keys, values_floats=[0.5, 1.5, 2.5, 3.5, 4.5],
            default_float=-9.0), F32, ["N", 3])
    keys = [0.5, float("nan"), -2.0, 1.0, 0.5]
    g.output("float_ints", g.learn("LabelEncoder", x, keys_floats=keys, default_int64=-7,
                                   values_int64s=[1, 2, 3, 4, 5]), I64, ["N", 3])
    g.output("float_floats", g.learn("LabelEncoder", x, keys_floats=keys,
                                     values_floats=[1.0, 2.0, 3.0, 4.0, 5.0]), F32, ["N", 3])
    doubles = [numpy_helper.from_array(np.array(v, np.float64)) for v in
               ([0.5, 1.0, -2.0], [0.1, 0.2, 0.3], [9.5])]
    g.output("doubles", g.learn("LabelEncoder", wide_x, keys_tensor=doubles[0],
                                values_tensor=doubles[1], default_tensor=doubles[2]), F64,
             ["N", 3])
    return g.save(path, "learned_encoders")


def steps_encoders(rng):
    for count in ROWS_OF:
        i = rng.integers(-4, 9, (count, 3))
        i[::5] = rng.choice([10**12, -10**12, 2**62, -2**63, 2**63 - 1], i[::5].shape)
        yield {"i": i, "j": rng.integers(-4, 9, (count, 3), np.int32),
               "x": rows(rng, count)[:, :3].copy(), "w": rows(rng, count, np.float64, 0)[:, :3].copy()}


def learned_linear(path):
    g, rng = Learned(), np.random.default_rng(6)
    x, w = g.input("x", F32, ["N", 6]), g.input("w", F64, ["N", 6])
    i = g.input("i", I64, ["N", 6])

    for transform in ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"):
        form = dict(post_transform=transform)
        for targets in (1, 3):
            y = g.learn("LinearRegressor", x, targets=targets, coefficients=drawn(rng, 6 * targets),
                        intercepts=drawn(rng, targets), **form)
            g.output(f"{transform}_{targets}", y, F32, ["N", targets])
        for labels, count in (([4, 2], 1), ([0, 1], 2), ([3, 5, 4], 3)):
            g.classify(f"{transform}_of_{count}", "LinearClassifier", x, classes=len(labels),
                       classlabels_ints=labels, coefficients=drawn(rng, 6 * count),
                       intercepts=drawn(rng, count), **form)
    g.output("plain", g.learn("LinearRegressor", x, coefficients=drawn(rng, 6)), F32, ["N", 1])
    for name, value in (("w", w), ("i", i)):
        g.classify(name, "LinearClassifier", value, classes=3, classlabels_ints=[0, 1, 2],
                   coefficients=drawn(rng, 18), intercepts=drawn(rng, 3))
    return g.save(path, "learned_linear")


def steps_linear(rng):
    for count in ROWS_OF:
        yield {"x": floats(rng, count, 6), "w": rng.normal(0, 1, (count, 6)),
               "i": rng.integers(-4, 5, (count, 6))}


def learned_vectors(path):
    """Support vector machines."""
    g, rng = Learned(), np.random.default_rng(7)
    x = g.input("x", F32, ["N", 6])

    for kind in ("LINEAR", "POLY", "RBF", "SIGMOID"):
        form = dict(kernel_type=kind, kernel_params=[0.25, 0.5, 3.0])
        for one_class in (0, 1):
            y = g.learn("SVMRegressor", x, n_supports=11, support_vectors=drawn(rng, 66),
                        coefficients=drawn(rng, 11), rho=[0.125], one_class=one_class, **form)
            g.output(f"{kind}_{one_class}", y, F32, ["N", 1])
        for classes in (2, 4):
            counts = [3, 5, 1, 4][:classes]
            vectors = sum(counts)
            pairs = classes * (classes - 1) // 2
            for transform in ("NONE", "LOGISTIC", "SOFTMAX"):
                label, scores = g.learn(
                    "SVMClassifier", x, outputs=2, vectors_per_class=counts,
                    classlabels_ints=[8, 6, 4, 2][:classes], support_vectors=drawn(rng, 6 * vectors),
                    coefficients=drawn(rng, vectors * (classes - 1)), rho=drawn(rng, pairs),
                    post_transform=transform, **form)
                g.output(f"{kind}_{classes}_{transform}", label, I64, ["N"])
                g.output(f"{kind}_{classes}_{transform}_scores", scores, F32,
                         ["N", max(pairs, 2)])
    y = g.learn("SVMRegressor", x, coefficients=drawn(rng, 6), rho=[0.25], n_supports=0,
                kernel_type="LINEAR", kernel_params=[0.0, 0.0, 0.0])
    g.output("linear", y, F32, ["N", 1])
    return g.save(path, "learned_vectors")


def steps_vectors(rng):
    for count in ROWS_OF:
        yield {"x": floats(rng, count, 6)}


WORDS = ["red", "green", "", "blue", "größer", "a b"]


def learned_strings(path):
    """Categories and labels that are strings."""
    g, rng = Learned(4), np.random.default_rng(8)
    s, i = g.input("s", STRING, ["N", 3]), g.input("i", I64, ["N", 3])
    x = g.input("x", F32, ["N", FEATURES])
    hot = g.learn("OneHotEncoder", s, cats_strings=WORDS[:4])
    g.output("hot", hot, F32, ["N", 3, 4])
    form = dict(keys_strings=[*WORDS[:5], "red"])
    g.output("numbers", g.learn("LabelEncoder", s, values_int64s=[5, 4, 3, 2, 1, 9],
                                default_int64=-7, **form), I64, ["N", 3])
    g.output("floats", g.learn("LabelEncoder", s, values_floats=[0.5, 1, 1.5, 2, 2.5, 9],
                               **form), F32, ["N", 3])
    g.output("others", g.learn("LabelEncoder", s, values_strings=["r", "g", "e", "b", "", "z"],
                               default_string="none", **form), STRING, ["N", 3])
    g.output("named", g.learn("LabelEncoder", i, keys_int64s=[2, -1, 0],
                              values_strings=WORDS[3:]), STRING, ["N", 3])
    form = dict(cats_int64s=[3, 1, 2], cats_strings=WORDS[:3])
    g.output("mapped", g.learn("CategoryMapper", s, default_int64=8, **form), I64, ["N", 3])
    g.output("back", g.learn("CategoryMapper", i, default_string="?", **form), STRING, ["N", 3])
    lists, leaves = forest(rng, 5, 4)
    labels = dict(classlabels_strings=WORDS[:4])
    label, _ = g.learn("TreeEnsembleClassifier", x, outputs=2, **lists, **labels,
                       **weights(rng, leaves, range(4), "class"))
    g.output("tree_label", label, STRING, ["N"])
    label, _ = g.learn("LinearClassifier", x, outputs=2, classlabels_strings=WORDS[4:],
                       coefficients=drawn(rng, FEATURES), intercepts=[0.25])
    g.output("linear_label", label, STRING, ["N"])
    return g.save(path, "learned_strings")


def drawn(rng, count):
    return [float(v) for v in rng.normal(0, 0.5, count)]


def steps_strings(rng):
    for count in ROWS_OF:
        words = np.array([*WORDS, "other", "Red"], object)
        yield {"s": rng.choice(words, (count, 3)), "i": rng.integers(-2, 5, (count, 3)),
               "x": rows(rng, count, missing=0)}


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (learned_features, steps_features), (learned_encoders, steps_encoders),
    (learned_linear, steps_linear), (learned_vectors, steps_vectors),
    (learned_strings, steps_strings))}
