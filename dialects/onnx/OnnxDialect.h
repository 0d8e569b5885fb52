#ifndef DYCC_DIALECTS_ONNX_ONNXDIALECT_H
#define DYCC_DIALECTS_ONNX_ONNXDIALECT_H

#include "mlir/IR/Dialect.h"

#include "dialects/onnx/OnnxDialect.h.inc"

#endif // DYCC_DIALECTS_ONNX_ONNXDIALECT_H
