"""Mutations of nodes: what connects them, operators, attributes. As in mutations.py."""

import onnx
from onnx import AttributeProto, helper

from choices import (DOMAINS, FLOATS, OPERATORS, STRINGS, change_list, integer, mutation,
                     pick, pick_graph, pick_node, values)


# Nodes and what connects them.

@mutation
def swap_inputs(rng, model):
    node = pick_node(rng, model, lambda n: len(n.input) > 1)
    if node is None:
        return None
    a, b = rng.sample(range(len(node.input)), 2)
    node.input[a], node.input[b] = node.input[b], node.input[a]
    return f"{node.op_type} {node.name}: inputs {a} and {b} swapped"


@mutation
def rewire_input(rng, model):
    node = pick_node(rng, model, lambda n: len(n.input) > 0)
    if node is None:
        return None
    at = rng.randrange(len(node.input))
    node.input[at] = rng.choice(values(model) or ["nothing"])
    return f"{node.op_type} {node.name}: input {at} is {node.input[at]}"


@mutation
def change_input_count(rng, model):
    node = pick_node(rng, model)
    if node is None:
        return None
    kind = rng.randrange(3)
    if kind == 0 and node.input:
        del node.input[rng.randrange(len(node.input))]
    elif kind == 1 and node.input:
        node.input[rng.randrange(len(node.input))] = ""
    else:
        node.input.append(rng.choice(values(model) or [""]))
    return f"{node.op_type} {node.name}: has inputs {list(node.input)}"[:200]


@mutation
def change_output_count(rng, model):
    node = pick_node(rng, model)
    if node is None:
        return None
    if rng.random() < 0.5 and node.output:
        del node.output[rng.randrange(len(node.output))]
    else:
        node.output.append(rng.choice(["", "more_1", *values(model)]))
    return f"{node.op_type} {node.name}: has outputs {list(node.output)}"[:200]


@mutation
def drop_node(rng, model):
    graph = pick_graph(rng, model)
    if not graph.node:
        return None
    node = graph.node.pop(rng.randrange(len(graph.node)))
    if rng.random() < 0.6 and node.input:  # Its users take its input.
        for user in graph.node:
            for at, name in enumerate(user.input):
                if name and name in node.output:
                    user.input[at] = node.input[0]
    return f"{node.op_type} {node.name}: dropped"


@mutation
def double_node(rng, model):
    """A copy with outputs of its own, that others then use; or with the same."""
    graph = pick_graph(rng, model)
    if not graph.node:
        return None
    at = rng.randrange(len(graph.node))
    copy = onnx.NodeProto()
    copy.CopyFrom(graph.node[at])
    if rng.random() < 0.8:
        renamed = {o: f"{o}_again" for o in copy.output if o}
        copy.output[:] = [renamed.get(o, o) for o in copy.output]
        if copy.input and graph.node[at].output and rng.random() < 0.6:
            copy.input[0] = graph.node[at].output[0]  # One after the other.
        for user in graph.node[at + 1:]:
            user.input[:] = [renamed.get(i, i) for i in user.input]
    graph.node.insert(at + 1, copy)
    return f"{copy.op_type} {copy.name}: doubled"


@mutation
def move_node(rng, model):
    graph = pick_graph(rng, model)
    if len(graph.node) < 2:
        return None
    node = graph.node.pop(rng.randrange(len(graph.node)))
    graph.node.insert(rng.randrange(len(graph.node) + 1), node)
    return f"{node.op_type} {node.name}: moved"


@mutation
def change_operator(rng, model):
    """Another operator, mostly one that takes as many inputs."""
    node = pick_node(rng, model)
    if node is None:
        return None
    old = node.op_type
    fits = [o for o in OPERATORS if rng.random() < 0.1 or
            onnx.defs.get_schema(o).min_input <= len(node.input)
            <= onnx.defs.get_schema(o).max_input]
    node.op_type = rng.choice(fits)
    return f"{old} {node.name}: is {node.op_type}"


