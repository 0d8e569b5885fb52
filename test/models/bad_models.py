"""What dycc refuses: broken models and broken surroundings."""

import resource
import signal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import dycc
from bad_inputs import case, check
from builder import F32, Graph

X = [helper.make_tensor_value_info("x", F32, ["N", 4])]
Y = [helper.make_tensor_value_info("y", F32, None)]


def write(env, nodes, opset=17, weights=(), inputs=X, outputs=Y):
    """A model from bare nodes, unchecked."""
    graph = helper.make_graph(nodes, "bad", inputs, outputs, list(weights))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)],
                              ir_version=8)
    file = env.folder / "bad.onnx"
    file.write_bytes(model.SerializeToString())
    return file


def relu(name="relu", x="x", y="y"):
    return helper.make_node("Relu", [x], [y], name=name)


def good_model(env, width=4):
    """A small model that compiles."""
    g = Graph()
    x = g.input("x", F32, ["N", width])
    weight = g.weight("w", np.ones((width, width), np.float32))
    g.output("y", g.op("Relu", g.op("MatMul", x, weight)), F32, ["N", width])
    return g.save(str(env.folder / "good.onnx"), "good")


@case
def missing_model(env):
    env.refuse(env.folder / "nothing.onnx", "nothing.onnx")


@case
def empty_file(env):
    file = env.folder / "empty.onnx"
    file.write_bytes(b"")
    env.refuse(file, "empty.onnx")


@case
def truncated_model(env):
    """At every place a cut can fall: in a name, a length, the weights."""
    data = open(good_model(env, 64), "rb").read()
    for part in (0.02, 0.3, 0.7, 0.999):
        file = env.folder / "cut.onnx"
        file.write_bytes(data[:int(len(data) * part)])
        env.refuse(file, "cut.onnx")


@case
def garbage(env):
    rng = np.random.default_rng(0)
    for seed in range(3):
        file = env.folder / "garbage.onnx"
        file.write_bytes(rng.integers(0, 256, 4096, np.uint8).tobytes())
        env.refuse(file, "garbage.onnx")


@case
def flipped_bytes(env):
    """Damaged models are refused or compile, but dycc stays alive."""
    data = bytearray(open(good_model(env), "rb").read())
    rng = np.random.default_rng(1)
    for _ in range(20):
        bad = bytearray(data)
        for at in rng.integers(0, len(bad), 3):
            bad[at] = rng.integers(256)
        file = env.folder / "flipped.onnx"
        file.write_bytes(bad)
        done = env.dycc_run(file)
        check(done.returncode in (0, 1), f"exit code {done.returncode}: {done.stderr}")


@case
def cyclic(env):
    nodes = [helper.make_node("Add", ["x", "b"], ["a"], name="first"),
             relu("second", "a", "b"), relu("last", "b", "y")]
    env.refuse(write(env, nodes), "first")


@case
def input_that_nothing_can_hold(env):
    """No operator uses it."""
    waves = helper.make_tensor_value_info("waves", TensorProto.COMPLEX64, [2])
    env.refuse(write(env, [relu()], inputs=[*X, waves]), "waves", "input of type")
    number = helper.make_tensor("y", TensorProto.COMPLEX64, [1], [1j])
    env.refuse(write(env, [], weights=[number]), "output of type")


@case
def more_elements_than_memory(env):
    large = helper.make_tensor_value_info("x", F32, ["N", 2**62, 4])
    env.refuse(write(env, [relu()], inputs=[large]), "2^48 elements")


@case
def undefined_value(env):
    env.refuse(write(env, [relu("lonely", "nobody")]), "lonely", "nobody")


@case
def undefined_output(env):
    env.refuse(write(env, [relu("only", "x", "other")]), "y")


@case
def value_made_twice(env):
    env.refuse(write(env, [relu("one"), relu("two")]), "y")


@case
def unknown_operators(env):
    """All of them are listed in one run."""
    nodes = [helper.make_node("Frobnicate", ["x"], ["a"], name="strange"),
             helper.make_node("Relu", ["a"], ["b"], name="fine"),
             helper.make_node("Obfuscate", ["b"], ["y"], name="stranger")]
    env.refuse(write(env, nodes), "strange", "Frobnicate", "stranger", "Obfuscate")


@case
def newer_opset(env):
    """Refused by name where a node's form is not known."""
    node = helper.make_node("Relu", ["x"], ["y"], name="future", brand_new=1)
    env.refuse(write(env, [node], opset=99), "future")


@case
def mixed_types(env):
    ints = numpy_helper.from_array(np.ones(4, np.int64), "ints")
    node = helper.make_node("Add", ["x", "ints"], ["y"], name="mixed")
    env.refuse(write(env, [node], weights=[ints]), "mixed")


@case
def wrong_attribute_type(env):
    node = helper.make_node("Concat", ["x", "x"], ["y"], name="join", axis="last")
    env.refuse(write(env, [node]), "join", "axis")


