"""The light CNNs of the onnx package with real-looking weights.

`make_light(path, name, symbolic, seed)`: input f32[1,3,224,224], or with
`symbolic` f32[N,3,H,W]; output f32[N,1000] (SqueezeNet and DenseNet:
[N,1000,1,1]), probabilities as in the original file, DenseNet logits.

The package's files hold ConstantOfShape nodes in place of weights, all 0.02.
They become seeded He-scaled initializers, batch-norm statistics vary, and the
last layer is scaled to logits of a deviation of about 2, or softmax would
saturate and hide every error before it. The static variants keep IR 3, where
initializers are inputs too. The symbolic ones are IR 4, and where a Reshape to
a fixed size follows the last pooling, the head becomes GlobalAveragePool and
Flatten, with the first fully connected layer cut to the channels it then gets.

`make_face_cut(path)`: the face detector of the shared folder cut before the
priors: f32[N,3,H,W] -> scores f32[N,A,2], regressions f32[N,A,4].
"""

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

import paths

LIGHT = ("squeezenet", "shufflenet", "densenet121", "inception_v1", "inception_v2",
         "resnet50", "vgg19", "bvlc_alexnet", "zfnet512")


def light_file(name):
    return paths.in_package("onnx", "backend", "test", "data", "light",
                            f"light_{name}.onnx")


def is_weight(node, i):
    """Whether operand i of a node is learnt."""
    kinds = {"Conv": (1, 2), "Gemm": (1, 2), "BatchNormalization": (1, 2, 3, 4)}
    return i in kinds.get(node.op_type, ())


def normal(rng, deviation, shape):
    return rng.standard_normal(shape, np.float32) * np.float32(deviation)


def uniform(rng, low, high, shape):
    return low + np.float32(high - low) * rng.random(shape, np.float32)


def draw(rng, node, i, shape):
    """A value for learnt operand i of `node`."""
    if node.op_type == "BatchNormalization":
        low = {1: (0.6, 1.4), 2: (-0.3, 0.3), 3: (-0.3, 0.3), 4: (0.6, 1.6)}[i]
        return uniform(rng, *low, shape)
    if i == 2:
        return normal(rng, 0.05, shape)
    fan_in = np.prod(shape[1:])  # All Gemm here have transB.
    return normal(rng, np.sqrt(2 / fan_in), shape)


def through_reshapes(nodes, name):
    """Follows a weight back through the Reshape or Unsqueeze in front of it."""
    by_output = {n.output[0]: n for n in nodes}
    while name in by_output and by_output[name].op_type in ("Reshape", "Unsqueeze"):
        name = by_output[name].input[0]
    return name


def fill(model, rng):
    """Replaces fills and float initializers by drawn weights."""
    graph = model.graph
    old = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    fills = {n.output[0]: tuple(old[n.input[0]]) for n in graph.node
             if n.op_type == "ConstantOfShape"}
    shapes = {k: v.shape for k, v in old.items() if v.dtype == np.float32} | fills
    nodes = [n for n in graph.node if n.op_type != "ConstantOfShape"]

    values = {k: v for k, v in old.items() if v.dtype == np.int64}
    for node in nodes:
        for i, name in enumerate(node.input):
            source = through_reshapes(nodes, name)
            if source not in shapes or source in values:
                continue
            if is_weight(node, i):
                shape = shapes[source]
                squeezed = [d for d in shape if d != 1] if node.op_type == "Gemm" else shape
                values[source] = draw(rng, node, i, squeezed).reshape(shape)
            elif node.op_type in ("Mul", "Add"):  # Caffe's scale layer.
                low = (0.6, 1.4) if node.op_type == "Mul" else (-0.3, 0.3)
                values[source] = uniform(rng, *low, shapes[source])
    used = {i for n in nodes for i in n.input}
    values = {k: v for k, v in values.items() if k in used}
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    return values


def set_weights(model, values, as_inputs):
    graph = model.graph
    data = [v for v in graph.input if v.name not in values and "data" in v.name]
    del graph.input[:], graph.initializer[:], graph.value_info[:]
    graph.input.extend(data)
    for name, value in values.items():
        tensor = numpy_helper.from_array(np.ascontiguousarray(value), name)
        graph.initializer.append(tensor)
        if as_inputs:
            graph.input.append(helper.make_tensor_value_info(
                name, tensor.data_type, value.shape))


def name_dims(value):
    dims = value.type.tensor_type.shape.dim
    for axis, name in ((0, "N"), (2, "H"), (3, "W")):
        dims[axis].Clear()
        dims[axis].dim_param = name


