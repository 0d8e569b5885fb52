#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/OnnxTrees.h"

using namespace mlir;
using namespace dycc::onnx;

#include "dialects/onnx/OnnxDialect.cpp.inc"
#include "dialects/onnx/OnnxEnums.cpp.inc"
#include "dialects/onnx/OnnxInterfaces.cpp.inc"

void OnnxDialect::initialize() {
  addTypes();
#define DYCC_ONNX_FAMILY(NAME) add##NAME##Ops();
#include "dialects/onnx/OnnxFamilies.inc"
  addOperations<DecisionTreesOp>();
}

Operation *OnnxDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  return elements ? ConstantOp::create(builder, loc, type, elements) : nullptr;
}
