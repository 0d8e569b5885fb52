// Memory is what most kernels wait for: with elements of 16 bits they read half
// as much. Kernels compute in f32 whatever they read, so that operators that
// share a kernel round once, where it stores. What is no element of a large
// tensor stays f32: inputs and outputs, statistics, positions, masks.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/OnnxUnary.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Verifier.h"
#include "passes/Remarks.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/PrecisionRules.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "dycc-convert-precision"

using namespace mlir;
using dycc::precision::Misfit;
using dycc::precision::Range;

namespace dycc {
#define GEN_PASS_DEF_CONVERTPRECISIONPASS
#include "passes/normalize/Passes.h.inc"
namespace {

bool isFloat32(Value value) {
  auto type = value ? dyn_cast<TensorType>(value.getType()) : TensorType();
  return type && type.getElementType().isF32();
}

/// The elements of an f32 constant, rounded to nearest.
ElementsAttr rounded(ElementsAttr constant, FloatType type) {
  auto bytes = onnx::getWeightBytes(constant);
  int64_t count = constant.getNumElements();
  std::vector<char> halves(2 * static_cast<size_t>(count));
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    APFloat value(bytes->at<float>(i));
    bool isLossy = false;
    value.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                  &isLossy);
    auto bits = static_cast<uint16_t>(value.bitcastToAPInt().getZExtValue());
    std::memcpy(halves.data() + 2 * i, &bits, 2);
  }
  auto shape = cast<RankedTensorType>(constant.getShapedType()).getShape();
  return onnx::getWeight(RankedTensorType::get(shape, type), std::move(halves));
}

