"""Reductions, running sums and normalizations."""

import numpy as np

from random_values import RUNS, Unfit, same
from random_rules.rule import rule

REDUCE = ("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",
          "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare")


def reduction(m):
    fill = {"ReduceLogSum": "positive", "ReduceProd": "small"}.get(m.operator, "any")
    # Of integers ONNX Runtime truncates each exponential, and onnx.reference has none.
    kind = m.kind("T", "f" if m.operator == "ReduceLogSumExp" else None)
    if m.operator == "ReduceProd" and kind.kind in "iu":
        x = signs(m, kind)
    else:
        x = m.tensor(kind, fill=fill)
    if m.operator == "ReduceMean" and any(0 in d for d in x.dims):
        raise Unfit("what the mean of nothing is, ONNX leaves open")
    axes = m.shuffled(range(x.rank))[:m.whole(1, x.rank)] if x.rank and m.maybe(0.85) else None
    if m.maybe(0.05) and not m.is_attribute("axes"):
        axes = []  # All, or with noop_with_empty_axes none.
    if axes is not None:
        axes = [int(a) - x.rank if m.negative and m.maybe() else int(a) for a in axes]
    given = m.attributes()
    m.results += m.node(data=x, axes=None if axes is None else
                        m.numbers([axes] * RUNS, constant=m.maybe(0.7)), **given)


def signs(m, kind):
    """Numbers whose product no engine has to wrap."""
    dims = m.dims(m.whole(0, 5))
    few = np.array([-1, 1, 1] if kind.kind == "i" else [1], kind)
    data = [m.rng.choice(few, shape) for shape in (zip(*dims) if dims else [()] * RUNS)]
    return m.put([np.asarray(d * (3 if d.ndim == 0 else 1), kind) for d in data], False)


rule(*(o for o in REDUCE if "Log" not in o))(reduction)
# The logarithm of what is 1 but for a last bit is that bit.
rule(*(o for o in REDUCE if "Log" in o), sharp=True)(reduction)


@rule("ArgMax", "ArgMin", sharp=True)
def place(m):
    x = m.tensor("T", rank=(1, 5), low=1)
    axis = m.axis(x.rank)
    m.results += m.node(data=x, axis=axis if axis or m.maybe() else None, **m.attributes())


@rule("CumSum", "CumProd")
def running(m):
    x = m.tensor("T", rank=(1, 5), fill="small")
    kind = m.kind("T2")
    axis = m.numbers([m.axis(x.rank)] * RUNS, kind) if m.maybe(0.8) else \
        m.numbers([m.axis(x.rank) for _ in range(RUNS)], kind)
    m.results += m.node(x=x, axis=axis, **m.attributes())


@rule("Softmax", "LogSoftmax")
def softmax(m):
    x = m.tensor("T", rank=(1, 5), fill="any")
    m.results += m.node(input=x, axis=m.axis(x.rank) if m.maybe(0.8) or (
        m.schema.since_version < 13 and x.rank < 2) else None)


@rule("Hardmax", sharp=True)
def hardmax(m):
    x = m.tensor("T", rank=(1, 5), low=1)
    m.results += m.node(input=x, axis=m.axis(x.rank) if m.maybe(0.8) or (
        m.schema.since_version < 13 and x.rank < 2) else None)


@rule("LpNormalization")
def lp(m):
    x = m.tensor("T", rank=(1, 5), low=1, fill="positive")
    m.results += m.node(input=x, axis=m.axis(x.rank) if m.maybe(0.8) else None,
                        p=m.whole(1, 2) if m.maybe() else None)


@rule("MeanVarianceNormalization")
def mean_variance(m):
    axes = sorted(m.shuffled(range(4))[:m.whole(1, 4)]) if m.maybe() else None
    dims = m.dims(4, 2)
    x = m.tensor("T", dims)
    if x.kind == np.float16:
        m.deviates("MeanVarianceNormalization of halves: in them ONNX Runtime's epsilon is 0")
    m.results += m.node(X=x, axes=axes)


