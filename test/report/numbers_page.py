"""The arithmetic of the page, beside Python's and NumPy's."""

import json
import random
import struct

import numpy as np

import paths

SOURCE = paths.ROOT / "compiler" / "report" / "page" / "numbers.js"
RUN = """(() => {
%s
const integer = (text) => (typeof text === "string" ? BigInt(text) : text);
const plain = (value) => (typeof value === "bigint" ? value.toString() : Object.is(value, -0) ? "-0" : String(value));
return %s.map(([name, ...operands]) => plain(eval(name)(...operands.map(integer))));
})()"""


def f32_text(value):
    """As JavaScript writes a number; compared by bits, so that text does not matter."""
    return np.float32(value).view(np.int32).item()


def check_numbers(browser):
    rng = random.Random(1)
    calls, expected = [], []

    def add(value, name, *operands):
        calls.append([name, *(str(o) if isinstance(o, int) else o for o in operands)])
        expected.append(str(value))

    for _ in range(300):
        a = rng.randint(-2**62, 2**62) >> rng.randint(0, 61)
        b = (rng.randint(-2**31, 2**31) >> rng.randint(0, 30)) or 3
        add(a // b, "floorDiv", a, b)
        add(-(-a // b), "ceilDiv", a, b)
        add(abs(a) // abs(b) * (-1 if (a < 0) != (b < 0) else 1), "truncDiv", a, b)
        add(max(a, b), "max", a, b)
        add(min(a, b, 7), "min", a, b, 7)
        # Through the bits: a double shows what f32 it is.
        bits = rng.getrandbits(32) - 2**31
        value = struct.unpack("f", struct.pack("i", bits))[0]
        if np.isfinite(value):
            add(bits, "((b) => f32ToBits(f32FromBits(b)))", bits)
            add(f32_text(np.round(np.float32(value))), "((b) => f32ToBits(roundToEven(f32FromBits(b))))", bits)
            most, least = 2**63 - 1, -2**63
            add(min(max(int(np.trunc(value)), least), most), "((b) => toInteger(f32FromBits(b)))", bits)
        if value >= 0:
            add(f32_text(np.sqrt(np.float32(value))), "((b) => f32ToBits(sqrtF32(f32FromBits(b))))", bits)
        add(f32_text(np.array([a], np.int64).astype(np.float32)[0]), "((n) => f32ToBits(toF32(n)))", a)
    # Halfway between two f32, and a bit more: a double has no room for that bit.
    for a in (2**24 + 1, 2**60 + 2**36, 2**60 + 2**36 + 1, -(2**60 + 2**36 + 1), 2**62 - 1):
        add(f32_text(np.array([a], np.int64).astype(np.float32)[0]), "((n) => f32ToBits(toF32(n)))", a)
    for a, text in ((0, "0"), (999, "999"), (1000, "1,000"), (12345678, "12,345,678")):
        add(text, "groupDigits", a)
    for a, text in ((0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (3 << 30, "3.0 GiB")):
        add(text, "bytesText", a)
    add(0, "floorDiv", 0, 0)
    add(128, "blockBytes", 0, 0)
    add(384, "blockBytes", 129, 1)
    add("null", "blockBytes", 2**56 + 1, 0)
    got = browser.evaluate(RUN % (SOURCE.read_text(), json.dumps(calls)))
    for call, a, b in zip(calls, got, expected, strict=True):
        assert a == b, f"{call}: expected {b}, got {a}"
