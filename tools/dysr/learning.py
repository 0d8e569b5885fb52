"""The supernet in JAX: gradients of any network of it, by gates on the channels of the largest.

A channel that a network lacks is one whose filters are 0 in the layer that makes it, and a
block that it lacks one whose last layer is 0. So each network of a depth is the same program
at other gates, and whatever lies between two networks has gradients too.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import optimizer
from supernet import PATH

MARGIN = 4  # Low-resolution pixels at a patch's edge that count for no loss: they see zeros.


def gates(net, largest):
    """{layer: [channels]} of 1 and 0: what `net` has of the first blocks of `largest`."""
    result = {"head": first(net.width, largest.width)}
    for i, ((wide, narrow), most) in enumerate(zip(net.blocks, largest.blocks)):
        result[f"body{i}.expand"] = first(wide, most[0])
        result[f"body{i}.linear"] = first(narrow, most[1])
        result[f"body{i}.project"] = first(net.width, largest.width)
    return result


def first(count, most):
    return (np.arange(most) < count).astype(np.float32)


def gated(p, gate):
    """The parameters behind their gates, of as many blocks as there are gates for."""
    result = {}
    for name in (f"{PATH}.{layer}" for layer in (*gate, "tail", "skip")):
        weight, bias = p[f"{name}.weight"], p[f"{name}.bias"]
        factor = gate.get(name.removeprefix(f"{PATH}."))
        if factor is not None:
            weight, bias = weight * factor[:, None, None, None], bias * factor
        result[f"{name}.weight"], result[f"{name}.bias"] = weight, bias
    return result


def inside(x):
    return optimizer.cropped(x, MARGIN)


def output(p, gate, low):
    """[N, h, w, 3] in levels -> [N, h, w, 3 s^2] in 0..1."""
    return optimizer.path(gated(p, gate), PATH, 0, low / 255.0)


@partial(jax.jit, static_argnames="scale")
def target(high, scale):
    return inside(optimizer.unshuffle(high / 255.0, scale))


@jax.jit
def gradient(p, gate, low, wanted):
    """((mean absolute error, what the network gave), gradients of the parameters)."""
    def loss(p):
        y = inside(output(p, gate, low))
        return jnp.abs(y - wanted).mean(), y

    return jax.value_and_grad(loss, has_aux=True)(p)


@jax.jit
def mixed(high, teacher, share):
    return high + share * (teacher - high)


@jax.jit
def moved(state, grads, step, steps, peak):
    """A step of Adam along the mean of several gradients."""
    mean = jax.tree.map(lambda *g: sum(g) / len(g), *grads)
    return optimizer.moved(state, mean, step, steps, peak)


@partial(jax.jit, static_argnames="scale")
def squared_errors(p, gate, low, high, scale):
    """[N]: of each picture the mean squared error in levels, rounded as pixels are."""
    y = jnp.clip(jnp.round(255 * output(p, gate, low)), 0, 255)
    return ((y - optimizer.unshuffle(high, scale)) ** 2).mean((1, 2, 3))


def psnr(p, net, largest, low, high, scale):
    """PSNR of a network over pictures u8 [N, h, w, 3], by their mean squared error."""
    gate = gates(net, largest)
    errors = [squared_errors(p, gate, small[None].astype(np.float32),
                             large[None].astype(np.float32), scale)
              for small, large in zip(low, high)]
    return float(10 * np.log10(255**2 / np.mean(errors)))



@jax.jit
def patch_psnr(p, gate, low, wanted):
    """PSNR on patches, their edges aside."""
    error = (inside(output(p, gate, low)) - wanted) ** 2
    return -10 * jnp.log10(error.mean())
