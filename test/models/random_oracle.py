"""What a drawn graph computes: in a process of its own, since an engine may crash.

ONNX Runtime judges; where it has no kernel for an operator, or a rule says that it
computes something else than ONNX says (Maker.deviates), onnx.reference does.
"""

import contextlib
import io
import os
import re
import warnings

import numpy as np
from onnx import TensorProto

from compare import widened
from workers import PROCESSES

LIMIT = 20  # Seconds.


def kernels():
    """{(domain, operator): [((first, last opset), {parameter: types})]} of ONNX Runtime."""
    import onnxruntime.capi.onnxruntime_pybind11_state as state

    found = {}
    for kernel in state.get_all_opkernel_def():
        if kernel.provider == "CPUExecutionProvider":
            found.setdefault((kernel.domain, kernel.op_name), []).append(
                (tuple(kernel.version_range), dict(kernel.type_constraints)))
    return found


def session(model):
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def reference(model):
    import onnx
    from onnx.reference import ReferenceEvaluator
    from onnx.reference.op_run import OpRun

    class GlobalMaxPool(OpRun):
        """onnx.reference's own takes two axes, however many there are."""
        op_domain = ""

        def _run(self, x):
            return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)

    return ReferenceEvaluator(onnx.load_from_string(model), new_ops=[GlobalMaxPool])


def evaluate(engine, model, feeds):
    """For each feed the outputs, or a text."""
    try:
        made = engine(model)
    except Exception as error:
        return [f"refused: {error}"] * len(feeds)
    results = []
    for feed in feeds:
        try:
            found = made.run(None, feed)
            if any(isinstance(v, list) for v in found):
                raise TypeError("a sequence is no tensor")
            results.append([np.asarray(v) for v in found])
        except Exception as error:
            results.append(f"no run: {type(error).__name__} {error}")
    return results


def by_reference(model, feeds):
    """onnx.reference computes in the types of its operands, so each step of halves is
    rounded: what it gives in float64 is rounded once."""
    plain = evaluate(reference, model, feeds)
    wide = [widened(io.BytesIO(model), feed, TensorProto.DOUBLE) for feed in feeds]
    precise = evaluate(reference, wide[0][0].SerializeToString(), [feed for _, feed in wide])
    return [a if isinstance(a, str) or isinstance(b, str) else
            [v.astype(u.dtype) if u.dtype.kind == "f" else u for u, v in zip(a, b)]
            for a, b in zip(plain, precise)]


def answer(question):
    if question is None:
        return kernels()
    is_reference, model, feeds = question
    np.seterr(all="ignore")
    return by_reference(model, feeds) if is_reference else evaluate(session, model, feeds)


def serve(connection):
    # Another one's pipe that this process kept open would hide that one's end.
    os.closerange(3, connection.fileno())
    os.closerange(connection.fileno() + 1, 1024)
    warnings.simplefilter("ignore")
    with contextlib.suppress(EOFError):  # Who asks has ended.
        while True:
            connection.send(answer(connection.recv()))


class Oracle:
    """The process, made anew where an engine ends it."""

    def __init__(self):
        self.process = None

    def start(self):
        self.connection, other = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=serve, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.join()
            self.process = None

    def ask(self, question):
        """The answer, or why there is none."""
        if not self.process:
            self.start()
        self.connection.send(question)
        try:
            if self.connection.poll(LIMIT):
                return self.connection.recv()
            why = "no end"
        except (EOFError, ConnectionResetError):
            why = "crashed"
        self.stop()
        return why

    def outputs(self, model, feeds, is_reference=False):
        """For each feed the outputs or a text."""
        found = self.ask((is_reference, model, feeds))
        return [found] * len(feeds) if isinstance(found, str) else found


def reason(text):
    """The kind of a refusal."""
    for known in ("NOT_IMPLEMENTED", "INVALID_GRAPH", "INVALID_ARGUMENT", "RUNTIME_EXCEPTION",
                  "crashed", "no end"):
        if known in text:
            return known.lower()
    return re.sub(r"[^a-zA-Z ]+", " ", text)[:40].strip()
