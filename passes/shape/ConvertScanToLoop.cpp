// A Scan is a Loop that knows more: the slices' number and lengths, and that a
// state keeps its shape. So it stays one until shapes are found and checked; a
// Loop made before would have to widen its states, and no axis that counts from
// the end could be named. The slices are cut, not gathered: no index that needs
// a check, and no copy where the scanned axis is the outermost one.
#include "passes/shape/Passes.h"

#include "dialects/dyn/Symbols.h"
#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxSource.h"

#define DEBUG_TYPE "dycc-convert-scan-to-loop"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_CONVERTSCANTOLOOPPASS
#include "passes/shape/Passes.h.inc"
namespace {

using dyn::ExprAttr;
using List = std::optional<ArrayRef<int64_t>>;

/// The dims of a tensor but for an axis.
SmallVector<ExprAttr> withoutAxis(Type type, int64_t axis) {
  SmallVector<ExprAttr> dims(dyn::getDims(type));
  dims.erase(dims.begin() + axis);
  return dims;
}

int64_t entryOf(List list, size_t index) { return list ? (*list)[index] : 0; }

/// The axis of a scanned value of that type, counted from the front.
int64_t axisOf(List axes, size_t index, Type type) {
  int64_t axis = entryOf(axes, index);
  return axis < 0 ? axis + dyn::getDims(type).size() : axis;
}

/// Replaces one Scan. The execution symbol `counter` is its to define.
class Conversion {
public:
  Conversion(onnx::ScanOp op, StringRef counter)
      : op(op), builder(op), loc(op.getLoc()),
        numStates(op->getNumOperands() - op.getNumScanInputs()),
        length(findLength()), trip(ExprAttr::symbol(op.getContext(), counter)) {
  }
  void run();

private:
  ExprAttr findLength();
  Value symbolic(ArrayRef<ExprAttr> elements, bool isScalar = false);
  Value ints(int64_t value);
  Value typed(Value value, Type type);
  Value cut(Value scanned, int64_t axis, bool isReverse);
  Value reverse(Value slices);
  Value moveFirstTo(Value slices, int64_t axis, Type type);
  void convertArguments(Block &body);
  void keepState(OpOperand &next, Type type);
  Value finishSlices(unsigned index, Value slices);
  SmallVector<Type> loopTypes();

  onnx::ScanOp op;
  OpBuilder builder;
  Location loc;
  unsigned numStates;
  ExprAttr length, trip;
};

/// The number of slices, in the words of the first scanned operand.
ExprAttr Conversion::findLength() {
  Type type = op.getOperand(numStates).getType();
  return dyn::getDims(type)[axisOf(op.getScanInputAxes(), 0, type)];
}

Value Conversion::symbolic(ArrayRef<ExprAttr> elements, bool isScalar) {
  SmallVector<ExprAttr> dims;
  if (!isScalar)
    dims.push_back(ExprAttr::constant(op.getContext(), elements.size()));
  return dyn::SymbolicOp::create(builder, loc,
                                 dyn::getTensorType(dims, builder.getI64Type()),
                                 builder.getArrayAttr(SmallVector<Attribute>(
                                     elements.begin(), elements.end())));
}

/// A constant vector of one element.
Value Conversion::ints(int64_t value) {
  Type type = dyn::getTensorType(ExprAttr::constant(op.getContext(), 1),
                                 builder.getI64Type());
  return onnx::ConstantOp::create(builder, loc, type,
                                  builder.getI64TensorAttr(value));
}

/// The same elements: the types name equal extents in different words.
Value Conversion::typed(Value value, Type type) {
  if (value.getType() == type)
    return value;
  return onnx::ReshapeOp::create(builder, loc, type, value,
                                 symbolic(dyn::getDims(type)),
                                 /*allowzero=*/1);
}

/// The slice of this trip.
Value Conversion::cut(Value scanned, int64_t axis, bool isReverse) {
  Type element = getElementTypeOrSelf(scanned.getType());
  ExprAttr start = isReverse ? ExprAttr::sub(length.plus(-1), trip) : trip;
  SmallVector<ExprAttr> dims(dyn::getDims(scanned.getType()));
  dims[axis] = ExprAttr::constant(op.getContext(), 1);
  Value slice = onnx::SliceOp::create(
      builder, loc, dyn::getTensorType(dims, element), scanned, symbolic(start),
      symbolic(start.plus(1)), ints(axis), /*steps=*/Value());
  return onnx::SqueezeOp::create(
      builder, loc,
      dyn::getTensorType(withoutAxis(scanned.getType(), axis), element), slice,
      ints(axis));
}

Value Conversion::reverse(Value slices) {
  return onnx::SliceOp::create(builder, loc, slices.getType(), slices, ints(-1),
                               ints(std::numeric_limits<int64_t>::min()),
                               ints(0), ints(-1));
}

Value Conversion::moveFirstTo(Value slices, int64_t axis, Type type) {
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(1, dyn::getDims(type).size()));
  order.insert(order.begin() + axis, 0);
  return onnx::TransposeOp::create(builder, loc, type, slices,
                                   builder.getDenseI64ArrayAttr(order));
}

