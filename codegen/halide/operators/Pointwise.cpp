#include "codegen/halide/operators/Pointwise.h"

namespace dycc::halide {

Halide::Expr PointwiseSite::constant(double value) const {
  return Halide::Internal::make_const(operands[0].type(), value);
}

void definePointwise(KernelBuilder &builder, mlir::Operation *op,
                     PointwiseFunction element) {
  // An absent operand leaves a gap, so positions stay those of ONNX.
  auto segments =
      op->getAttrOfType<mlir::DenseI32ArrayAttr>("operandSegmentSizes");
  unsigned positions = segments ? segments.size() : op->getNumOperands();
  PointwiseSite site{op, {}, KernelBuilder::element(op->getResult(0)), {}};
  Dims to = builder.dims(op->getResult(0));
  builder.define(op, [&](const Index &index) {
    for (unsigned i = 0; i < positions; ++i) {
      mlir::Value value = KernelBuilder::operandValue(op, i);
      if (!value) {
        site.operands.emplace_back();
        site.elementTypes.emplace_back();
        continue;
      }
      Tensor tensor = builder.tensor(value);
      site.operands.push_back(
          tensor(builder.broadcast(tensor.dims, to, index)));
      site.elementTypes.push_back(mlir::getElementTypeOrSelf(value.getType()));
    }
    return element(site);
  });
}

void addPointwiseOperators(Registry &registry) {
  addArithmetic(registry);
  addActivations(registry);
  addMathFunctions(registry);
  addLogic(registry);
  addConversions(registry);
}

} // namespace dycc::halide
