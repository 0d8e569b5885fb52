"""Evolution of networks within a budget: what is asked of each is the oracle's time of the
whole network, and the PSNR of the supernet's weights in it."""

from dataclasses import dataclass, field

import numpy as np

import variants
from supernet import Network

TRIES = 40  # Steps down until a network fits.
SLACK = 1.1  # By how much rough times may be too long.
CHANCE = 0.25  # That a number of a child is changed.


@dataclass
class Judged:
    """What is known of networks, seconds and PSNR, by functions of one. `rough` are seconds
    that cost nothing to ask for."""

    seconds: object
    psnr: object
    rough: object
    found: dict = field(default_factory=dict)

    def fits(self, net, budget):
        """Whether it takes no longer. What is far from that by the rough times, and was never
        asked about, is not asked about now."""
        if net not in self.found and self.rough(net) > SLACK * budget:
            return False
        return self.seconds(net) <= budget

    def __call__(self, net):
        if net not in self.found:
            self.found[net] = self.seconds(net), self.psnr(net)
        return self.found[net]

    def front(self):
        return variants.front([(*found, net) for net, found in self.found.items()])


def near(rng, values, value):
    """A neighbour of a value among those that are legal."""
    at = min(range(len(values)), key=lambda i: abs(values[i] - value))
    return values[min(max(at + int(rng.choice([-2, -1, 1, 2])), 0), len(values) - 1)]


def changed(rng, space, net):
    """A child: some numbers go to neighbours, a block comes or goes."""
    width = near(rng, space.widths, net.width) if rng.random() < CHANCE else net.width
    blocks = [tuple(near(rng, values, n) if rng.random() < CHANCE else n
                    for values, n in zip(space.choices(i), block))
              for i, block in enumerate(net.blocks)]
    if rng.random() < CHANCE and len(blocks) > space.depths[0]:
        del blocks[int(rng.integers(len(blocks)))]
    elif rng.random() < CHANCE and len(blocks) < space.depths[-1]:
        blocks.append(blocks[-1])
    return Network(width, tuple(blocks))


def crossed(rng, a, b):
    """Of two networks a child that has the blocks of one or the other."""
    longer = a if rng.random() < 0.5 else b
    blocks = [(a, b)[int(rng.integers(2))].blocks[i:i + 1] or longer.blocks[i:i + 1]
              for i in range(len(longer.blocks))]
    return Network(longer.width, sum(blocks, ()))


def smaller(rng, space, net):
    """One number of a network a step lower, or a block less; None where nothing is."""
    places = [("width", space.widths, net.width)]
    for i, block in enumerate(net.blocks):
        places += [((i, j), values, n)
                   for j, (values, n) in enumerate(zip(space.choices(i), block))]
    places = [p for p in places if p[2] > p[1][0]]
    if len(net.blocks) > space.depths[0]:
        places.append(("depth", None, None))
    if not places:
        return None
    place, values, n = places[int(rng.integers(len(places)))]
    if place == "depth":
        return net.first(len(net.blocks) - 1)
    lower = max(v for v in values if v < n)
    if place == "width":
        return Network(lower, net.blocks)
    blocks = [list(block) for block in net.blocks]
    blocks[place[0]][place[1]] = lower
    return Network(net.width, tuple(map(tuple, blocks)))


def fitted(rng, space, net, judged, budget):
    """The network, or one below it that the budget allows; None if none is found."""
    for _ in range(TRIES):
        if net is None or judged.fits(net, budget):
            return net
        net = smaller(rng, space, net)
    return None


def evolved(space, judged, budget, first, generations, size, seed):
    """The network of the most PSNR within the budget, of `generations` generations of `size`
    networks that begin with those of `first`."""
    rng = np.random.default_rng([seed, 2])
    people = [net for net in dict.fromkeys(
        fitted(rng, space, net, judged, budget) for net in first) if net]
    people.append(space.smallest)
    for _ in range(generations):
        people = sorted(dict.fromkeys(people), key=lambda net: -judged(net)[1])[:size // 2]
        children = []
        while len(children) < size - len(people):
            a, b = (people[int(rng.integers(len(people)))] for _ in range(2))
            child = changed(rng, space, crossed(rng, a, b) if rng.random() < 0.5 else a)
            child = fitted(rng, space, child, judged, budget)
            children.append(child or space.smallest)
        people += children
    return max(people, key=lambda net: judged(net)[1])
