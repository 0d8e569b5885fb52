"""Small cases of a folder beside the checkout ("cases"): a file each, with
`model()`, `cases(rng)` and where no engine is trusted `expected(feeds)`; with
`BAD(feeds)` where ONNX forbids the data, ARGS of dycc and NOOPT where what ONNX
Runtime optimizes is not the model any more.
"""

import functools
import importlib.util
import sys

import numpy as np
import onnx

import paths
from case import Case, step


def load(file):
    """The file as a module; it may import others of its folder."""
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    name = "case_" + file.stem.replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make(file, path):
    onnx.save(load(file).model(), path)
    return path


def steps(file, rng):
    for i, feed in enumerate(load(file).cases(rng)):
        row = step(feed)
        row.label = f"{i}: {row.label}"
        yield row


def engines(module, model):
    """Ways to the right values, best first; each may give None or fail."""
    import onnxruntime
    from onnx.reference import ReferenceEvaluator

    def by_runtime(feed):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        if getattr(module, "NOOPT", False):
            options.graph_optimization_level = \
                onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(str(model), options,
                                               ["CPUExecutionProvider"])
        return session.run(None, feed)

    yield getattr(module, "expected", lambda feed: None)
    yield by_runtime
    yield lambda feed: ReferenceEvaluator(str(model)).run(None, feed)


def reference(file, model):
    """feed -> right outputs."""
    module = load(file)

    def outputs(feed):
        reasons = []
        for engine in engines(module, model):
            try:
                found = engine(feed)
            except Exception as error:
                reasons.append(f"{type(error).__name__}: {str(error)[:80]}")
                continue
            if found is not None:
                return [np.asarray(value) for value in found]
        raise RuntimeError(f"no reference: {'; '.join(reasons)}")

    return outputs


def cases():
    folder = paths.beside("cases")
    for file in sorted(folder.glob("[0-9]*.py")) if folder else ():
        module = load(file)
        yield Case(f"case_{file.stem}", functools.partial(make, file),
                   functools.partial(steps, file), flags=tuple(getattr(module, "ARGS", ())),
                   limit=180, reference=functools.partial(reference, file),
                   forbids=getattr(module, "BAD", None))
