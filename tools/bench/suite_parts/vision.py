"""Detectors, classifiers and readers of text, as packages and exporters bring them."""

import functools

import onnx

import cnns
import packages
from suite_parts.exported import graph_of
from suite_parts.recipes import drawn_images, images, text
from suite_parts.registry import VISION, Model

OPSET = 13  # In which Softmax is what every engine takes it for.


def packaged(name):
    """A `make` of a model that a Python package brings."""
    return next(case.make for case in packages.cases() if case.name == name)


def make_upgraded(name, path):
    """A classifier of the onnx package, in an opset that is not years old: engines
    read a Softmax of 4-D values before opset 13 in different ways."""
    cnns.make_light(path, name, symbolic=True)
    model = onnx.version_converter.convert_version(onnx.load(path), OPSET)
    onnx.save(model, path)
    return path


def detectors():
    yield Model("yolov6n", VISION, graph_of("yolov6n_full_dy"),
                images("x", (1, 3, 640, 640), (1, 3, 320, 416), (2, 3, 96, 224),
                       (1, 3, 32, 32)), drawn_images("x", 3, 32, 160, 32, batch=2))
    yield Model("yolov6n_nms", VISION, graph_of("yolov6n_nms_ts"),
                images("x", (1, 3, 640, 480), (1, 3, 320, 416), (2, 3, 96, 224),
                       (1, 3, 32, 32)), drawn_images("x", 3, 32, 160, 32, batch=2),
                any_order=True)
    yield Model("nudenet", VISION, packaged("nudenet"),
                images("images", (1, 3, 320, 320), (1, 3, 224, 416), (3, 3, 64, 224),
                       (1, 3, 32, 32)), drawn_images("images", 3, 32, 160, 32, batch=2))


def readers():
    yield Model("ppocr_det", VISION, packaged("ppocr_detection"),
                images("x", (1, 3, 736, 736), (1, 3, 320, 480), (2, 3, 96, 224),
                       (1, 3, 32, 32), rule=text),
                drawn_images("x", 3, 32, 160, 32, batch=2, rule=text))

    # Lines of text: one height, any width.
    def line(rng):
        return images("x", (int(rng.integers(1, 4)), 3, 48, int(rng.integers(8, 200))))[0]

    yield Model("ppocr_rec", VISION, packaged("ppocr_recognition"),
                images("x", (1, 3, 48, 320), (1, 3, 48, 613), (6, 3, 48, 97),
                       (1, 3, 48, 7)), line)


def classifiers():
    yield Model("mobilenetv3", VISION, graph_of("mobilenetv3_large_full_ts"),
                images("x", (1, 3, 224, 224), (1, 3, 97, 61), (4, 3, 128, 160),
                       (1, 3, 32, 32)), drawn_images("x", 3, 32, 128, batch=2))
    yield Model("resnet50", VISION, functools.partial(make_upgraded, "resnet50"),
                images("gpu_0/data_0", (1, 3, 224, 224), (1, 3, 225, 223), (4, 3, 96, 96),
                       (1, 3, 33, 33)), drawn_images("gpu_0/data_0", 3, 32, 96))
    yield Model("squeezenet", VISION, functools.partial(make_upgraded, "squeezenet"),
                images("data_0", (1, 3, 224, 224), (1, 3, 225, 223), (3, 3, 97, 131),
                       (1, 3, 33, 33)), drawn_images("data_0", 3, 32, 128, batch=2))
    yield Model("skipnet", VISION, graph_of("skipnet_script"),
                images("x", (1, 3, 97, 128), (1, 3, 64, 48), (1, 3, 31, 37),
                       (1, 3, 16, 16)), drawn_images("x", 3, 8, 100))


def models():
    yield from detectors()
    yield from readers()
    yield from classifiers()
