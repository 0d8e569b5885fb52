"""Tensors from extents and numbers."""

from onnx import numpy_helper

from random_values import RUNS
from random_rules.pointwise import onnx_type
from random_rules.rule import rule


@rule("Constant", moves=True)
def constant(m):
    forms = ["value"] + ["value_float", "value_floats", "value_int", "value_ints"] * (
        m.schema.since_version >= 12)
    form = m.pick(forms)
    kind = m.kind("T")
    value = {"value": lambda: numpy_helper.from_array(m.fill(
                 kind, [m.pick((0, 1, 2, 5)) for _ in range(m.whole(0, 3))])),
             "value_float": lambda: 0.75, "value_floats": lambda: [0.5, -1.25],
             "value_int": lambda: -7, "value_ints": lambda: [1, 2, 3]}[form]()
    m.results += m.node(**{form: value})


@rule("ConstantOfShape", moves=True)
def of_shape(m):
    rank = m.whole(0, 4)
    dims = m.dims(rank)
    value = numpy_helper.from_array(m.fill(m.kind("T2"), [1])) if m.maybe(0.8) else None
    shape = m.numbers([[d[run] for d in dims] for run in range(RUNS)])
    m.results += m.node(input=shape, value=value)


@rule("EyeLike", moves=True)
def eye(m):
    x = m.tensor("T1", rank=(2, 2))
    kind = m.kind("T2", "fiu")
    dtype = onnx_type(kind) if x.kind.kind == "b" or m.maybe() else None
    m.results += m.node(input=x, k=m.whole(-3, 3) if m.maybe() else None, dtype=dtype)


@rule("Range", moves=True)
def numbers(m):
    kind = m.kind("T")
    rows = []
    fixed = m.static or m.maybe(0.3)
    for _ in range(RUNS):
        delta = m.pick((1, 2, 3, -1, -2))
        start = m.whole(-5, 5)
        rows.append((start, start + delta * m.whole(-1, 11) + m.whole(0, 1), delta))
    rows = [rows[0]] * RUNS if fixed else rows
    start, limit, delta = (m.numbers([r[i] for r in rows], kind) for i in range(3))
    m.results += m.node(start=start, limit=limit, delta=delta)


@rule("Shape", "Size", moves=True)
def extents(m):
    x = m.tensor("T")
    given = {}
    if m.operator == "Shape" and m.is_attribute("start") and m.maybe():
        given = {"start": m.whole(-x.rank - 1, x.rank), "end": m.whole(-x.rank - 1, x.rank + 1)}
    m.results += m.node(data=x, **given)


@rule("RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli")
def drawn(m):
    """Two generators differ in what they draw, not in its type and extents."""
    m.loose = True
    seed = float(m.whole(0, 99)) if m.maybe() else None
    if not m.schema.inputs:
        dtype = onnx_type(m.kind("T")) if m.maybe() else None
        m.results += m.node(shape=[m.whole(0, 5) for _ in range(m.whole(1, 4))], dtype=dtype,
                            seed=seed)
        return
    # Chances for Bernoulli; the others take the type of a float alone.
    x = m.tensor("T1", fill="probability" if m.operator == "Bernoulli" else "any")
    dtype = onnx_type(m.kind("T2")) if x.kind.kind != "f" or m.maybe() else None
    m.results += m.node(input=x, dtype=dtype, seed=seed)


@rule("Multinomial")
def classes(m):
    m.loose = True
    x = m.tensor("T1", [m.dim(1, 5), m.dim(1, 7)])
    m.results += m.node(input=x, sample_size=m.whole(1, 5), seed=1.0,
                        dtype=onnx_type(m.kind("T2")) if m.maybe() else None)
