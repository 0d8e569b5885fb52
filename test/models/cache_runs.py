"""Caches that grow in the caller's memory: a decoder's keys and values, step after step,
in arrays with room, against ONNX Runtime with caches of its own."""

import numpy as np
import onnxruntime

import dycc
import transformer
from bad_inputs import case, check, mentions
from builder import F32, I64, Graph
from memory_runs import Counting

WORDS, WIDTH, HEADS, LAYERS = 50, 64, 4, 2
NAMES = [f"{k}{i}" for i in range(LAYERS) for k in "kv"]


def decoder(env):
    file = str(env.folder / "model.onnx")
    return transformer.make_decoder_step(file, layers=LAYERS, width=WIDTH, heads=HEADS,
                                         words=WORDS)


class Expected:
    """The decoder in ONNX Runtime, whose caches are new with each step."""

    def __init__(self, file, batch):
        self.session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        empty = np.zeros((batch, HEADS, 0, WIDTH // HEADS), np.float32)
        self.caches = [empty] * len(NAMES)

    def step(self, ids):
        feed = {f"past_{n}": c for n, c in zip(NAMES, self.caches)}
        logits, *self.caches = self.session.run(None, {"ids": ids} | feed)
        return logits


def room_for(batch, places):
    """Caches whose memory shows what was written, for that many tokens."""
    shape = (batch, HEADS, places, WIDTH // HEADS)
    return [np.full(shape, np.nan, np.float32) for _ in NAMES]


def step_in_place(model, ids, past, caches):
    """Runs a step behind `past` tokens; both sides of each cache are parts of one array."""
    end = past + ids.shape[1]
    feed = {f"past_{n}": c[:, :, :past] for n, c in zip(NAMES, caches)}
    out = {f"present_{n}": c[:, :, :end] for n, c in zip(NAMES, caches)}
    results = model.run({"ids": ids} | feed, out=out, donate=list(feed))
    for name, memory in out.items():
        check(results[name].shape == memory.shape, f"{name} is {results[name].shape}")
        check(np.shares_memory(results[name], memory), f"{name} lies elsewhere")
    return results["logits"]


def alike(a, b):
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-4, atol=1e-4))


def compare_steps(model, file, batch, places, counts):
    expected, caches, past = Expected(file, batch), room_for(batch, places), 0
    rng = np.random.default_rng(places)
    for count in counts:
        ids = rng.integers(0, WORDS, (batch, count))
        logits = step_in_place(model, ids, past, caches)
        where = f"behind {past} of {places} places, {batch}x{count}"
        check(alike(logits, expected.step(ids)), f"logits differ {where}")
        past += count
        for name, cache, other in zip(NAMES, caches, expected.caches):
            check(alike(cache[:, :, :past], other), f"{name} differs {where}")
            check(np.isnan(cache[:, :, past:]).all(), f"{name} is written beyond {where}")


@case
def caches_grow_in_place(env):
    """From nothing to the last place, by one token and by several, for each batch."""
    file = decoder(env)
    library = env.compile(file)
    for threads in (1, 2):
        with dycc.load(library, threads=threads) as model:
            for batch, places, counts in ((1, 40, [5, 1, 1, 1, 7, 1, 24]), (1, 300, [1, 1, 200, 1]),
                                          (3, 33, [1] * 6 + [20, 1]), (2, 9, [9]), (4, 16, [3, 13])):
                compare_steps(model, file, batch, places, counts)


@case
def compact_caches_agree(env):
    """Without room, donated or not, into given memory or lent: the bits of those that grow
    in place."""
    rng = np.random.default_rng(1)
    with dycc.load(env.compile(decoder(env)), threads=1) as model:
        for batch, past, count in ((1, 6, 1), (2, 6, 1), (3, 17, 4), (2, 0, 5)):
            ids = rng.integers(0, WORDS, (batch, count))
            caches = room_for(batch, past + count + 3)
            for cache in caches:
                cache[:, :, :past] = rng.standard_normal(cache[:, :, :past].shape)
            feed = {"ids": ids} | {f"past_{n}": c[:, :, :past].copy()
                                   for n, c in zip(NAMES, caches)}
            lent = model.run(feed)
            given = {n: np.empty_like(a) for n, a in lent.items()}
            model.run(feed, out=given)
            gone = model.run({n: a.copy() for n, a in feed.items()}, donate=["past_k0", "past_v1"])
            logits = step_in_place(model, ids, past, caches)
            for n, cache in zip(NAMES, caches):
                present = cache[:, :, :past + count].tobytes()
                check(all(r[f"present_{n}"].tobytes() == present for r in (lent, given, gone)),
                      f"{n} differs at {batch}x{count} behind {past}")
            check(all(r["logits"].tobytes() == logits.tobytes() for r in (lent, given, gone)),
                  f"logits differ at {batch}x{count} behind {past}")


@case
def some_caches_in_place(env):
    """Each cache has its own room, or none."""
    rng = np.random.default_rng(2)
    ids = rng.integers(0, WORDS, (2, 1))
    with dycc.load(env.compile(decoder(env)), threads=1) as model:
        past = rng.standard_normal((len(NAMES), 2, HEADS, 5, WIDTH // HEADS)).astype(np.float32)
        feed = {"ids": ids} | {f"past_{n}": p for n, p in zip(NAMES, past)}
        expected = model.run(feed)
        caches = room_for(2, 8)[:1] + room_for(2, 31)[:1]
        out = {}
        for name, cache in zip(("k0", "v1"), caches):
            cache[:, :, :5] = feed[f"past_{name}"]
            feed[f"past_{name}"], out[f"present_{name}"] = cache[:, :, :5], cache[:, :, :6]
        found = model.run(feed, out=out, donate=["past_k0", "past_v1"])
        for name in expected:
            check(found[name].tobytes() == expected[name].tobytes(), f"{name} differs")


@case
def room_that_is_too_small_is_refused(env):
    """Or that is another cache's; the next run works."""
    names = [f"past_{n}" for n in NAMES]
    with dycc.load(env.compile(decoder(env)), threads=1) as model:
        caches = room_for(2, 6)
        for cache in caches:
            cache[:, :, :4] = 1

        def refuse(words, count, **out):
            feed = {"ids": np.zeros((2, count), np.int64)}
            feed |= {n: c[:, :, :4] for n, c in zip(names, caches)}
            ends = {f"present_{n}": c[:, :, :5] for n, c in zip(NAMES, caches)}
            try:
                model.run(feed, out=ends | out, donate=names)
            except dycc.Error as error:
                mentions(error.text, words)
            else:
                check(False, f"expects {words}, but the run succeeded")

        refuse(["output \"present_k0\": memory has 3072 bytes, needs 3584"], 3)
        refuse(["output \"present_v0\": has room along dim 2, expects input \"past_v0\" to be "
                "donated and to have it in the same memory"], 1, present_v0=caches[0][:, :, :5])
        step_in_place(model, np.zeros((2, 2), np.int64), 4, caches)


@case
def runs_in_place_take_less(env):
    """No call of the allocator after the first run of a shape, and logits where the caller
    wants them."""
    counter = Counting()
    with dycc.load(env.compile(decoder(env)), threads=1, allocator=counter) as model:
        model.reserve(B=(1, 2), T=(1, 8), P=(0, 64))
        caches, before = room_for(2, 64), counter.calls
        for past in range(0, 60, 4):
            step_in_place(model, np.zeros((2, 4), np.int64), past, caches)
        check(counter.calls == before, f"{counter.calls - before} calls of the allocator")


@case
def what_is_new_is_computed_behind_the_past(env):
    """Also where the Concat's kernel computes it, of integers, and of one head."""
    g = Graph(17)
    past, x = g.input("past", I64, ["B", 1, "P", 3]), g.input("x", I64, ["B", 1, "T", 3])
    more = g.op("Add", g.op("Mul", x, x), g.constant(1))
    g.output("present", g.op("Concat", past, more, axis=2), I64, ["B", 1, "E", 3])
    keys, y = g.input("keys", F32, ["B", 2, "P", 5]), g.input("y", F32, ["B", 2, "T", 5])
    g.output("longer", g.op("Concat", keys, y, axis=-2), F32, ["B", 2, "E", 5])
    file = g.save(str(env.folder / "model.onnx"), "model")
    with dycc.load(env.compile(file), threads=1) as model:
        for batch in (1, 3):
            cache, other = np.zeros((batch, 1, 9, 3), np.int64), np.zeros((batch, 2, 7, 5), np.float32)
            cache[:, :, :2], other[:, :, :2] = 7, 0.5
            feed = {"past": cache[:, :, :2], "keys": other[:, :, :2],
                    "x": np.arange(batch * 9).reshape(batch, 1, 3, 3),
                    "y": np.arange(batch * 30, dtype=np.float32).reshape(batch, 2, 3, 5)}
            model.run(feed, out={"present": cache[:, :, :5], "longer": other[:, :, :5]},
                      donate=["past", "keys"])
            check((cache[:, :, :2] == 7).all() and (other[:, :, :2] == 0.5).all(), "past changed")
            check((cache[:, :, 2:5] == feed["x"] ** 2 + 1).all(), "another present")
            check((other[:, :, 2:5] == feed["y"]).all(), "another longer")
            check(not cache[:, :, 5:].any() and not other[:, :, 5:].any(), "written beyond")
