#ifndef DYCC_PASSES_SHAPE_TRANSFERS_H
#define DYCC_PASSES_SHAPE_TRANSFERS_H

#include "dialects/onnx/OnnxInterfaces.h"
#include "passes/shape/Solver.h"

namespace dycc::shape {

/// A rule that tells nothing.
inline void transferNothing(mlir::Operation *, Solver &) {}

/// The shape rules of an operator, as functions of the op and the solver.
template <typename OpT, auto Forward, auto Backward>
struct TransferModel final : onnx::ShapeTransferOpInterface::ExternalModel<
                                 TransferModel<OpT, Forward, Backward>, OpT> {
  void transferForward(mlir::Operation *op, Solver &solver) const {
    Forward(llvm::cast<OpT>(op), solver);
  }
  void transferBackward(mlir::Operation *op, Solver &solver) const {
    Backward(llvm::cast<OpT>(op), solver);
  }
};

/// Gives all of `Ops` the same rules.
template <auto Forward, auto Backward, typename... Ops>
void attachRules(mlir::MLIRContext *context) {
  (Ops::template attachInterface<TransferModel<Ops, Forward, Backward>>(
       *context),
   ...);
}

// A file of passes/shape/transfer/ each.
void attachElementwise(mlir::MLIRContext *context);
void attachUnary(mlir::MLIRContext *context);
void attachWindow(mlir::MLIRContext *context);
void attachSource(mlir::MLIRContext *context);
void attachReshape(mlir::MLIRContext *context);
void attachLayout(mlir::MLIRContext *context);
void attachSlice(mlir::MLIRContext *context);
void attachIndexing(mlir::MLIRContext *context);
void attachLinear(mlir::MLIRContext *context);
void attachReduce(mlir::MLIRContext *context);
void attachIf(mlir::MLIRContext *context);
void attachLoop(mlir::MLIRContext *context);
void attachRecurrent(mlir::MLIRContext *context);
void attachSignal(mlir::MLIRContext *context);
void attachQuantize(mlir::MLIRContext *context);
void attachText(mlir::MLIRContext *context);
void attachTrees(mlir::MLIRContext *context);
void attachContainer(mlir::MLIRContext *context);

//===----------------------------------------------------------------------===//
// What rules share
//===----------------------------------------------------------------------===//

/// The first result's shape is that of the first operand.
void transferCopy(mlir::Operation *op, Solver &solver);
/// Expects a tensor of one element, whatever its rank; `what` names it, e.g. "a
/// condition". An absent one is fine.
void expectOneElement(mlir::Operation *op, Solver &solver, mlir::Value value,
                      llvm::StringRef what);
/// `value`, a tensor or what holds tensors, has the rank, and `more` axes, of
/// what the first of `sources` that has one is or holds.
void setHeldRank(Solver &solver, mlir::Value value, mlir::ValueRange sources,
                 int64_t more = 0);
/// The first operand's shape is that of the result.
void transferCopyBack(mlir::Operation *op, Solver &solver);

/// `axis` counted from the front. Fails at `op` where it is out of range.
std::optional<int64_t> normalizeAxis(mlir::Operation *op, Solver &solver,
                                     int64_t axis, int64_t rank);
/// The axes that the elements of `axes` name; none after a failure or where
/// they are no constants.
std::optional<llvm::SmallVector<int64_t>> constantAxes(mlir::Operation *op,
                                                       Solver &solver,
                                                       mlir::Value axes,
                                                       int64_t rank);
/// Whether all of `elements` are constants.
bool areConstants(llvm::ArrayRef<ExprAttr> elements);
/// Whether `axis`, which may count from the end, is axis `number` of `rank`.
ExprAttr isAxis(ExprAttr axis, int64_t number, int64_t rank);
/// For each axis whether `axes` name it. Expects them to differ and to be in
/// the rank.
Exprs axisFlags(mlir::Operation *op, Solver &solver,
                llvm::ArrayRef<ExprAttr> axes, int64_t rank);
/// The first `count` of the extents whose flag is not set.
Exprs unflaggedDims(Solver &solver, llvm::ArrayRef<ExprAttr> dims,
                    llvm::ArrayRef<ExprAttr> flags, int64_t count);
/// The element type of a tensor, or null.
mlir::Type elementTypeOf(mlir::Value value);
/// `expr` as a value of `type`, or Unknown where it might not fit in.
ExprAttr fitType(Solver &solver, ExprAttr expr, mlir::Type type);
/// Whether elements of this type are followed: integers, bool and f32.
bool hasSymbolicElements(mlir::Type type);
/// Whether an f32 that only execution knows is in `expr`.
bool readsF32(ExprAttr expr);
/// The product of extents.
ExprAttr productOf(Solver &solver, llvm::ArrayRef<ExprAttr> extents);
/// The extents as integers where all of them are constants.
std::optional<llvm::SmallVector<int64_t>> constantDims(const Exprs *dims);

/// Where element `index` of a tensor of `extents` comes from in an operand that
/// was broadcast to it.
int64_t broadcastIndex(int64_t index, llvm::ArrayRef<int64_t> extents,
                       llvm::ArrayRef<int64_t> operand);
/// The number of elements where it is at most kMaxElements.
std::optional<int64_t> smallCount(const Exprs *dims);
/// The first element of a value that should have one; Unknown where it has none
/// or is not followed.
ExprAttr firstElement(Solver &solver, mlir::Value value);
/// Gives `result`, whose extents are known, element `source(i)` of `from` as
/// element i. Does nothing where they are not followed.
void mapElements(Solver &solver, mlir::Value from, mlir::Value result,
                 llvm::function_ref<int64_t(int64_t)> source);

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_TRANSFERS_H
