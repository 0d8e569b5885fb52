#!/usr/bin/env python3
"""Compiles random graphs and compares them with ONNX Runtime.

    test/models/random_graphs.py [--seed 0] [--count 20] [--verify-shapes] [--parts]
                                 [--dycc build/bin/dycc]

A graph has one to three inputs over the symbols A, B, C and is a chain of
element-wise operators, broadcasts, reshapes and transposes by shape arithmetic,
reductions, products, convolutions, slices, concats, and nested If and Loop whose bodies
are such chains and use outer values; loops carry values of one size, and caches that
grow. Each graph is compiled in several ways (random_variants.py) and each run at several
random extents.
--parts: with each part of the static plan off, not one alone. --verify-shapes: the symbolic
extents and integers of every value against actual ones. Seed n + i makes graph i, so
`--seed 17 --count 1` repeats one that was printed as red.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import paths
from command_line import each
from expected import save, verdict
from builder import BOOL, F32, I64, Graph
from random_variants import check

SYMBOLS = ("A", "B", "C")
# Operators that keep values tame: no deviation grows from step to step.
UNARY = ("Abs", "Neg", "Relu", "Sigmoid", "Tanh", "Sin", "Cos", "Erf", "Softplus",
         "Atan", "Softsign", "HardSigmoid", "LeakyRelu", "Elu", "Selu", "Identity")
BINARY = ("Add", "Sub", "Mul", "Min", "Max", "PRelu")
COMPARE = ("Less", "Greater", "LessOrEqual", "GreaterOrEqual")


class Value:
    """A value of the graph and its extents: numbers and symbol names."""

    def __init__(self, name, dims):
        self.name, self.dims = name, tuple(dims)


def joined(a, b):
    """The extents of a broadcast of two values, or None if it may fail."""
    width = max(len(a), len(b))
    a, b = (1,) * (width - len(a)) + a, (1,) * (width - len(b)) + b
    if any(x != y and 1 not in (x, y) for x, y in zip(a, b)):
        return None
    return tuple(y if x == 1 else x for x, y in zip(a, b))


class Maker:
    """Adds random steps to a graph; `pool` holds what a step may use."""

    def __init__(self, g, rng, pool, inputs, depth=0):
        self.g, self.rng, self.pool, self.depth = g, rng, list(pool), depth
        self.inputs = inputs
        self.current = self.pool[-1]

    def inner(self, g, pool):
        """A maker for a sub-graph that sees what this one has made."""
        return Maker(g, self.rng, pool, self.inputs, self.depth + 1)

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def other(self):
        """A value that broadcasts with the current one: an earlier value, or a
        constant of a shape that fits."""
        fits = [v for v in self.pool if joined(v.dims, self.current.dims)]
        if fits and self.rng.random() < 0.7:
            return self.pick(fits)
        dims = [d if isinstance(d, int) and self.rng.random() < 0.7 else 1
                for d in self.current.dims]
        dims = dims[self.rng.integers(len(dims) + 1):]
        data = self.rng.uniform(-1, 1, dims)
        return Value(self.g.constant(data, np.float32), dims)

    def keep(self, name, dims):
        self.current = Value(name, dims)
        self.pool.append(self.current)

    # Steps. Each replaces the current value.

    def unary(self):
        self.keep(self.g.op(self.pick(UNARY), self.current.name), self.current.dims)

    def binary(self):
        other, kind = self.other(), self.pick(BINARY)
        dims = joined(self.current.dims, other.dims)
        pair = [self.current.name, other.name]
        if kind == "PRelu" and dims != self.current.dims:
            kind = "Add"  # PRelu broadcasts its slope only.
        self.keep(self.g.op(kind, *pair), dims)
        self.tame()

    def tame(self):
        """Keeps sums and products from growing without bound."""
        self.keep(self.g.op("Tanh", self.current.name), self.current.dims)

    def where(self):
        """The test reads an input of the model: those are equal on both sides,
        so that rounding cannot flip an element."""
        other = self.other()
        dims = joined(self.current.dims, other.dims)
        fits = [v for v in self.inputs if joined(v.dims, dims)]
        if not fits:
            return self.unary()
        tested = self.pick(fits)
        test = self.g.op(self.pick(COMPARE), tested.name,
                         self.g.constant(0.05, np.float32))
        self.keep(self.g.op("Where", test, self.current.name, other.name),
                  joined(tested.dims, dims))

    def transpose(self):
        order = [int(i) for i in self.rng.permutation(len(self.current.dims))]
        self.keep(self.g.op("Transpose", self.current.name, perm=order),
                  [self.current.dims[i] for i in order])

    def extents(self):
        """The current extents as scalars read by Shape and Gather."""
        return [self.g.dim(self.current.name, i) if isinstance(d, str) else d
                for i, d in enumerate(self.current.dims)]

    def reshape_chain(self):
        """Flattens two neighbouring dims, works on that, splits them again."""
        g, dims, before = self.g, self.current.dims, self.extents()
        if len(dims) < 2:
            return self.unsqueeze()
        at = int(self.rng.integers(len(dims) - 1))
        flat = g.op("Mul", *(g.constant(d) if isinstance(d, int) else d
                             for d in before[at:at + 2]))
        name = g.reshape(self.current.name, *before[:at], flat, *before[at + 2:])
        name = g.op(self.pick(UNARY), name)
        self.keep(g.reshape(name, *before), dims)

    def unsqueeze(self):
        if len(self.current.dims) >= 4:
            return self.unary()
        at = int(self.rng.integers(len(self.current.dims) + 1))
        dims = list(self.current.dims)
        self.keep(self.g.unsqueeze(self.current.name, [at]), dims[:at] + [1] + dims[at:])

    def reduce(self):
        """Mean or sum over one axis. Kept as 1, so that ranks stay."""
        if not self.current.dims:
            return self.unary()
        at = int(self.rng.integers(len(self.current.dims)))
        dims = list(self.current.dims)
        dims[at] = 1
        kind = self.pick(("ReduceSum", "ReduceMax", "ReduceMean"))
        if kind == "ReduceSum":
            name = self.g.op(kind, self.current.name, self.g.constant([at]), keepdims=1)
        else:
            name = self.g.op(kind, self.current.name, axes=[at], keepdims=1)
        self.keep(name, dims)
        self.tame()

    def product(self):
        """The current value by itself, transposed, as means: else loops would make noise
        of what is rounded. Rows of any number, none packed."""
        dims = self.current.dims
        if len(dims) < 2:
            return self.unsqueeze()
        depth = self.extents()[-1]
        depth = self.g.constant(depth) if isinstance(depth, int) else depth
        order = [*range(len(dims) - 2), len(dims) - 1, len(dims) - 2]
        other = self.g.op("Transpose", self.current.name, perm=order)
        sums = self.g.op("MatMul", self.current.name, other)
        self.keep(self.g.op("Div", sums, self.g.op("Cast", depth, to=F32)),
                  [*dims[:-1], dims[-2]])

    def filtered(self):
        """A convolution along all axes but two, to other channels: weighted means. Without
        channels that are a number it starts with one."""
        g, dims = self.g, list(self.current.dims)
        if len(dims) < 2:
            return self.unary()
        if len(dims) == 2 or not isinstance(dims[1], int):
            if len(dims) == 4:
                return self.product()
            self.keep(g.unsqueeze(self.current.name, [1]), [dims[0], 1, *dims[1:]])
            dims = list(self.current.dims)
        axes, channels = len(dims) - 2, int(self.rng.integers(2, 10))
        size = int(self.pick((1, 3)))
        shape = [channels, dims[1], *[size] * axes]
        weights = self.rng.uniform(-1, 1, shape) / np.prod(shape[1:])
        name = g.op("Conv", self.current.name, g.constant(weights, np.float32),
                    kernel_shape=[size] * axes, pads=[size // 2] * (2 * axes))
        self.keep(name, [dims[0], channels, *dims[2:]])

    def double(self):
        """Concat with itself, then the first half by a Slice whose end is an
        extent. The result's extents are known to be the old ones."""
        if not self.current.dims:
            return self.unary()
        g, at = self.g, int(self.rng.integers(len(self.current.dims)))
        old = self.current
        twice = g.op("Concat", old.name, g.op("Neg", old.name), axis=at)
        end = g.unsqueeze(g.dim(old.name, at), [0])
        self.keep(g.slice(twice, [0], end, [at]), old.dims)

    def branch(self):
        """If on a value (a mean) or on a shape, with a chain in each branch.
        Both end in the same extents."""
        g, old = self.g, self.current
        if self.rng.random() < 0.5:
            sizes = g.op("Size", old.name)
            test = g.op("Greater", sizes, g.constant(int(self.rng.integers(20))))
        else:
            flat = g.op("ReduceMean", g.op("Concat", g.reshape(old.name, -1),
                                           g.constant([0.3], np.float32), axis=0),
                        keepdims=0)
            test = g.op("Less", flat, g.constant(0.1, np.float32))
        graphs = {}
        for key in ("then_branch", "else_branch"):
            inner = self.inner(g.branch(), self.pool)
            inner.chain(int(self.rng.integers(1, 4)))
            inner.finish(old, g.fresh(key))
            graphs[key] = inner.g.graph(key)
        self.keep(g.op("If", test, **graphs), old.dims)

    def finish(self, like, name):
        """Ends a branch in the extents of `like`."""
        g = self.g
        target = g.op("Shape", like.name)
        mean = g.op("ReduceMean", g.op("Concat", g.reshape(self.current.name, -1),
                                       g.constant([0.1], np.float32), axis=0), keepdims=0)
        both = g.op("Add", like.name, g.op("Expand", mean, target))
        g.output(name, g.op("Tanh", both), F32, like.dims)

    def loop(self):
        """A Loop that carries the current value, ends early on its counter, and
        scans out one number per trip."""
        g, old = self.g, self.current
        trips = g.constant(int(self.rng.integers(0, 5)))
        if old.dims and isinstance(old.dims[0], str):
            trips = g.dim(old.name, 0)
        b = g.branch()
        counter = b.input(b.fresh("trip"), I64, [])
        b.input(b.fresh("going"), BOOL, [])
        carried = b.input(b.fresh("carried"), F32, list(old.dims))
        inner = self.inner(b, [*self.pool, Value(carried, old.dims)])
        inner.chain(int(self.rng.integers(1, 3)))
        again = b.op("Less", counter, b.constant(int(self.rng.integers(1, 6))))
        b.output(b.fresh("again"), again, BOOL, [])
        inner.finish(Value(carried, old.dims), b.fresh("next"))
        b.output(b.fresh("scan"), b.op("Cast", counter, to=F32), F32, [])
        result, scan = g.op("Loop", trips, g.constant(True, bool), old.name, outputs=2,
                            body=b.graph("body"))
        total = g.op("ReduceSum", g.op("Tanh", scan), keepdims=0)
        self.keep(g.op("Tanh", g.op("Add", result, total)), old.dims)

    def cache(self):
        """A Loop that carries a cache of which the trips each append a row: the mean of
        the current one. What is left of it is a mean again."""
        g, old = self.g, self.current
        if not old.dims:
            return self.unary()
        trips = g.dim(old.name, 0) if isinstance(old.dims[0], str) else g.constant(3)
        b = g.branch()
        counter = b.input(b.fresh("trip"), I64, [])
        b.input(b.fresh("going"), BOOL, [])
        carried = b.input(b.fresh("cache"), F32, [None, *old.dims[1:]])
        again = b.op("Less", counter, b.constant(int(self.rng.integers(1, 9))))
        b.output(b.fresh("again"), again, BOOL, [])
        row = b.op("Add", b.op("ReduceMean", carried, axes=[0], keepdims=1),
                   b.op("Cast", counter, to=F32))
        b.output(b.fresh("longer"), b.op("Concat", carried, b.op("Tanh", row), axis=0), F32,
                 [None, *old.dims[1:]])
        result = g.op("Loop", trips, g.constant(True, bool), old.name, body=b.graph("body"))
        mean = g.op("ReduceMean", result, axes=[0], keepdims=1)
        self.keep(mean, [1, *old.dims[1:]])

    def chain(self, length):
        flat = ["unary"] * 3 + ["binary"] * 4 + ["filtered"] * 2
        flat += ["where", "transpose", "reshape_chain", "unsqueeze", "reduce", "double",
                 "product"]
        deep = ["branch", "loop", "cache"] if self.depth < 3 else []
        for _ in range(length):
            if self.depth == 0 and self.rng.random() < 0.1:
                self.current = self.pick(self.pool)
            getattr(self, self.pick(flat + deep))()


