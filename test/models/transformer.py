"""Transformer models as exporters write them.

`make_encoder(path, layers=12, width=768)`: ids i64[B,S], mask i64[B,S] (1 where
a token is) -> hidden f32[B,S,width]. BERT's form, opset 14: post layer norm
written out (ReduceMean, Sub, Pow, ReduceMean, Add, Sqrt, Div, Mul, Add), GELU
written out (Div, Erf, Add, Mul, Mul), heads split by Reshape with shape
arithmetic.

`make_decoder_step(path, layers=3, width=512, words=1000)`: one step of a decoder with
pre layer norm: ids i64[B,T], past_k{i}, past_v{i} f32[B,heads,P,width/heads]
-> logits f32[B,T,vocab], present_k{i}, present_v{i} [B,heads,P+T,.]. Opset 17
(LayerNormalization as one node); tanh GELU; causal mask from Range, Less and
Where; P is 0 at the first step.
"""

import numpy as np

import paths  # noqa: F401  (for the import of builder)
from builder import F32, I64, Graph

VOCAB, POSITIONS = 1000, 1024


class Layers:
    """The parts both models share; weights are drawn as they are used."""

    def __init__(self, g, width, heads, seed):
        self.g, self.width, self.heads = g, width, heads
        self.rng = np.random.default_rng(seed)

    def normal(self, name, shape, deviation):
        value = self.rng.standard_normal(shape, np.float32) * np.float32(deviation)
        return self.g.weight(name, value)

    def linear(self, x, name, wide, out):
        weight = self.normal(f"{name}.weight", (wide, out), wide**-0.5)
        bias = self.normal(f"{name}.bias", (out,), 0.1)
        return self.g.op("Add", self.g.op("MatMul", x, weight), bias)

    def norm_weights(self, name):
        scale = 1 + 0.2 * self.rng.standard_normal(self.width, np.float32)
        return (self.g.weight(f"{name}.weight", scale),
                self.normal(f"{name}.bias", (self.width,), 0.1))

    def norm_written_out(self, x, name):
        g = self.g
        scale, bias = self.norm_weights(name)
        centred = g.op("Sub", x, g.mean(x, [-1]))
        square = g.op("Pow", centred, g.constant(2, np.float32))
        variance = g.op("Add", g.mean(square, [-1]), g.constant(1e-5, np.float32))
        unit = g.op("Div", centred, g.op("Sqrt", variance))
        return g.op("Add", g.op("Mul", unit, scale), bias)

    def norm(self, x, name):
        scale, bias = self.norm_weights(name)
        return self.g.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-5)

    def gelu_erf(self, x):
        g = self.g
        erf = g.op("Erf", g.op("Div", x, g.constant(2**0.5, np.float32)))
        half = g.op("Mul", x, g.op("Add", erf, g.constant(1, np.float32)))
        return g.op("Mul", half, g.constant(0.5, np.float32))

    def gelu_tanh(self, x):
        g = self.g
        cube = g.op("Pow", x, g.constant(3, np.float32))
        inner = g.op("Add", x, g.op("Mul", cube, g.constant(0.044715, np.float32)))
        tanh = g.op("Tanh", g.op("Mul", inner, g.constant((2 / np.pi) ** 0.5, np.float32)))
        half = g.op("Mul", x, g.constant(0.5, np.float32))
        return g.op("Mul", half, g.op("Add", tanh, g.constant(1, np.float32)))

    def split_heads(self, x):
        """[B,S,width] -> [B,heads,S,width/heads]."""
        g = self.g
        x = g.reshape(x, g.dim(x, 0), g.dim(x, 1), self.heads, self.width // self.heads)
        return g.op("Transpose", x, perm=[0, 2, 1, 3])

    def join_heads(self, x):
        g = self.g
        x = g.op("Transpose", x, perm=[0, 2, 1, 3])
        return g.reshape(x, g.dim(x, 0), g.dim(x, 1), self.width)

    def scores(self, query, key):
        g = self.g
        product = g.op("MatMul", query, g.op("Transpose", key, perm=[0, 1, 3, 2]))
        root = g.constant((self.width // self.heads) ** 0.5, np.float32)
        return g.op("Div", product, root)


def make_encoder(path, layers=12, width=768, heads=12, seed=0):
    g = Graph(14)
    ids = g.input("ids", I64, ["B", "S"])
    mask = g.input("mask", I64, ["B", "S"])
    parts = Layers(g, width, heads, seed)

    words = g.op("Gather", parts.normal("words", (VOCAB, width), 1), ids, axis=0)
    table = parts.normal("positions", (1, POSITIONS, width), 0.5)
    length = g.unsqueeze(g.dim(ids, 1), [0])
    x = g.op("Add", words, g.slice(table, [0], length, [1]))
    x = parts.norm_written_out(x, "embedding.norm")

    wide = g.op("Cast", g.unsqueeze(mask, [1, 2]), to=F32)
    blocked = g.op("Mul", g.op("Sub", g.constant(1, np.float32), wide),
                   g.constant(-10000, np.float32))
    for i in range(layers):
        x = encoder_layer(parts, x, blocked, f"layer{i}")
    g.output("hidden", x, F32, ["B", "S", width])
    return g.save(path, "transformer_encoder")


def encoder_layer(parts, x, blocked, name):
    g, width = parts.g, parts.width
    query, key, value = (parts.split_heads(parts.linear(x, f"{name}.{k}", width, width))
                         for k in ("query", "key", "value"))
    weights = g.op("Softmax", g.op("Add", parts.scores(query, key), blocked), axis=-1)
    seen = parts.join_heads(g.op("MatMul", weights, value))
    seen = parts.linear(seen, f"{name}.out", width, width)
    x = parts.norm_written_out(g.op("Add", seen, x), f"{name}.norm1")
    wide = parts.gelu_erf(parts.linear(x, f"{name}.up", width, 4 * width))
    down = parts.linear(wide, f"{name}.down", 4 * width, width)
    return parts.norm_written_out(g.op("Add", down, x), f"{name}.norm2")


def make_decoder_step(path, layers=3, width=512, heads=8, seed=0, words=VOCAB):
    g = Graph(17)
    parts = Layers(g, width, heads, seed)
    ids = g.input("ids", I64, ["B", "T"])
    cache = ["B", heads, "P", width // heads]
    past = [[g.input(f"past_{k}{i}", F32, cache) for k in "kv"] for i in range(layers)]

    begin, count = g.dim(past[0][0], 2), g.dim(ids, 1)
    end = g.op("Add", begin, count)
    positions = g.op("Range", begin, end, g.constant(1))
    table = parts.normal("positions", (POSITIONS, width), 0.5)
    word = g.op("Gather", parts.normal("words", (words, width), 1), ids, axis=0)
    x = g.op("Add", word, g.op("Gather", table, positions, axis=0))

    # Position t sees the cache and all up to itself.
    keys = g.op("Range", g.constant(0), end, g.constant(1))
    hidden = g.op("Less", g.unsqueeze(positions, [1]), g.unsqueeze(keys, [0]))
    present = []
    for i in range(layers):
        x, caches = decoder_layer(parts, x, past[i], hidden, f"layer{i}")
        present.append(caches)
    x = parts.norm(x, "final.norm")
    logits = g.op("MatMul", x, parts.normal("head.weight", (width, words), width**-0.5))
    g.output("logits", logits, F32, ["B", "T", words])
    for i, pair in enumerate(present):
        for k, value in zip("kv", pair):
            g.output(f"present_{k}{i}", value, F32, ["B", heads, "E", width // heads])
    return g.save(path, "decoder_step")


def decoder_layer(parts, x, past, hidden, name):
    g, width = parts.g, parts.width
    normed = parts.norm(x, f"{name}.norm1")
    joint = parts.linear(normed, f"{name}.qkv", width, 3 * width)
    split = g.op("Split", joint, g.constant([width] * 3), outputs=3, axis=2)
    query, key, value = (parts.split_heads(v) for v in split)
    key = g.op("Concat", past[0], key, axis=2)
    value = g.op("Concat", past[1], value, axis=2)
    low = g.constant(np.finfo(np.float32).min, np.float32)
    scores = g.op("Where", hidden, low, parts.scores(query, key))
    seen = g.op("MatMul", g.op("Softmax", scores, axis=-1), value)
    x = g.op("Add", x, parts.linear(parts.join_heads(seen), f"{name}.out", width, width))
    wide = parts.linear(parts.norm(x, f"{name}.norm2"), f"{name}.up", width, 4 * width)
    down = parts.linear(parts.gelu_tanh(wide), f"{name}.down", 4 * width, width)
    return g.op("Add", x, down), (key, value)
