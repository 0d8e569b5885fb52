"""Models whose runs take less than some milliseconds."""

import cnns
import paths
from suite_parts.recipes import Size, drawn_images, filled, images, integers, normal
from suite_parts.registry import MAGIKA, SMALL, Model
from suite_parts.vision import packaged


def sound(batch, length, rate):
    """A chunk of each of several recordings."""
    feed = {"input": normal(batch, length, deviation=0.3),
            "state": filled(0, 2, batch, 128, dtype="float32"),
            "sr": filled(rate, dtype="int64")}
    return Size(f"{batch}x{length} at {rate // 1000} kHz", feed)


def drawn_sound(rng):
    """The model takes chunks up to some length at each rate."""
    rate, least, most = ((8000, 100, 300), (16000, 257, 700))[int(rng.integers(2))]
    return sound(int(rng.integers(1, 9)), int(rng.integers(least, most)), rate)


def files(count):
    """Contents of files: bytes, and 256 behind the end."""
    return Size(f"{count} files", {"bytes": integers(0, 257, count, 2048, dtype="int32")})


def models():
    # As it is, and in the form that OpenVINO reads too.
    for name in ("silero_vad", "silero_vad_ifless"):
        yield Model(name, SMALL, packaged(name),
                    [sound(1, 576, 16000), sound(1, 288, 8000), sound(3, 701, 16000),
                     sound(7, 257, 16000)], drawn_sound)
    yield Model("face_rfb_320", SMALL, lambda path: paths.shared("models",
                                                                "face_rfb_320.onnx"),
                images("input", (1, 3, 240, 320)))
    yield Model("face_rfb_any", SMALL, cnns.make_face_cut,
                images("input", (1, 3, 240, 320), (2, 3, 120, 160), (1, 3, 97, 131),
                       (1, 3, 16, 16)), drawn_images("input", 3, 16, 160, batch=2))
    yield Model("magika", SMALL, packaged("magika"), [files(n) for n in (1, 2, 7, 31)],
                lambda rng: files(int(rng.integers(1, 9))), classes=(MAGIKA,))
