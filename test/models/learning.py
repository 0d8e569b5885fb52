"""Classical models, of domain ai.onnx.ml, against ONNX Runtime: ensembles of random
trees in the forms that converters of scikit-learn, XGBoost and LightGBM write.

Bounds of nodes and features are steps of one half, so that rows lie on them, and some
features are missing.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from builder import F32, I32, I64, Graph

F64 = TensorProto.DOUBLE
DOMAIN = "ai.onnx.ml"
FEATURES = 6
ROWS_OF = (1, 7, 8, 9, 31, 64, 257, 1000)


class Learned(Graph):
    """A graph with nodes of the domain."""

    def __init__(self, version=3):
        super().__init__()
        self.version = version

    def learn(self, kind, *inputs, outputs=1, **attributes):
        return self.op(kind, *inputs, outputs=outputs, domain=DOMAIN, **attributes)

    def classify(self, name, kind, *inputs, classes, **attributes):
        """A classifier with both results as outputs."""
        label, scores = self.learn(kind, *inputs, outputs=2, **attributes)
        self.output(f"{name}_label", label, I64, ["N"])
        self.output(f"{name}_scores", scores, F32, ["N", classes])

    def save(self, path, name):
        """ONNX's checker has no types of the domain's operators."""
        model = self.model(name)
        model.opset_import.append(helper.make_opsetid(DOMAIN, self.version))
        onnx.save(model, str(path))
        return path


def rows(rng, count, kind=np.float32, missing=0.1):
    """Half of the features lie on bounds."""
    steps = rng.integers(-4, 5, (count, FEATURES)) / 2
    values = np.where(rng.random(steps.shape) < 0.5, steps, rng.normal(0, 1.5, steps.shape))
    values[rng.random(steps.shape) < missing] = np.nan
    return values.astype(kind)


def steps_rows(rng):
    for count in ROWS_OF:
        yield {"x": rows(rng, count)}


def steps_wide_rows(rng):
    for count in ROWS_OF:
        yield {"x": rows(rng, count, np.float64)}


# Random trees: [mode, feature, bound, true, false] for each node, None for a leaf.

def random_tree(rng, depth, modes, grow=0.85, features=FEATURES):
    nodes = []

    def add(level):
        index = len(nodes)
        nodes.append(None)
        if level < depth and (level == 0 or rng.random() < grow):
            node = [str(rng.choice(modes)), int(rng.integers(features)),
                    float(rng.integers(-4, 5)) / 2]
            nodes[index] = node + [add(level + 1), add(level + 1)]
        return index

    add(0)
    return nodes


def forest(rng, trees, depth, modes=("BRANCH_LEQ",), missing=False, bounds="nodes_values",
           **form):
    """The lists of nodes that TreeEnsembleRegressor and -Classifier have in common, and
    the (tree, node) of each leaf."""
    lists = {f"nodes_{k}": [] for k in ("treeids", "nodeids", "featureids", "modes",
                                        "truenodeids", "falsenodeids")}
    values, tracks, leaves = [], [], []
    for tree in range(trees):
        for i, node in enumerate(random_tree(rng, depth, modes, **form)):
            mode, feature, bound, true, false = node or ["LEAF", 0, 0.0, 0, 0]
            for key, value in zip(lists, (tree, i, feature, mode, true, false)):
                lists[key].append(value)
            values.append(bound)
            tracks.append(int(rng.integers(2)) if node else 0)
            leaves += [] if node else [(tree, i)]
    lists[bounds] = values if bounds == "nodes_values" else wide(bounds, values)
    if missing:
        lists["nodes_missing_value_tracks_true"] = tracks
    return lists, leaves


def wide(name, values):
    return numpy_helper.from_array(np.asarray(values, np.float64), name)


def weights(rng, leaves, targets, prefix, part=1.0, positive=False, tensor=False):
    """A weight of each leaf for a part of the targets, at least one."""
    keys = {f"{prefix}_{k}": [] for k in ("treeids", "nodeids", "ids")}
    values = []
    for tree, node in leaves:
        chosen = [t for t in targets if rng.random() < part] or [targets[tree % len(targets)]]
        for target in chosen:
            for key, value in zip(keys, (tree, node, target)):
                keys[key].append(value)
            values.append(float(rng.uniform(0, 0.1) if positive else rng.normal()))
    name = f"{prefix}_weights_as_tensor"
    return keys | ({name: wide(name, values)} if tensor else {f"{prefix}_weights": values})


def regress(g, name, x, rng, targets=1, trees=9, depth=5, part=1.0, modes=("BRANCH_LEQ",),
            missing=False, **attributes):
    lists, leaves = forest(rng, trees, depth, modes, missing)
    lists |= weights(rng, leaves, range(targets), "target", part)
    y = g.learn("TreeEnsembleRegressor", x, n_targets=targets, **lists, **attributes)
    g.output(name, y, F32, ["N", targets])


ORDERED = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT")
ALL = (*ORDERED, "BRANCH_EQ", "BRANCH_NEQ")


def learned_regressors(path):
    g, rng = Learned(), np.random.default_rng(1)
    x = g.input("x", F32, ["N", FEATURES])
    for mode in ALL:
        regress(g, mode.lower(), x, rng, modes=(mode,))
        regress(g, f"{mode.lower()}_missing", x, rng, modes=(mode,), missing=True)
    regress(g, "ordered", x, rng, modes=ORDERED, missing=True)
    regress(g, "mixed", x, rng, modes=ALL, missing=True)
    regress(g, "mixed_targets", x, rng, targets=3, modes=ALL)
    regress(g, "leaves", x, rng, depth=0)
    regress(g, "deep", x, rng, depth=14, trees=3)
    regress(g, "many", x, rng, trees=120, depth=4)
    for aggregate in ("AVERAGE", "SUM", "MIN", "MAX"):
        form = dict(aggregate_function=aggregate)
        regress(g, f"{aggregate}_one", x, rng, base_values=[0.5], **form)
        regress(g, f"{aggregate}_all", x, rng, targets=3, base_values=[1.0, -2.0, 0.0], **form)
        regress(g, f"{aggregate}_some", x, rng, targets=4, trees=3, part=0.3, **form)
    for transform in ("SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"):
        regress(g, f"{transform}_three", x, rng, targets=3, post_transform=transform)
        regress(g, f"{transform}_one", x, rng, post_transform=transform)
    return g.save(path, "learned_regressors")


def learned_wide_trees(path):
    """f64 with bounds between numbers of f32."""
    g, rng = Learned(), np.random.default_rng(2)
    x = g.input("x", F64, ["N", FEATURES])
    regress(g, "narrow", x, rng, modes=ORDERED, missing=True)
    lists, leaves = forest(rng, 8, 6, ALL, True, "nodes_values_as_tensor")
    for targets in (1, 3):
        own = weights(rng, leaves, range(targets), "target", tensor=True)
        y = g.learn("TreeEnsembleRegressor", x, n_targets=targets, **lists, **own)
        g.output(f"wide_{targets}", y, F32, ["N", targets])
    own = weights(rng, leaves, range(3), "class", tensor=True)
    g.classify("three", "TreeEnsembleClassifier", x, classes=3, classlabels_int64s=[5, 7, 9],
               base_values_as_tensor=wide("base_values_as_tensor", [0.1, 0.2, 0.3]),
               **lists, **own)
    return g.save(path, "learned_wide_trees")


def learned_integer_rows(path):
    """Trees over whole numbers; ONNX Runtime has classifiers alone for those."""
    g, rng = Learned(), np.random.default_rng(3)
    for name, kind in (("x", I64), ("z", I32)):
        x = g.input(name, kind, ["N", FEATURES])
        for number, mode in enumerate(ALL):
            classify(g, f"{name}_{number}", x, rng, [0, 1, 2], [0, 1, 2], modes=(mode,))
    return g.save(path, "learned_integer_rows")


def steps_integer_rows(rng):
    for count in ROWS_OF:
        yield {"x": rng.integers(-3, 4, (count, FEATURES)),
               "z": rng.integers(-3, 4, (count, FEATURES), np.int32)}


def classify(g, name, x, rng, labels, scored, part=1.0, positive=False, modes=ORDERED,
             **attributes):
    lists, leaves = forest(rng, 12, 4, modes)
    lists |= weights(rng, leaves, scored, "class", part, positive)
    g.classify(name, "TreeEnsembleClassifier", x, classes=len(labels),
               classlabels_int64s=labels, **lists, **attributes)


def learned_classifiers(path):
    g, rng = Learned(), np.random.default_rng(4)
    x = g.input("x", F32, ["N", FEATURES])
    for transform in ("NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"):
        form = dict(post_transform=transform)
        for positive in (False, True):
            kind = f"{transform}_{'positive' if positive else 'signed'}"
            classify(g, f"{kind}_first", x, rng, [3, 8], [0], positive=positive, **form)
            classify(g, f"{kind}_base", x, rng, [3, 8], [0], positive=positive,
                     base_values=[-0.25], **form)
            classify(g, f"{kind}_second", x, rng, [3, 8], [1], positive=positive, **form)
        # ONNX Runtime has the label 1 for any second class here.
        classify(g, f"{transform}_both", x, rng, [0, 1], [0, 1], **form)
        classify(g, f"{transform}_three", x, rng, [0, 1, 2], [0, 1, 2], **form)
        classify(g, f"{transform}_five", x, rng, [9, 7, -5, 3, 1], range(5), part=0.3,
                 base_values=[0.5, 0.25, 0.0, -0.25, -0.5], **form)
    classify(g, "unscored", x, rng, [4, 3, 2, 1], [1, 3])
    classify(g, "sometimes", x, rng, [4, 3, 2, 1], range(4), part=0.1)
    return g.save(path, "learned_classifiers")


def learned_full_trees(path):
    """100 trees of depth 8, all nodes of them: what is measured."""
    g, rng = Learned(), np.random.default_rng(8)
    x = g.input("x", F32, ["N", 20])
    lists, leaves = forest(rng, 100, 8, grow=1, features=20)
    y = g.learn("TreeEnsembleRegressor", x, n_targets=1, **lists,
                **weights(rng, leaves, [0], "target"))
    g.output("y", y, F32, ["N", 1])
    return g.save(path, "learned_full_trees")


def steps_full_trees(rng):
    for count in ROWS_OF:
        yield {"x": rng.normal(0, 1, (count, 20)).astype(np.float32)}


# TreeEnsemble: tensors of nodes and leaves.

MODES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ",
         "BRANCH_MEMBER")


def tensors(rng, kind, trees, targets, modes, missing):
    fields = {k: [] for k in ("modes", "featureids", "splits", "truenodeids", "trueleafs",
                              "falsenodeids", "falseleafs", "missing_value_tracks_true")}
    roots, members, leaves = [], [], 0
    for _ in range(trees):
        tree = random_tree(rng, 5, modes)
        inner = [i for i, node in enumerate(tree) if node]
        place = {i: len(fields["modes"]) + n for n, i in enumerate(inner)}
        roots.append(place[0])
        for i, node in enumerate(tree):
            if node is None:
                place[i] = leaves
                leaves += 1
        for i in inner:
            mode, feature, bound, true, false = tree[i]
            if mode == "BRANCH_MEMBER":
                members += [*rng.choice(np.arange(-2, 3), rng.integers(1, 4), False), np.nan]
            for key, value in zip(fields, (
                    MODES.index(mode), feature, bound, place[true], int(tree[true] is None),
                    place[false], int(tree[false] is None), int(rng.integers(2)))):
                fields[key].append(value)
    fields["modes"] = np.array(fields["modes"], np.uint8)
    fields["splits"] = np.array(fields["splits"], kind)
    if not missing:
        del fields["missing_value_tracks_true"]
    form = {f"nodes_{k}": numpy_helper.from_array(v) if isinstance(v, np.ndarray) else v
            for k, v in fields.items()}
    if members:
        form["membership_values"] = numpy_helper.from_array(np.array(members, kind))
    return form | dict(
        tree_roots=roots, n_targets=targets,
        leaf_targetids=[int(t) for t in rng.integers(0, targets, leaves)],
        leaf_weights=numpy_helper.from_array(rng.normal(0, 1, leaves).astype(kind)))


def ensembles(path, name, element, kind):
    """Members are looked for among whole numbers: others ONNX Runtime cuts to those."""
    g, rng = Learned(5), np.random.default_rng(5)
    x, whole = (g.input(n, element, ["N", FEATURES]) for n in ("x", "whole"))
    for targets in (1, 3):
        for number, modes in enumerate((MODES[:1], MODES[:4], MODES[:6], MODES, MODES[6:])):
            form = tensors(rng, kind, 7, targets, modes, bool(number % 2))
            y = g.learn("TreeEnsemble", whole if "BRANCH_MEMBER" in modes else x,
                        aggregate_function=1, **form)
            g.output(f"modes_{targets}_{number}", y, element, ["N", targets])
        for aggregate in range(4):
            # Of softmax (1) and the logistic function (2) ONNX Runtime takes each for the
            # other; test/import/trees.onnxtxt has them.
            for transform in (0, 3):
                form = tensors(rng, kind, 4, targets, MODES[:4], True)
                y = g.learn("TreeEnsemble", x, aggregate_function=aggregate,
                            post_transform=transform, **form)
                g.output(f"form_{targets}_{aggregate}_{transform}", y, element,
                         ["N", targets])
    return g.save(path, name)


def steps_ensembles(kind):
    def steps(rng):
        for count in ROWS_OF:
            whole = rng.integers(-3, 4, (count, FEATURES)).astype(kind)
            yield {"x": rows(rng, count, kind), "whole": whole}
    return steps


def learned_ensembles(path):
    return ensembles(path, "learned_ensembles", F32, np.float32)


def learned_wide_ensembles(path):
    return ensembles(path, "learned_wide_ensembles", F64, np.float64)


ROWS = {maker.__name__: (maker, steps) for maker, steps in (
    (learned_regressors, steps_rows), (learned_wide_trees, steps_wide_rows),
    (learned_integer_rows, steps_integer_rows), (learned_classifiers, steps_rows),
    (learned_full_trees, steps_full_trees),
    (learned_ensembles, steps_ensembles(np.float32)),
    (learned_wide_ensembles, steps_ensembles(np.float64)))}
