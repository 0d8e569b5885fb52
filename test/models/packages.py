"""Models as packages bring them, with their weights."""

from pathlib import Path

import numpy as np

import paths
from case import Case, Step, given, step, steps_image


def steps_silero(rate, lengths):
    """Four calls with one state, then other lengths and batches."""
    def steps(rng):
        def feed(batch, length):
            sound = 0.3 * rng.standard_normal((batch, length), np.float32)
            return {"input": sound, "state": np.zeros((2, batch, 128), np.float32),
                    "sr": np.array(rate)}

        for batch in (1, 3):
            for i in range(4):
                text = f"{rate} Hz, batch {batch}, call {i}"
                yield Step(text, feed(batch, lengths[0]), {"state": 1} if i else {})
        for batch, length in zip((1, 7, 2, 64), lengths[1:] + lengths[:1]):
            yield step(feed(batch, length))
    return steps


def steps_silero_both(rng):
    """Both rates through one library, in turn."""
    yield from steps_silero(16000, [576, 512, 700, 257])(rng)
    yield from steps_silero(8000, [288, 256, 100, 261])(rng)


def steps_magika(rng):
    """Contents of files: bytes, and 256 where a file is shorter."""
    texts = sorted(Path(__file__).parent.glob("*.py"))
    for count in (1, 2, 0, 7, 16, 31, 3, 64):
        rows = rng.integers(0, 256, (count, 2048)).astype(np.int32)
        for row, text in zip(rows, texts):
            content = np.frombuffer(text.read_bytes()[:1024], np.uint8)
            row[:] = 256
            row[:len(content)] = content
            row[-len(content):] = content
        yield step({"bytes": rows})


def steps_silero_sequence(rng):
    """Chunks of one recording in one call; the state is carried on."""
    for i, count in enumerate((1, 7, 31, 2, 64, 13, 1, 101)):
        sound = 0.3 * rng.standard_normal((count, 576), np.float32)
        state = {name: np.zeros((1, 1, 128), np.float32) for name in "hc"}
        yield Step(f"call {i}, chunks {count}", {"input": sound, **state},
                   {"h": 1, "c": 2} if i else {})


def without_rate(steps):
    """The steps of a variant that knows one rate."""
    def given_steps(rng):
        for s in steps(rng):
            feed = {k: v for k, v in s.feed.items() if k != "sr"}
            yield Step(s.label, feed, s.carry)
    return given_steps


def steps_one_chunk(rng):
    """Static extents: the state is carried on."""
    for i in range(4):
        sound = 0.3 * rng.standard_normal((1, 576), np.float32)
        yield Step(f"call {i}", {"input": sound, "state": np.zeros((2, 1, 128), np.float32)},
                   {"state": 1} if i else {})


def silero_cases():
    silero = lambda *p: paths.in_package("silero_vad", "data", *p)
    lengths = [576, 512, 700, 257]
    yield Case("silero_vad", given(silero("silero_vad.onnx")), steps_silero_both)
    yield Case("silero_vad_16k", given(paths.shared("models", "silero_vad_16k_op15.onnx"),
                                       silero("silero_vad_16k_op15.onnx")),
               steps_silero(16000, lengths))
    yield Case("silero_vad_ifless", given(silero("silero_vad_op18_ifless.onnx")),
               steps_silero_both)
    yield Case("silero_vad_half", given(silero("silero_vad_half.onnx")),
               without_rate(steps_silero(16000, lengths)))
    yield Case("silero_vad_sequence", given(silero("silero_vad_16k_sequence.onnx")),
               steps_silero_sequence)
    yield Case("silero_vad_chunk", given(silero("silero_vad_openvino_16k.onnx")),
               steps_one_chunk)


# Text in pictures. Detectors join what they halve five times: their extents are
# multiples of 32. Lines of text may have any width from 5 on: below that the
# window of a pooling is wider than its image, and ONNX Runtime makes a column.

DETECTED = ((1, 3, 32, 32), (0, 3, 64, 64), (2, 3, 96, 224), (1, 3, 608, 160),
            (1, 3, 352, 416), (3, 3, 160, 32), (1, 3, 32, 992), (1, 3, 544, 544))
READ = ((1, 3, 48, 320), (1, 3, 48, 5), (6, 3, 48, 97), (1, 3, 48, 7), (1, 3, 48, 1031),
        (3, 3, 48, 131), (2, 3, 48, 33), (1, 3, 48, 8), (1, 3, 48, 613))
TURNED = ((1, 3, 48, 192), (0, 3, 48, 192), (7, 3, 48, 192), (1, 3, 48, 97),
          (3, 3, 31, 61), (2, 3, 1, 1), (1, 3, 17, 131), (6, 3, 48, 192))
CAPTCHAS = [(1, 1, 64, width) for width in (64, 1, 7, 16, 31, 97, 131, 256, 601)]


def text_cases():
    rapid = lambda name: given(paths.in_package("rapidocr_onnxruntime", "models",
                                                f"{name}_infer.onnx"))
    yield Case("ppocr_direction", rapid("ch_ppocr_mobile_v2.0_cls"),
               steps_image("x", TURNED))
    yield Case("ppocr_detection", rapid("ch_PP-OCRv4_det"), steps_image("x", DETECTED))
    yield Case("ppocr_recognition", rapid("ch_PP-OCRv4_rec"), steps_image("x", READ))
    dddd = lambda name: given(paths.in_package("ddddocr", name))
    yield Case("ddddocr", dddd("common.onnx"), steps_image("input1", CAPTCHAS))
    yield Case("ddddocr_detection", dddd("common_det.onnx"),
               steps_image("images", [(1, 3, 416, 416)] * 2))
    yield Case("ddddocr_quantized", dddd("common_old.onnx"),
               steps_image("input1", CAPTCHAS))


# Pictures and music.

OBJECTS = ((1, 3, 320, 320), (2, 3, 32, 32), (3, 3, 64, 224), (1, 3, 608, 160),
           (5, 3, 64, 64), (1, 3, 32, 1312), (1, 3, 352, 96), (7, 3, 96, 32))
NOTES = [(batch, 43844, 1) for batch in (1, 2, 0, 3, 5, 4, 7, 8)]


def cases():
    yield from silero_cases()
    yield Case("magika", given(paths.in_package("magika", "models", "standard_v3_3",
                                                "model.onnx")), steps_magika)
    yield from text_cases()
    yield Case("nudenet", given(paths.in_package("nudenet", "320n.onnx")),
               steps_image("images", OBJECTS))
    yield Case("basic_pitch", given(paths.in_package(
        "basic_pitch", "saved_models", "icassp_2022", "nmp.onnx")),
        steps_image("serving_default_input_2:0", NOTES))