def epsilon(m):
    """Large enough that what divides is never mostly rounding."""
    return {"epsilon": m.pick((0.01, 0.1, 1.0))} if m.maybe(0.9) else {}


@rule("BatchNormalization")
def batch(m):
    if m.maybe(0.25) and m.is_attribute("training_mode"):
        training(m)
        return
    x = m.tensor("T", rank=(2, 5))
    c = [x.dims[1]]
    rest = [m.tensor(m.kind(i.type_str), c, fill="positive" if i.name in (
        "var", "input_var") else "small") for i in m.schema.inputs[1:]]
    names = [i.name for i in m.schema.inputs[1:]]
    m.results += m.node(outputs=1, X=x, **dict(zip(names, rest)), **epsilon(m))


def training(m):
    x = m.tensor("T", m.dims(m.whole(2, 5), 2))
    names = [i.name for i in m.schema.inputs[1:]]
    # Inputs of this node alone: ONNX Runtime writes new statistics over the old ones.
    rest = [m.tensor(m.kind(i.type_str), [x.dims[1]], fill="positive", constant=False)
            for i in m.schema.inputs[1:]]
    m.results += m.node(outputs=3, X=x, **dict(zip(names, rest)), training_mode=1,
                        momentum=m.pick((0.5, 0.75)), **epsilon(m))[:3]


@rule("InstanceNormalization")
def instance(m):
    x = m.tensor("T", rank=(3, 5), low=1)
    c = [x.dims[1]]
    m.results += m.node(input=x, scale=m.tensor(x.kind, c), B=m.tensor(x.kind, c), **epsilon(m))


@rule("GroupNormalization")
def group(m):
    groups = m.pick((1, 2, 3))
    dims = m.dims(m.whole(2, 5), 1)
    dims[1] = same(groups * m.whole(1, 3))
    x = m.tensor("T", dims)
    count = [dims[1]] if m.schema.since_version >= 21 else [same(groups)]
    m.results += m.node(X=x, scale=m.tensor(x.kind, count), bias=m.tensor(x.kind, count),
                        num_groups=groups, **epsilon(m))


@rule("LRN")
def lrn(m):
    x = m.tensor("T", rank=(4, 4), low=1)
    given = m.attributes()
    m.results += m.node(X=x, **{**given, "size": m.pick((1, 3, 5))})


@rule("LayerNormalization", "RMSNormalization")
def layer(m):
    x = m.tensor("T", rank=(1, 5), low=1)
    axis = m.axis(x.rank) if m.maybe(0.8) else None
    dims = x.dims[-1 if axis is None else axis:]
    if m.operator == "RMSNormalization":
        m.results += m.node(X=x, scale=m.tensor(m.kind("V"), dims), axis=axis, **epsilon(m))
        return
    bias = m.tensor(x.kind, dims) if m.maybe() else None
    m.results += m.node(X=x, Scale=m.tensor(x.kind, dims), B=bias, axis=axis, **epsilon(m))


@rule("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss")
def loss(m):
    names = [i.name for i in m.schema.inputs]
    dims = m.dims(m.whole(2, 5), 1)
    kind = m.kind("Tind")
    ignore = m.pick((-1, 0, 100)) if m.maybe(0.4) else None
    x = m.tensor("T", dims)
    data = []
    for shape in zip(*dims):
        classes = m.rng.integers(0, shape[1], (shape[0], *shape[2:])).astype(kind)
        if ignore is not None:  # Not all: nothing remains to be averaged.
            classes = np.where(m.rng.random(classes.shape) < 0.2, ignore, classes).astype(kind)
            classes.reshape(-1)[0] = min(shape[1] - 1, 1)
        data.append(classes)
    weight = m.tensor(x.kind, [dims[1]], fill="positive") if m.maybe() else None
    m.results += m.node(**dict(zip(names, (x, m.put(data, False), weight))),
                        ignore_index=ignore,
                        reduction=m.pick((None, "none", "mean", "sum")))