@case
def constant_shapes_that_do_not_fit(env):
    weight = numpy_helper.from_array(np.ones((5, 3), np.float32), "w")
    node = helper.make_node("MatMul", ["x", "w"], ["y"], name="product")
    env.refuse(write(env, [node], weights=[weight]), "product", "4", "5")


@case
def too_few_weight_bytes(env):
    tensor = TensorProto(name="w", data_type=F32, dims=[4, 4], raw_data=b"\0" * 12)
    node = helper.make_node("MatMul", ["x", "w"], ["y"], name="product")
    env.refuse(write(env, [node], weights=[tensor]), "w")


def external(env, location):
    tensor = TensorProto(name="w", data_type=F32, dims=[4, 4],
                         data_location=TensorProto.EXTERNAL)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", location
    node = helper.make_node("MatMul", ["x", "w"], ["y"], name="product")
    return write(env, [node], weights=[tensor])


@case
def missing_weight_file(env):
    env.refuse(external(env, "weights.bin"), "weights.bin")


@case
def weight_file_too_short(env):
    (env.folder / "weights.bin").write_bytes(b"\0" * 60)
    env.refuse(external(env, "weights.bin"), "weights.bin")


@case
def weight_file_outside(env):
    """Data outside the model's folder is not read, by any spelling."""
    for location in ("../weights.bin", "/etc/passwd", "a/../../weights.bin"):
        env.refuse(external(env, location), location)
    (env.folder / "link.bin").symlink_to("/etc/passwd")
    env.refuse(external(env, "link.bin"), "link.bin")


@case
def unwritable_output(env):
    output = env.folder / "no" / "such" / "folder" / "model.so"
    env.refuse(good_model(env), str(output), output=output)


@case
def output_is_a_folder(env):
    output = env.folder / "taken"
    output.mkdir()
    env.refuse(good_model(env), "taken", output=output)


def little_room():
    """No file may grow beyond 64 KiB; writes then fail instead of killing."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))


@case
def no_disk_space(env):
    """The weights alone are 256 KiB."""
    env.refuse(good_model(env, 256), "out.so", preexec_fn=little_room)


@case
def old_output_survives(env):
    """A failed compilation does not touch what an earlier one wrote."""
    library = env.compile(good_model(env))
    before = library.read_bytes()
    done = env.dycc_run(write(env, [relu("lonely", "nobody")]))
    check(done.returncode == 1, f"expects exit code 1, got {done.returncode}")
    check(library.read_bytes() == before, "the old output has changed")


def field(number, data):
    """A length-delimited protobuf field; `data` is bytes or text."""
    data = data.encode() if isinstance(data, str) else data
    result = bytearray()
    for value in (number << 3 | 2, len(data)):
        while value > 127:
            result.append(value & 127 | 128)
            value >>= 7
        result.append(value)
    return bytes(result) + data


@case
def deep_nesting(env):
    """If in If, 3,000 deep, written byte by byte since no library does it:
    refused by the file's name, without a stack overflow."""
    value = b"".join([field(1, "deep"), field(12, field(1, "y"))])
    graph = field(1, field(1, "x") + field(2, "y") + field(4, "Relu")) + value
    for _ in range(3000):
        # AttributeProto: name, g, type = GRAPH.
        branches = (field(5, field(1, name) + field(6, g) + b"\xa0\x01\x05")
                    for name, g in (("then_branch", graph), ("else_branch", value)))
        node = field(1, "yes") + field(2, "y") + field(4, "If") + b"".join(branches)
        graph = field(1, node) + value
    # ModelProto: ir_version 8, graph, opset 17.
    file = env.folder / "deep.onnx"
    file.write_bytes(b"\x08\x08" + field(7, graph) + field(8, b"\x10\x11"))
    env.refuse(file, "deep.onnx")


@case
def hundred_thousand_nodes(env):
    """Compiles within a minute and is right."""
    g = Graph()
    x = first = g.input("x", F32, ["N", 8])
    shift = g.weight("shift", np.linspace(-0.5, 0.5, 8, dtype=np.float32))
    half = g.weight("half", np.float32(0.5))
    for _ in range(25000):
        x = g.op("Mul", g.op("Add", g.op("Relu", g.op("Add", x, shift)), first), half)
    g.output("y", x, F32, ["N", 8])
    model = g.model("long")
    file = env.folder / "long.onnx"
    onnx.save(model, file)
    library = env.compile(file, limit=60)

    value = np.random.default_rng(0).random((5, 8), np.float32)
    expected = value
    for _ in range(25000):
        expected = (np.maximum(expected + g.weights["shift"], 0) + value) * np.float32(0.5)
    with dycc.load(library) as compiled:
        result = compiled(value)
    check(np.allclose(result, expected, 1e-3, 1e-4), "the result is wrong")
