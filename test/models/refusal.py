"""Whether dycc refused a model well: it ended with 1 and named every node that
it has no kernel for, each in a line that a person can read."""

import onnx

LONGEST = 400  # Characters of an error.
INTERNAL = ("Halide", "LLVM", "llvm::", "mlir::")


def graphs_of(graph):
    yield graph
    for node in graph.node:
        for a in node.attribute:
            for inner in [a.g] if a.type == onnx.AttributeProto.GRAPH else a.graphs:
                yield from graphs_of(inner)


def nodes(model, operators):
    """Names of the nodes of these operators, at any depth."""
    found = [model.graph, *model.functions] if model.functions else [model.graph]
    return [n.name or n.output[0] for top in found for g in graphs_of(top)
            for n in g.node if n.op_type in operators]


def problem(path, operators, code, text):
    """What is wrong with a refusal, or an empty text."""
    if code != 1:
        return f"expects exit code 1 for a model with {', '.join(operators)}, got {code}"
    errors = [line for line in text.splitlines() if "error:" in line]
    model = onnx.load(path, load_external_data=False)
    names = nodes(model, operators)
    missing = [n for n in names if not any(f"'{n}'" in e or f'"{n}"' in e for e in errors)]
    if missing or not names:
        return (f"{len(missing)} of {len(names)} nodes that have no kernel are not "
                f"named, the first is '{missing[0] if names else ''}'")
    return next((f"an error of {len(e)} characters: {e[:80]}" for e in errors
                 if len(e) > LONGEST), "") or next(
        (f"text of a library: {e[:200]}" for e in errors
         if any(word in e for word in INTERNAL)), "")
