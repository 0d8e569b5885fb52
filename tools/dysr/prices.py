"""What networks of a supernet are thought to take, by dycc's oracle."""

import contextlib
import tempfile
from pathlib import Path

import variants
from client import with_dycc
from failure import DydcaError


class Prices:
    """An oracle that is asked about networks at one size, and remembers its answers.

    machine: a file of dycc-calibrate of this machine; without it times rank, and are no clock
    size: height and width of what is upscaled
    """

    def __init__(self, machine, parameters, scale, size):
        self.dycc = with_dycc()
        self.parameters, self.scale, self.size = parameters, scale, size
        self.machine, self.known = machine, {}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(
                prefix="dycc-prices-")))
            self.oracle = stack.enter_context(self.dycc.Oracle(self.machine))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def seconds(self, net):
        """Seconds of a run of the network at the size."""
        if net not in self.known:
            path = variants.write(self.folder / "net.onnx", self.parameters, net, self.scale)
            try:
                prediction = self.oracle.load(path)
                self.known[net] = prediction(H=self.size[0], W=self.size[1]).seconds
            except self.dycc.Error as error:
                raise DydcaError(f"{net.name}: the oracle refuses it: {error}") from None
        return self.known[net]
