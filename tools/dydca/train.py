#!/usr/bin/env python3
"""Overfits the two-path network to one clip and writes weights/<name>.npz.

    pip install jax optax        (not needed by anything else in the project)
    python3 tools/dydca/train.py [--clip video] [--steps 10000] [--resume]

Every step takes one batch of fine patches through the deep path and one batch
of coarse cells through the shallow one. L1 loss, Adam at 1e-3 with a short
warm-up and a cosine to 4e-8, float32, no augmentation: overfitting is the aim.
A checkpoint goes to build/dydca/ every few minutes; the log goes beside the
weights. The same seed and number of steps give the same batches; a resumed run
may have another number of steps, and its cosine then ends there. The committed
weights were begun with 12,000 steps and at 3,000 resumed with 6,000.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false "
                                   "intra_op_parallelism_threads=1")
import jax
import jax.numpy as jnp
import optax

import clip
import network

HERE = Path(__file__).resolve().parent
SCALE = 4
THRESHOLD = 29.75  # dB; splits about 40 % of the cells of the bundled clip.
COARSE_BATCH, FINE_BATCH = 2, 8  # The same number of pixels.


def conv(x, p, name):
    y = jax.lax.conv_general_dilated(x, p[name + ".weight"], (1, 1), "SAME",
                                     dimension_numbers=("NHWC", "OIHW", "NHWC"))
    return y + p[name + ".bias"]


def path(p, name, x):
    """[N, h, w, 3] in 0..1 -> [N, h, w, 3 s^2], the shuffle left out."""
    x = x - 0.5
    y = conv(x, p, f"{name}.head")
    for i in range(network.BLOCKS[name]):
        wide = jax.nn.relu(conv(y, p, f"{name}.body{i}.expand"))
        y = y + conv(wide, p, f"{name}.body{i}.project")
    return conv(y, p, f"{name}.tail") + conv(x, p, f"{name}.skip") + 0.5


def unshuffle(x):
    """[N, h s, w s, 3] -> [N, h, w, 3 s^2], as DepthToSpace CRD undoes it."""
    n, h, w, c = x.shape
    x = x.reshape(n, h // SCALE, SCALE, w // SCALE, SCALE, c)
    return x.transpose(0, 1, 3, 5, 2, 4).reshape(n, h // SCALE, w // SCALE, -1)


def shuffle(x):
    n, h, w, _ = x.shape
    x = x.reshape(n, h, w, 3, SCALE, SCALE).transpose(0, 1, 4, 2, 5, 3)
    return x.reshape(n, h * SCALE, w * SCALE, 3)


def path_loss(p, name, lr, hr, mask):
    """Mean absolute error over the pixels that the crop will keep."""
    error = jnp.abs(path(p, name, lr / 255.0) - unshuffle(hr / 255.0))
    return (error * mask).sum() / (mask.sum() * error.shape[-1])


def loss(p, batch):
    """The paths share no weight, so each gradient sees its own loss only."""
    values = [path_loss(p, name, *batch[name]) for name in network.BLOCKS]
    return sum(values), values


def halves(x):
    """[..., 2a, 2b, c] -> [..., 4, a, b, c]: a cell as its four fine patches."""
    *lead, h, w, c = x.shape
    n = len(lead)
    x = x.reshape(*lead, 2, h // 2, 2, w // 2, c).swapaxes(n + 1, n + 2)
    return x.reshape(*lead, 4, h // 2, w // 2, c)


class Patches:
    """All patches of the clip, per path: (low, high, mask) in random order."""

    def __init__(self, lr, frames, fine, grid):
        mask = np.broadcast_to(grid.visible(), (len(lr), *grid.visible().shape))
        sets = grid.cells(lr), grid.cells(frames, SCALE), mask
        flat = [halves(s[fine]).reshape(-1, *halves(s[:1, :1]).shape[3:]) for s in sets]
        # A patch that lies in the padding as a whole has nothing to learn.
        seen = flat[2].any((1, 2, 3))
        self.sets = {"deep": [s[seen] for s in flat],
                     "shallow": [s[~fine] for s in sets]}
        self.sizes = {"deep": FINE_BATCH, "shallow": COARSE_BATCH}

    def batch(self, seed, step):
        """Without replacement within an epoch; a function of seed and step."""
        result = {}
        for name, arrays in self.sets.items():
            size, total = self.sizes[name], len(arrays[0])
            epoch, at = divmod(step, total // size)
            rng = np.random.default_rng([seed, epoch, size])
            index = np.sort(rng.permutation(total)[at * size:(at + 1) * size])
            result[name] = [a[index].astype(np.float32) for a in arrays]
        return result


def upscale(p, lr, fine, grid):
    """A frame as the client makes it: per cell by its path, rounded to u8."""
    run = jax.jit(lambda p, name, x: shuffle(path(p, name, x / 255.0)),
                  static_argnums=1)
    frames = []
    for frame, bits in zip(lr, fine):
        cells = grid.cells(frame[None].astype(np.float32))[0]
        out = np.array(run(p, "shallow", cells))
        deep = np.array(run(p, "deep", halves(cells).reshape(-1, *halves(cells).shape[2:])))
        deep = deep.reshape(-1, 2, 2, *deep.shape[1:]).swapaxes(2, 3)
        out[bits] = deep.reshape(out.shape)[bits]
        rows = out.reshape(grid.rows, grid.cols, *out.shape[1:]).swapaxes(1, 2)
        image = rows.reshape(grid.rows * rows.shape[1], -1, 3)
        image = image[:grid.h * SCALE, :grid.w * SCALE]
        frames.append(np.clip(np.round(image * 255), 0, 255).astype(np.uint8))
    return np.stack(frames)


def frame_psnr(a, b):
    """Mean over the frames."""
    return np.mean([clip.psnr(clip.squared_error(x, y).mean()) for x, y in zip(a, b)])


class Log:
    def __init__(self, file, append):
        self.file = open(file, "a" if append else "w")

    def __call__(self, text):
        for out in (sys.stdout, self.file):
            print(text, file=out, flush=True)


def optimizer(steps):
    rate = optax.warmup_cosine_decay_schedule(1e-4, 1e-3, 200, steps, 4e-8)
    return optax.adam(rate)


def train(args, log):
    frames = clip.decode(args.clip, args.frames)
    h, w = frames.shape[1] // SCALE, frames.shape[2] // SCALE
    lr = clip.resize(frames, w, h)
    bicubic = clip.resize(lr, w * SCALE, h * SCALE)
    grid = clip.Grid(h, w)
    fine = clip.cell_psnr(bicubic, frames, grid, SCALE) <= THRESHOLD
    base = frame_psnr(bicubic, frames)
    log(f"{len(frames)} frames, {grid.count} cells, {fine.mean():.1%} split, "
        f"bicubic {base:.2f} dB")
    patches = Patches(lr, frames, fine, grid)

    p, adam = network.initial(SCALE, args.seed), optimizer(args.steps)
    p = {k: jnp.asarray(v) for k, v in p.items()}
    state, first = adam.init(p), 0
    if args.resume and args.checkpoint.exists():
        p, state, first = restore(args.checkpoint, p, state)
    log(f"seed {args.seed}, {network.count(SCALE)} parameters, "
        f"steps {first}..{args.steps}")

    @jax.jit
    def update(p, state, batch):
        (_, parts), grads = jax.value_and_grad(loss, has_aux=True)(p, batch)
        change, state = adam.update(grads, state, p)
        return optax.apply_updates(p, change), state, jnp.stack(parts)

    def evaluate(step, stride):
        mine = upscale(p, lr[::stride], fine[::stride], grid)
        ours = frame_psnr(mine, frames[::stride])
        low = frame_psnr(bicubic[::stride], frames[::stride])
        log(f"step {step}: every {stride}. frame {ours:.2f} dB, "
            f"bicubic {low:.2f} dB, gain {ours - low:+.2f} dB")

    evaluate(first, 16)
    began, sums = time.time(), np.zeros(2)
    for step in range(first, args.steps):
        p, state, parts = update(p, state, patches.batch(args.seed, step))
        sums += np.asarray(parts)
        if (step + 1) % args.report == 0:
            pace = (time.time() - began) / (step + 1 - first)
            deep, shallow = 255 * sums / args.report
            log(f"step {step + 1}: L1 deep {deep:.3f} shallow {shallow:.3f} "
                f"levels, {pace:.2f} s a step")
            sums[:] = 0
            keep(args.checkpoint, p, state, step + 1)
            network.save(args.out, {k: np.asarray(v) for k, v in p.items()},
                         scale=SCALE, threshold=THRESHOLD)
        if (step + 1) % (5 * args.report) == 0:
            evaluate(step + 1, 16)
    evaluate(args.steps, 1)


def keep(file, p, state, step):
    leaves = jax.tree_util.tree_leaves((p, state))
    temporary = file.with_suffix(".tmp.npz")
    np.savez(temporary, step=step, **{f"leaf{i}": x for i, x in enumerate(leaves)})
    temporary.replace(file)


def restore(file, p, state):
    tree = jax.tree_util.tree_structure((p, state))
    with np.load(file) as saved:
        leaves = [jnp.asarray(saved[f"leaf{i}"]) for i in range(tree.num_leaves)]
        step = int(saved["step"])
    return *jax.tree_util.tree_unflatten(tree, leaves), step


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--clip", type=Path, default=None)
    parser.add_argument("--frames", type=int, default=None)
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--report", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--out", type=Path, default=HERE / "weights" / "bbb_x4.npz")
    args = parser.parse_args()
    args.clip = args.clip or clip.bundled_clip()
    args.checkpoint = HERE.parents[1] / "build" / "dydca" / "checkpoint.npz"
    args.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    train(args, Log(args.out.with_suffix(".log"), args.resume))


if __name__ == "__main__":
    main()
