#include "dialects/onnx/OnnxTrees.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace dycc::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/OnnxTrees.cpp.inc"

LogicalResult DecisionTreesOp::verify() {
  size_t expected = getTargets() == 1 ? 0 : 3;
  if (getLeaves().size() == expected) // (C1)
    return success();
  return emitOpError("expects ")
         << expected << " operands of leaves for " << getTargets()
         << " targets, got " << getLeaves().size();
}