@mutation
def change_domain(rng, model):
    node = pick_node(rng, model)
    if node is None:
        return None
    node.domain = rng.choice(DOMAINS)
    return f"{node.op_type} {node.name}: of domain '{node.domain}'"


@mutation
def insert_steering(rng, model):
    """A value goes through an operator that makes or takes shapes."""
    graph = pick_graph(rng, model)
    place = pick(rng, [i for i, n in enumerate(graph.node) if any(n.input)])
    if place is None:
        return None
    node = graph.node[place]
    at = rng.choice([i for i, name in enumerate(node.input) if name])
    kind = rng.choice(("Shape", "Size", "NonZero", "Squeeze", "Flatten", "Neg",
                       "ConstantOfShape", "Transpose", "Identity", "Floor"))
    new = helper.make_node(kind, [node.input[at]], ["steered"], name="inserted")
    node.input[at] = "steered"
    graph.node.insert(place, new)
    return f"{node.op_type} {node.name}: input {at} through {kind}"


# Attributes.

def random_attribute(rng, name, kind):
    make = {AttributeProto.INT: lambda: integer(rng),
            AttributeProto.FLOAT: lambda: rng.choice(FLOATS),
            AttributeProto.STRING: lambda: rng.choice(STRINGS),
            AttributeProto.INTS: lambda: [integer(rng) for _ in range(rng.randrange(6))],
            AttributeProto.FLOATS: lambda: [rng.choice(FLOATS)
                                            for _ in range(rng.randrange(4))],
            AttributeProto.STRINGS: lambda: [rng.choice(STRINGS)
                                             for _ in range(rng.randrange(4))]}
    if kind not in make:
        kind = rng.choice(list(make))
    return helper.make_attribute(name, make[kind](), attr_type=kind)


@mutation
def change_attribute(rng, model):
    node = pick_node(rng, model, lambda n: len(n.attribute) > 0)
    if node is None:
        return None
    attribute = rng.choice(node.attribute)
    if attribute.type == AttributeProto.INTS and attribute.ints and rng.random() < 0.7:
        change_list(rng, attribute.ints)
    elif attribute.type not in (AttributeProto.GRAPH, AttributeProto.TENSOR):
        attribute.CopyFrom(random_attribute(rng, attribute.name, attribute.type))
    else:
        return None
    return f"{node.op_type} {node.name}: {attribute.name} changed"


@mutation
def remove_attribute(rng, model):
    node = pick_node(rng, model, lambda n: len(n.attribute) > 0)
    if node is None:
        return None
    gone = node.attribute.pop(rng.randrange(len(node.attribute)))
    return f"{node.op_type} {node.name}: {gone.name} removed"


@mutation
def retype_attribute(rng, model):
    node = pick_node(rng, model, lambda n: len(n.attribute) > 0)
    if node is None:
        return None
    attribute = rng.choice(node.attribute)
    if rng.random() < 0.5:
        attribute.type = rng.randrange(15)
    else:
        attribute.CopyFrom(random_attribute(rng, attribute.name, 0))
    return f"{node.op_type} {node.name}: {attribute.name} of another type"


@mutation
def add_attribute(rng, model):
    """One that the operator has, with any value."""
    node = pick_node(rng, model, lambda n: n.op_type in OPERATORS)
    if node is None:
        return None
    schema = onnx.defs.get_schema(node.op_type).attributes
    name = pick(rng, sorted(schema))
    if name is None or rng.random() < 0.05:
        name, kind = "unheard_of", 0
    else:
        kind = schema[name].type.value
    for at in reversed(range(len(node.attribute))):
        if node.attribute[at].name == name and rng.random() < 0.9:
            del node.attribute[at]
    node.attribute.append(random_attribute(rng, name, kind))
    return f"{node.op_type} {node.name}: {name} added"
