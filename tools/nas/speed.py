"""The speed model of the search: seconds as a function of widths, with gradients, by dycc's
oracle (docs/oracle.md). What a block takes follows from its widths; head and tail from the
channels between blocks."""

import dycc
from supernet import Network

POINTS = 3  # Of each axis of the grid that the oracle is asked at.


def spread(values):
    """The ends of sorted values and some between them."""
    last = len(values) - 1
    return sorted({values[round(i * last / (POINTS - 1))] for i in range(POINTS)})


class Speed:
    """Seconds of networks of a space at the oracle's size."""

    def __init__(self, prices, space):
        self.prices, self.count = prices, min(3, len(space.largest.blocks))
        wide, narrow = space.choices(0)
        axes = {"width": spread(space.widths), "wide": spread(wide), "narrow": spread(narrow)}
        self.block = dycc.Surrogate.of(self.of_block, axes)
        self.ends = dycc.Surrogate.of(self.of_ends, {"width": axes["width"]})
        self.smallest = space.smallest.blocks[0]

    def of_block(self, width, wide, narrow):
        """What one more block takes: the oracle sees it among others, as it will run."""
        net = Network(width, ((wide, narrow),) * self.count)
        more = self.prices.seconds(net) - self.prices.seconds(net.first(1))
        return more / (self.count - 1)

    def of_ends(self, width):
        wide, narrow = self.axis_of("wide"), self.axis_of("narrow")
        net = Network(width, ((wide, narrow),))
        return self.prices.seconds(net) - self.of_block(width, wide, narrow)

    def axis_of(self, name):
        return int(self.block.axes[name][0])

    def rough(self, net):
        """Seconds of a network, by its blocks one by one."""
        return self.with_gradient(net.width, net.blocks, [1] * len(net.blocks))[0]

    def with_gradient(self, width, blocks, gates):
        """Seconds of a network whose block i counts by gates[i], and its gradients by the
        width, by each block's (wide, narrow), and by each gate."""
        total, found = self.ends.with_gradient(width=width)
        by_width, by_blocks, by_gates = found["width"], [], []
        for (wide, narrow), gate in zip(blocks, gates):
            seconds, found = self.block.with_gradient(width=width, wide=wide, narrow=narrow)
            total += gate * seconds
            by_width += gate * found["width"]
            by_blocks.append((gate * found["wide"], gate * found["narrow"]))
            by_gates.append(seconds)
        return total, by_width, by_blocks, by_gates
