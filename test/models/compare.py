"""The rule by which results are judged.

f32 (and f16, f64): |d| <= 1e-3 |ref| + 1e-4 max|ref| over the output tensor.
Integers and bools: exact. 8-bit images after a Round: at most one level off on
at most 0.01 % of the values. A float or image output that fails against ONNX
Runtime is judged against the model computed in float64; the bound is never
widened.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RELATIVE, ABSOLUTE = 1e-3, 1e-4
OFF_BY_ONE = 1e-4
NARROW = (TensorProto.FLOAT, TensorProto.FLOAT16)  # What is computed in f64 in doubt.


@dataclass
class Verdict:
    ok: bool
    worst: float  # The largest deviation as a part of what is allowed.
    text: str = ""


def floats(value, reference):
    if not reference.size:
        return Verdict(True, 0.0)
    odd = ~np.isfinite(reference)
    same_odd = (value[odd] == reference[odd]) | (np.isnan(value[odd]) & np.isnan(reference[odd]))
    if not np.isfinite(value[~odd]).all() or not same_odd.all():
        return Verdict(False, np.inf, "inf or nan at other places")
    value, reference = (x[~odd].astype(np.float64) for x in (value, reference))
    if not reference.size:
        return Verdict(True, 0.0)
    size = np.abs(reference)
    bound = RELATIVE * size + ABSOLUTE * size.max()
    delta = np.abs(value - reference)
    # Of two zeros nothing is asked but equality.
    ratio = np.divide(delta, bound, out=np.where(delta > 0, np.inf, 0.0), where=bound > 0)
    worst = float(ratio.max())
    at = int(ratio.argmax())
    text = f"value {value[at]:.6g} for {reference[at]:.6g} at finite element {at}"
    return Verdict(worst <= 1, worst, "" if worst <= 1 else text)


def exact(value, reference):
    wrong = np.flatnonzero((value != reference).reshape(-1))
    if not wrong.size:
        return Verdict(True, 0.0)
    i = wrong[0]
    return Verdict(False, np.inf, f"{wrong.size} of {value.size} differ, first "
                   f"{value.reshape(-1)[i]} for {reference.reshape(-1)[i]} at {i}")


def image(value, reference):
    off = np.abs(value.astype(np.int32) - reference.astype(np.int32))
    part = float((off > 0).mean()) if off.size else 0.0
    ok = part <= OFF_BY_ONE and (not off.size or off.max() <= 1)
    return Verdict(ok, part / OFF_BY_ONE, "" if ok else
                   f"{(off > 0).sum()} of {off.size} differ, by up to {off.max()}")


def is_image(tensor):
    return tensor.dtype == np.uint8 and tensor.ndim == 4


def is_rounded(tensor):
    """Whether its values come from floats, so that float64 can be in the right."""
    return tensor.dtype.kind == "f" or is_image(tensor)


def compare(value, reference):
    """One output against its reference."""
    if value.shape != reference.shape or value.dtype != reference.dtype:
        return Verdict(False, np.inf, f"expects {reference.dtype}{list(reference.shape)}, "
                       f"got {value.dtype}{list(value.shape)}")
    if reference.dtype.kind == "f":
        return floats(value, reference)
    if is_image(reference):
        return image(value, reference)
    return exact(value, reference)


def wide_tensor(tensor, to):
    if tensor.data_type not in NARROW:
        return tensor
    wide = numpy_helper.to_array(tensor).astype(helper.tensor_dtype_to_np_dtype(to))
    return numpy_helper.from_array(wide, tensor.name)


def old_defaults(node, opset):
    """Spells out the axis of an old Softmax, which the evaluator takes for the
    newer default."""
    names = [a.name for a in node.attribute]
    if node.op_type in ("Softmax", "LogSoftmax") and opset < 13 and "axis" not in names:
        node.attribute.append(helper.make_attribute("axis", 1))


def widen_graph(graph, opset, to):
    """Every f32 and f16 of the graph in the wider type `to`, sub-graphs too."""
    wide = helper.tensor_dtype_to_np_dtype(to)
    for tensor in graph.initializer:
        tensor.CopyFrom(wide_tensor(tensor, to))
    for value in [*graph.input, *graph.output, *graph.value_info]:
        if value.type.tensor_type.elem_type in NARROW:
            value.type.tensor_type.elem_type = to
    for node in graph.node:
        old_defaults(node, opset)
        for a in node.attribute:
            if a.type == onnx.AttributeProto.TENSOR:
                a.t.CopyFrom(wide_tensor(a.t, to))
            elif a.type == onnx.AttributeProto.GRAPH:
                widen_graph(a.g, opset, to)
            elif node.op_type == "Cast" and a.name == "to" and a.i in NARROW:
                a.i = to
            elif node.op_type == "Constant" and a.name in ("value_float", "value_floats"):
                value = np.array(a.f if a.name == "value_float" else a.floats, wide)
                a.CopyFrom(helper.make_attribute("value", numpy_helper.from_array(value)))
        has_value = any(a.name == "value" for a in node.attribute)
        if node.op_type == "ConstantOfShape" and not has_value:
            zero = numpy_helper.from_array(np.zeros(1, wide))
            node.attribute.append(helper.make_attribute("value", zero))


def widened(path, feed, to):
    """A model and its feed in a wider type of floats."""
    model = onnx.load(path)
    opset = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    widen_graph(model.graph, opset, to)
    kind = helper.tensor_dtype_to_np_dtype(to)
    return model, {k: v.astype(kind) if v.dtype in (np.float32, np.float16) else v
                   for k, v in feed.items()}


def in_double(path, feed):
    """The model's outputs computed in float64 by onnx's reference evaluator."""
    from onnx.reference import ReferenceEvaluator
    from onnx.reference.op_run import OpRun

    class BatchNormalization(OpRun):
        """The evaluator's own one trains in opsets before 14."""

        def _run(self, x, scale, bias, mean, var, epsilon=1e-5, **_):
            parts = (p.reshape(-1, *[1] * (x.ndim - 2)) for p in (scale, bias, mean, var))
            scale, bias, mean, var = parts
            return ((x - mean) / np.sqrt(var + epsilon) * scale + bias,)

    model, wide = widened(path, feed, TensorProto.DOUBLE)
    return ReferenceEvaluator(model, new_ops=[BatchNormalization]).run(None, wide)


def as_written(path):
    """ONNX Runtime without its optimizations: those turn what stands between a
    dequantisation and a quantisation into integers, whose sums round elsewhere."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
    return lambda feed: session.run(None, feed)


def judge(path, feed, values, references, in_doubt=True):
    """Verdicts of all outputs; with `in_doubt` float64 decides failures (slow,
    so not for a model that is red already)."""
    verdicts = [compare(v, r) for v, r in zip(values, references)]
    doubtful = [i for i, v in enumerate(verdicts)
                if not v.ok and is_rounded(references[i])
                and values[i].shape == references[i].shape]
    if not doubtful or not in_doubt:
        return verdicts
    try:
        wide = in_double(path, feed)
    except Exception as error:  # The evaluator lacks an operator in f64.
        for i in doubtful:
            verdicts[i].text += f" (no float64 reference: {type(error).__name__})"
        return verdicts
    for i in doubtful:
        rule = floats if references[i].dtype.kind == "f" else image
        mine, theirs = rule(values[i], wide[i]), rule(references[i], wide[i])
        mine.text = f"against float64 {mine.worst:.3g}, ONNX Runtime's {theirs.worst:.3g}"
        verdicts[i] = mine
    return verdicts
