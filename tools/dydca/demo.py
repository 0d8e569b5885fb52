#!/usr/bin/env python3
"""The demo: compiles real models and uses them on real input.

    tools/dydca/demo.py [--dycc build/bin/dycc] [--out build/demo]
                        [--only clip speech files text]

1. Dy-DCA (form A1, x4) overfitted to the Big Buck Bunny clip upscales all its
   frames, one call a frame, with the counts of coarse and fine cells changing.
   PSNR, SSIM and the frame rate are printed, PNG comparisons written.
2. silero VAD finds the speech segments of a recording, if it is there.
3. magika names the types of files of this repository.
4. PP-OCR reads the text of pictures that are drawn here: one model finds lines,
   one tells which stand on their head, one reads them, each at changing sizes.

Exit code 1 where the clip is not at least 2 dB above bicubic, or where what was
read is not what was drawn. --json writes a row for each part.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import graphs
import metrics
import network
import routing
import show
import video
from grid import Grid

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / os.environ.get("DYCC_BUILD", "build")
sys.path[:0] = [str(BUILD / "lib" / "python"), str(ROOT / "tools" / "ocr")]
import dycc  # noqa: E402
import pages  # noqa: E402
import reader  # noqa: E402

GAIN = 2.0  # dB over bicubic that the clip has to reach.


def compiled(args, model):
    """Compiles a model into the output folder and loads it."""
    library = args.out / f"{Path(model).stem}.so"
    began = time.perf_counter()
    subprocess.run([str(args.dycc), str(model), "-o", str(library)], check=True)
    took = time.perf_counter() - began
    print(f"  dycc {Path(model).name}: {took:.1f} s, "
          f"{library.stat().st_size / 2**20:.1f} MiB")
    return dycc.load(library, threads=args.threads)


def package_file(package, *parts):
    import importlib.util

    spec = importlib.util.find_spec(package)
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)


# 1. The clip.

def result(name, good, text):
    """A row of the file of results."""
    return {"name": name, "state": "green" if good else "red", "text": text}


class Clip:
    """Frames, their low-resolution versions and the routing of each."""

    def __init__(self, path, facts, limit):
        self.scale = int(facts["scale"])
        self.frames = video.decode(path, limit)
        high, wide = (n // self.scale for n in self.frames.shape[1:3])
        self.low = self.resized(self.frames, high, wide)
        size = high * self.scale, wide * self.scale
        self.bicubic = self.resized(self.low, *size)
        self.grid = Grid(high, wide)
        weights = self.grid.inner(self.scale, *size)
        self.quality = metrics.psnr(np.array([
            metrics.cell_errors(a, b, self.grid, self.scale, weights)
            for a, b in zip(self.bicubic, self.frames)]))
        classes = routing.classes(self.quality, [facts["threshold"]])
        self.routes = [routing.indices(c, 2) for c in classes]

    @staticmethod
    def resized(frames, high, wide):
        return np.stack([video.resize(f, wide, high) for f in frames])

    def inputs(self):
        """Per frame what the client gets: padded pixels and the two lists."""
        for low, (coarse, fine) in zip(self.low, self.routes):
            image = self.grid.pad(low).transpose(2, 0, 1)[None]
            yield {"frame": np.ascontiguousarray(image), "idx_c": coarse, "idx_f": fine}

    def crop(self, image):
        """The model's output without the padding, as a picture."""
        high, wide = self.frames.shape[1:3]
        return image[0].transpose(1, 2, 0)[:high, :wide]


def upscale(model, clip):
    """All frames; the seconds of each call alone."""
    images, seconds = [], []
    for feed in clip.inputs():
        began = time.perf_counter()
        image = model(**feed)
        seconds.append(time.perf_counter() - began)
        images.append(clip.crop(image))
    return np.stack(images), np.array(seconds)


def write_comparisons(args, clip, images):
    for i in np.linspace(0, len(images) - 1, 4).astype(int):
        panels = {f"bicubic, frame {i}": clip.bicubic[i], "dycc": images[i],
                  "original": clip.frames[i]}
        file = args.out / f"frame_{i:03}.png"
        show.comparison(file, clip.quality[i], clip.grid, clip.scale, panels)
        print(f"  wrote {file}")


