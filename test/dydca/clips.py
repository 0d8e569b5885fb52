#!/usr/bin/env python3
"""Videos made by ffmpeg alone, equal on each machine with the same ffmpeg:

    test/dydca/clips.py FILE [--size 640x360] [--rate 25] [--seconds 6]

Three scenes with cuts between them: a camera that pans over fine structure, with noise;
a test card that turns, with text and hard edges; smooth colours with a few moving dots.
"""

import argparse
import subprocess
import sys

import numpy as np


def scenes(w, h, rate, seconds):
    """A filter graph; its output is named out."""
    part = seconds / 3
    size, wide = f"size={w}x{h}:rate={rate}", f"size={2 * w}x{2 * h}:rate={rate}"
    pan = f"crop={w}:{h}:'{w}*t/{part:g}*0.4':'{h}*t/{part:g}*0.3'"
    return (f"mandelbrot={wide}:maxiter=200:start_scale=0.6:end_scale=0.5,{pan},"
            f"noise=alls=6:allf=t:all_seed=1,trim=duration={part:g},setsar=1,format=rgb24[a];"
            f"testsrc2={size},rotate='0.05*sin(2*t)',trim=duration={part:g},setsar=1,"
            "format=rgb24[b];"
            f"gradients={size}:seed=3:c0=navy:c1=orange:speed=0.02[sky];"
            f"life={size}:mold=10:ratio=0.02:seed=5:death_color=black[dots];"
            f"[sky]format=rgb24[g];[dots]format=rgb24[d];[g][d]blend=all_mode=lighten,"
            f"trim=duration={part:g},setsar=1,format=rgb24[c];"
            "[a][b][c]concat=n=3:v=1:a=0[out]")


def make(path, w=640, h=360, rate=25, seconds=6):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-filter_complex",
                    scenes(w, h, rate, seconds), "-map", "[out]", "-c:v", "ffv1",
                    "-pix_fmt", "bgr0", "-f", "matroska", str(path)], check=True)
    return path


def write(path, frames, rate=10):
    """A lossless video of frames u8 [F, H, W, 3] of any size."""
    count, h, w, _ = frames.shape
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24",
                    "-s", f"{w}x{h}", "-r", str(rate), "-i", "-", "-c:v", "ffv1", "-pix_fmt",
                    "bgr0", "-f", "matroska", str(path)], check=True,
                   input=np.ascontiguousarray(frames).tobytes())
    return path


def drawn(count, h, w, seed=0):
    """Frames of a smooth picture that moves, with a hard square and noise in one half."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:h, :w]
    frames = []
    for t in range(count):
        waves = [np.sin(x / 9 + t / 3) * np.cos(y / 7 + colour) for colour in range(3)]
        plain = 128 + 90 * np.stack(waves, -1)
        plain[:, w // 2:] += rng.normal(0, 25, (h, w - w // 2, 3))
        plain[h // 4:h // 2, (w // 3 + t) % w:(w // 3 + t) % w + 5] = 255
        frames.append(np.clip(plain, 0, 255).astype(np.uint8))
    return np.stack(frames)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--rate", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=6)
    args = parser.parse_args()
    make(args.file, *map(int, args.size.split("x")), args.rate, args.seconds)


if __name__ == "__main__":
    sys.exit(main())
