"""A model over items: which of them share a run, and what each gets of it."""

from collections.abc import Iterator, Sequence

import numpy as np

from dycc._errors import Error
from dycc._model import Model
from dycc.batch._data import Item
from dycc.batch._errors import refused, usage

Result = dict[str, np.ndarray]  # Arrays by output.


class Applied:
    """Runs `model` over items.

    An item's array of an input's rank is what a run takes. One of a rank less is one
    element of the input's leading axis: up to `batch` such items in a row, of equal
    shapes, share a run, and each gets its element of the outputs' leading axis.
    """

    def __init__(self, model: Model, batch: int, has_other_values: bool) -> None:
        self.model, self.batch, self.has_other_values = model, batch, has_other_values
        self.inputs = {v.name: v for v in model.inputs}

    def __call__(self, names: Sequence[str], items: Sequence[Item]) -> list[Result]:
        """The results of items, which `names` are called in texts."""
        named = [self._by_input(name, item) for name, item in zip(names, items)]
        results: list[Result] = []
        for start, stop in self._groups(names, named):
            what = f"item '{names[start]}'" if stop == start + 1 else \
                f"items '{names[start]}' to '{names[stop - 1]}'"
            try:
                results += self._run(named[start:stop])
            except Error as error:
                raise type(error)(error.status, f"{what}: {error.text}") from None
        return results

    def _by_input(self, name: str, item: Item) -> Item:
        """The item's arrays by the names of the model."""
        if "" in item:
            needed = [n for n, v in self.inputs.items() if not v.has_default]
            if len(needed) != 1:
                raise refused(f"item '{name}': is one array, the model needs {needed}: expected "
                              "arrays by name")
            return {needed[0]: item[""]}
        return {n: a for n, a in item.items() if n in self.inputs or not self.has_other_values}

    def _is_element(self, name: str, item: Item) -> dict[str, bool]:
        """Of each input: whether the item has one element of its leading axis."""
        found = {}
        for n, array in item.items():
            rank = len(self.inputs[n].shape) if n in self.inputs else array.ndim
            if array.ndim not in (rank, rank - 1):
                raise refused(f"item '{name}': input \"{n}\": has rank {array.ndim}, expects "
                              f"{rank}" + (f", or {rank - 1} for one of a batch" if rank else ""))
            found[n] = array.ndim == rank - 1
        return found

    def _groups(self, names: Sequence[str], items: Sequence[Item]) -> Iterator[tuple[int, int]]:
        """(start, stop) of the items of each run."""
        start, last = 0, None
        for i, (name, item) in enumerate(zip(names, items)):
            elements = self._is_element(name, item)
            shapes = [(n, a.shape, a.dtype) for n, a in item.items()]
            alike = shapes if elements and all(elements.values()) else None
            if i > start and (alike is None or alike != last or i - start == self.batch):
                yield start, i
                start = i
            last = alike
        if items:
            yield start, len(items)

    def _run(self, items: Sequence[Item]) -> list[Result]:
        elements = self._is_element("", items[0])
        feed = {n: np.stack([item[n] for item in items]) if is_element else items[0][n]
                for n, is_element in elements.items()}
        outputs = self.model.run(feed)
        axes = {self.inputs[n].shape[0] for n, is_element in elements.items() if is_element}
        split = {v.name for v in self.model.outputs if v.shape and v.shape[0] in axes}
        whole = [v.name for v in self.model.outputs if v.name not in split]
        if len(items) > 1 and whole:
            raise usage(f"output \"{whole[0]}\" has no leading axis {sorted(map(str, axes))[0]} "
                        "to tell the items of a run by, expected one item to a run")
        return [{n: a[i] if n in split else a for n, a in outputs.items()}
                for i in range(len(items))]
