#include "passes/shape/Transfers.h"
#include "passes/shape/Passes.h"

#include "dialects/onnx/OnnxDialect.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

void shape::registerShapeTransfers(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, onnx::OnnxDialect *) {
    attachElementwise(context);
    attachUnary(context);
    attachWindow(context);
    attachSource(context);
    attachReshape(context);
    attachLayout(context);
    attachSlice(context);
    attachIndexing(context);
    attachLinear(context);
    attachReduce(context);
    attachIf(context);
    attachLoop(context);
    attachRecurrent(context);
    attachSignal(context);
    attachQuantize(context);
    attachText(context);
    attachTrees(context);
    attachContainer(context);
  });
}

void shape::transferCopy(Operation *op, Solver &solver) {
  if (const Exprs *dims = solver.dims(op->getOperand(0)))
    solver.setDims(op->getResult(0), *dims);
}

void shape::expectOneElement(Operation *op, Solver &solver, Value value,
                             StringRef what) {
  const Exprs *known = value ? solver.dims(value) : nullptr;
  if (!known)
    return;
  Exprs dims(*known);
  for (ExprAttr dim : dims)
    solver.unify(op, dim, solver.constant(1), what + " of one element");
}

void shape::transferCopyBack(Operation *op, Solver &solver) {
  if (const Exprs *dims = solver.dims(op->getResult(0)))
    solver.fillDims(op->getOperand(0), *dims);
}

std::optional<int64_t> shape::normalizeAxis(Operation *op, Solver &solver,
                                            int64_t axis, int64_t rank) {
  int64_t positive = axis < 0 ? axis + rank : axis;
  if (positive >= 0 && positive < rank)
    return positive;
  solver.fail(op, "expects an axis in [" + Twine(-rank) + ", " + Twine(rank) +
                      "), got " + Twine(axis));
  return std::nullopt;
}

std::optional<SmallVector<int64_t>>
shape::constantAxes(Operation *op, Solver &solver, Value axes, int64_t rank) {
  const Exprs *known = solver.elements(axes);
  Exprs elements = known ? *known : Exprs{solver.unknown()};
  SmallVector<int64_t> result;
  for (ExprAttr element : elements) {
    if (!element.isConstant()) {
      solver.fail(op, "expects constant axes");
      return std::nullopt;
    }
    std::optional<int64_t> axis =
        normalizeAxis(op, solver, element.getValue(), rank);
    if (!axis)
      return std::nullopt;
    result.push_back(*axis);
  }
  return result;
}

bool shape::areConstants(ArrayRef<ExprAttr> elements) {
  return llvm::all_of(elements, [](ExprAttr e) { return e.isConstant(); });
}

ExprAttr shape::isAxis(ExprAttr axis, int64_t number, int64_t rank) {
  MLIRContext *context = axis.getContext();
  auto isAt = [&](int64_t place) {
    return ExprAttr::get(ExprKind::Eq,
                         {axis, ExprAttr::constant(context, place)});
  };
  return ExprAttr::get(ExprKind::Or, {isAt(number), isAt(number - rank)});
}

Exprs shape::axisFlags(Operation *op, Solver &solver, ArrayRef<ExprAttr> axes,
                       int64_t rank) {
  Exprs flags;
  ExprAttr count = solver.constant(0);
  for (int64_t number = 0; number != rank; ++number) {
    ExprAttr flag = solver.constant(0);
    for (ExprAttr axis : axes)
      flag = ExprAttr::get(ExprKind::Or, {flag, isAxis(axis, number, rank)});
    flags.push_back(solver.simplify(flag));
    count = ExprAttr::add(count, flags.back());
  }
  ExprAttr named = solver.constant(axes.size());
  solver.expect(op, ExprAttr::get(ExprKind::Eq, {count, named}),
                "expects " + Twine(axes.size()) + " different axes in [" +
                    Twine(-rank) + ", " + Twine(rank) + "), got %d",
                {count});
  return flags;
}

