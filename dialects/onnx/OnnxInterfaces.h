#ifndef DYCC_DIALECTS_ONNX_ONNXINTERFACES_H
#define DYCC_DIALECTS_ONNX_ONNXINTERFACES_H

#include "mlir/IR/OpDefinition.h"

namespace dycc::shape {
class Solver; // Declared only: the dialects know no pass.
}

#include "dialects/onnx/OnnxEnums.h.inc"
#include "dialects/onnx/OnnxInterfaces.h.inc"

#endif // DYCC_DIALECTS_ONNX_ONNXINTERFACES_H
