"""In how many ways a random graph is compiled, and what has to hold of each.

* With the plans of the processor's back end and without any; with a part of the static
  plan switched off, one by the seed or each; with each version that its kernels have,
  forced at every shape; with versions for shapes that were recorded. All agree with ONNX
  Runtime.
* What moves values alone, order and memory, and the number of threads change no bit.
* Of the graph with every value of the top level as an output: extents are those that the
  compiler's formulas give, integers those of its expressions (`verify_shapes`).
"""

import json
import subprocess

import numpy as np
import onnx

import paths
import dycc  # On the path by `paths`.
from compare import judge

PARTS = ("chunk", "fuse", "in-place", "layout", "memory", "order", "reuse", "share",
         "version")
# Switched off, they leave every bit as it is.
MOVERS = {"in-place", "memory", "order", "reuse"}


class Red(Exception):
    """What is wrong with a graph."""


def without(parts):
    return ("--disable", ",".join(parts))


def variants(seed, every):
    """{name: flags} of a seed: one part off, or with `every` each of them."""
    chosen = {"cpu": (), "reference": ("--backend", "reference"),
              "without order, memory": without(("order", "memory"))}
    off = PARTS if every else (PARTS[seed % len(PARTS)],)
    chosen |= {f"without {part}": without((part,)) for part in off}
    return chosen | ({"without any": without(PARTS)} if every else {})


def keeps_bits(flags):
    return not flags or flags[0] == "--disable" and set(flags[1].split(",")) <= MOVERS


def run_dycc(program, model, *flags):
    done = subprocess.run([str(program), str(model), *flags], capture_output=True,
                          text=True, timeout=120 * paths.PATIENCE)
    if done.returncode:
        raise Red(f"dycc exits {done.returncode}: {done.stderr.strip()[-800:]}")
    return done.stdout


def forced(compiler, model):
    """{name: flags} of versions that not every launch takes."""
    report = json.loads(run_dycc(compiler.with_name("dycc-inspect"), model, "--json"))
    names = {version["name"] for kernel in report["kernels"] for version in
             kernel["versions"] if len(kernel["versions"]) > 1}
    return {f"version {name}": ("--only-version", name) for name in sorted(names)}


class Judge:
    """Compares the variants of one graph with ONNX Runtime and with each other."""

    def __init__(self, compiler, model, feeds, folder):
        from run import reference_session

        self.compiler, self.model, self.folder = compiler, model, folder
        session = reference_session(model)
        self.feeds = [(symbols, feed, session.run(None, feed)) for symbols, feed in feeds]
        self.bits, self.worst, self.count, self.first = None, 0.0, 0, None

    def library(self, model, *flags):
        self.count += 1
        library = self.folder / f"{model.stem}_{self.count}.so"
        run_dycc(self.compiler, model, *flags, "-o", str(library))
        return library

    def variant(self, name, flags):
        """Runs one; its bits are those of the first where it moves values alone."""
        try:
            library = self.library(self.model, *flags)
            bits = self.results(library, threads=2)
            if self.bits is None:
                self.bits, self.first = bits, library
                if self.results(library, threads=1) != bits:
                    raise Red("other bits on one thread")
            elif keeps_bits(flags) and bits != self.bits:
                raise Red("other bits than cpu")
        except Red as red:
            raise Red(f"{name}: {red}") from None

    def recorded(self):
        """{name: flags} with versions for the first sizes, which the others run too."""
        lines, file = [], self.folder / "recorded.shapes"
        for _, feed, _ in self.feeds[:2]:
            inputs = []
            for name, value in feed.items():
                np.save(self.folder / f"{name}.npy", value)
                inputs += ["--input", f"{name}=@{self.folder / name}.npy"]
            run_dycc(self.compiler.with_name("dycc-run"), self.first, *inputs,
                     "--profile-shapes", str(file))
            lines += file.read_text().splitlines()[1:]
        file.write_text("\n".join(["dycc shapes 1", *lines]))
        return {"recorded shapes": ("--profile-shapes", str(file))}

    def results(self, library, threads):
        """The bits of the outputs at each size, which are right."""
        bits = []
        with dycc.load(library, threads=threads) as compiled:
            for symbols, feed, expected in self.feeds:
                try:
                    mine = list(compiled.run(feed).values())
                except dycc.Error as error:
                    raise Red(f"at {symbols}: {error.status}: {error}") from None
                found, = judge(self.model, feed, mine, expected)
                self.worst = max(self.worst, found.worst)
                if not found.ok:
                    raise Red(f"at {symbols}: {found.text}")
                bits.append(b"".join(value.tobytes() for value in mine))
        return bits

    def verify_shapes(self):
        """Formulas of extents and expressions of integers against what ONNX Runtime has."""
        from run import reference_session

        model = self.folder / "exposed.onnx"
        expose(self.model, model)
        session = reference_session(model)
        names = [output.name for output in session.get_outputs()]
        with dycc.load(self.library(model), threads=1) as compiled:
            for symbols, feed, _ in self.feeds:
                actual = dict(zip(names, session.run(None, feed)))
                wrong = differences(compiled, feed, actual)
                if wrong:
                    raise Red(f"shapes at {symbols}: {wrong[0]}")


def expose(model, path):
    """Writes a model whose outputs are all values of its top level."""
    whole = onnx.shape_inference.infer_shapes(onnx.load(model), data_prop=True)
    types = {v.name: v.type.tensor_type.elem_type for v in whole.graph.value_info}
    present = {output.name for output in whole.graph.output}
    for node in whole.graph.node:
        for name in node.output:
            if types.get(name) and name not in present:
                whole.graph.output.append(onnx.helper.make_tensor_value_info(
                    name, types[name], None))
    del whole.graph.value_info[:]
    onnx.save(whole, path)


def differences(compiled, feed, actual):
    """What formulas of the compiled model say otherwise than the run of another engine.
    An extent that execution decides has a bound, or none."""
    wrong, said = [], compiled.infer_shapes(feed)
    mine = compiled.run(feed)
    for value in compiled.outputs:
        real, array = actual[value.name].shape, actual[value.name]
        for text, formula, extent in zip(value.shape, said[value.name], real):
            decided = text == "?"
            if formula is not None and (formula < extent if decided else formula != extent):
                wrong.append(f"{value.name}: extent {text} is {formula}, got {extent}")
        if array.dtype.kind in "ib" and not np.array_equal(mine[value.name], array):
            wrong.append(f"{value.name}: {mine[value.name]}, expected {array}")
    return wrong


def check(seed, model, feeds, compiler, folder, every=False, shapes=False):
    """Text of what is wrong with one graph, or None; the worst deviation."""
    judge_ = Judge(compiler, model, feeds, folder)
    try:
        for name, flags in (variants(seed, every) | forced(compiler, model)).items():
            judge_.variant(name, flags)
        for name, flags in judge_.recorded().items():
            judge_.variant(name, flags)
        if shapes:
            judge_.verify_shapes()
    except Red as red:
        return str(red), judge_.worst
    return None, judge_.worst
