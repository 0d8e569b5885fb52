"""Graphs as PyTorch's exporters wrote them, from a folder beside the checkout:
without large weights, of which a file beside each says how to draw them again.

The folder holds `graphs.json` (a list of: name, and per run how each input is
made), `graphs/NAME.onnx`, `graphs/NAME.json` (weights by key, with extents, type
and rule) and `inputs/NAME.npz` (the inputs that no rule makes).
"""

import base64
import functools
import json
import math
import zlib

import numpy as np
import onnx

import outside_cases
import paths
from case import Case, step

# Operators that have no kernel yet; of other domains all that are not expanded.
MISSING = frozenset()

# What runs where not all is asked for: one or two of each kind, quick ones.
CHOSEN = frozenset({
    "gpt2_past_dy", "kv_generate_script", "greedy_loop_script", "ranet_script",
    "skipnet_preact_script", "tsn_video_ts", "pointpillars_pfn_ts", "w2v2_conformer_dy",
    "segformer_mini_dy", "distilbert_ts_dynamic", "stft_kws_ts", "fnet_mini_dy",
    "seq2seq_list_script", "llama_dy_opset23", "mobilenetv3_large_full_ts_qoperator"})


def folder():
    """Where the graphs are, or None."""
    return paths.beside("exported", "graphs.json") and paths.beside("exported")


# Weights.

def drawn(key, entry):
    """A weight by its rule; the seed is its name."""
    rng = np.random.default_rng([0, zlib.crc32(key.encode())])
    shape, rule = entry["shape"], entry["rule"]
    if "he" in rule:
        value = rng.standard_normal(shape) * (rule["gain"] / math.sqrt(rule["he"]))
    elif "normal" in rule:
        mean, deviation = rule["normal"]
        value = mean + rng.standard_normal(shape) * deviation
    elif "uniform" in rule:
        value = rng.uniform(*rule["uniform"], shape)
    elif "int" in rule:
        value = rng.integers(rule["int"][0], rule["int"][1] + 1, shape)
    else:
        raw = zlib.decompress(base64.b64decode(rule["raw"]))
        value = np.frombuffer(raw, entry["dtype"]).reshape(shape)
    return np.ascontiguousarray(value.astype(entry["dtype"]))


def branches(node, prefix):
    """(path, graph) of the graphs that a node holds."""
    for a in node.attribute:
        inner = [a.g] if a.type == onnx.AttributeProto.GRAPH else a.graphs
        for i, graph in enumerate(inner):
            yield f"{prefix}/{node.name or node.output[0]}.{a.name}{i or ''}", graph


def tensors(graph, prefix=""):
    """(key, tensor) of every weight, at any depth."""
    for tensor in graph.initializer:
        yield f"{prefix}:{tensor.name}", tensor
    for node in graph.node:
        for a in node.attribute:
            if node.op_type == "Constant" and a.name == "value":
                yield f"{prefix}:{node.output[0]}", a.t
        for inner, body in branches(node, prefix):
            yield from tensors(body, inner)


def make(name, path):
    """The model with weights."""
    source = folder() / "graphs" / f"{name}.onnx"
    model, rules = onnx.load(source), json.loads(source.with_suffix(".json").read_text())
    for key, tensor in tensors(model.graph):
        if key in rules:
            tensor.raw_data = drawn(key, rules[key]).tobytes()
    onnx.save(model, path)
    return path


# Inputs.

def by_rule(rule, rng):
    if "uniform" in rule:
        value = rng.uniform(*rule["uniform"], rule["shape"])
    else:
        mean, deviation = rule["normal"]
        value = mean + rng.standard_normal(rule["shape"]) * deviation
    return np.asarray(value).astype(rule["dtype"])


def steps(entry, _):
    file = folder() / "inputs" / f"{entry['name']}.npz"
    stored = np.load(file) if file.exists() else {}
    for i, rules in enumerate(entry["inputs_rule"]):
        rng = np.random.default_rng([7, i])
        yield step({name: stored[f"{i}:{name}"] if rule == "stored" else by_rule(rule, rng)
                    for name, rule in rules.items()})


def contributed():
    """(domain, name) of the operators of other domains that are expanded."""
    table = paths.ROOT / "dialects" / "onnx" / "contributed.tsv"
    return {tuple(line.split("\t")[:2]) for line in table.read_text().splitlines()[1:]}


def missing(name):
    """The operators of a graph that dycc has no kernel for."""
    from refusal import graphs_of

    model = onnx.load(folder() / "graphs" / f"{name}.onnx")
    nodes = [n for top in (model.graph, *model.functions) for g in graphs_of(top)
             for n in g.node]
    own, known = {f.name for f in model.functions}, contributed()
    return frozenset(n.op_type for n in nodes if n.op_type in MISSING or
                     n.domain not in ("", "ai.onnx") and n.op_type not in own
                     and (n.domain, n.op_type) not in known)


def cases(whole):
    if whole:
        yield from outside_cases.cases()
    if folder() is None:
        return
    for entry in json.loads((folder() / "graphs.json").read_text()):
        if whole or entry["name"] in CHOSEN:
            yield Case(entry["name"], functools.partial(make, entry["name"]),
                       functools.partial(steps, entry), refused=missing(entry["name"]))
