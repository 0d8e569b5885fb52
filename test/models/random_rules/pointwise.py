"""Operators of one element each, and those of broadcast operands."""

import numpy as np

from random_rules.rule import rule

SHARP = ("Ceil", "Floor", "Round", "Sign", "Shrink", "ThresholdedRelu", "IsInf", "IsNaN")
# What an operator's first operand may be, where that is not anything.
DOMAIN = {"Acos": "unit", "Asin": "unit", "Atanh": "unit", "Acosh": "above", "Log": "positive",
          "Sqrt": "positive", "Reciprocal": "nonzero", "Tan": "unit"}


def unary(m):
    x = m.tensor(m.schema.inputs[0].type_str, fill=DOMAIN.get(m.operator, "any"))
    m.results += m.node(**{m.schema.inputs[0].name: x}, **m.attributes())


SMOOTH = ("Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Cos Cosh Erf Exp Neg "
          "Not Reciprocal Sin Sinh Sqrt Tan Celu Elu Gelu HardSigmoid HardSwish LeakyRelu "
          "Mish Relu Selu Sigmoid Softplus Softsign Swish Tanh").split()
rule(*SMOOTH)(unary)
rule("Identity", moves=True)(unary)
rule("Log", sharp=True)(unary)  # Near 1 it is what is left of a last bit.


@rule(*SHARP, sharp=True)
def odd(m):
    """Halves, infinities and what is no number, where the operator asks for them."""
    name = m.schema.inputs[0]
    x = m.tensor(name.type_str, fill="any")
    if not m.taken and x.kind.kind == "f" and m.maybe():
        values = np.array([0.5, -0.5, 1.5, -2.5, 0] + ([np.nan, np.inf, -np.inf] if m.operator in (
            "IsInf", "IsNaN") else []), x.kind)
        for d in x.data:
            d.reshape(-1)[::3] = m.rng.choice(values, d.reshape(-1)[::3].shape)
    m.results += m.node(**{name.name: x}, **m.attributes())


@rule("Cast", sharp=True)
def cast(m):
    x = m.tensor("T1")
    to = m.kind("T2")
    if x.kind.kind == "f" and to.kind == "u":  # Of a negative number C says nothing.
        x = m.tensor(x.kind, fill="positive")
    m.results += m.node(input=x, to=onnx_type(to))


def onnx_type(kind):
    from onnx import helper

    return helper.np_dtype_to_tensor_dtype(np.dtype(kind))


@rule("CastLike", sharp=True)
def cast_like(m):
    like = m.tensor("T2", rank=(0, 2))
    x = m.tensor("T1", fill="positive" if like.kind.kind == "u" else "any")
    m.results += m.node(input=x, target_type=like)


@rule("BitCast", sharp=True)
def bit_cast(m):
    x = m.tensor("T1", only="iuf")
    to = m.pick([k for k in m.kinds("T2") if k.itemsize == x.kind.itemsize and k.kind != "b"])
    if to.kind == "f" and x.kind.kind != "f":  # No number is equal to itself alone.
        x = m.tensor(x.kind, fill="positive")
    m.results += m.node(input=x, to=onnx_type(to))


@rule("Clip", "Dropout")
def limited(m):
    kind = m.kind("T")
    if m.operator == "Dropout":
        ratio = m.constant(round(m.rng.random() * 0.9, 2), np.float32) if m.maybe() else None
        # Of the mask nothing was said before: ONNX Runtime has zeros, later ones.
        m.results += m.node(1 if m.schema.since_version < 12 else None, ratio=ratio,
                            **{m.schema.inputs[0].name: m.tensor("T")})
        return
    x = m.tensor("T")
    low, high = (m.put([np.asarray(v, kind)] * 3) if m.maybe(0.7) else None
                 for v in (m.whole(0, 1), m.whole(1, 3)))
    if m.is_attribute("min"):
        low, high = (m.constant(v, np.float32) for v in (-0.5, 1.5))
    m.results += m.node(input=x, min=low, max=high)


@rule("PRelu")
def slopes(m):
    x = m.tensor("T")
    m.results += m.node(X=x, slope=m.tensor(x.kind, m.broadcast(x.dims)))


@rule("SwiGLU")
def gates(m):
    x = m.tensor("T")
    second = m.tensor(x.kind, x.dims)
    names = [i.name for i in m.schema.inputs]
    m.results += m.node(**dict(zip(names, (x, second))), **m.attributes())


# Operands that broadcast. Each of them may be the smaller one.

NARY = {"Div": "nonzero", "Mod": "nonzero"}
COMPARE = ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")


def pair(m, left="any", right="any"):
    """Two operands, either of which may be the larger one."""
    a, b = (i for i in m.schema.inputs[:2])
    x = m.tensor(a.type_str, fill=left)
    kind = m.kind(b.type_str)
    y = m.tensor(kind, m.broadcast(x.dims), fill=right)
    if m.maybe() and left == right and a.type_str == b.type_str:
        x, y = y, x
    return {a.name: x, b.name: y}


@rule("Add", "Sub", "Mul", "Div", "And", "Or", "Xor", "BitwiseAnd", "BitwiseOr", "BitwiseXor")
def binary(m):
    m.results += m.node(**pair(m, right=NARY.get(m.operator, "any")))


@rule(*COMPARE, sharp=True)
def comparison(m):
    m.results += m.node(**pair(m))


@rule("Mod", sharp=True)
def remainder(m):
    names = pair(m, right="nonzero")
    fmod = int(names["A"].kind.kind == "f" or m.maybe())
    m.results += m.node(**names, fmod=fmod)


@rule("Pow")
def power(m):
    """Of a negative number whole exponents alone."""
    m.kind("T", "if")
    if "T1" in [i.type_str for i in m.schema.inputs]:
        m.kind("T1", "if")
    base = m.kind("T")
    names = pair(m, "positive" if base.kind == "f" else "small", "probability")
    exponent = names["Y"]
    if base.kind != "f" and exponent.kind.kind == "f":  # A root would be truncated.
        for d in exponent.data:
            d[...] = m.rng.integers(0, 3, d.shape)
    m.results += m.node(**names)


@rule("BitShift")
def shift(m):
    names = pair(m, right="probability")
    m.results += m.node(**names, direction=m.pick(("LEFT", "RIGHT")))


@rule("Max", "Min", "Mean", "Sum")
def many(m):
    x = m.tensor("T")
    others = [m.tensor(x.kind, m.broadcast(x.dims)) for _ in range(m.whole(0, 3))]
    m.results += m.node(data_0=m.shuffled([x, *others]))


@rule("Where", moves=True)
def choice(m):
    x = m.tensor("T")
    y, condition = m.tensor(x.kind, m.broadcast(x.dims)), \
        m.tensor(np.dtype(bool), m.broadcast(x.dims))
    if m.maybe():
        x, y = y, x
    m.results += m.node(condition=condition, X=x, Y=y)
