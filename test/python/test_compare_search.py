"""The search of dycc-compare beside sides that do not let everything be seen. The sides
are evaluators of onnx."""

import unittest

import numpy as np
import onnx
from onnx import parser

from compare_models import CHAIN, HEAD, LOOP, VALUES
from dycc.compare._rule import Tolerance, described, deviation
from dycc.compare._search import Search, Seen
from dycc.compare._sides import Evaluator, Refusal

CHAIN_FEED = {name: np.ones((2, 4), np.float32) for name in "xz"}
LOOP_FEED = {"x": np.ones(2, np.float32), "n": np.int64(5), "c": np.array(True)}


def typed(text, values):
    return onnx.shape_inference.infer_shapes(parser.parse_model(HEAD + text.format(**values)))


class Refusing(Evaluator):
    """Refuses to have some values as outputs, when it is made or when it runs."""

    def __init__(self, model, values, at_run=False):
        super().__init__(model)
        self._values, self._at_run = set(values), at_run

    def prepare(self, model):
        if model and self._values & {o.name for o in model.graph.output}:
            if self._at_run:
                return lambda feed: Refusal("not now")
            raise ValueError("not this one\nat all")
        return super().prepare(model)


class Failing(Evaluator):
    """Fails in each run of a changed model."""

    def prepare(self, model):
        return super().prepare(model) if model is None else lambda feed: Refusal("too much")


def search(mine, theirs, feed):
    """(finding, what was said)"""
    results = [side.prepare(None)(feed) for side in (mine, theirs)]
    outputs = {name: Seen(deviation(value, results[1][name]), (), described(value))
               for name, value in results[0].items()}
    said = []
    return Search(mine, theirs, feed, Tolerance(), said.append).find(outputs), said


class Unseen(unittest.TestCase):
    def pair(self, text, good, bad, **options):
        return Refusing(typed(text, good), **options), Evaluator(typed(text, good | bad))

    def test_all_is_seen(self):
        found, said = search(*self.pair(CHAIN, VALUES, {"weight": 4.5}, values=()), CHAIN_FEED)
        self.assertEqual((found.nodes, found.value), (["Add 'add'"], "c"))
        self.assertEqual(said[0], "9 nodes: 'd' differs")

    def test_values_that_are_refused(self):
        for at_run, text in ((False, "the evaluator of onnx refuses 'b', 'c' as outputs: not "
                                     "this one"),
                             (True, "the evaluator of onnx does not run with 'b', 'c' as "
                                    "outputs: not now")):
            sides = self.pair(CHAIN, VALUES, {"weight": 4.5}, values="b", at_run=at_run)
            found, said = search(*sides, CHAIN_FEED)
            self.assertEqual(found.nodes, ["Mul 'b'", "Add 'add'"])
            self.assertEqual((found.between, found.reason), (["b"], text))
            self.assertIn(f": nothing is seen at 'b': {text}", "\n".join(said))

    def test_a_whole_graph_that_is_refused(self):
        sides = self.pair(CHAIN, VALUES, {"weight": 4.5}, values="abcdefgh")
        found, _ = search(*sides, CHAIN_FEED)
        self.assertEqual(len(found.nodes), 9)
        self.assertEqual((found.value, found.between), ("y", list("abcdefgh")))

    def test_a_loop_whose_types_are_not_known(self):
        mine, theirs = self.pair(LOOP, {"last": 3, "factor": 2}, {"last": 4}, values=())
        for side in (mine, theirs):
            body = next(n for n in side.model.graph.node if n.op_type == "Loop").attribute[0].g
            del body.value_info[:]
        found, _ = search(mine, theirs, LOOP_FEED)
        self.assertEqual(found.path, ["trip 4 of Loop 'loop'"])
        self.assertTrue(found.reason.startswith("no type is known of 'm'"))
        self.assertIn("Min 'min'", found.nodes)

    def test_a_loop_that_fails_when_it_is_looked_into(self):
        good, bad = (typed(LOOP, {"last": last, "factor": 2}) for last in (3, 4))
        found, _ = search(Failing(good), Evaluator(bad), LOOP_FEED)
        self.assertIn("does not run with", found.reason)

    def test_an_output_that_no_node_computes(self):
        mine, theirs = self.pair(CHAIN, VALUES, {"weight": 4.5}, values=())
        seen = Seen(deviation(np.ones(1), np.zeros(1)))
        found = Search(mine, theirs, CHAIN_FEED, Tolerance(), print).find({"x": seen})
        self.assertIsNone(found)


if __name__ == "__main__":
    unittest.main()