def super_resolution(args):
    print("Dy-DCA, form A1, on a clip of Big Buck Bunny: (c) 2008 Blender Foundation, "
          "www.bigbuckbunny.org, CC-BY-3.0")
    parameters, facts = network.load(args.weights)
    scale = int(facts["scale"])
    file = args.out / f"dydca_bbb_x{scale}.onnx"
    graphs.make_a1(str(file), parameters, scale)
    clip = Clip(args.clip or video.bundled_clip(), facts, args.frames)
    with compiled(args, file) as model:
        images, seconds = upscale(model, clip)
    counts = [len(fine) for _, fine in clip.routes]
    print(f"  {len(images)} frames of {images.shape[2]}x{images.shape[1]} from "
          f"{clip.grid.w}x{clip.grid.h}; {min(counts)} to {max(counts)} of "
          f"{clip.grid.count} cells take the deep path")
    print(f"  {len(seconds) / seconds.sum():.1f} frames/s "
          f"(median {1e3 * np.median(seconds):.1f} ms, first {1e3 * seconds[0]:.1f} ms)")
    ours, low = (show.quality(x, clip.frames) for x in (images, clip.bicubic))
    print(f"  PSNR {ours[0]:.2f} dB, bicubic {low[0]:.2f} dB: {ours[0] - low[0]:+.2f} dB")
    print(f"  SSIM {ours[1]:.4f},   bicubic {low[1]:.4f}")
    write_comparisons(args, clip, images)
    gain = ours[0] - low[0]
    rate = len(seconds) / seconds.sum()
    return result("clip", gain >= GAIN,
                  f"PSNR {ours[0]:.2f} dB, {gain:+.2f} over bicubic (at least {GAIN:+}); "
                  f"SSIM {ours[1]:.4f}, bicubic's {low[1]:.4f}; {rate:.1f} frames/s")


# 2. Speech.

CHUNK, CONTEXT = 256, 32  # Samples at 8 kHz: as the model was trained.
THRESHOLD, HYSTERESIS = 0.5, 0.15
SILENCE, SHORTEST = 0.1, 0.25  # Seconds: what ends speech; what is none.


def read_wave(path):
    """Mono 16-bit samples in -1..1, and the rate."""
    import wave

    with wave.open(str(path)) as file:
        raw = file.readframes(file.getnframes())
        rate = file.getframerate()
    return np.frombuffer(raw, np.int16).astype(np.float32) / 32768, rate


def probabilities(model, samples, rate):
    """Of speech, per chunk; the state and a little context are carried on."""
    state = np.zeros((2, 1, 128), np.float32)
    context = np.zeros(CONTEXT, np.float32)
    result = []
    for start in range(0, len(samples) - CHUNK + 1, CHUNK):
        chunk = samples[start:start + CHUNK]
        sound = np.concatenate([context, chunk])[None]
        out, state = model(input=sound, state=state, sr=rate)
        context = chunk[-CONTEXT:]
        result.append(float(out[0, 0]))
    return np.array(result)


def segments(probability, step):
    """(begin, end) in seconds, with hysteresis and a shortest silence."""
    result, begin, quiet = [], None, None
    for i, p in enumerate([*probability, 0.0]):
        if p >= THRESHOLD:
            begin = i if begin is None else begin
            quiet = None
        elif begin is not None and p < THRESHOLD - HYSTERESIS:
            quiet = i if quiet is None else quiet
            if (i - quiet) * step >= SILENCE or i == len(probability):
                result.append((begin * step, quiet * step))
                begin = quiet = None
    return [(a, b) for a, b in result if b - a >= SHORTEST]


def recording():
    for folder in (ROOT.parent, ROOT.parents[1]):
        file = folder / "shared" / "data" / "media" / "speech_8k.wav"
        if file.exists():
            return file
    return None


def speech(args):
    print("silero VAD")
    file = args.speech or recording()
    if file is None:
        print("  skipped: no speech_8k.wav in the folder of shared inputs")
        return result("speech", True, "skipped: no recording")
    samples, rate = read_wave(file)
    with compiled(args, package_file("silero_vad", "data", "silero_vad.onnx")) as model:
        began = time.perf_counter()
        found = segments(probabilities(model, samples, rate), CHUNK / rate)
        took = time.perf_counter() - began
    chunks = len(samples) // CHUNK
    print(f"  {file.name}: {len(samples) / rate:.0f} s in {took:.2f} s, "
          f"{1e6 * took / chunks:.0f} us a chunk of {CHUNK} samples")
    print(f"  {len(found)} segments, {sum(b - a for a, b in found):.1f} s of speech; "
          "the first: " + ", ".join(f"{a:.2f}-{b:.2f} s" for a, b in found[:6]))
    return result("speech", bool(found), f"{len(found)} segments")