def make(path, seed):
    """A random model; returns the extents of its inputs."""
    rng = np.random.default_rng(seed)
    g, inputs = Graph(15), {}
    for i in range(int(rng.integers(1, 4))):
        rank = int(rng.integers(1, 4))
        dims = [SYMBOLS[rng.integers(3)] if rng.random() < 0.7 else
                int(rng.integers(1, 6)) for _ in range(rank)]
        inputs[g.input(f"x{i}", F32, dims)] = dims
    pool = [Value(k, v) for k, v in inputs.items()]
    maker = Maker(g, rng, pool, pool)
    maker.chain(int(rng.integers(4, 13)))
    g.output("y", maker.current.name, F32, [None] * len(maker.current.dims))
    g.save(str(path), f"random_{seed}")
    return inputs


def feeds(inputs, seed):
    """Inputs at 1, at a prime, at a large size and at random ones."""
    rng = np.random.default_rng([seed, 1])
    sizes = [(1, 1, 1), (7, 5, 3), (67, 31, 40), *rng.integers(1, 24, (3, 3))]
    for values in sizes:
        symbols = dict(zip(SYMBOLS, (int(v) for v in values)))
        yield symbols, {k: rng.uniform(-1, 1, [symbols.get(d, d) for d in dims]).astype(
            np.float32) for k, dims in inputs.items()}


