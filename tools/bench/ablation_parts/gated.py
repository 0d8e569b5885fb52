"""Networks that skip blocks by what they see, as PyTorch writes them with weights drawn
at random: BlockDrop (a policy network decides for all blocks before the first runs) and
ConvNet-AIG (each block has a gate of its own)."""

import numpy as np

from builder import F32, Graph

STAGES = ((16, 5), (32, 5), (64, 5))  # Channels and blocks: ResNet-32 for small images.
BOTTLENECKS = ((64, 3), (128, 4), (256, 6), (512, 3))  # ResNet-50.


class Network:
    """Layers of a graph, which branches of it use too."""

    def __init__(self, seed):
        self.top, self.rng, self.count = Graph(17), np.random.default_rng(seed), 0

    def weight(self, *shape, gain=2.0):
        self.count += 1
        deviation = np.float32((gain / np.prod(shape[1:])) ** 0.5)
        return self.top.weight(f"weight{self.count}",
                               self.rng.standard_normal(shape, np.float32) * deviation)

    def conv(self, g, x, into, of, size=3, stride=1, gain=2.0):
        """A convolution as exporters leave it once its normalization is folded."""
        self.count += 1
        bias = self.top.weight(f"bias{self.count}", np.zeros(into, np.float32))
        return g.op("Conv", x, self.weight(into, of, size, size, gain=gain), bias,
                    kernel_shape=[size] * 2, strides=[stride] * 2, pads=[size // 2] * 4)

    def linear(self, g, x, into, of):
        self.count += 1
        bias = self.top.weight(f"bias{self.count}",
                               self.rng.standard_normal(into, np.float32))
        return g.op("Gemm", x, self.weight(into, of), bias, transB=1)

    def pooled(self, g, x):
        return g.op("Flatten", g.op("GlobalAveragePool", x), axis=1)

    def gate(self, g, x, channels):
        """True where the second of two scores is larger, of the first image."""
        hidden = g.op("Relu", self.linear(g, self.pooled(g, x), 16, channels))
        scores = self.linear(g, hidden, 2, 16)
        choice = g.op("ArgMax", scores, axis=1, keepdims=0)
        first = g.op("Gather", choice, g.constant(0), axis=0)
        return g.op("Equal", first, g.constant(1))

    def skipped(self, g, open_, x, block):
        """x + block(x) where `open_` is true, else x."""
        graphs = {}
        for key, make in (("then_branch", lambda b: b.op("Add", block(b, x), x)),
                          ("else_branch", lambda b: b.op("Identity", x))):
            b = g.branch()
            b.output(b.fresh(key), make(b), F32, [1, None, None, None])
            graphs[key] = b.graph(key)
        return g.op("Relu", g.op("If", open_, **graphs))

    def save(self, path, name, x, channels):
        g = self.top
        g.output("scores", self.linear(g, self.pooled(g, x), 10, channels), F32, [1, 10])
        return g.save(str(path), name)


def make_blockdrop(path):
    net = Network(3)
    g = net.top
    image = g.input("image", F32, [1, 3, "H", "W"])
    # The policy: a small ResNet, then a number between 0 and 1 for each block.
    small = g.op("Relu", net.conv(g, image, 8, 3, stride=2))
    for into, of in ((16, 8), (32, 16)):
        small = g.op("Relu", net.conv(g, small, into, of, stride=2))
    total = sum(count for _, count in STAGES)
    odds = g.op("Sigmoid", net.linear(g, net.pooled(g, small), total, 32))
    policy = g.op("Greater", odds, g.constant(0.5, np.float32))
    x, of, number = g.op("Relu", net.conv(g, image, STAGES[0][0], 3)), STAGES[0][0], 0
    for channels, count in STAGES:
        if channels != of:
            x = g.op("Relu", net.conv(g, x, channels, of, stride=2))
        of = channels
        for _ in range(count):
            kept = g.op("Gather", g.op("Gather", policy, g.constant(0), axis=0),
                        g.constant(number), axis=0)
            x, number = net.skipped(g, kept, x, lambda b, v, c=channels: net.conv(
                b, b.op("Relu", net.conv(b, v, c, c)), c, c, gain=0.3)), number + 1
    return net.save(path, "blockdrop", x, of)


def bottleneck(net, b, v, outer, inner):
    y = b.op("Relu", net.conv(b, v, inner, outer, size=1))
    y = b.op("Relu", net.conv(b, y, inner, inner))
    return net.conv(b, y, outer, inner, size=1, gain=0.3)


def make_convnet_aig(path):
    net = Network(5)
    g = net.top
    image = g.input("image", F32, [1, 3, "H", "W"])
    x = g.op("Relu", net.conv(g, image, 64, 3, size=7, stride=2))
    x = g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    of = 64
    for number, (inner, count) in enumerate(BOTTLENECKS):
        outer = 4 * inner
        x = g.op("Relu", net.conv(g, x, outer, of, size=1, stride=2 if number else 1))
        of = outer
        for _ in range(count):
            x = net.skipped(g, net.gate(g, x, outer), x,
                            lambda b, v, o=outer, i=inner: bottleneck(net, b, v, o, i))
    return net.save(path, "convnet_aig", x, of)