# 3. File types.

FILES = ("README.md", "CMakeLists.txt", "LICENSE", "tools/dydca/demo.py",
         "tools/scripts/setup", "runtime/include/dycc/runtime.h",
         "tools/dydca/weights/bbb_x4.npz")


def features(path, config):
    """The model's 2048 tokens: both ends of a file without outer blanks."""
    content, pad = path.read_bytes(), config["padding_token"]
    begin = content[:config["block_size"]].lstrip()[:config["beg_size"]]
    end = content[-config["block_size"]:].rstrip()[-config["end_size"]:]
    tokens = np.full(config["beg_size"] + config["end_size"], pad, np.int32)
    tokens[:len(begin)] = np.frombuffer(begin, np.uint8)
    tokens[len(tokens) - len(end):] = np.frombuffer(end, np.uint8)
    return tokens


def file_types(args):
    print("magika on files of this repository")
    folder = package_file("magika", "models", "standard_v3_3")
    config = json.loads((folder / "config.min.json").read_text())
    files = [f for f in FILES if (ROOT / f).exists()]
    with compiled(args, folder / "model.onnx") as model:
        tokens = np.stack([features(ROOT / f, config) for f in files])
        scores = model(bytes=tokens)
    for name, score in zip(files, scores):
        label = config["target_labels_space"][int(score.argmax())]
        print(f"  {name}: {label} ({score.max():.0%})")
    return result("file types", len(scores) == len(files), f"{len(files)} files")


# 4. Text.

OCR_MODELS = ("ch_PP-OCRv4_det_infer", "ch_ppocr_mobile_v2.0_cls_infer",
              "ch_PP-OCRv4_rec_infer")


def characters(model):
    """The characters of a recogniser's classes, as its file lists them."""
    import onnx

    facts = {p.key: p.value for p in onnx.load(model).metadata_props}
    return [*facts["character"].splitlines(), " "]


def read_pages(args, models, letters):
    """{name of a page: what was read}, with an annotated picture of each."""
    texts = reader.Reader(*models, letters)
    result = {}
    for page in pages.PAGES:
        image = pages.draw(page)
        began = time.perf_counter()
        found = texts.read(image)
        took = time.perf_counter() - began
        file = args.out / f"text_{page.name}.png"
        pages.annotated(image, found).save(file)
        print(f"  {page.name}, {image.width}x{image.height}: {len(found)} lines in "
              f"{took:.2f} s; wrote {file}")
        for line in found:
            print(f"    {line.confidence:6.1%}  {line.width:4} px  "
                  f"{'turned  ' if line.turned else ''}{line.text}")
        result[page.name] = [line.text for line in found]
    return result


def text(args):
    print("PP-OCR on drawn pictures")
    files = [package_file("rapidocr_onnxruntime", "models", f"{name}.onnx")
             for name in OCR_MODELS]
    with contextlib.ExitStack() as stack:
        models = [stack.enter_context(compiled(args, f)) for f in files]
        read = read_pages(args, models, characters(files[2]))
    drawn = {page.name: [line.text for line in page.lines] for page in pages.PAGES}
    for name in drawn:
        if read[name] != drawn[name]:
            print(f"  {name}: expects {drawn[name]}, got {read[name]}")
    right = sum(len(lines) for name, lines in drawn.items() if read[name] == lines)
    lines = sum(map(len, drawn.values()))
    return result("text", read == drawn, f"{right} of {lines} lines read as drawn")


PARTS = {"clip": super_resolution, "speech": speech, "files": file_types, "text": text}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--dycc", type=Path, default=BUILD / "bin" / "dycc")
    parser.add_argument("--out", type=Path, default=BUILD / "demo")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--weights", type=Path, default=HERE / "weights" / "bbb_x4.npz")
    parser.add_argument("--clip", type=Path, help="another video than the bundled one")
    parser.add_argument("--frames", type=int, help="only the first so many")
    parser.add_argument("--speech", type=Path, help="an 8 kHz mono recording")
    parser.add_argument("--json", type=Path, help="write the results there")
    parser.add_argument("--threads", type=int, default=0, help="0: all processors")
    args = parser.parse_args()
    if not args.dycc.exists():
        sys.exit(f"demo.py: no compiler at {args.dycc}")
    args.dycc = args.dycc.resolve()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = [PARTS[name](args) for name in args.only]
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))
    bad = [row for row in rows if row["state"] == "red"]
    for row in bad:
        print(f"demo.py: {row['name']} falls short: {row['text']}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
