#ifndef DYCC_PASSES_NORMALIZE_ONNXBUILDER_H
#define DYCC_PASSES_NORMALIZE_ONNXBUILDER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"

namespace dycc {

/// Creates `onnx` ops at one location, with results of unknown rank.
class OnnxBuilder {
public:
  OnnxBuilder(mlir::OpBuilder &builder, mlir::Location location)
      : builder(builder), location(location) {}

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return location; }

  /// Creates an op with one result of that element type. A null operand is an
  /// absent one.
  mlir::Value create(llvm::StringRef op, llvm::ArrayRef<mlir::Value> operands,
                     mlir::Type elementType,
                     llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  /// The same with the element type of the first operand.
  mlir::Value create(llvm::StringRef op, llvm::ArrayRef<mlir::Value> operands,
                     llvm::ArrayRef<mlir::NamedAttribute> attributes = {});

  mlir::Value constant(mlir::ElementsAttr value);
  /// A vector of i64.
  mlir::Value ints(llvm::ArrayRef<int64_t> values);
  /// A scalar of a float or integer type.
  mlir::Value scalar(mlir::Type elementType, double value);
  mlir::NamedAttribute attr(llvm::StringRef name, int64_t value);
  mlir::NamedAttribute attr(llvm::StringRef name,
                            llvm::ArrayRef<int64_t> values);

  /// `x` itself where it has the type; null where `to` is no type of numbers
  /// that kernels have.
  /// `rounding`: `saturate` and `round_mode`, to floats of at most 8 bits.
  mlir::Value cast(mlir::Value x, mlir::Type to,
                   llvm::ArrayRef<mlir::NamedAttribute> rounding = {});
  mlir::Value square(mlir::Value x);
  mlir::Value slice(mlir::Value x, int64_t axis, int64_t begin, int64_t end,
                    int64_t step = 1);
  /// Parts of those extents along an axis.
  llvm::SmallVector<mlir::Value> split(mlir::Value x, int64_t axis,
                                       llvm::ArrayRef<int64_t> extents);
  /// `values[0]` itself where it is alone.
  mlir::Value concat(llvm::ArrayRef<mlir::Value> values, int64_t axis);
  mlir::Value squeeze(mlir::Value x, int64_t axis);
  mlir::Value unsqueeze(mlir::Value x, int64_t axis);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  mlir::Value shape(mlir::Value x);
  /// The extent of an axis, a vector of one i64.
  mlir::Value extent(mlir::Value x, int64_t axis);
  /// The one element of a tensor as a scalar.
  mlir::Value asScalar(mlir::Value x);
  /// 0, 1, ... below `count`, a scalar of i64.
  mlir::Value range(mlir::Value count);
  /// A tensor of those extents, a vector, filled with `value`.
  mlir::Value filled(mlir::Type elementType, double value, mlir::Value extents);

  /// A Loop of `steps` trips, a scalar of i64. `body` gets the number of the
  /// trip and the carried values, which begin as `initial`; it gives the next
  /// ones, followed by what is scanned out. The results are the last ones, and
  /// what was scanned out of all trips.
  using LoopBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::Value trip, llvm::ArrayRef<mlir::Value> carried)>;
  llvm::SmallVector<mlir::Value>
  loop(mlir::Value steps, llvm::ArrayRef<mlir::Value> initial, LoopBody body);

  /// An If of one result of that element type.
  using Branch = llvm::function_ref<mlir::Value()>;
  mlir::Value choose(mlir::Value condition, mlir::Type elementType, Branch then,
                     Branch otherwise);

  /// Says what takes the place of a result of the operator that is expanded,
  /// once all that it becomes is known to fit together.
  void replace(mlir::Value result, mlir::Value value) {
    replacements.emplace_back(result, value);
  }
  llvm::ArrayRef<std::pair<mlir::Value, mlir::Value>> getReplacements() const {
    return replacements;
  }

private:
  std::unique_ptr<mlir::Region> branch(Branch value);

  mlir::OpBuilder &builder;
  mlir::Location location;
  llvm::SmallVector<std::pair<mlir::Value, mlir::Value>> replacements;
};

/// The attributes of `op` but the one that counts its operands.
llvm::SmallVector<mlir::NamedAttribute> attributesOf(mlir::Operation *op);
/// The attributes by which `op` rounds to floats of at most 8 bits, where it
/// has any.
llvm::SmallVector<mlir::NamedAttribute> roundingOf(mlir::Operation *op);
/// The element type of a tensor value.
mlir::Type elementTypeOf(mlir::Value value);
/// The type, or f32 in the place of halves: what is computed in several steps
/// is rounded to those once, at its end.
mlir::Type atLeastF32(mlir::Type type);
/// The rank that the value's type has (`dycc-propagate-ranks`), or nothing.
std::optional<int64_t> rankOf(mlir::Value value);
/// Puts `value` in the place of `old`, whose shape it has: what reads that off
/// the type, behind it, goes on to do so.
void replaceValue(mlir::Value old, mlir::Value value);
/// The value that `value` has at compile time, or null.
mlir::ElementsAttr constantOf(mlir::Value value);
/// The elements of a constant of i64, or nothing.
std::optional<llvm::SmallVector<int64_t>> intsOf(mlir::Value value);

/// The operands by their position in ONNX, null where absent.
llvm::SmallVector<mlir::Value> operandsByPosition(mlir::Operation *op);

/// Gives the function the result types that its return has.
void refreshResultTypes(mlir::func::FuncOp function);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_ONNXBUILDER_H
