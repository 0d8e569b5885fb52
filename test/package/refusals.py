"""Calls of the CMake functions that are refused, each with its text."""

import re
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL = "MODEL @MODELS@/pick.onnx"
# (languages, call, text): @MODELS@ is the folder of the models.
REFUSALS = (
    ("NONE", "dycc_add_model(t STATIC model.onnx)",
     "dycc_add_model(t): unknown argument 'model.onnx'"),
    ("NONE", "dycc_add_model(t MODEL)", "dycc_add_model(t): expected a value behind MODEL"),
    ("C", f"dycc_add_model(t {MODEL} VARIANTS small)",
     "expected <name>=<file> behind VARIANTS, got 'small'"),
    ("C", f"dycc_add_model(t {MODEL} VARIANTS small=@MODELS@/pick.onnx small=x.onnx)",
     "variant 'small' is given twice"),
    ("C", f"dycc_add_model(t {MODEL} VARIANTS small=none.onnx)",
     "none.onnx', and no command that makes it"),
    ("CXX", f"dycc_add_model(t {MODEL} VARIANTS small=@MODELS@/pick.onnx)\n"
            "dycc_add_model_test(t DATA . VARIANT large)",
     "no variant 'large', expected one of 'small'"),
    ("NONE", f"dycc_add_model(t {MODEL} NAME my-model)",
     "expected NAME to be an identifier of C, got 'my-model'"),
    ("NONE", f"dycc_add_model(t {MODEL} STATIC OBJECT)",
     "expected one of SHARED, STATIC and OBJECT, got STATIC;OBJECT"),
    ("NONE", "dycc_add_model(t STATIC)", "expected MODEL and an ONNX file"),
    ("C", "dycc_add_model(t MODEL none.onnx)",
     "none.onnx', and no command that makes it"),
    ("NONE", f"dycc_add_model(t {MODEL})",
     "expected a project with the language C or CXX, got 'NONE'"),
    ("C", f"set(CMAKE_CROSSCOMPILING ON)\nset(CMAKE_SYSTEM_PROCESSOR riscv64)\n"
          f"dycc_add_model(t {MODEL})",
     "no models for CMAKE_SYSTEM_PROCESSOR 'riscv64', expected aarch64 or x86_64"),
    ("C", "dycc_add_model_test(t DATA .)",
     "dycc_add_model_test(t): expected a target of dycc_add_model()"),
    ("C", f"dycc_add_model(t {MODEL})\ndycc_add_model_test(t DATA .)",
     "expected a project with the language CXX, got 'C'"),
    ("CXX", f"dycc_add_model(t {MODEL})\ndycc_add_model_test(t DATA nowhere)",
     "expected DATA and a folder, got '"),
    ("CXX", f"dycc_add_model(t {MODEL})\ndycc_add_model_test(t)",
     "expected DATA and a folder, got '"),
)


def plain(text):
    """CMake breaks lines of messages."""
    return re.sub(r"\s+", " ", text)


def check_refusals(run, claim, dycc, models):
    """`run` and `claim` are those of run.py."""
    for languages, call, expected in REFUSALS:
        with tempfile.TemporaryDirectory() as folder:
            text = run("cmake", "-S", HERE / "refusals", "-B", folder, "-G", "Ninja",
                       f"-Ddycc_ROOT={dycc}", f"-DLANGUAGES={languages}",
                       f"-DCALL={call.replace('@MODELS@', str(models))}", fails=True)
        claim(plain(expected) in plain(text), f"{call}: expected \"{expected}\", got {text}")
    text = run("cmake", "-DCMAKE_VERSION=3.20", "-P", check_version(models, dycc), fails=True)
    claim("dycc expects CMake 3.21 or newer, got 3.20" in plain(text), text)


def check_version(models, dycc):
    """A script for the package's first check, which needs an older CMake."""
    script = Path(models) / "version.cmake"
    script.write_text("set(CMAKE_VERSION 3.20)\n"
                      f"include(\"{dycc}/lib/cmake/dycc/dyccConfig.cmake\")\n"
                      "message(FATAL_ERROR \"${dycc_NOT_FOUND_MESSAGE}\")\n")
    return script


def check_runner(run, claim, program, data, folder):
    """What the program of dycc_add_model_test() says, on data that is refused."""
    def says(text, code, *arguments):
        printed = run(program, *arguments, fails=code)
        claim(text in printed, f"expected \"{text}\", got {printed}")

    says("usage: ", 2, data, "--rtol")
    says("usage: ", 2, data, "--rtol", "-1")
    says("usage: ", 2, data, "--error", "1")
    says("nothing to compare, expected output_0.pb", 1, folder)
    good = (data / "output_0.pb").read_bytes()
    (folder / "output_0.pb").write_bytes(good)
    says("no value for input \"mask\": expected input_0.pb", 1, folder)
    for name in ("input_0.pb", "input_1.pb"):
        (folder / name).write_bytes((data / name).read_bytes())
    (folder / "output_0.pb").write_bytes(good[:-1])
    says("output_0.pb': is cut off or no tensor", 1, folder)
    (folder / "output_0.pb").write_bytes(good[:-8] + bytes([1, 0, 0, 0, 2, 0, 0, 0]))
    says("differs: 1 of 2 elements beyond the tolerance, worst deviation 1 at 0: 0, expects 1", 1,
         folder)
    (folder / "output_0.pb").write_bytes((data / "output_1.pb").read_bytes().replace(
        b"kept", b"clas"))
    says("differs: is 0:32[1, 2], expects 2:16[3]", 1, folder)
    (folder / "input_1.pb").write_bytes((data / "input_0.pb").read_bytes().replace(
        b"mask", b"half"))
    says("DYCC_INVALID_ARGUMENT: input \"half\"", 1, folder)
