"""What a search has to know of one graph of a model."""

from collections.abc import Iterable, Iterator

import onnx

from dycc.compare._expose import first_output


def inner_graphs(node: onnx.NodeProto) -> Iterator[tuple[str, onnx.GraphProto]]:
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            yield attribute.name, attribute.g


def captured(graph: onnx.GraphProto) -> set[str]:
    """Names that a graph takes from around it."""
    own = {i.name for i in graph.input} | {t.name for t in graph.initializer}
    found: set[str] = {o.name for o in graph.output}
    for node in graph.node:
        found |= inputs_of(node)
        own |= set(node.output)
    return found - own


def inputs_of(node: onnx.NodeProto) -> set[str]:
    """What a node depends on, the values that its graphs take from around it too."""
    found = {name for name in node.input if name}
    for _, graph in inner_graphs(node):
        found |= captured(graph)
    return found


class Scope:
    """The nodes of one graph in their order."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.nodes = list(graph.node)
        self.producer = {name: at for at, node in enumerate(self.nodes)
                         for name in node.output if name}
        self._inputs = [inputs_of(node) for node in self.nodes]
        self.kinds = {v.name: v.type.tensor_type.elem_type
                      for values in (graph.value_info, graph.output, graph.input)
                      for v in values if v.type.HasField("tensor_type")}
        self.constants = {name for node in self.nodes if node.op_type == "Constant"
                          for name in node.output}

    def reaching(self, target: str, good: Iterable[str]) -> list[int]:
        """The nodes that decide `target` once the values `good` are known, in their
        order; the last one computes it."""
        known = set(good) | self.constants
        found: set[int] = set()
        rest = [self.producer[target]]
        while rest:
            at = rest.pop()
            if at in found:
                continue
            found.add(at)
            rest += [self.producer[name] for name in self._inputs[at] - known
                     if name in self.producer]
        return sorted(found)

    def cut(self, chain: list[int], at: int) -> set[str]:
        """The values of chain[..at] that nodes behind it need."""
        made = {name for i in chain[:at + 1] for name in self.nodes[i].output if name}
        return made & set().union(*(self._inputs[i] for i in chain[at + 1:]))

    def named(self, at: int) -> str:
        """A node as messages call it."""
        node = self.nodes[at]
        return f"{node.op_type} '{node.name or first_output(node)}'"
