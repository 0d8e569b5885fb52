"""What pages of the ablation make of its rows."""

import math


def geometric(values):
    values = [v for v in values if v > 0]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def rows_of(data):
    """(model, size row) of everything that was measured."""
    return [(model, row) for model in data["models"] for row in model.get("sizes", ())]


def mebibytes(count):
    value = count / 2**20
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
