"""The table of rules: a rule draws one legal node of its operator through a Maker."""

from typing import Callable, NamedTuple


class Rule(NamedTuple):
    """`sharp`: a last bit of a float operand may change the result altogether; `moves`:
    elements are those of operands, whatever they are."""

    draw: Callable
    sharp: bool
    moves: bool


RULES = {}  # {(domain, operator): Rule}
# Compiled operators without a rule, with the reason.
TEXT = "texts are no numbers that could be drawn; test/unit/Runtime*String*Test.cpp, RegexTest.cpp"
REASONS = {
    "DeformConv": "displaced taps meet the edges of an image; rows of test/models/regions.py",
    "Det": "determinants lose what they cancel; rows of test/models/regions.py",
    "MaxRoiPool": "cells round to the next pixel; rows of test/models/regions.py",
    "RegexFullMatch": TEXT, "StringConcat": TEXT, "StringNormalizer": TEXT, "StringSplit": TEXT,
    "TfIdfVectorizer": "pools of n-grams are found, not drawn; the node tests of onnx"}


def rule(*operators, sharp=False, moves=False, domain=""):
    """Registers how nodes of these operators are drawn."""
    def register(draw):
        for operator in operators:
            RULES[domain, operator] = Rule(draw, sharp, moves)
        return draw
    return register
