#ifndef DYCC_CODEGEN_HALIDE_OPERATORS_POINTWISE_H
#define DYCC_CODEGEN_HALIDE_OPERATORS_POINTWISE_H

#include "codegen/halide/Attributes.h"
#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/Registry.h"

namespace dycc::halide {

/// One element of an element-wise operator.
struct PointwiseSite {
  mlir::Operation *op;
  /// Elements of the operands by position in ONNX, of their computed type;
  /// undefined where absent.
  std::vector<Halide::Expr> operands;
  ElementType result;
  std::vector<mlir::Type> elementTypes; ///< Of the operands, as in the model.

  Halide::Expr x() const { return operands[0]; }
  Halide::Expr y() const { return operands[1]; }
  bool isFloat() const { return operands[0].type().is_float(); }
  /// A constant of the type of the first operand.
  Halide::Expr constant(double value) const;
  /// Attribute `name` as a constant of the type of the first operand.
  Halide::Expr attribute(llvm::StringRef name, double absent) const {
    return constant(floatAttribute(op, name, absent));
  }
};

using PointwiseFunction = Halide::Expr (*)(const PointwiseSite &);

/// Defines result 0 of an element-wise operator.
void definePointwise(KernelBuilder &builder, mlir::Operation *op,
                     PointwiseFunction element);

/// Registers `name` with its element function as template argument: the
/// registry holds plain function pointers.
template <PointwiseFunction element>
void addPointwise(Registry &registry, llvm::StringRef name) {
  registry[name] = [](KernelBuilder &builder, mlir::Operation *op) {
    definePointwise(builder, op, element);
  };
}

/// The same of one that `define` may define together with operators before it;
/// it says whether it did.
template <PointwiseFunction element,
          bool (*define)(KernelBuilder &, mlir::Operation *)>
void addPointwise(Registry &registry, llvm::StringRef name) {
  registry[name] = [](KernelBuilder &builder, mlir::Operation *op) {
    if (!define(builder, op))
      definePointwise(builder, op, element);
  };
}

// The families, a file each.
void addArithmetic(Registry &registry);
void addActivations(Registry &registry);
void addMathFunctions(Registry &registry);
void addLogic(Registry &registry);
void addConversions(Registry &registry);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPERATORS_POINTWISE_H
