// Which axes of a kernel's values have the same extent because of what its
// operators compute, and not by chance.
#ifndef DYCC_PASSES_VERSION_AXISCLASSES_H
#define DYCC_PASSES_VERSION_AXISCLASSES_H

#include "dialects/dyn/DynOps.h"
#include "llvm/ADT/IntEqClasses.h"

namespace dycc::version {

/// An axis of a value of a kernel's body.
struct Axis {
  mlir::Value value;
  unsigned number;

  dyn::ExprAttr extent() const { return dyn::getDims(value.getType())[number]; }
};

/// The axes of a kernel's values in classes of equal extent. Operators other
/// than convolutions, products and those that go element by element may read
/// an extent in any way: axes of their operands and results are fixed.
class AxisClasses {
public:
  explicit AxisClasses(dyn::KernelOp kernel);

  /// The number of an axis's class.
  unsigned classOf(Axis axis) const { return classes.findLeader(id(axis)); }
  /// No extent of its class may be another one.
  void fix(Axis axis) { classes.join(id(axis), kFixed); }
  bool isFixed(Axis axis) const { return classOf(axis) == kFixed; }
  /// All axes of the body: of its arguments, then op by op of the results.
  llvm::ArrayRef<Axis> all() const { return axes; }

private:
  void number(mlir::Value value);
  void link(mlir::Operation *op);
  void linkPointwise(mlir::Operation *op);
  void linkConvolution(mlir::Operation *op);
  void linkProduct(mlir::Operation *op);
  void join(Axis a, Axis b) { classes.join(id(a), id(b)); }
  void fixAll(mlir::Operation *op);
  unsigned id(Axis axis) const {
    return firstOf.lookup(axis.value) + axis.number;
  }

  static constexpr unsigned kFixed = 0; ///< No axis has this number.
  llvm::DenseMap<mlir::Value, unsigned> firstOf;
  llvm::SmallVector<Axis> axes;
  llvm::IntEqClasses classes;
};

} // namespace dycc::version

#endif // DYCC_PASSES_VERSION_AXISCLASSES_H
