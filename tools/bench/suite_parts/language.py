"""Transformers as exporters write them: BERT-base, RoBERTa-base, a decoder step of
GPT-2's size, and Whisper-tiny's encoder."""

import functools

import numpy as np

import transformer
from builder import F32, I64, Graph
from suite_parts.exported import graph_of
from suite_parts.recipes import Size, filled, integers, normal
from suite_parts.registry import LANGUAGE, SHORT, Model

BERT_WORDS, ROBERTA_WORDS, GPT_WORDS = 30522, 50265, 50257
LAYERS, WIDTH, HEADS = 12, 768, 12
PAD = 1  # RoBERTa's padding token; positions begin behind it.


class Exported(transformer.Layers):
    """The layers as opset 17 has them: LayerNormalization is one node."""

    norm_written_out = transformer.Layers.norm


def blocked(g, mask):
    """What is added to scores: a large negative number where there is no token."""
    wide = g.op("Cast", g.unsqueeze(mask, [1, 2]), to=F32)
    absent = g.op("Sub", g.constant(1, np.float32), wide)
    return g.op("Mul", absent, g.constant(np.finfo(np.float32).min, np.float32))


def embedded(parts, ids, words):
    return parts.g.op("Gather", parts.normal("words", (words, WIDTH), 1), ids, axis=0)


def encode(parts, x, mask):
    """All layers, with the outputs of the model."""
    g = parts.g
    hidden = blocked(g, mask)
    for i in range(LAYERS):
        x = transformer.encoder_layer(parts, x, hidden, f"layer{i}")
    first = g.op("Gather", x, g.constant(0), axis=1)
    weight = parts.normal("pooler.weight", (WIDTH, WIDTH), WIDTH**-0.5)
    bias = parts.normal("pooler.bias", (WIDTH,), 0.1)
    pooled = g.op("Tanh", g.op("Gemm", first, weight, bias, transB=1))
    g.output("last_hidden_state", x, F32, ["B", "S", WIDTH])
    g.output("pooler_output", pooled, F32, ["B", WIDTH])


def make_bert(path):
    g = Graph(17)
    ids, mask, kinds = (g.input(name, I64, ["B", "S"]) for name in
                        ("input_ids", "attention_mask", "token_type_ids"))
    parts = Exported(g, WIDTH, HEADS, seed=0)
    buffer = g.weight("position_ids", np.arange(512)[None])
    places = g.slice(buffer, [0], g.unsqueeze(g.dim(ids, 1), [0]), [1])
    x = g.op("Add", embedded(parts, ids, BERT_WORDS), g.op(
        "Gather", parts.normal("kinds", (2, WIDTH), 0.5), kinds, axis=0))
    x = g.op("Add", x, g.op("Gather", parts.normal("positions", (512, WIDTH), 0.5),
                            places, axis=0))
    encode(parts, parts.norm(x, "embedding.norm"), mask)
    return g.save(path, "bert_base")


def make_roberta(path):
    """Positions are counted by CumSum over what is no padding."""
    g = Graph(17)
    ids, mask = (g.input(name, I64, ["B", "S"]) for name in ("input_ids", "attention_mask"))
    parts = Exported(g, WIDTH, HEADS, seed=1)
    real = g.op("Cast", g.op("Not", g.op("Equal", ids, g.constant(PAD))), to=I64)
    counted = g.op("Mul", g.op("CumSum", real, g.constant(1)), real)
    places = g.op("Add", counted, g.constant(PAD))
    kind = parts.normal("kinds", (1, WIDTH), 0.5)
    kinds = g.op("Gather", kind, g.op("ConstantOfShape", g.op("Shape", ids),
                                      value=zero()), axis=0)
    x = g.op("Add", embedded(parts, ids, ROBERTA_WORDS), kinds)
    x = g.op("Add", x, g.op("Gather", parts.normal("positions", (514, WIDTH), 0.5),
                            places, axis=0))
    encode(parts, parts.norm(x, "embedding.norm"), mask)
    return g.save(path, "roberta_base")


def zero():
    from onnx import numpy_helper

    return numpy_helper.from_array(np.zeros(1, np.int64))


def tokens(batch, length, words, kinds=False):
    """A batch of sentences without padding."""
    feed = {"input_ids": integers(PAD + 1, words, batch, length),
            "attention_mask": filled(1, batch, length)}
    if kinds:
        feed["token_type_ids"] = filled(0, batch, length)
    return Size(f"{batch}x{length}", feed, (SHORT,) if length <= 32 else ())


def step(batch, count, past, layers=LAYERS):
    """`count` tokens behind a cache of `past`."""
    cache = normal(batch, HEADS, past, WIDTH // HEADS)
    feed = {"ids": integers(0, GPT_WORDS, batch, count)}
    feed |= {f"past_{k}{i}": cache for i in range(layers) for k in "kv"}
    return Size(f"{batch}x{count} past {past}", feed)


def models():
    short = [(1, 32), (1, 8), (3, 31), (1, 1)]

    def drawn(words, kinds):
        return lambda rng: tokens(1, int(rng.integers(1, 65)), words, kinds)

    yield Model("bert_base", LANGUAGE, make_bert,
                [tokens(*s, BERT_WORDS, True) for s in [(1, 128), (1, 384), (2, 61), *short]],
                drawn(BERT_WORDS, True))
    yield Model("roberta_base", LANGUAGE, make_roberta,
                [tokens(*s, ROBERTA_WORDS) for s in [(1, 128), (1, 131), *short]],
                drawn(ROBERTA_WORDS, False))
    yield Model("gpt2_step", LANGUAGE, functools.partial(
        transformer.make_decoder_step, layers=LAYERS, width=WIDTH, heads=HEADS,
        words=GPT_WORDS),
        [*(step(1, 1, past) for past in (1023, 511, 127, 31, 1, 0)), step(3, 1, 61),
         step(1, 61, 0)], lambda rng: step(1, 1, int(rng.integers(0, 1024))))
    yield Model("whisper_tiny_encoder", LANGUAGE, graph_of("whisper_tiny_encoder_ts"),
                [Size(f"{n}x80x3000", {"mel": normal(n, 80, 3000)}) for n in (1, 2)])
