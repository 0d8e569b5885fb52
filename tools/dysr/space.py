"""Which networks a supernet is trained for and a search may find, and how one is drawn."""

from dataclasses import dataclass

from supernet import LARGEST, SMALLEST, Network

# Channels come in these steps from the smallest network on.
WIDTH_STEP, WIDE_STEP, NARROW_STEP = 4, 8, 2


def steps(least, most, step):
    """From `least` on, and `most` in any case."""
    return sorted({*range(least, most, step), most})


@dataclass(frozen=True)
class Space:
    """All networks between two."""

    largest: Network = LARGEST
    smallest: Network = SMALLEST

    @property
    def widths(self):
        return steps(self.smallest.width, self.largest.width, WIDTH_STEP)

    def choices(self, block):
        """(legal numbers of wide channels, of narrow ones) of a block."""
        wide, narrow = self.smallest.blocks[0]
        most = self.largest.blocks[block]
        return steps(wide, most[0], WIDE_STEP), steps(narrow, most[1], NARROW_STEP)

    @property
    def depths(self):
        return range(len(self.smallest.blocks), len(self.largest.blocks) + 1)

    def pick(self, rng, share, values):
        """One of sorted values, about `share` of the way, where there is one; else any."""
        at = rng.random() if share is None else share
        return int(values[min(int(at * len(values)), len(values) - 1)])

    def draw(self, rng):
        """A network, of equal blocks in half of the cases."""
        shares = (None, None) if rng.random() < 0.5 else rng.random(2)
        width = self.pick(rng, None, self.widths)
        depth = int(rng.integers(self.depths[0], self.depths[-1] + 1))
        return Network(width, tuple(
            tuple(self.pick(rng, share, values)
                  for share, values in zip(shares, self.choices(block)))
            for block in range(depth)))

    def nearest(self, width, depth, blocks):
        """The network that numbers of any kind are nearest to."""
        def of(values, wanted):
            return min(values, key=lambda value: abs(value - wanted))

        chosen = of(self.depths, depth)
        return Network(of(self.widths, width), tuple(
            tuple(of(values, wanted) for values, wanted in zip(self.choices(i), blocks[i]))
            for i in range(chosen)))
