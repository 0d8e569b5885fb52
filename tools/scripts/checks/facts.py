"""Operator facts: kernels are those that dialects/onnx/operators.tsv promises, and no
other file has a list of operators."""

import re

from checks.common import ROOT, tracked

TABLE = "dialects/onnx/operators.tsv"
DEFINITIONS = "codegen/halide/operators/"
POINTWISE = re.compile(r'addPointwise<[^>]*>\(\s*registry,\s*"(\w+)"')
OTHERS = re.compile(r'registry\["(\w+)"\]')
LIST = re.compile(r"isa(?:_and_nonnull)?<((?:\s*onnx::\w+Op\s*,?){3,})>")
# What these match is a form, and each member of it by name.
ALLOWED = {
    "passes/normalize/FoldBatchNorm.cpp": "roots whose weights it rewrites, each in its way",
    "passes/normalize/PrecisionRules.cpp": "what each does to the range of its operands",
    "passes/normalize/FoldConstants.cpp": "arithmetic that dequantises weights",
}


def read(path):
    return (ROOT / path).read_text(errors="replace")


def table():
    """{operator: (flags, support)}"""
    rows = [line.split("\t") for line in read(TABLE).splitlines() if line[0] != "#"]
    return {row[0]: (set(row[7].split()), row[8]) for row in rows}


def differences(found, promised, what):
    return ([f"{TABLE}: {name}: expects a definition as {what}, found none"
             for name in sorted(promised - found)]
            + [f"{TABLE}: {name}: is defined as {what}, expects a row that says so"
               for name in sorted(found - promised)])


def check():
    text = "".join(read(path) for path in tracked() if path.startswith(DEFINITIONS))
    pointwise = set(POINTWISE.findall(text))
    facts = table()
    problems = differences(pointwise, {n for n, (flags, _) in facts.items()
                                       if "pointwise" in flags}, "pointwise")
    # The host program makes views of some; kernels know those too.
    by_host = {n for n, (_, support) in facts.items() if support == "host"}
    kernels = {n for n, (_, support) in facts.items() if support == "kernel"}
    defined = pointwise | set(OTHERS.findall(text))
    problems += differences(defined - by_host, kernels, "a kernel")
    for path in tracked():
        if path.endswith((".cpp", ".h")) and path not in ALLOWED:
            problems += [f"{path}: has a list of operators, expects a fact of {TABLE}: "
                         + " ".join(found.split()) for found in LIST.findall(read(path))]
    return problems
