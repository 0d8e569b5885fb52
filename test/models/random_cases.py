"""Cases of random_operators.py: single nodes and chains that an engine has run."""

import csv

import numpy as np
import onnx

import paths
from random_maker import Maker
from random_oracle import Oracle, reason
from random_rules import RULES
from random_values import Unfit, Value, name_in_kernels

OLDEST, NEWEST = 7, onnx.defs.onnx_opset_version()
CASES = 3  # Operators that are dealt to a model.
TRIES = 8  # Draws of a node until one counts.
CHAINED = 0.35  # How many cases have more nodes than the one that was dealt.
LONGEST = 5
WILD = 0.3  # How often what only moves has infinities, no numbers, and ends of ranges.
LARGEST = {"f": 1e3, "i": 1e6, "u": 1e6, "b": 1}  # Of what goes into another node.


def compiled_operators():
    """Those of dialects/onnx/operators.tsv that are not refused."""
    table = paths.ROOT / "dialects" / "onnx" / "operators.tsv"
    rows = csv.reader(table.read_text().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [("", r[0]) for r in rows if r[0][0] != "#" and r[8] != "refused"]


# The last opset that an engine has, where it is not the newest.
NO_ENGINE = {"GlobalLpPool": 21, "Optional": 27, "OptionalGetElement": 27,
             "Multinomial": 21}
class Case:
    """One checked graph: its model, feeds, and what is expected of each run (None where
    no engine has a result)."""

    def __init__(self, maker, expected, operators):
        self.maker, self.expected, self.operators = maker, expected, operators
        self.opset, self.loose, self.names = maker.opset, maker.loose, list(maker.results)
        self.deviations = maker.deviations
        self.feeds = maker.feeds()
        self.model = maker.model().SerializeToString()

    @property
    def text(self):
        return f"{' > '.join(o for _, o in self.operators)} (opset {self.opset})"

    def counts(self, run):
        return self.expected[run] is not None


def opsets(key):
    """Opsets that have an operator."""
    domain, operator = key
    if domain:
        return range(17, 22)
    schemas = [s for s in onnx.defs.get_all_schemas_with_history()
               if s.domain == "" and s.name == operator]
    last = max(schemas, key=lambda s: s.since_version)
    first = max(OLDEST, min(s.since_version for s in schemas))
    newest = last.since_version - 1 if last.deprecated else NO_ENGINE.get(operator, NEWEST)
    return range(first, newest + 1)


def merged(cases):
    """A model of all cases: their names differ by a prefix."""
    first = onnx.load_from_string(cases[0].model)
    for case in cases[1:]:
        model = onnx.load_from_string(case.model)
        for part in ("node", "input", "output", "initializer"):
            getattr(first.graph, part).extend(getattr(model.graph, part))
        have = {o.domain for o in first.opset_import}
        first.opset_import.extend(o for o in model.opset_import if o.domain not in have)
    return first


class Dealer:
    """Makes the cases of a seed."""

    def __init__(self, kernels, only=None):
        self.kernels, self.oracle = kernels, Oracle()
        self.keys = [k for k in RULES if not only or k[1] in only]
        self.opsets = {k: opsets(k) for k in RULES}

    def dealt(self, seed):
        """The operators of a seed: every deck has each once."""
        for at in range(seed * CASES, seed * CASES + CASES):
            deck = np.random.default_rng([at // len(self.keys), 1]).permutation(len(self.keys))
            yield self.keys[deck[at % len(self.keys)]]

    def cases(self, seed):
        """(cases, [(operator, why it did not count or None)])"""
        rng, cases, counts = np.random.default_rng([seed, 2]), [], []
        opset = int(rng.integers(OLDEST, NEWEST, endpoint=True))
        for i, key in enumerate(self.dealt(seed)):
            found = self.case(rng, key, opset, f"c{i}_", counts)
            if found:
                cases.append(found)
        return cases, counts

    def case(self, rng, key, opset, prefix, counts):
        for _ in range(TRIES):
            if opset not in self.opsets[key]:
                opset = int(rng.choice(self.opsets[key]))
            maker = Maker(rng, opset, self.kernels, prefix)
            expected, why = self.drawn(maker, key)
            counts.append((key, why))
            if not why:
                operators = [key]
                maker.exact = dict.fromkeys(maker.results, RULES[key].moves)
                if maker.maybe(CHAINED) and not maker.loose:
                    expected = self.chain(maker, operators, expected)
                return Case(maker, expected, operators)
        return None

    def drawn(self, maker, key):
        """Draws a node of an operator. (Its case's results in each run, None), or
        (None, why it does not count)."""
        maker.begin(key[1], key[0])
        maker.wild = RULES[key].moves and maker.maybe(WILD)
        try:
            RULES[key].draw(maker)
        except Unfit as error:
            return None, f"unfit: {error}"
        model, feeds = maker.model().SerializeToString(), maker.feeds()
        found = self.oracle.outputs(model, feeds, is_reference=bool(maker.deviations))
        if all(isinstance(f, str) for f in found) and reason(found[0]) == "not_implemented":
            found = self.oracle.outputs(model, feeds, is_reference=True)
        if all(isinstance(f, str) for f in found):
            return None, reason(found[0])
        return [None if isinstance(f, str) else f for f in found], None

    def chain(self, maker, operators, expected):
        """Adds nodes that read what the last one gave."""
        for _ in range(maker.whole(1, LONGEST - 1)):
            for _ in range(TRIES):
                found = self.linked(maker, operators, expected)
                if found:
                    expected = found
                    break
            else:
                break
        return expected

    def linked(self, maker, operators, expected):
        """The results with one more node, or None and the maker as it was."""
        values = self.values(maker, expected)
        key = maker.pick(list(RULES))
        if not values or maker.opset not in self.opsets[key]:
            return None
        value = maker.pick(values)
        if RULES[key].sharp and not value.exact:
            return None
        before, known = maker.state(), set(maker.results)
        maker.given, maker.taken = value, False
        if maker.maybe(0.7):
            maker.results.remove(value.name)
        found, _ = self.drawn(maker, key)
        taken, maker.given = maker.taken, None
        if not found or not taken or maker.loose or len(found) != len(expected):
            maker.restore(before)
            return None
        exact = value.exact and RULES[key].moves
        maker.exact |= dict.fromkeys(set(maker.results) - known, exact)
        operators.append(key)
        return found

    def values(self, maker, expected):
        """Results that may go into another node."""
        if any(e is None for e in expected):
            return []
        found = []
        for i, name in enumerate(maker.results):
            data = [e[i] for e in expected]
            kind, ranks = data[0].dtype, {d.ndim for d in data}
            if not name_in_kernels(kind.name) or len(ranks) > 1 or data[0].size > 5000:
                continue
            exact = kind.kind != "f" or maker.exact[name]
            tame = all(np.isfinite(d).all() and (d <= LARGEST[kind.kind]).all()
                       and (d >= -LARGEST[kind.kind]).all() for d in data)
            # Engines round halves behind nodes or behind kernels: those do not go on.
            if tame and (exact or kind != np.float16):
                found.append(Value(name, data, exact=exact))
        return found
