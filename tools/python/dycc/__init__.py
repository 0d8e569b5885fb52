"""dycc: compiles ONNX models with symbolic shapes, and runs what it has compiled.

    model = dycc.compile("upscale.onnx", dims={"H": (16, 1080, 4)})
    y = model(x=frame)

docs/python.md of the project explains it.
"""

from dycc._compile import compile, compile_family, compile_file
from dycc._errors import CompileError, Error
from dycc._facts import Cost, Kernel, Peak, Symbol, Value
from dycc._model import Allocator, Call, Model, Profile, load
from dycc._predict import Figures, Oracle, Prediction, predict
from dycc._programs import program, root
from dycc._qos import QosController
from dycc._surrogate import Surrogate

__all__ = ["Allocator", "Call", "CompileError", "Cost", "Error", "Figures", "Kernel", "Model",
           "Oracle", "Peak", "Prediction", "Profile", "QosController", "Surrogate", "Symbol",
           "Value", "compile", "compile_family", "compile_file", "load", "predict", "program",
           "root"]