Exprs shape::unflaggedDims(Solver &solver, ArrayRef<ExprAttr> dims,
                           ArrayRef<ExprAttr> flags, int64_t count) {
  Exprs result;
  for (int64_t index = 0; index != count; ++index) {
    ExprAttr extent = solver.constant(1), before = solver.constant(0);
    for (auto [dim, flag] : llvm::zip_equal(dims, flags)) {
      ExprAttr isOpen = ExprAttr::get(ExprKind::Not, {flag});
      ExprAttr isNext =
          ExprAttr::get(ExprKind::Eq, {before, solver.constant(index)});
      extent = ExprAttr::ite(ExprAttr::get(ExprKind::And, {isOpen, isNext}),
                             dim, extent);
      before = ExprAttr::add(before, isOpen);
    }
    result.push_back(solver.simplify(extent));
  }
  return result;
}

Type shape::elementTypeOf(Value value) {
  auto type = dyn_cast_or_null<ShapedType>(value ? value.getType() : Type());
  return type ? type.getElementType() : Type();
}

bool shape::hasSymbolicElements(Type type) {
  return type && (isa<IntegerType>(type) || type.isF32());
}

ExprAttr shape::fitType(Solver &solver, ExprAttr expr, Type type) {
  if (expr.isUnknown() || !hasSymbolicElements(type) ||
      expr.isF32() != type.isF32())
    return solver.unknown();
  if (type.isF32())
    return expr;
  auto integer = cast<IntegerType>(type);
  unsigned width = integer.getWidth();
  if (width == 64 && !integer.isUnsigned())
    return expr;
  int64_t half = int64_t(1) << std::min(width - 1, 62u);
  Interval range = solver.range(expr), limits{-half, half - 1};
  if (integer.isUnsigned() || width == 1)
    limits = {0, width >= 63 ? INT64_MAX : 2 * half - 1};
  bool fits = range.lower >= limits.lower && range.upper <= limits.upper;
  return fits ? expr : solver.unknown();
}

ExprAttr shape::productOf(Solver &solver, ArrayRef<ExprAttr> extents) {
  ExprAttr product = solver.constant(1);
  for (ExprAttr extent : extents)
    product = ExprAttr::mul(product, extent);
  return product;
}

std::optional<SmallVector<int64_t>> shape::constantDims(const Exprs *dims) {
  if (!dims)
    return std::nullopt;
  SmallVector<int64_t> result;
  for (ExprAttr dim : *dims) {
    if (!dim.isConstant())
      return std::nullopt;
    result.push_back(dim.getValue());
  }
  return result;
}

int64_t shape::broadcastIndex(int64_t index, ArrayRef<int64_t> extents,
                              ArrayRef<int64_t> operand) {
  int64_t result = 0, stride = 1;
  for (size_t axis = extents.size(); axis-- > 0;) {
    int64_t position = index % extents[axis];
    index /= extents[axis];
    size_t missing = extents.size() - operand.size();
    if (axis < missing)
      continue;
    int64_t extent = operand[axis - missing];
    result += (extent == 1 ? 0 : position) * stride;
    stride *= extent;
  }
  return result;
}

std::optional<int64_t> shape::smallCount(const Exprs *dims) {
  auto extents = constantDims(dims);
  if (!extents)
    return std::nullopt;
  // An extent of 0 makes the count 0, whatever the others are. A negative one
  // is refused elsewhere.
  if (llvm::is_contained(*extents, 0))
    return 0;
  int64_t count = 1;
  for (int64_t extent : *extents) {
    if (extent < 0 || extent > kMaxElements)
      return std::nullopt;
    count *= extent;
    if (count > kMaxElements)
      return std::nullopt;
  }
  return count;
}

ExprAttr shape::firstElement(Solver &solver, Value value) {
  const Exprs *elements = value ? solver.elements(value) : nullptr;
  return elements && !elements->empty() ? elements->front() : solver.unknown();
}

void shape::mapElements(Solver &solver, Value from, Value result,
                        llvm::function_ref<int64_t(int64_t)> source) {
  const Exprs *elements = solver.elements(from);
  std::optional<int64_t> count = smallCount(solver.dims(result));
  if (!elements || !count)
    return;
  Exprs mapped;
  for (int64_t index = 0; index != *count; ++index) {
    int64_t from = source(index);
    // Of a model that is wrong, which a check of extents will say.
    if (from < 0 || from >= int64_t(elements->size()))
      return;
    mapped.push_back((*elements)[from]);
  }
  solver.setElements(result, mapped);
}
