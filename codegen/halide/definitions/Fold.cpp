#include "codegen/halide/definitions/Fold.h"

#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/definitions/IndexMap.h"

using Halide::Expr;
using Halide::Func;
using Halide::likely;
using Halide::RDom;
using Halide::select;
using Halide::Type;
using Halide::Var;

namespace dycc::halide {
namespace {

/// Vectors that a fold accumulates in: hides the latency of an addition.
constexpr int accumulators = 4;

Carried valuesOf(const Func &func, const std::vector<Expr> &at) {
  Carried result;
  if (func.outputs() == 1)
    return {func(at)};
  for (int i = 0; i < func.outputs(); ++i)
    result.push_back(func(at)[i]);
  return result;
}

void assign(const Halide::FuncRef &place, const Carried &values) {
  Halide::FuncRef target = place;
  if (values.size() == 1)
    target = values.front();
  else
    target = Halide::Tuple(values);
}

/// Folds `count` values as a balanced tree.
template <typename Value>
Carried foldTree(const FoldRule &rule, int first, int count, Value value) {
  if (count == 1)
    return value(first);
  int half = count / 2;
  return rule.combine(foldTree(rule, first, half, value),
                      foldTree(rule, first + half, count - half, value));
}

/// Elements of a block of an axis of `extent`: no more than there are, and
/// blocks of columns that are all whole where that is possible.
int widthFor(int64_t extent, int lanes, bool alongLanes) {
  int most = accumulators * lanes;
  if (extent <= most)
    return std::max(lanes, static_cast<int>((extent + lanes - 1) / lanes) * lanes);
  for (int width = most; !alongLanes && width >= lanes; width -= lanes)
    if (extent % width == 0)
      return width;
  return most;
}

std::vector<Expr> joined(Expr first, const std::vector<Expr> &rest) {
  std::vector<Expr> result{std::move(first)};
  result.insert(result.end(), rest.begin(), rest.end());
  return result;
}

} // namespace

FoldRule FoldRule::sum(Type type) {
  return {{Halide::Internal::make_zero(type)},
          [](const Carried &a, const Carried &b) -> Carried {
            return {a[0].type().is_float() ? strict(a[0] + b[0])
                                           : wrapAdd(a[0], b[0])};
          }};
}

FoldRule FoldRule::product(Type type) {
  return {{Halide::Internal::make_one(type)},
          [](const Carried &a, const Carried &b) -> Carried {
            return {a[0].type().is_float() ? strict(a[0] * b[0])
                                           : wrapMul(a[0], b[0])};
          }};
}

FoldRule FoldRule::max(Type type) {
  Expr lowest = type.is_float() ? Halide::Internal::make_const(type, -INFINITY)
                                : type.min();
  return {{lowest}, [](const Carried &a, const Carried &b) -> Carried {
            return {a[0].type().is_float() ? maxNaN(a[0], b[0])
                                           : Halide::max(a[0], b[0])};
          }};
}

std::vector<int> memoryOrderOf(KernelBuilder &builder, mlir::Value value) {
  mlir::Value source = value;
  while (mlir::Operation *op = source.getDefiningOp()) {
    const Operator *known = findOperator(op);
    auto same = llvm::find_if(op->getOperands(), [&](mlir::Value operand) {
      return builder.dims(operand) == builder.dims(value);
    });
    if (!known || !known->isPointwise || same == op->getOperands().end())
      break;
    source = *same;
  }
  Store store{{}, builder.dims(value), 4, builder.isChannelsLast(source)};
  return store.memoryOrder();
}

Folder::Folder(KernelBuilder &builder, mlir::Value value, const Tensor &x,
               std::vector<bool> folded)
    : Folder(builder, memoryOrderOf(builder, value), x, std::move(folded)) {}

Folder::Folder(KernelBuilder &builder, const std::vector<int> &order,
               const Tensor &x, std::vector<bool> folded)
    : builder(builder), x(x), folded(std::move(folded)) {
  Dims dims;
  for (int axis : order)
    if (this->folded[axis]) {
      foldedOrder.push_back(axis);
      dims.push_back(x.dims[axis]);
    }
  stages.work = builder.product(dims);
  chooseForm(order);
}

void Folder::chooseForm(const std::vector<int> &memoryOrder) {
  if (memoryOrder.empty() || foldedOrder.empty())
    return;
  innermost = memoryOrder.front();
  for (int axis : memoryOrder)
    if (!x.dims[axis].isConstant(1)) {
      innermost = axis;
      break;
    }
  stages.alongLanes = folded[innermost];
  stages.laneBytes = std::max(static_cast<int>(x.element.computed.bytes()), 4);
  int lanes = builder.target().lanes(stages.laneBytes);
  stages.width = accumulators * lanes;
  if (std::optional<int64_t> extent = x.dims[innermost].asConstant())
    stages.width = widthFor(*extent, lanes, stages.alongLanes);
  stages.column = stages.rowLane = axisVar(innermost, x.rank());
  if (stages.alongLanes) { // It is the innermost of the loops then.
    llvm::erase(foldedOrder, innermost);
    foldedOrder.insert(foldedOrder.begin(), innermost);
  }
}

Folder::Total Folder::fold(llvm::StringRef name, const FoldRule &rule,
                           Element element) {
  if (foldedOrder.empty())
    return element;
  FoldStages fold;
  fold.total = Func((name + "_total").str());
  if (stages.alongLanes)
    foldLanes(fold, rule, element);
  else
    foldColumns(fold, rule, element);
  stages.folds.push_back(fold);
  return [total = fold.total, kept = folded](const Index &index) {
    std::vector<Expr> at;
    for (size_t axis = index.size(); axis-- > 0;)
      if (!kept[axis])
        at.push_back(index[axis]);
    return valuesOf(total, at);
  };
}

Folder::OneElement Folder::foldOne(llvm::StringRef name, const FoldRule &rule,
                                   OneElement element) {
  Total total = fold(name, rule, [element](const Index &index) -> Carried {
    return {element(index)};
  });
  return [total](const Index &index) { return total(index).front(); };
}

Folder::OneElement Folder::sum(llvm::StringRef name, OneElement element) {
  Expr sample = element(axisVars(x.rank()));
  return foldOne(name, FoldRule::sum(sample.type()), std::move(element));
}

RDom Folder::domain(llvm::StringRef name, Expr laneBlocks) const {
  Halide::Region region;
  for (auto [i, axis] : llvm::enumerate(foldedOrder))
    region.emplace_back(0, i == 0 && laneBlocks.defined()
                               ? laneBlocks
                               : builder.expr(x.dims[axis]));
  return RDom(region, (name + "_r").str());
}

void Folder::foldLanes(FoldStages &fold, const FoldRule &rule,
                       const Element &element) {
  const std::string &name = fold.total.name();
  int width = stages.width, lanes = builder.target().lanes(stages.laneBytes);
  Expr extent = builder.expr(x.dims[innermost]);
  fold.domain = domain(name, (extent + (width - 1)) / width);
  Index at = axisVars(x.rank());
  Expr place = fold.domain[0] * width + stages.lane;
  // Not below 0: a row that is kept would start there where x is empty.
  at[innermost] = limited(place, extent);
  for (size_t i = 1; i < foldedOrder.size(); ++i)
    at[foldedOrder[i]] = fold.domain[static_cast<int>(i)];
  std::vector<Var> kept = keptVars();
  std::vector<Expr> keptAt(kept.begin(), kept.end());
  std::vector<Expr> laneAt = joined(stages.lane, keptAt);
  fold.parts = Func(name + "_parts");
  assign(fold.parts(laneAt), rule.identity);
  Carried values = element(at);
  for (auto [i, value] : llvm::enumerate(values))
    value = select(likely(place < extent), value, rule.identity[i]);
  assign(fold.parts(laneAt), rule.combine(valuesOf(fold.parts, laneAt), values));
  fold.lanes = Func(name + "_lanes");
  assign(fold.lanes(laneAt), foldTree(rule, 0, width / lanes, [&](int u) {
           return valuesOf(fold.parts,
                           joined(stages.lane + u * lanes, keptAt));
         }));
  assign(fold.total(keptAt), foldTree(rule, 0, lanes, [&](int lane) {
           return valuesOf(fold.lanes, joined(lane, keptAt));
         }));
}

Expr Folder::limitedColumn(Expr column) const {
  std::optional<int64_t> extent = x.dims[innermost].asConstant();
  if (extent && *extent % stages.width == 0)
    return column;
  return Halide::min(likely(column), builder.expr(x.dims[innermost]) - 1);
}

void Folder::foldColumns(FoldStages &fold, const FoldRule &rule,
                         const Element &element) {
  fold.domain = domain(fold.total.name(), Expr());
  Index at = axisVars(x.rank());
  at[innermost] = limitedColumn(at[innermost]);
  for (auto [i, axis] : llvm::enumerate(foldedOrder))
    at[axis] = fold.domain[static_cast<int>(i)];
  std::vector<Var> kept = keptVars();
  std::vector<Expr> keptAt(kept.begin(), kept.end());
  assign(fold.total(keptAt), rule.identity);
  assign(fold.total(keptAt),
         rule.combine(valuesOf(fold.total, keptAt), element(at)));
}

Folder::OneElement Folder::keepRow(llvm::StringRef name, OneElement element) {
  if (foldedOrder.empty())
    return element;
  Func row((name + "_row").str());
  Index at = axisVars(x.rank());
  std::vector<Expr> place = reversed(at);
  if (!stages.alongLanes)
    at[innermost] = limitedColumn(at[innermost]);
  row(place) = element(at);
  stages.rows.push_back(row);
  return [row](const Index &index) { return Expr(row(reversed(index))); };
}

std::vector<Var> Folder::keptVars() const {
  std::vector<Var> result;
  for (int axis = x.rank() - 1; axis >= 0; --axis)
    if (!folded[axis])
      result.push_back(axisVar(axis, x.rank()));
  return result;
}

Index Folder::wholeIndex(const Index &kept, bool keepDims) const {
  Index result;
  size_t next = 0;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (folded[axis]) {
      result.push_back(0);
      next += keepDims;
    } else {
      result.push_back(kept[next++]);
    }
  }
  return result;
}

void Folder::addRoot(mlir::Operation *op, unsigned number) {
  KernelBuilder &b = builder;
  builder.addRoot(op, [&b, stages = stages](const Store &store) {
    scheduleReduction(b, stages, store);
  }, number);
}

void Folder::addWholeRoot(mlir::Operation *op) {
  stages.inRow = folded;
  if (!foldedOrder.empty() && !stages.alongLanes)
    stages.columnAxis = innermost;
  addRoot(op, 0);
}

void Folder::addGroupedRoot(mlir::Operation *op, int size) {
  stages.inRow.assign(folded.begin() + 1, folded.end());
  stages.inRow[0] = false;
  stages.groupSize = size;
  addRoot(op, 0);
}

void Folder::addKeptRoot(mlir::Operation *op, bool keepDims, unsigned number) {
  stages.inRow.clear();
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (axis == innermost && !stages.alongLanes)
      stages.columnAxis = static_cast<int>(stages.inRow.size());
    if (keepDims || !folded[axis])
      stages.inRow.push_back(false);
  }
  addRoot(op, number);
}

} // namespace dycc::halide
