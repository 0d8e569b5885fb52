// The operator that ensembles of decision trees become: none of ONNX's, thus in
// no family that tools/scripts/gen-onnx-dialect writes.
#ifndef DYCC_DIALECTS_ONNX_ONNXTREES_H
#define DYCC_DIALECTS_ONNX_ONNXTREES_H

#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxTypes.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialects/onnx/OnnxTrees.h.inc"

#endif // DYCC_DIALECTS_ONNX_ONNXTREES_H
