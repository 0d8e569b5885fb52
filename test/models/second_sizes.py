"""Other extents for a case, with the outputs that are right there.

Nothing says which extents a case may have. Those that are equal may stand for one size,
so they grow together, else alone: by one, or twofold where something divides them. A
step is legal where ONNX's shape inference accepts the extents and every engine that
gives the case's own outputs (ONNX Runtime, onnx.reference) runs and agrees with the
others; onnx.reference checks little, so where it is alone, extents of 1 and equal ones
stay so. What is legal stays while the next one is tried, so that most extents end up
larger. Inputs continue as they began, periodically; what steers a shape stays.
"""

import contextlib
import io
import warnings

import numpy as np
import onnx

from node_cases import differs_from_all
from node_forms import forget_extents, steering, tensor_shape


class NoSecondSize(Exception):
    """Why there is none."""


def continued(value, shape):
    """The array in other extents; element i of an axis is i modulo the old extent."""
    for axis, extent in enumerate(shape):
        if extent != value.shape[axis]:
            value = np.take(value, np.arange(extent) % value.shape[axis], axis)
    return value


def onnx_runtime(model):
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    return lambda feed: session.run(None, feed)


def onnx_reference(model):
    from onnx.reference import ReferenceEvaluator

    evaluator = ReferenceEvaluator(model)
    return lambda feed: evaluator.run(None, feed)


def has_new_nan(values, stored):
    """Whether a result is NaN where the case's own has none: no size to compare at."""
    def has(value):
        if not isinstance(value, np.ndarray):
            return any(has(item) for item in value or ())
        return value.dtype.kind == "f" and np.isnan(value).any()

    return any(has(mine) and not has(own) for mine, own in zip(values, stored))


def has_short_mask(node, shapes):
    """Whether an Attention's mask is for fewer keys than there are. Engines pad it,
    whatever the opset says. `shapes` is {input of the model: its extents}."""
    if node.op_type != "Attention" or len(node.input) < 5 or not node.input[3]:
        return False
    mask, key, past = (shapes.get(node.input[i], ()) for i in (3, 1, 4))
    keys = (key[-2] if key else 0) + (past[2] if past else 0)
    return bool(mask) and mask[-1] not in (1, keys)


def has_other_state(node, shapes):
    """Whether a recurrent operator's weights are for another number of hidden elements
    than its attribute says, which onnx.reference does not look at."""
    hidden = next((a.i for a in node.attribute if a.name == "hidden_size"), None)
    recurrence = shapes.get(node.input[2], ()) if len(node.input) > 2 else ()
    return bool(hidden and recurrence) and recurrence[-1] != hidden


class Oracle:
    """What a case computes at other extents of its inputs."""

    def __init__(self, case):
        self.case, self.model = case, case.model
        self.names = [value.name for value in case.model.graph.input]
        inputs, self.stored = case.data[0]
        free = onnx.ModelProto.FromString(case.model.SerializeToString())
        forget_extents(free)
        strict = self.trusted(onnx_runtime, free, inputs)
        plain = self.trusted(onnx_reference, free, inputs)
        self.is_strict = strict is not None
        self.engines = [engine for engine in (strict, plain) if engine]
        if not self.engines:
            raise NoSecondSize("no engine gives the case's own outputs")
        if not self.is_strict and self.model.graph.initializer:
            raise NoSecondSize("no engine that checks weights gives the case's own outputs")

    def trusted(self, make, model, inputs):
        """The engine where it gives the case's own outputs, or None."""
        try:
            engine = make(model)
            return None if self.differ(engine(self.feed(inputs)), self.stored) else engine
        except Exception:  # Of many kinds; an engine that fails is no oracle.
            return None

    def feed(self, inputs):
        return dict(zip(self.names, inputs))

    def differ(self, values, others):
        return len(values) != len(others) or \
            differs_from_all(values, others, self.case, lambda: others)

    def accepts(self, shapes):
        """Whether ONNX's shape inference accepts these extents, and what it does not
        look at is as it should be."""
        by_name = dict(zip(self.names, shapes))
        if any(misfits(node, by_name) for node in self.model.graph.node
               for misfits in (has_short_mask, has_other_state)):
            return False
        model = onnx.ModelProto.FromString(self.model.SerializeToString())
        for value in [*model.graph.output, *model.graph.value_info]:
            for dim in getattr(tensor_shape(value), "dim", ()):
                dim.Clear()
        for value, shape in zip(model.graph.input, shapes):
            for dim, extent in zip(tensor_shape(value).dim, shape):
                dim.dim_value = extent
        try:
            onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        except onnx.shape_inference.InferenceError:
            return False
        return True

    def outputs(self, inputs):
        """The outputs where these inputs are legal, or None."""
        if not self.accepts([value.shape for value in inputs]):
            return None
        try:
            first, *others = [engine(self.feed(inputs)) for engine in self.engines]
        except Exception:  # Refused, in an engine's own way.
            return None
        if any(self.differ(other, first) for other in others):
            return None
        return None if has_new_nan(first, self.stored) else first


def groups_of(axes, is_strict):
    """Axes that may grow together: all, those that are not one, those of equal extents,
    each alone; where nothing is strict, those of equal extents beyond one.
    `axes` is {(input, axis): extent}."""
    equal = {}
    for at, extent in axes.items():
        equal.setdefault(extent, []).append(at)
    if is_strict:
        yield list(axes)
    yield [at for at, extent in axes.items() if extent > 1]
    yield from (equal[extent] for extent in sorted(equal, reverse=True)
                if extent > 1 or is_strict)
    if is_strict:
        yield from ([at] for at in axes)


def with_extents(inputs, grown):
    """The inputs continued to the extents {(input, axis): extent}, others as they are."""
    return [continued(value, [grown.get((i, axis), extent)
                              for axis, extent in enumerate(value.shape)])
            for i, value in enumerate(inputs)]


def second_size(case):
    """(inputs, outputs) at other extents. Raises NoSecondSize."""
    inputs, _ = case.data[0]
    if not all(tensor_shape(info) for info in case.model.graph.input):
        raise NoSecondSize("its inputs hold tensors, whose extents nothing names")
    kept = steering(case)
    axes = {(i, axis): extent
            for i, (value, info) in enumerate(zip(inputs, case.model.graph.input))
            for axis, extent in enumerate(value.shape) if extent and info.name not in kept}
    if not axes:
        raise NoSecondSize("its inputs have no extent that could grow")
    with warnings.catch_warnings(), np.errstate(all="ignore"), \
            contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return grow(Oracle(case), inputs, axes)


def grow(oracle, inputs, axes):
    grown, outputs = {}, None
    for group in groups_of(axes, oracle.is_strict):
        if any(at in grown for at in group):
            continue
        for larger in (lambda extent: extent + 1, lambda extent: 2 * extent):
            trial = grown | {at: larger(axes[at]) for at in group}
            found = oracle.outputs(with_extents(inputs, trial)) if group else None
            if found is not None:
                grown, outputs = trial, found
                break
    if not grown:
        raise NoSecondSize("no other extents are legal")
    return with_extents(inputs, grown), outputs
