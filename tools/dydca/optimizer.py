"""The network in JAX: its paths, the loss, and Adam. The only module that needs JAX."""

import os
from functools import partial

# XLA's own threads are no faster on few cores, and take memory.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false "
                                   "intra_op_parallelism_threads=1")
import jax
import jax.numpy as jnp
import numpy as np

import network

WARM_UP, LAST = 200, 4e-8
DECAY = 0.9, 0.999


def convolved(x, filters, pad):
    """x [N, h, w, c] by filters (out, c, ky, kx). XLA's convolutions on a processor take 5
    to 10 times as long as a product of matrices where filters have single pixels, or outputs
    are no multiple of 16."""
    out, _, high, wide = filters.shape
    if high * wide > 1 and not out % 16:
        return jax.lax.conv_general_dilated(x, filters, (1, 1), [(pad, pad)] * 2,
                                            dimension_numbers=("NHWC", "OIHW", "NHWC"))
    x = jnp.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    h, w = (n - k + 1 for n, k in zip(x.shape[1:3], (high, wide)))
    taps = [x[:, y:y + h, z:z + w] for y in range(high) for z in range(wide)]
    return jnp.concatenate(taps, -1) @ filters.transpose(2, 3, 1, 0).reshape(-1, out)


class Convolutions:
    """Those of a path, as wdsr.py has them."""

    def __init__(self, p, name, halo):
        self.p, self.name, self.left = p, name, halo

    def conv(self, x, layer, pad):
        y = convolved(x, self.p[f"{self.name}.{layer}.weight"], pad)
        return y + self.p[f"{self.name}.{layer}.bias"]

    def layer(self, x, layer):
        radius = network.radius(self.p, f"{self.name}.{layer}")
        inside = min(self.left, radius)
        self.left -= inside
        return self.conv(x, layer, radius - inside)

    def block(self, x, block):
        before = self.left
        y = jax.nn.relu(self.layer(x, f"{block}.expand"))
        for name in network.narrowing(self.p, f"{self.name}.{block}"):
            y = self.layer(y, f"{block}.{name}")
        return y + cropped(x, before - self.left)


def cropped(x, margin):
    return x[:, margin:x.shape[1] - margin, margin:x.shape[2] - margin]


def path(p, name, halo, x):
    """[N, h + 2 halo, w + 2 halo, 3] in 0..1 -> [N, h, w, 3 s^2], the shuffle left out."""
    x = x - 0.5
    layers = Convolutions(p, name, halo)
    y = layers.layer(x, "head")
    for i in range(network.blocks_of(p, name)):
        y = layers.block(y, f"body{i}")
    inside = halo >= 2
    skip = layers.conv(cropped(x, halo - 2 * inside), "skip", 0 if inside else 2)
    return layers.layer(y, "tail") + skip + 0.5


def unshuffle(x, scale):
    """[N, h s, w s, c] -> [N, h, w, c s^2], as DepthToSpace CRD undoes it."""
    n, h, w, c = x.shape
    x = x.reshape(n, h // scale, scale, w // scale, scale, c)
    return x.transpose(0, 1, 3, 5, 2, 4).reshape(n, h // scale, w // scale, -1)


@partial(jax.jit, static_argnames=("name", "halo", "scale"))
def shuffled(p, name, halo, scale, x):
    """[1, h + 2 halo, w + 2 halo, 3] in 0..1 -> [h s, w s, 3]."""
    y = path(p, name, halo, x)[0]
    h, w, _ = y.shape
    y = y.reshape(h, w, 3, scale, scale).transpose(0, 3, 1, 4, 2)
    return y.reshape(h * scale, w * scale, 3)


def upscaled(p, name, halo, scale, frame):
    """A frame u8 [h, w, 3] through one path as a whole, as u8."""
    padded = np.pad(frame, [(halo, halo), (halo, halo), (0, 0)], "edge")
    image = shuffled(p, name, halo, scale, padded[None].astype(np.float32) / 255)
    return np.clip(np.rint(255 * np.asarray(image)), 0, 255).astype(np.uint8)


def path_loss(p, name, halo, scale, batch):
    """Mean absolute error over the pixels that the crop will keep."""
    low, high, mask = batch
    error = jnp.abs(path(p, name, halo, low / 255.0) - unshuffle(high / 255.0, scale))
    weights = unshuffle(jnp.broadcast_to(mask, high.shape), scale)
    return (error * weights).sum() / weights.sum()


def loss(p, halos, scale, batches):
    """The paths share no weight, so each gradient sees its own loss only."""
    values = {name: path_loss(p, name, halos[name], scale, batch)
              for name, batch in batches.items()}
    return sum(values.values()), values


def learning_rate(step, steps, peak):
    """A short warm-up from a tenth of the peak, and a cosine."""
    warm = jnp.minimum(WARM_UP, jnp.maximum(steps // 10, 1))
    fall = jnp.clip((step - warm) / jnp.maximum(steps - warm, 1), 0, 1)
    cosine = LAST + (peak - LAST) * 0.5 * (1 + jnp.cos(jnp.pi * fall))
    return jnp.where(step < warm, peak * (0.1 + 0.9 * step / warm), cosine)


def start(parameters):
    """The state of training: parameters and both moments of their gradients."""
    p = {k: jnp.asarray(v) for k, v in parameters.items()}
    zeros = {k: jnp.zeros_like(v) for k, v in p.items()}
    return {"p": p, "m": zeros, "v": dict(zeros)}


@partial(jax.jit, static_argnames=("halos", "scale"))
def update(state, step, batches, halos, scale, steps, peak):
    """One step of Adam; the state behind it and each path's loss."""
    (_, parts), grads = jax.value_and_grad(loss, has_aux=True)(
        state["p"], dict(halos), scale, batches)
    return moved(state, grads, step, steps, peak), parts


def moved(state, grads, step, steps, peak):
    """The state behind step `step` of `steps` of Adam along these gradients."""
    (b1, b2), n = DECAY, step + 1
    rate = learning_rate(step, steps, peak) * jnp.sqrt(1 - b2**n) / (1 - b1**n)
    m = {k: b1 * state["m"][k] + (1 - b1) * g for k, g in grads.items()}
    v = {k: b2 * state["v"][k] + (1 - b2) * g * g for k, g in grads.items()}
    p = {k: x - rate * m[k] / (jnp.sqrt(v[k]) + 1e-8) for k, x in state["p"].items()}
    return {"p": p, "m": m, "v": v}


def as_arrays(state):
    """For a checkpoint: "p/NAME" -> array and so on."""
    return {f"{part}/{k}": np.asarray(v) for part, values in state.items()
            for k, v in values.items()}


def as_state(arrays):
    state = {"p": {}, "m": {}, "v": {}}
    for key, value in arrays.items():
        part, name = key.split("/")
        state[part][name] = jnp.asarray(value)
    return state


def device():
    return jax.devices()[0].device_kind