/// Number and condition come first, then the states; what was scanned is cut
/// out of the operands.
void Conversion::convertArguments(Block &body) {
  Value number = body.insertArgument(
      0u, dyn::getTensorType({}, builder.getI64Type()), loc);
  body.insertArgument(1u, dyn::getTensorType({}, builder.getI1Type()), loc);
  builder.setInsertionPointToStart(&body);
  dyn::ReadOp::create(builder, loc, number, 0, trip.getSymbol(),
                      /*releases=*/{});
  for (unsigned i = 0; i < op.getNumScanInputs(); ++i) {
    Value scanned = op.getOperand(numStates + i);
    int64_t axis = axisOf(op.getScanInputAxes(), i, scanned.getType());
    bool isReverse = entryOf(op.getScanInputDirections(), i) == 1;
    BlockArgument slice = body.getArgument(2 + numStates + i);
    if (!slice.use_empty())
      slice.replaceAllUsesWith(
          typed(cut(scanned, axis, isReverse), slice.getType()));
  }
  body.eraseArguments(2 + numStates, op.getNumScanInputs());
}

/// The next trip takes the state in the shape that it had; what is proved of it
/// outside need not be in the types of the body.
void Conversion::keepState(OpOperand &next, Type type) {
  ArrayRef<ExprAttr> found = dyn::getDims(next.get().getType());
  for (auto [expected, dim] : llvm::zip_equal(dyn::getDims(type), found))
    if (dim != expected)
      dyn::RequireOp::create(
          builder, loc, ExprAttr::get(dyn::ExprKind::Eq, {expected, dim}),
          "expects a state that keeps its shape, got %d and %d",
          builder.getArrayAttr({expected, dim}));
  next.set(typed(next.get(), type));
}

/// What the Loop gives: states as they are in the body, slices along axis 0.
SmallVector<Type> Conversion::loopTypes() {
  SmallVector<Type> types;
  for (auto [index, type] : llvm::enumerate(op->getResultTypes())) {
    if (index < numStates) {
      types.push_back(op.getBody().getArgument(index).getType());
      continue;
    }
    SmallVector<ExprAttr> dims = withoutAxis(
        type, axisOf(op.getScanOutputAxes(), index - numStates, type));
    dims.insert(dims.begin(), length);
    types.push_back(dyn::getTensorType(dims, getElementTypeOrSelf(type)));
  }
  return types;
}

Value Conversion::finishSlices(unsigned index, Value slices) {
  Type type = op->getResult(numStates + index).getType();
  if (entryOf(op.getScanOutputDirections(), index) == 1)
    slices = reverse(slices);
  if (int64_t axis = axisOf(op.getScanOutputAxes(), index, type))
    slices = moveFirstTo(slices, axis, type);
  return typed(slices, type);
}

void Conversion::run() {
  auto loop = onnx::LoopOp::create(
      builder, loc, loopTypes(), symbolic(length, /*isScalar=*/true),
      /*cond=*/Value(), op.getOperands().take_front(numStates));
  loop.getBody().takeBody(op.getBody());
  Block &body = loop.getBody().front();
  convertArguments(body);
  Operation *yield = body.getTerminator();
  builder.setInsertionPoint(yield);
  for (unsigned i = 0; i < numStates; ++i)
    keepState(yield->getOpOperand(i), body.getArgument(2 + i).getType());
  yield->insertOperands(0, body.getArgument(1));
  builder.setInsertionPointAfter(loop);
  for (auto [index, result] : llvm::enumerate(op->getResults())) {
    Value value = loop->getResult(index);
    result.replaceAllUsesWith(index < numStates
                                  ? typed(value, result.getType())
                                  : finishSlices(index - numStates, value));
  }
  op.erase();
}

class ConvertScanToLoop final
    : public impl::ConvertScanToLoopPassBase<ConvertScanToLoop> {
  void runOnOperation() override {
    nextSymbol = 0;
    SmallVector<onnx::ScanOp> scans;
    getOperation().walk([&](onnx::ScanOp op) { scans.push_back(op); });
    for (onnx::ScanOp op : scans)
      Conversion(op, declareCounter()).run();
  }

  /// A symbol of a name that is free.
  StringRef declareCounter() {
    std::string name = dyn::freeName(getOperation(), "e", nextSymbol);
    OpBuilder builder = dyn::behindSymbols(getOperation());
    return dyn::SymbolOp::create(builder, getOperation().getLoc(), name, 0,
                                 std::numeric_limits<int32_t>::max(), 1,
                                 /*execution=*/true, /*bound=*/ExprAttr(),
                                 /*definition=*/ExprAttr())
        .getSymName();
  }

  unsigned nextSymbol = 0;
};

} // namespace
} // namespace dycc