def one(args):
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / f"random_{args.one}.onnx"
        inputs = make(model, args.one)
        problem, worst = check(args.one, model, feeds(inputs, args.one), args.dycc,
                               Path(folder), args.parts, args.verify_shapes)
    print(f"{'red  ' if problem else 'green'} seed {args.one:6}  worst {worst:.3g}  "
          f"{problem or ''}", flush=True)
    return int(problem is not None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--dycc", type=Path, default=paths.BUILD / "bin" / "dycc")
    parser.add_argument("--verify-shapes", action="store_true")
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--json", type=Path, help="write the results there")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if not args.dycc.exists():
        sys.exit(f"random_graphs.py: no compiler at {args.dycc}")
    if args.one is not None:
        return one(args)
    def green(seed):
        """In a process of its own: a crash is one red line."""
        flags = ["--verify-shapes"] * args.verify_shapes + ["--parts"] * args.parts
        code = subprocess.run([sys.executable, __file__, "--one", str(seed),
                               "--dycc", str(args.dycc), *flags]).returncode
        if code not in (0, 1):
            print(f"red   seed {seed:6}  ended by {code}", flush=True)
        return code == 0

    seeds = range(args.seed, args.seed + args.count)
    red = [s for s, good in zip(seeds, each(green, seeds)) if not good]
    print(f"{args.count - len(red)} of {args.count} green"
          + (f", red seeds: {red}" if red else ""))
    ran = {str(s) for s in seeds}
    save(args.json, {str(s) for s in red}, ran)
    return verdict("random", {str(s) for s in red}, ran)


if __name__ == "__main__":
    sys.exit(main())
