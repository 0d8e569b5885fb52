"""Whether the results of an engine are right."""

import numpy as np

from compare import ABSOLUTE, RELATIVE, as_written, compare, in_double, judge

# Beyond the tests' bound a peer is called rough, but counts, while its floats are off
# by at most this part of the largest value, this part of 8-bit values by one level, and
# this part of the rows of a set is not there.
ROUGH_FLOATS, ROUGH_PIXELS, ROUGH_ROWS = 1e-2, 2e-2, 0.1


def same_extents(value, reference):
    """The value with the reference's extents where only ones differ: MNN has no
    scalars."""
    if value.shape != reference.shape and value.size == reference.size:
        if [d for d in value.shape if d != 1] == [d for d in reference.shape if d != 1]:
            return value.reshape(reference.shape)
    return value


def off_by(value, reference):
    """How far floats are off, as a part of the largest; inf where they are no numbers."""
    good = np.isfinite(reference)
    if not np.isfinite(value[good]).all():
        return np.inf
    wide = value[good].astype(np.float64) - reference[good]
    most = np.abs(reference[good]).max(initial=0)
    return float(np.abs(wide).max(initial=0) / most) if most else np.inf


def one_state(value, reference):
    """The state of one output of a peer."""
    value = same_extents(value, reference)
    verdict = compare(value, reference)
    if verdict.ok:
        return "ok"
    if value.shape == reference.shape and reference.dtype.kind == "f":
        error = off_by(value, reference)
        return f"{'rough' if error <= ROUGH_FLOATS else 'wrong'}: off by {error:.1e}"
    if value.shape == reference.shape and reference.dtype == np.uint8:
        off = np.abs(value.astype(int) - reference)
        part = float((off > 0).mean())
        rough = off.max() <= 1 and part <= ROUGH_PIXELS
        return (f"{'rough' if rough else 'wrong'}: {part:.1e} of the pixels off by up to "
                f"{off.max()}")
    return f"wrong: {verdict.text}"


def rows_state(value, reference):
    """The state of a set of rows, in whatever order they are."""
    if value.shape != reference.shape or not reference.size:
        return one_state(value, reference)
    bound = RELATIVE * np.abs(reference) + ABSOLUTE * np.abs(reference).max()
    near = (np.abs(value[None] - reference[:, None]) <= bound[:, None]).all(-1)
    missing = int((~near.any(1)).sum())
    if not missing:
        return "ok"
    rough = missing <= ROUGH_ROWS * len(reference)
    return f"{'rough' if rough else 'wrong'}: {missing} of {len(reference)} rows differ"


def set_state(values, references):
    """The worst state of outputs that are sets of rows."""
    states = [rows_state(v, r) for v, r in zip(values, references)]
    return min(states, key=lambda state: "wro".index(state[0]))


def peer_state(values, references):
    """The worst state of all outputs of a peer."""
    if len(values) != len(references):
        return f"wrong: {len(values)} outputs for {len(references)}"
    states = [one_state(v, r) for v, r in zip(values, references)]
    return min(states, key=lambda state: "wro".index(state[0]))


def our_state(file, feed, values, references):
    """dycc's state, by the rule of the model tests: float64 decides what fails."""
    bad = [v.text for v in judge(str(file), feed, values, references) if not v.ok]
    return f"wrong: {bad[0]}" if bad else "ok"


def reference_of(file, feed, outputs, quantized=False):
    """ONNX Runtime's results, of a quantized model those without its optimizations, which
    may quantize more; where it has none the model's in float64."""
    if quantized:
        return as_written(file)(feed)
    if outputs is not None:
        return outputs
    return [np.asarray(v) for v in in_double(str(file), feed)]