class ConvertPrecision final
    : public impl::ConvertPrecisionPassBase<ConvertPrecision> {
  using ConvertPrecisionPassBase::ConvertPrecisionPassBase;

  void runOnOperation() override {
    half = element == "bf16" ? FloatType(BFloat16Type::get(&getContext()))
                             : FloatType(Float16Type::get(&getContext()));
    for (const std::string &name : keepF32)
      kept.insert(name);
    positions = precision::findPositions(getOperation());
    SmallVector<Operation *> ops;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (op != getOperation())
        ops.push_back(op);
    });
    for (Operation *op : ops)
      visit(op);
    ranges.clear();
    halves.clear();
    positions.clear();
    kept.clear();
    misfits.clear();
  }

  /// Operators come behind what they read.
  void visit(Operation *op) {
    bool hasFloats = llvm::any_of(op->getOperands(), isFloat32) ||
                     llvm::any_of(op->getOperands(),
                                  [&](Value value) { return isHalf(value); });
    if (isa<onnx::ConstantOp>(op) || (!hasFloats && !makesFloats(op)))
      return;
    Range range = hasFloats ? rangeOf(op) : Range::Precise;
    bool isWide = range != Range::Rounded || isUserKept(op) || staysMixed(op);
    if (hasFloats && !isWide && precision::storesHalves(op) && convert(op))
      return;
    keep(op, range);
  }

  static bool makesFloats(Operation *op) {
    return llvm::any_of(op->getResults(), isFloat32);
  }

  bool isHalf(Value value) const {
    auto type = dyn_cast<TensorType>(value.getType());
    return type && type.getElementType() == half && halves.contains(value);
  }

  Range lookup(Value value) const {
    auto found = ranges.find(value);
    // An argument of a body or the function is what the model got or carries.
    Range none = isa<BlockArgument>(value) ? Range::Precise : Range::Rounded;
    return found == ranges.end() ? none : found->second;
  }

  /// Whether the 16 bits hold `value`, and lose nothing that matters.
  bool isRoundable(Value value) const {
    Range range = lookup(value);
    return range == Range::Rounded || range == Range::Kept;
  }

  Misfit misfitOf(Value value) {
    ElementsAttr constant = constantOf(value);
    if (!constant || !isFloat32(value))
      return Misfit::None;
    auto [at, isNew] = misfits.try_emplace(value, Misfit::None);
    if (isNew) {
      at->second = precision::misfitOf(constant, half);
      if (at->second != Misfit::None)
        remarks::missed(remarks::kLayout, value.getLoc(), DEBUG_TYPE)
            << (at->second == Misfit::Large
                    ? "a constant has elements beyond the range of 16 bits"
                    : "a parameter is too small for 16 bits");
    }
    return at->second;
  }

  /// What `op` makes of its operands.
  Range rangeOf(Operation *op) {
    if (positions.contains(op) || precision::makesPrecise(op))
      return Range::Precise;
    bool isPrecise = precision::keepsRange(op), isAny = false;
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = operand.get();
      Misfit misfit = misfitOf(value);
      if (misfit == Misfit::Large && !precision::limitsRange(op))
        return Range::Large;
      if (misfit == Misfit::Small)
        return Range::Precise;
      if (constantOf(value) || (!isFloat32(value) && !isHalf(value)) ||
          precision::isAlwaysPrecise(operand))
        continue;
      if (lookup(value) == Range::Large && precision::keepsRange(op) &&
          !precision::limitsRange(op))
        return Range::Large;
      isPrecise &= !isRoundable(value);
      isAny = true;
    }
    return (isPrecise && isAny) || endsModel(op) ? Range::Precise
                                                 : Range::Rounded;
  }

  /// Arithmetic for what f32 is given out or carried on.
  static bool endsModel(Operation *op) {
    return onnx::has(op, onnx::Fact::Pointwise) &&
           llvm::all_of(op->getUsers(), [](Operation *user) {
             return user->hasTrait<OpTrait::IsTerminator>();
           });
  }

  /// Whether `op` reads what no 16 bits hold beside others, to make something
  /// that they do.
  bool staysMixed(Operation *op) {
    bool isPointwise = onnx::has(op, onnx::Fact::Pointwise);
    return llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
      Value value = operand.get();
      if (!isFloat32(value) || precision::isAlwaysPrecise(operand))
        return false;
      if (constantOf(value))
        return misfitOf(value) != Misfit::None;
      return lookup(value) == Range::Large ||
             (isPointwise && !isRoundable(value));
    });
  }

  bool isUserKept(Operation *op) const {
    bool isKept = false;
    op->getLoc()->walk([&](Location location) {
      auto name = dyn_cast<NameLoc>(location);
      isKept |= name && kept.contains(name.getName().getValue());
      return WalkResult::advance();
    });
    return isKept;
  }

  /// Makes `op` one of 16 bits; false, and as it was, where there is none.
  bool convert(Operation *op) {
    SmallVector<Value> operands(op->getOperands());
    SmallVector<Type> types(op->getResultTypes());
    for (OpOperand &operand : op->getOpOperands())
      if (isFloat32(operand.get()) && !precision::isAlwaysPrecise(operand))
        operand.set(halfOf(operand.get()));
      else if (precision::isAlwaysPrecise(operand))
        operand.set(floatOf(operand.get(), op));
    for (Value result : op->getResults())
      if (isFloat32(result))
        result.setType(cast<TensorType>(result.getType()).clone(half));
    if (isLegal(op)) {
      for (Value result : op->getResults())
        halves[result] = result;
      return true;
    }
    op->setOperands(operands);
    for (auto [result, type] : llvm::zip_equal(op->getResults(), types))
      result.setType(type);
    return false;
  }

  static bool isLegal(Operation *op) {
    ScopedDiagnosticHandler quiet(op->getContext(),
                                  [](Diagnostic &) { return success(); });
    return succeeded(verify(op, /*verifyRecursively=*/false));
  }

  /// Leaves `op` in f32.
  void keep(Operation *op, Range range) {
    bool isNamed = isUserKept(op);
    for (OpOperand &operand : op->getOpOperands())
      operand.set(floatOf(operand.get(), op));
    for (Value result : op->getResults())
      ranges[result] = isNamed && range == Range::Rounded ? Range::Kept : range;
    if (isNamed)
      remarks::missed(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
          << "computes in f32: it is an exception by name";
  }

  /// `value` in 16 bits.
  Value halfOf(Value value) {
    Value &made = halves[value];
    if (made)
      return made;
    OpBuilder builder(&getContext());
    builder.setInsertionPointAfterValue(value);
    OnnxBuilder b(builder, value.getLoc());
    if (ElementsAttr constant = constantOf(value))
      made = b.constant(rounded(constant, half));
    else
      made = shaped(b.cast(value, half), value);
    return halves[value] = made;
  }

  /// `value` in f32 for `reader`, rounded where it is stored in 16 bits.
  Value floatOf(Value value, Operation *reader) {
    bool isStored = isHalf(value);
    if (!isStored && (!isFloat32(value) || constantOf(value) ||
                      lookup(value) != Range::Rounded))
      return value;
    Value from = isStored ? value : halfOf(value);
    OpBuilder builder(reader);
    OnnxBuilder b(builder, reader->getLoc());
    return shaped(b.cast(from, builder.getF32Type()), value);
  }

  /// Casts keep shapes.
  static Value shaped(Value cast, Value of) {
    auto type = mlir::cast<TensorType>(of.getType());
    cast.setType(type.clone(elementTypeOf(cast)));
    return cast;
  }

  FloatType half;
  llvm::StringSet<> kept;
  DenseSet<Operation *> positions;
  DenseMap<Value, Range> ranges; ///< Of values that are f32 now.
  DenseMap<Value, Value> halves; ///< In 16 bits; itself where it is so.
  DenseMap<Value, Misfit> misfits;
};

} // namespace
} // namespace dycc
