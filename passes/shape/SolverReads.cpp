// Elements that only execution knows. An f32 is read as its bits. They are read
// where they come from, not where they steer a shape: then a start, an end and
// an extent that were computed from one number stay expressions over that
// number.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxNary.h"
#include "dialects/onnx/OnnxUnary.h"
#include "llvm/ADT/STLExtras.h"
#include <cfloat>

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// Operands may have any value that an extent has, and be negative.
constexpr Interval kNumberRange{-2147483648, 2147483647};

static bool areKnown(const Exprs *elements) {
  return elements && llvm::none_of(*elements, [](ExprAttr element) {
           return element.isUnknown();
         });
}

/// The number of elements where it is a constant that is small enough, and they
/// are integers or f32.
static std::optional<int64_t> countElements(const Exprs *dims, Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!dims || !shaped || !hasSymbolicElements(shaped.getElementType()))
    return std::nullopt;
  return smallCount(dims);
}

/// The type's own range, where it is narrower; all bits of an f32.
static Interval rangeOfType(Type type, Interval range) {
  if (type.isF32())
    return kNumberRange;
  auto integer = cast<IntegerType>(type);
  if (integer.getWidth() == 1)
    return {0, 1};
  if (integer.getWidth() > 16)
    return range;
  int64_t ends = int64_t(1) << integer.getWidth();
  return integer.isUnsigned() ? Interval{0, ends - 1}
                              : Interval{-ends / 2, ends / 2 - 1};
}

ExprAttr Solver::readAs(Value source, ExprAttr symbol) {
  return elementTypeOf(source).isF32()
             ? ExprAttr::get(ExprKind::F32FromBits, {symbol})
             : symbol;
}

/// Whether a number beyond all extents means what the largest one does: the end
/// of a Slice is often the largest number there is.
static bool meansItsLimit(Value value) {
  return elementTypeOf(value).isInteger(64) && !value.use_empty() &&
         llvm::all_of(value.getUses(), [](OpOperand &use) {
           auto slice = dyn_cast<onnx::SliceOp>(use.getOwner());
           return slice && (use.get() == slice.getStarts() ||
                            use.get() == slice.getEnds());
         });
}

ExprAttr Solver::readElement(Value value, int64_t index, Interval range) {
  ExprAttr &element = readElements[{value, index}];
  if (element)
    return element;
  bool limits = meansItsLimit(value);
  Interval all{INT64_MIN, INT64_MAX};
  ExprAttr symbol = makeExecutionSymbol(
      limits ? all : rangeOfType(elementTypeOf(value), range), {},
      value.getParentBlock());
  reads.push_back({value, index, symbol.getSymbol().str()});
  readSources.insert(value);
  if (!limits)
    return element = readAs(value, symbol);
  ExprAttr lower = constant(kNumberRange.lower),
           upper = constant(kNumberRange.upper);
  ExprAttr name = nameOf(ExprAttr::max(lower, ExprAttr::min(symbol, upper)));
  return readElements[{value, index}] = name;
}

/// Makes the elements of `value` known: from those of the operands that it is
/// computed from, else by reading.
void Solver::nameElements(Value value, Interval range) {
  std::optional<int64_t> count = countElements(dims(value), value.getType());
  if (!count || areKnown(elements(value)))
    return;
  Operation *op = value.getDefiningOp();
  if (!isLimited && op && onnx::has(op, onnx::Fact::Symbolic) &&
      !readSources.contains(value)) {
    for (Value operand : op->getOperands())
      if (isa<IntegerType>(elementTypeOf(operand)))
        nameElements(operand, kNumberRange);
    cast<onnx::ShapeTransferOpInterface>(op).transferForward(*this);
    if (areKnown(elements(value)))
      return;
  }
  const Exprs *known = elements(value);
  Exprs values;
  for (int64_t index = 0; index != *count; ++index) {
    bool isKnown =
        known && size_t(index) < known->size() && !(*known)[index].isUnknown();
    values.push_back(isKnown ? (*known)[index]
                             : readElement(value, index, range));
  }
  setElements(value, values);
}

bool shape::readsF32(ExprAttr expr) {
  return expr.getKind() == ExprKind::F32FromBits ||
         llvm::any_of(expr.getOperands(), readsF32);
}

/// An f32 of the data is finite: what ranges say of a sum or product of such
/// holds, and no extent is made of NaN.
void Solver::expectFinite(Operation *op, ExprAttr element) {
  if (!element.isF32() || !readsF32(element))
    return;
  ExprAttr minus = ExprAttr::constantF32(context, -1.0f);
  ExprAttr negated = ExprAttr::get(ExprKind::F32Mul, {element, minus});
  ExprAttr magnitude = ExprAttr::get(ExprKind::F32Max, {element, negated});
  ExprAttr most = ExprAttr::constantF32(context, FLT_MAX);
  expect(op, ExprAttr::get(ExprKind::Le, {magnitude, most}),
         "expects finite numbers to steer its shape", {});
}

/// What a tensor is whose elements cannot be followed. With it goes the rank of
/// all that it steers, so a name that would settle it is worth a hint.
static std::string describeOpen(const Exprs &dims, Type element,
                                llvm::function_ref<bool(ExprAttr)> isInput) {
  std::string text, hint;
  llvm::raw_string_ostream stream(text);
  stream << element << " of extents [";
  llvm::interleaveComma(dims, stream, [&](ExprAttr dim) {
    bool isName = dim.getKind() == ExprKind::Symbol;
    if (isName && isInput(dim) && hint.empty())
      hint = "; '--dim " + dim.getSymbol().str() + "=3..3' would say 3";
    stream << (isName || dim.isConstant() ? dim.str() : "?");
  });
  return text + "]" + hint;
}

const Exprs *Solver::steering(Operation *op, Value value, Interval range) {
  nameElements(value, range);
  if (areKnown(elements(value))) {
    for (ExprAttr element : Exprs(*elements(value)))
      expectFinite(op, element);
    return elements(value);
  }
  const Exprs *open = dims(value);
  if (!open) // Reported where its rank was lost.
    return nullptr;
  fail(op, "expects a constant or symbolic operand, or one with a known number "
           "of integers or f32, to steer its shape, got " +
               describeOpen(*open, elementTypeOf(value),
                            [&](ExprAttr dim) { return !hasExecution(dim); }));
  return nullptr;
}
