"""Finds the first node whose result differs between two sides.

An output differs, and the nodes that decide it stand in an order. A cut in the middle of
them, the values that cross it, become outputs of both models: where one differs, the
node is before the cut; where all agree, behind it. So a graph of n nodes takes some
log2(n) compilations of each side. Where the node has graphs the search goes on in them,
by the first trip that differs.

An output ends a kernel, so that a difference that is made inside one may vanish when a
value in it is looked at. Such cuts say nothing: the search then closes in on them from
both sides, and names the nodes in between.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

import dycc
from dycc.compare import _rule
from dycc.compare._expose import Exposed, Frame, Path, Record, first_output, graph_at
from dycc.compare._graph import Scope, inner_graphs
from dycc.compare._rule import Deviation, Tolerance
from dycc.compare._sides import Feed, Refusal, Result, Side

Trips = tuple[int, ...]


@dataclass(frozen=True)
class Seen:
    """A value in a run of both sides: where it first differs, else where it comes
    nearest to that."""

    deviation: Deviation
    trips: Trips = ()
    shape: str = ""  # "" where it was not computed.

    def differs_by(self, limit: Trips) -> bool:
        """Whether it does in the trips before `limit`, or in them."""
        count = min(len(limit), len(self.trips))
        return self.deviation.differs and self.trips[:count] <= limit[:count]


@dataclass
class Finding:
    """The nodes in which a difference begins: one, or those of which nothing can be seen
    without that the difference vanishes."""

    nodes: list[str]
    value: str
    seen: Seen
    path: list[str] = field(default_factory=list)  # "trip 3 of Loop 'l'", ...
    inputs: list[tuple[str, Seen | None]] = field(default_factory=list)
    between: list[str] = field(default_factory=list)  # Values of which nothing is seen,
    reason: str = ""  # and why; "" where the difference vanishes when one is an output.
    inside: str = ""  # Why a node with graphs in it is as far as it goes.


class Unseen(Exception):
    """Values that cannot be looked at: a changed model is refused, or does not run."""


def see(found: Sequence[Record], expected: Sequence[Record], tolerance: Tolerance) -> Seen:
    nearest = Seen(Deviation())
    for mine, theirs in zip(found, expected):
        if mine[0] != theirs[0]:
            trips = min(mine[0], theirs[0])
            return Seen(Deviation(np.inf, "is computed by one side alone"), trips)
        seen = Seen(_rule.deviation(mine[1], theirs[1], tolerance), mine[0],
                    _rule.described(mine[1]))
        if seen.deviation.differs:
            return seen
        if not nearest.shape or seen.deviation.part > nearest.deviation.part:
            nearest = seen
    if len(found) != len(expected):
        longer = max(found, expected, key=len)
        return Seen(Deviation(np.inf, f"is computed {len(found)} times, expects "
                                      f"{len(expected)}"), longer[min(len(found),
                                                                      len(expected))][0])
    return nearest


class Search:
    """One search, for a run at which the sides differ."""

    def __init__(self, mine: Side, theirs: Side, feed: Feed, tolerance: Tolerance,
                 say: Callable[[str], None]) -> None:
        self._mine, self._theirs, self._feed = mine, theirs, feed
        self._tolerance, self._say = tolerance, say
        self._seen: dict[tuple[Path, str], Seen] = {}
        self._growing: set[Path] = set()  # Whose trips have other extents.
        self._reasons: list[str] = []  # Of the cuts that are hidden; "": it vanishes.
        self.compilations = 0

    def find(self, outputs: Mapping[str, Seen]) -> Finding | None:
        """From the outputs that differ, those that a node of both graphs computes."""
        scope = self._scope(())
        known = {name: seen for name, seen in outputs.items() if name in scope.producer}
        self._keep((), known)
        return self._first((), known, ())

    # One graph.

    def _scope(self, path: Path) -> Scope:
        return Scope(graph_at(self._mine.model.graph, path))

    def _first(self, path: Path, values: Mapping[str, Seen], limit: Trips) -> Finding | None:
        """The finding behind the first of the values that differ in the graph there."""
        scope = self._scope(path)
        bad = {name: seen for name, seen in values.items() if seen.differs_by(limit)}
        if not bad:
            return None
        target = min(bad, key=lambda n: (bad[n].trips, scope.producer[n]))
        good: set[str] = set()
        while True:
            limit = self._seen[path, target].trips or limit
            chain = scope.reaching(target, good)
            step = self._bisect(path, scope, chain, target, good, limit)
            if isinstance(step, str):
                target = step
                continue
            inner = self._inside(path, scope, step[0], limit) if len(step) == 1 else ""
            return self._finding(path, scope, step, target, inner) \
                if isinstance(inner, str) else inner

    def _bisect(self, path: Path, scope: Scope, chain: list[int], target: str, good: set[str],
                limit: Trips) -> str | list[int]:
        """An earlier value that differs, or the nodes that make `target` differ."""
        low, high = -1, len(chain) - 1
        hidden: tuple[int, int] | None = None
        self._reasons.clear()
        while (at := _middle(low, high, hidden)) is not None:
            cut = scope.cut(chain, at) - good - scope.constants
            seen = self._look(path, scope, cut, target, limit)
            if seen is None:
                hidden = (at, at) if hidden is None else (min(at, hidden[0]),
                                                          max(at, hidden[1]))
                self._say(f"{len(chain)} nodes: nothing is seen at {_listed(cut)}: "
                          f"{self._reasons[-1] or 'the difference vanishes'}")
                continue
            bad = [name for name in cut if seen[name].differs_by(limit)]
            if bad:
                first = min(bad, key=lambda n: (seen[n].trips, scope.producer[n]))
                self._say(f"{len(chain)} nodes: '{first}' differs")
                return first
            self._say(f"{len(chain)} nodes: {_listed(cut)} agree")
            good |= cut
            low = at
            if hidden is not None and at > hidden[1]:
                hidden = None
        return chain[low + 1:high + 1]

    def _look(self, path: Path, scope: Scope, cut: set[str], target: str,
              limit: Trips) -> dict[str, Seen] | None:
        """The values of a cut; None where they cannot be seen, or `target` differs no
        more when they are and none of them does."""
        if not cut:
            return {}
        try:
            seen = self._probe(path, scope, [*cut, target])
        except Unseen as reason:
            self._reasons.append(str(reason))
            return None
        if not any(s.differs_by(limit) for s in seen.values()):
            self._reasons.append("")
            return None  # What was seen of `target` before is what it is about.
        self._keep(path, seen)
        return seen

    def _keep(self, path: Path, seen: Mapping[str, Seen]) -> None:
        self._seen |= {(path, name): value for name, value in seen.items()}

    def _probe(self, path: Path, scope: Scope, names: Iterable[str]) -> dict[str, Seen]:
        """Runs both sides with these values as outputs."""
        try:
            return self._run(path, scope, names, path not in self._growing)
        except Unseen:
            if path in self._growing or all(f.operator != "Loop" for f in path):
                raise
            seen = self._run(path, scope, names, False)
            self._growing.add(path)
            return seen

    def _run(self, path: Path, scope: Scope, names: Iterable[str],
             stacked: bool) -> dict[str, Seen]:
        kinds = {name: scope.kinds.get(name, 0) for name in names}
        if path and 0 in kinds.values():
            raise Unseen(f"no type is known of {_listed(n for n in kinds if not kinds[n])}")
        records: list[dict[str, list[Record]]] = []
        self.compilations += 1
        for side in (self._mine, self._theirs):
            graph = graph_at(side.model.graph, path)
            unknown = kinds.keys() - (Scope(graph).producer.keys() if graph else ())
            if unknown:
                raise Unseen(f"{side.title} has no {_listed(unknown)}")
            try:
                exposed = Exposed(side.model, path, kinds, stacked)
                result: Result = side.prepare(exposed.model)(self._feed)
            except (dycc.CompileError, ValueError) as error:
                raise Unseen(f"{side.title} refuses {_listed(kinds)} as outputs: "
                             f"{str(error).splitlines()[0]}") from error
            if isinstance(result, Refusal):
                raise Unseen(f"{side.title} does not run with {_listed(kinds)} as outputs: "
                             f"{result.text}")
            records.append(exposed.read(result))
        return {name: see(records[0][name], records[1][name], self._tolerance)
                for name in kinds}

    # Graphs in nodes.

    def _inside(self, path: Path, scope: Scope, at: int, limit: Trips) -> Finding | str:
        """The finding in the graphs of a node, or why its difference is not found there;
        "" of a node without graphs."""
        node, unseen = scope.nodes[at], ""
        if node.op_type not in ("If", "Loop", "Scan"):
            return ""
        for attribute, graph in inner_graphs(node):
            inner = (*path, Frame(first_output(node), node.op_type, attribute))
            inner_scope = Scope(graph)
            names = [o.name for o in graph.output if o.name in inner_scope.producer]
            try:
                seen = self._probe(inner, inner_scope, names)
            except Unseen as reason:
                unseen = str(reason)
                continue
            self._keep(inner, seen)
            self._say(f"{scope.named(at)}, {attribute}: " + (
                "differs" if any(s.differs_by(limit) for s in seen.values()) else "agrees"))
            if finding := self._first(inner, seen, limit):
                return finding
        return unseen or "all values in it agree when they are outputs"

    # What is said.

    def _finding(self, path: Path, scope: Scope, nodes: list[int], target: str,
                 inside: str) -> Finding:
        seen = self._seen[path, target]
        are_hidden = len(nodes) > 1
        inner = {name for at in nodes for name in scope.nodes[at].output if name}
        taken = [name for at in nodes for name in scope.nodes[at].input
                 if name and name not in inner]
        return Finding([scope.named(at) for at in nodes], target, seen,
                       self._where(path, seen.trips),
                       [(name, self._input(path, name)) for name in dict.fromkeys(taken)],
                       sorted(inner - {target}) if are_hidden else [],
                       self._reasons[0] if are_hidden and all(self._reasons) else "", inside)

    def _input(self, path: Path, name: str) -> Seen | None:
        """What a node takes: a value that was looked at, or one that is given."""
        if (path, name) in self._seen:
            return self._seen[path, name]
        if not path and self._feed.get(name) is not None:
            return Seen(Deviation(), (), _rule.described(self._feed[name]))
        return None

    def _where(self, path: Path, trips: Trips) -> list[str]:
        """From the innermost graph outwards."""
        places, left = [], list(trips)
        graph = self._mine.model.graph
        for depth, frame in enumerate(path):
            scope = Scope(graph_at(graph, path[:depth]))
            name = scope.named(scope.producer[frame.node])
            if frame.operator == "If":
                places.append(f"{frame.attribute} of {name}")
            else:
                places.append(f"trip {left.pop(0)} of {name}" if left else f"body of {name}")
        return places[::-1]


def _middle(low: int, high: int, hidden: tuple[int, int] | None) -> int | None:
    """The next cut between cuts that are known; None where all in between are hidden."""
    if hidden is None:
        return (low + high) // 2 if high - low > 1 else None
    if hidden[0] - low > 1:
        return (low + hidden[0]) // 2
    if high - hidden[1] > 1:
        return (hidden[1] + high) // 2
    return None


def _listed(names: Iterable[str], most: int = 4) -> str:
    names = sorted(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"'{n}'" for n in names[:most]) + more
