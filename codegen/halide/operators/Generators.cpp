// Operators whose elements follow from their index.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/operators/IndexMap.h"
#include "mlir/IR/BuiltinAttributes.h"

using Halide::cast;
using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

/// The only element of a tensor of one.
Expr scalar(const Tensor &x) { return x(Index(x.rank(), 0)); }

void defineRange(KernelBuilder &builder, mlir::Operation *op) {
  Expr start = scalar(builder.operand(op, 0));
  Expr delta = scalar(builder.operand(op, 2));
  builder.define(op, [&](const Index &index) {
    Expr i = cast(start.type(), index[0]);
    return start.type().is_float() ? strict(start + i * delta)
                                   : wrapAdd(start, wrapMul(i, delta));
  });
}

/// The element of a constant of one, as computed with.
Expr constantElement(mlir::DenseElementsAttr values, const ElementType &type) {
  if (mlir::isa<mlir::FloatType>(values.getElementType())) {
    llvm::APFloat value = values.getSplatValue<llvm::APFloat>();
    bool lossy;
    value.convert(llvm::APFloat::IEEEdouble(),
                  llvm::APFloat::rmNearestTiesToEven, &lossy);
    return Halide::Internal::make_const(type.computed, value.convertToDouble());
  }
  llvm::APInt value = values.getSplatValue<llvm::APInt>();
  if (type.computed.is_uint())
    return Halide::Internal::make_const(type.computed, value.getZExtValue());
  return Halide::Internal::make_const(type.computed, value.getSExtValue());
}

void defineConstantOfShape(KernelBuilder &builder, mlir::Operation *op) {
  ElementType type = KernelBuilder::element(op->getResult(0));
  Expr value = Halide::Internal::make_zero(type.computed);
  if (mlir::Attribute attribute = op->getAttr("value")) {
    auto dense = mlir::dyn_cast<mlir::DenseElementsAttr>(attribute);
    if (!dense || dense.getNumElements() != 1)
      throw KernelError("expects a value of one element");
    value = constantElement(dense, type);
  }
  builder.define(op, [&](const Index &) { return value; });
}

void defineEyeLike(KernelBuilder &builder, mlir::Operation *op) {
  Expr k = static_cast<int>(intAttribute(op, "k", 0));
  builder.define(op, [&](const Index &index) {
    Expr onDiagonal = index[1] - index[0] == k;
    Halide::Type type = KernelBuilder::element(op->getResult(0)).computed;
    return select(onDiagonal, Halide::Internal::make_one(type),
                  Halide::Internal::make_zero(type));
  });
}

void defineTrilu(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  bool upper = intAttribute(op, "upper", 1) != 0;
  Expr k = Expr(int64_t(0));
  if (KernelBuilder::hasOperand(op, 1))
    k = cast<int64_t>(scalar(builder.operand(op, 1)));
  builder.define(op, [&](const Index &index) {
    Expr column = index[index.size() - 1], row = index[index.size() - 2];
    Expr above = cast<int64_t>(column - row);
    return select(upper ? above >= k : above <= k, x(index),
                  Halide::Internal::make_zero(x.element.computed));
  });
}

} // namespace

void addGenerators(Registry &registry) {
  registry["Range"] = {defineRange};
  registry["ConstantOfShape"] = {defineConstantOfShape};
  registry["EyeLike"] = {defineEyeLike};
  registry["Trilu"] = {defineTrilu};
}

} // namespace dycc::halide
