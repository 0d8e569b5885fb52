"""The models that are mutated: what the tests make by themselves, and the
graphs of the folder of shared inputs where that is there.

Each lies as one small file in build/fuzz/corpus: an initializer of more than a
few KiB reads its bytes from a file of zeros (`ZEROS`), which takes no room, so
that a mutant of a large network is written in no time."""

import hashlib
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent / "models"
sys.path.insert(0, str(MODELS))

import paths  # noqa: E402

FOLDER = paths.BUILD / "fuzz"
ZEROS = "zeros.bin"
ZERO_BYTES = 1 << 28
KEPT_BYTES = 4096
EXTERNAL = onnx.TensorProto.EXTERNAL


# What becomes of a model's weights.

def tensors(graph):
    """All initializers, those of subgraphs too."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node or inner.initializer:
                    yield from tensors(inner)


def bytes_of(tensor):
    kind = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
    return int(np.prod(tensor.dims, dtype=np.int64)) * kind.itemsize


def lighten(model):
    """Weights that are large, or whose data was left out, become zeros."""
    for tensor in tensors(model.graph):
        if tensor.data_type == onnx.TensorProto.STRING:
            continue
        size = bytes_of(tensor)
        is_stripped = size > 0 and tensor.ByteSize() < 128 and not any(
            tensor.HasField(f) if f == "raw_data" else len(getattr(tensor, f))
            for f in ("raw_data", "float_data", "int32_data", "int64_data",
                      "double_data", "uint64_data"))
        if is_stripped or KEPT_BYTES < size <= ZERO_BYTES:
            read_zeros(tensor, size)
    return model


def read_zeros(tensor, size):
    light = onnx.TensorProto(name=tensor.name, data_type=tensor.data_type,
                             dims=tensor.dims, data_location=EXTERNAL)
    for key, value in (("location", ZEROS), ("length", size)):
        light.external_data.add(key=key, value=str(value))
    tensor.CopyFrom(light)


# Where the models come from: {group: [(name, function that gives a model)]}.

def node_models():
    import node_cases
    import node_forms

    for name, case in sorted(node_cases.collect().items()):
        yield name, lambda case=case: case.model
        yield f"{name}_symbolic", lambda case=case: node_forms.in_form(case, node_forms.FOLDED)[0]


def type_models():
    from type_cases import CASES, allowed, make

    for at, case in enumerate(CASES):
        for kind in allowed(case)[at % 3::3]:
            yield f"{case.name}_{kind}", lambda c=case, k=kind: make([c], k)


def random_models():
    import random_graphs

    for seed in range(200):
        def make(seed=seed):
            file = FOLDER / "made.onnx"
            random_graphs.make(file, seed)
            return onnx.load(file)
        yield f"random_{seed}", make


def made_models():
    """Those of the model tests that are made quickly, and small networks."""
    import cases
    import packages
    import transformer

    larger = [*cases.cnn_cases(), *cases.transformer_cases(), *packages.cases()]
    skipped = {c.name for c in larger}
    makers = {c.name: c.make for c in cases.all_cases() if c.name not in skipped}
    makers["encoder"] = lambda path: transformer.make_encoder(path, 1, 64, 2)
    makers["decoder"] = lambda path: transformer.make_decoder_step(path, 1, 64, 2)
    for name, make in makers.items():
        yield name, loaded(make)


def package_models():
    import packages

    for case in packages.cases():
        yield case.name, loaded(case.make)


def loaded(make):
    """The model in the file that `make` gives, if it does."""
    def load():
        file = make(str(FOLDER / "made.onnx"))
        return file and onnx.load(file)
    return load


def network_models():
    """The networks of the onnx package, with every weight zero."""
    import cnns

    for name in ("squeezenet", "shufflenet", "resnet50", "inception_v1"):
        for symbolic in (False, True):
            def make(name=name, symbolic=symbolic):
                file = cnns.light_file(name)
                if file is None:
                    return None
                model = onnx.load(file)
                values = cnns.fill(model, np.random.default_rng(0))
                if symbolic:
                    cnns.make_symbolic(model, values)
                cnns.set_weights(model, values, as_inputs=not symbolic)
                return model
            yield f"{name}_{'symbolic' if symbolic else 'static'}", make


def shared_models():
    for folder in ("minimal", "graphs"):
        found = paths.beside("exported", folder)
        for file in sorted(found.glob("*.onnx")) if found else ():
            yield file.stem, lambda f=file: onnx.load(f, load_external_data=False)


GROUPS = {"nodes": node_models, "types": type_models, "random": random_models,
          "made": made_models, "packages": package_models, "networks": network_models}
# Not among GROUPS: a seed means the same mutant with or without the folder.
SHARED = {"shared": shared_models}


# The folder.

def stamp():
    files = sorted([*MODELS.glob("*.py"), *paths.DYDCA.glob("*.py"), HERE / "corpus.py"])
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:16]


def write(folder, makers):
    """Writes the models of one group that can be had."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, make in makers():
        model = make()
        if model is not None:
            onnx.save(lighten(model), folder / f"{name}.onnx")


def build():
    """Makes what is not there; {group: files}."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Not emptied where it is there: a compiler may be reading it.
    with open(FOLDER / ZEROS, "ab") as file:
        file.truncate(ZERO_BYTES)
    warnings.simplefilter("ignore")  # Of the references' arithmetic.
    np.seterr(all="ignore")
    found = {}
    for group, makers in (GROUPS | SHARED).items():
        folder, made = FOLDER / "corpus" / group, FOLDER / f"{group}.stamp"
        if not made.exists() or made.read_text() != stamp():
            write(folder, makers)
            made.write_text(stamp())
        found[group] = sorted(folder.glob("*.onnx"))
    return found


if __name__ == "__main__":
    for group, files in build().items():
        print(f"{len(files):5} {group}")
