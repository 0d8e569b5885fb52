"""Graphs that exporters wrote, from the folder beside the checkout that the model
tests read."""

import exported


def graph_of(name):
    """A `make` of an exported graph; it gives None where there is no such folder."""
    def make(path):
        folder = exported.folder()
        if folder is None or not (folder / "graphs" / f"{name}.onnx").exists():
            return None
        return exported.make(name, path)
    return make
