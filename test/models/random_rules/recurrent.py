"""Recurrent networks and attention: numbers of heads, states and gates agree."""

import numpy as np

from random_values import each, same
from random_rules.rule import rule

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
BOUNDED = ("Tanh", "Sigmoid", "Softsign")
ACTIVATIONS = ("Tanh", "Sigmoid", "Relu", "Softsign", "Softplus")
WITH_ALPHA = ("LeakyRelu", "ThresholdedRelu", "Elu")


@rule(*GATES)
def recurrent(m):
    """Of layout 0: ONNX Runtime has no other."""
    direction = m.pick(("forward", "reverse", "bidirectional"))
    ways, gates = 1 + (direction == "bidirectional"), GATES[m.operator]
    length, batch, size, hidden = m.dim(1, 7), m.dim(1, 5), m.dim(1, 7), m.whole(1, 5)
    kind = m.kind("T")
    small = lambda *dims: m.tensor(kind, [d if isinstance(d, tuple) else same(d) for d in dims],
                                   fill="unit")
    x = small(length, batch, size)
    state = lambda: small(ways, batch, hidden)
    optional = {"B": lambda: small(ways, 2 * gates * hidden), "initial_h": state}
    if m.operator == "LSTM":
        optional |= {"initial_c": state, "P": lambda: small(ways, 3 * hidden)}
    given = {name: draw() for name, draw in optional.items() if m.maybe()}
    if m.maybe(0.3):
        given["sequence_lens"] = m.put([np.array(
            [m.whole(1, n) for _ in range(b)], np.int32) for n, b in zip(length, batch)], False)
    if m.maybe(0.3):
        given["activations"] = functions(m, BOUNDED, ACTIVATIONS) * ways
    elif m.maybe(0.1):
        names = functions(m, BOUNDED, WITH_ALPHA) * ways
        given |= {"activations": names,
                  "activation_alpha": [0.5 for name in names if name in WITH_ALPHA]}
    if m.operator == "LSTM" and m.maybe(0.2):
        given["input_forget"] = 1
    if m.operator == "GRU" and m.maybe():
        given["linear_before_reset"] = 1
    if m.maybe(0.2):
        given["clip"] = 0.5
    w, r = small(ways, gates * hidden, size), small(ways, gates * hidden, hidden)
    m.results += m.node(X=x, W=w, R=r, hidden_size=hidden,
                        direction=direction if direction != "forward" or m.maybe() else None,
                        **given, outputs=m.whole(1, len(m.schema.outputs)))


@rule("Attention")
def attention(m):
    heads = m.pick((1, 2, 3))
    groups = m.pick((1, 1, 2))
    batch, queries, keys = m.dim(1, 3), m.dim(1, 7), m.dim(1, 7)
    d, dv = m.whole(1, 8), m.whole(1, 8)
    flat = m.maybe(0.3)
    kind, kind_v = m.kind("T1"), m.kind("T2")
    kind_v = kind if m.maybe(0.9) else kind_v
    if flat:
        shape = lambda count, length, size: [batch, length, same(count * size)]
    else:
        shape = lambda count, length, size: [batch, same(count), length, same(size)]
    real = lambda kind, dims: m.tensor(kind, dims, fill="small", constant=False)
    q = real(kind, shape(heads * groups, queries, d))
    k, v = real(kind, shape(heads, keys, d)), real(kind, shape(heads, keys, dv))
    given, total = {}, keys
    if m.maybe(0.3):
        past = m.dim(1, 5)
        given["past_key"] = real(kind, [batch, same(heads), past, same(d)])
        given["past_value"] = real(kind, [batch, same(heads), past, same(dv)])
        total = each(lambda a, b: a + b, past, keys)
    if m.maybe(0.4):
        given["attn_mask"] = mask(m, kind, [batch, same(heads * groups), queries, total])
    if flat:
        given |= {"q_num_heads": heads * groups, "kv_num_heads": heads}
    if m.maybe(0.4):
        given["is_causal"] = 1
    if m.maybe(0.3):
        given["scale"] = 0.5
    if m.maybe(0.2):
        given["softcap"] = 2.0
    outputs = 3 if "past_key" in given else 1
    if m.maybe(0.2):
        given["qk_matmul_output_mode"] = m.whole(0, 3)
        outputs = [m.fresh(), *(m.fresh() if outputs == 3 else "" for _ in range(2)), m.fresh()]
    m.results += m.node(outputs=outputs, Q=q, K=k, V=v, **given)


def mask(m, kind, dims):
    """Which keys a query sees, one of them at least, or what is added to its scores."""
    dims = [d if m.maybe(0.6) else same(1) for d in dims[:2]] + dims[2:]
    value = m.tensor(np.dtype(bool) if m.maybe() else kind, dims[m.whole(0, 2):], constant=False)
    if value.kind.kind == "b":
        for data in value.data:
            data[..., 0] = True
    return value


@rule("LinearAttention")
def linear_attention(m):
    heads = m.whole(1, 3)
    d, dv, batch, length = m.whole(1, 5), m.whole(1, 5), m.dim(1, 3), m.dim(1, 7)
    mode = m.pick(("linear", "gated", "delta", "gated_delta"))
    kind = m.kind("T")
    real = lambda *dims, fill="unit": m.tensor(kind, [
        n if isinstance(n, tuple) else same(n) for n in dims], fill=fill, constant=False)
    q, k = real(batch, length, heads * d), real(batch, length, heads * d)
    given = {"value": real(batch, length, heads * dv)}
    if m.maybe():
        given["past_state"] = m.tensor(m.kind("S"), [batch, same(heads), same(d), same(dv)],
                                       fill="unit", constant=False)
    if "gated" in mode:
        given["decay"] = real(batch, length, heads)
    if "delta" in mode:
        given["beta"] = real(batch, length, heads, fill="probability")
    m.results += m.node(query=q, key=k, **given, q_num_heads=heads, kv_num_heads=heads,
                        update_rule=mode, scale=0.5 if m.maybe() else None)


@rule("RotaryEmbedding")
def rotary(m):
    heads, half = m.whole(1, 3), m.whole(1, 4)
    batch, length = m.dim(1, 3), m.dim(1, 7)
    flat = m.maybe(0.4)
    extra = 2 * m.whole(0, 2) if m.maybe(0.3) else 0
    size = 2 * half + extra
    x = m.tensor("T", [batch, length, same(heads * size)] if flat else
                 [batch, same(heads), length, same(size)], constant=False)
    if m.maybe(0.7):
        rows = m.dim(7, 13)
        ids = m.put([m.rng.integers(0, r, (b, n)) for r, b, n in zip(rows, batch, length)], False)
        dims = [rows, same(half)]
    else:
        ids, dims = None, [batch, length, same(half)]
    tables = [m.tensor(x.kind, dims, fill="unit") for _ in range(2)]
    m.results += m.node(X=x, cos_cache=tables[0], sin_cache=tables[1], position_ids=ids,
                        num_heads=heads if flat or m.maybe(0.2) else None,
                        rotary_embedding_dim=2 * half if extra else None,
                        interleaved=m.whole(0, 1) if m.maybe() else None)


def functions(m, gate, others):
    """Those of one direction. With gates that have no bound a state grows from step to step
    until it overflows in one engine and not in another."""
    first = [] if m.operator == "RNN" else [m.pick(gate)]
    return first + [m.pick(others) for _ in range({"RNN": 1, "GRU": 1, "LSTM": 2}[m.operator])]
