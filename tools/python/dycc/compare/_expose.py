"""Makes values inside a model its outputs, those in branches and in the bodies of loops
too.

A value of the graph itself becomes an output as it is. One that is computed several
times, or not at all, becomes two outputs: all its elements one after the other, and a
log of whole numbers that says where they belong. The log of

    a value         is its rank and its extents
    an If           is that of the branch, and nothing where it is not taken
    a Loop, a Scan  has for each trip the length of the trip's log, and that log

Where each trip has the same extents, both are scan outputs, and the log of the loop says
the number of trips and the length once ("stacked"). Else a Loop carries both and adds to
them.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PREFIX = "dycc_compare_"


@dataclass(frozen=True)
class Frame:
    """A graph in a node: the first name among the node's outputs, the operator and the
    attribute."""

    node: str
    operator: str
    attribute: str


Path = tuple[Frame, ...]
Record = tuple[tuple[int, ...], np.ndarray]  # (trips of the loops around, value)


def first_output(node: onnx.NodeProto) -> str:
    return next(name for name in node.output if name)


def find_node(graph: onnx.GraphProto, output: str) -> onnx.NodeProto | None:
    return next((n for n in graph.node if output in n.output), None)


def graph_at(graph: onnx.GraphProto, path: Path) -> onnx.GraphProto | None:
    """The graph that a path leads to; None where there is none."""
    for frame in path:
        node = find_node(graph, frame.node)
        found = [] if node is None else [a.g for a in node.attribute
                                         if a.name == frame.attribute]
        if not found:
            return None
        graph = found[0]
    return graph


class Exposed:
    """A model with values of one graph in it as outputs, and how to read them."""

    def __init__(self, model: onnx.ModelProto, path: Path, kinds: Mapping[str, int],
                 stacked: bool) -> None:
        """kinds: the element types of the values by name; stacked: see above."""
        self.model, self._path = copy.deepcopy(model), path
        self._stacked = [frame.operator == "Scan" or stacked for frame in path]
        self._count, self._outputs = 0, {}
        graph = self.model.graph
        given = {o.name for o in graph.output}
        for name, kind in kinds.items():
            outputs = self._record(graph, 0, name, kind) if path else (name,)
            self._outputs[name] = outputs
            graph.output.extend(onnx.ValueInfoProto(name=o) for o in outputs
                                if o not in given)

    def read(self, results: Mapping[str, np.ndarray]) -> dict[str, list[Record]]:
        """The values by name, in the order in which they were computed."""
        return {name: [((), results[name])] if not self._path else
                list(self._split(*(results[o] for o in outputs)))
                for name, outputs in self._outputs.items()}

    # Writing.

    def _name(self) -> str:
        self._count += 1
        return f"{PREFIX}{self._count}"

    def _add(self, graph: onnx.GraphProto, operator: str, *inputs: str, **attributes) -> str:
        result = self._name()
        graph.node.append(helper.make_node(operator, inputs, [result], **attributes))
        return result

    def _constant(self, graph: onnx.GraphProto, value: np.ndarray, kind: int | None = None) -> str:
        """In front: any node may use it."""
        result = self._name()
        tensor = numpy_helper.from_array(value) if kind is None else \
            helper.make_tensor("", kind, value.shape, value.tobytes(), raw=True)
        graph.node.insert(0, helper.make_node("Constant", [], [result], value=tensor))
        return result

    def _flat(self, graph: onnx.GraphProto, name: str) -> str:
        return self._add(graph, "Reshape", name, self._constant(graph, np.array([-1])))

    def _record(self, graph: onnx.GraphProto, depth: int, name: str,
                kind: int) -> tuple[str, str]:
        """Names of the elements and of the log in `graph`, which is so deep."""
        if depth == len(self._path):
            shape = self._add(graph, "Shape", name)
            rank = self._add(graph, "Shape", shape)
            return self._flat(graph, name), self._add(graph, "Concat", rank, shape, axis=0)
        frame = self._path[depth]
        node = find_node(graph, frame.node)
        inner = next(a.g for a in node.attribute if a.name == frame.attribute)
        parts = self._record(inner, depth + 1, name, kind)
        if frame.operator == "If":
            return self._through_if(node, frame.attribute, parts, kind)
        if self._stacked[depth]:
            return self._through_stack(graph, node, inner, parts, kind)
        return self._through_loop(graph, node, inner, parts, kind)

    def _through_if(self, node: onnx.NodeProto, taken: str, parts: tuple[str, str],
                    kind: int) -> tuple[str, str]:
        for attribute in node.attribute:
            branch = attribute.g
            names = parts if attribute.name == taken else self._empty(branch, kind)
            branch.output.extend(_info(n, k) for n, k in zip(names, (kind, TensorProto.INT64)))
        results = self._name(), self._name()
        node.output.extend(results)
        return results

    def _empty(self, graph: onnx.GraphProto, kind: int) -> tuple[str, str]:
        return (self._constant(graph, np.zeros(0, np.uint8), kind),
                self._constant(graph, np.zeros(0, np.int64)))

    def _through_loop(self, graph: onnx.GraphProto, node: onnx.NodeProto,
                      body: onnx.GraphProto, parts: tuple[str, str],
                      kind: int) -> tuple[str, str]:
        carried = len(node.input) - 2
        elements, log = parts
        log = self._add(body, "Concat", self._add(body, "Shape", log), log, axis=0)
        results = []
        for at, (part, k) in enumerate(((elements, kind), (log, TensorProto.INT64))):
            before, result = self._name(), self._name()
            body.input.append(_info(before, k))
            after = self._add(body, "Concat", before, part, axis=0)
            body.output.insert(1 + carried + at, _info(after, k))
            node.output.extend([""] * (carried + at - len(node.output)))
            node.output.insert(carried + at, result)
            results.append(result)
        node.input.extend(self._empty(graph, kind))
        return tuple(results)

    def _through_stack(self, graph: onnx.GraphProto, node: onnx.NodeProto,
                       body: onnx.GraphProto, parts: tuple[str, str],
                       kind: int) -> tuple[str, str]:
        fixed = 1 if node.op_type == "Loop" else 0  # The condition is no result.
        node.output.extend([""] * (len(body.output) - fixed - len(node.output)))
        body.output.extend(_info(n, k) for n, k in zip(parts, (kind, TensorProto.INT64)))
        for attribute in node.attribute:
            if attribute.name in ("scan_output_axes", "scan_output_directions"):
                attribute.ints.extend([0, 0])
        elements, log = self._name(), self._name()
        node.output.extend([elements, log])
        flat = self._add(graph, "Concat", self._add(graph, "Shape", log), self._flat(graph, log),
                         axis=0)
        return self._flat(graph, elements), flat

    # Reading.

    def _split(self, elements: np.ndarray, log: np.ndarray) -> Iterator[Record]:
        at = 0
        for trips, extents in self._entries(log.tolist(), 0, ()):
            count = int(np.prod(extents, dtype=np.int64))
            yield trips, elements[at:at + count].reshape(extents)
            at += count

    def _entries(self, log: Sequence[int], depth: int,
                 trips: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], list[int]]]:
        if depth == len(self._path):
            if log:  # Else it stands in a branch that was not taken.
                yield trips, log[1:1 + log[0]]
        elif self._path[depth].operator == "If":
            yield from self._entries(log, depth + 1, trips)
        else:
            for trip, part in enumerate(_trips(log, self._stacked[depth])):
                yield from self._entries(part, depth + 1, (*trips, trip))


def _info(name: str, kind: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, [None])


def _trips(log: Sequence[int], stacked: bool) -> Iterator[Sequence[int]]:
    """The logs of a loop's trips."""
    if stacked:
        count, length = log[:2] if log else (0, 0)
        for trip in range(count):
            yield log[2 + trip * length:2 + (trip + 1) * length]
        return
    at = 0
    while at < len(log):
        yield log[at + 1:at + 1 + log[at]]
        at += 1 + log[at]