def free_shuffles(graph, values):
    """Makes ShuffleNet's channel shuffles (Reshape to 5-D, Transpose, Reshape
    back) follow the extents of their input."""
    nodes, source = [], {}
    for node in graph.node:
        target = values.get(node.input[1]) if node.op_type == "Reshape" else None
        if target is not None and target.size == 5:
            source[node.output[0]] = node.input[0]
        if node.op_type == "Transpose" and node.input[0] in source:
            source[node.output[0]] = source[node.input[0]]
        if target is not None and target.size in (4, 5):
            old = node.input[1]
            extents = source.get(node.output[0]) or source[node.input[0]]
            nodes += shape_nodes(node, extents, target[1:-2], values)
            values.pop(old)
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def shape_nodes(reshape, extents, channels, values):
    """[N, *channels, H, W] of `extents` as shape arithmetic of opset 9."""
    stem = f"{reshape.output[0]}/shape"
    nodes = [helper.make_node("Shape", [extents], [stem])]
    parts = []
    for axis in (0, 2, 3):
        index, out = f"{stem}/axis{axis}", f"{stem}/dim{axis}"
        values[index] = np.array([axis])
        nodes.append(helper.make_node("Gather", [stem, index], [out], axis=0))
        parts.append(out)
    values[f"{stem}/channels"] = np.array(channels)
    parts.insert(1, f"{stem}/channels")
    reshape.input[1] = f"{stem}/all"
    nodes.append(helper.make_node("Concat", parts, [reshape.input[1]], axis=0))
    return nodes


def make_symbolic(model, values):
    """Names batch, height and width, and makes the head independent of them."""
    graph = model.graph
    model.ir_version = 4
    name_dims(next(v for v in graph.input if v.name not in values))
    free_shuffles(graph, values)
    out = graph.output[0].type.tensor_type.shape.dim[0]
    out.Clear()
    out.dim_param = "N"
    heads = [i for i, n in enumerate(graph.node) if n.op_type == "Reshape"
             and n.input[1] in values and values[n.input[1]].size == 2
             and n.input[0] not in values]
    if heads:
        rewrite_head(graph, values, heads[-1])


def rewrite_head(graph, values, at):
    """[pool,] Reshape -> GlobalAveragePool, Flatten."""
    nodes, reshape = list(graph.node), graph.node[at]
    source = reshape.input[0]
    by_output = {o: n for n in nodes for o in n.output}
    dropped = [reshape]
    while by_output[source].op_type in ("AveragePool", "Dropout"):
        dropped.append(by_output[source])
        source = by_output[source].input[0]
    gemm = next(n for n in nodes if reshape.output[0] in n.input)
    weight = through_reshapes(nodes, gemm.input[1])
    channels = last_channels(by_output, values, source)
    wide = values[weight].reshape(-1, values[weight].shape[-1])
    if wide.shape[1] != channels:
        gain = np.float32(np.sqrt(wide.shape[1] / channels))
        values[weight] = wide[:, :channels] * gain
    head = [helper.make_node("GlobalAveragePool", [source], ["pooled"]),
            helper.make_node("Flatten", ["pooled"], [reshape.output[0]], axis=1)]
    values.pop(reshape.input[1])
    del graph.node[:]
    for n in nodes:
        if n is reshape:
            graph.node.extend(head)
        elif not any(n is d for d in dropped):
            graph.node.append(n)


def last_channels(by_output, values, name):
    """The channels of a value, by the convolutions that make it."""
    node = by_output[name]
    if node.op_type == "Conv":
        return values[node.input[1]].shape[0]
    if node.op_type == "Concat":
        return sum(last_channels(by_output, values, i) for i in node.input)
    return last_channels(by_output, values, node.input[0])


def calibrate(model, seed):
    """Scales the last layer so that its outputs deviate by about 2."""
    graph = model.graph
    last = [n for n in graph.node if n.op_type in ("Gemm", "Conv")][-1]
    graph.output.append(helper.make_tensor_value_info(
        last.output[0], onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           ["CPUExecutionProvider"])
    feed = {graph.input[0].name:
            np.random.default_rng(seed).random((1, 3, 224, 224), np.float32)}
    spread = session.run([last.output[0]], feed)[0].std()
    del graph.output[-1]
    learnt = [through_reshapes(graph.node, i) for i in last.input[1:]]
    for tensor in graph.initializer:
        if tensor.name in learnt:
            scaled = numpy_helper.to_array(tensor) * np.float32(2 / spread)
            tensor.CopyFrom(numpy_helper.from_array(scaled, tensor.name))


def make_light(path, name, symbolic=False, seed=0):
    model = onnx.load(light_file(name))
    values = fill(model, np.random.default_rng([seed, LIGHT.index(name)]))
    if symbolic:
        make_symbolic(model, values)
    set_weights(model, values, as_inputs=not symbolic)
    calibrate(model, seed)
    if model.ByteSize() < 2**27:  # The check copies the whole model.
        onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def make_face_cut(path):
    """Needs the shared folder; None without it."""
    file = paths.shared("models", "face_rfb_320.onnx")
    if file is None:
        return None
    model = onnx.load(file)
    graph = model.graph
    concats = [n for n in graph.node if n.op_type == "Concat"]
    regressions = next(n for n in reversed(concats) if len(n.input) == 4
                       and all("scores" not in o for o in n.output)).output[0]
    keep, wanted = [], {"scores", regressions}
    for node in reversed(graph.node):
        if wanted & set(node.output):
            keep.append(node)
            wanted |= set(node.input)
    del graph.node[:]
    graph.node.extend(reversed(keep))
    name_dims(graph.input[0])
    del graph.output[:], graph.value_info[:]
    f32 = onnx.TensorProto.FLOAT
    graph.output.extend([
        helper.make_tensor_value_info("scores", f32, ["N", None, 2]),
        helper.make_tensor_value_info(regressions, f32, ["N", None, 4])])
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def data_input(name):
    """The name of a light model's image input."""
    graph = onnx.load(light_file(name)).graph
    return next(v.name for v in graph.input if "data" in v.name)
