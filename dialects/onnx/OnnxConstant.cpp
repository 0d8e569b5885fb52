#include "dialects/onnx/OnnxSource.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace dycc::onnx;

OpFoldResult ConstantOp::fold(FoldAdaptor adaptor) { return getValue(); }

ParseResult dycc::onnx::parseConstantType(OpAsmParser &parser,
                                          ElementsAttr value, Type &type) {
  type = value.getType();
  return succeeded(parser.parseOptionalArrow()) ? parser.parseType(type)
                                                : success();
}

void dycc::onnx::printConstantType(OpAsmPrinter &printer, Operation *op,
                                   ElementsAttr value, Type type) {
  if (type != value.getType())
    printer << " -> " << type;
}
