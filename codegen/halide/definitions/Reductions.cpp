// Reduce*, global pooling, ArgMax and ArgMin.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/definitions/Fold.h"
#include "codegen/halide/definitions/IndexMap.h"

using Halide::cast;
using Halide::Expr;
using Halide::select;
using Halide::Type;

namespace dycc::halide {
namespace {

/// One operator Reduce*: each element is mapped, folded, and the fold mapped
/// again. Functions that are null do nothing.
struct Reduction {
  FoldRule (*rule)(Type);
  Expr (*element)(Expr);
  Expr (*finish)(Expr folded, Expr count);
};

FoldRule minRule(Type type) {
  Expr highest = type.is_float() ? Halide::Internal::make_const(type, INFINITY)
                                 : type.max();
  return {{highest}, [](const Carried &a, const Carried &b) -> Carried {
            return {a[0].type().is_float() ? minNaN(a[0], b[0])
                                           : Halide::min(a[0], b[0])};
          }};
}

Expr magnitude(Expr x) {
  return x.type().is_float() ? Halide::abs(x) : wrapAbs(x);
}
Expr square(Expr x) {
  return x.type().is_float() ? strict(x * x) : wrapMul(x, x);
}

Expr mean(Expr sum, Expr count) {
  Expr divisor = cast(sum.type(), count);
  return sum.type().is_float() ? strict(sum / divisor)
                               : truncDiv(sum, divisor);
}
Expr root(Expr sum, Expr) {
  if (sum.type().is_float())
    return strict(Halide::sqrt(sum));
  return toInteger(strict(Halide::sqrt(cast<double>(sum))), sum.type());
}
Expr logarithm(Expr sum, Expr) { return math::log(sum); }

constexpr Reduction sumReduction{FoldRule::sum, nullptr, nullptr};
constexpr Reduction maxReduction{FoldRule::max, nullptr, nullptr};
constexpr Reduction minReduction{minRule, nullptr, nullptr};
constexpr Reduction productReduction{FoldRule::product, nullptr, nullptr};
constexpr Reduction meanReduction{FoldRule::sum, nullptr, mean};
constexpr Reduction l1Reduction{FoldRule::sum, magnitude, nullptr};
constexpr Reduction l2Reduction{FoldRule::sum, square, root};
constexpr Reduction squareReduction{FoldRule::sum, square, nullptr};
constexpr Reduction logReduction{FoldRule::sum, nullptr, logarithm};

/// The axes that an operator Reduce* folds over.
std::vector<bool> reducedAxes(KernelBuilder &builder, mlir::Operation *op,
                              int rank) {
  std::optional<std::vector<int>> axes = steeringAxes(builder, op, 1, rank);
  bool all = (!axes || axes->empty()) &&
             intAttribute(op, "noop_with_empty_axes", 0) == 0;
  std::vector<bool> reduced(rank, all);
  if (axes)
    for (int axis : *axes)
      reduced[axis] = true;
  return reduced;
}

/// Booleans are folded as bytes.
Expr foldable(Expr x) { return x.type().is_bool() ? cast<uint8_t>(x) : x; }
Expr unfolded(Expr x, const ElementType &type) {
  return type.isBool() ? x != cast<uint8_t>(0) : x;
}

void defineFold(KernelBuilder &builder, mlir::Operation *op,
                std::vector<bool> folded, bool keepDims,
                const Reduction &reduction) {
  Tensor x = builder.operand(op, 0);
  Folder folder(builder, KernelBuilder::operandValue(op, 0), x, folded);
  Type type = x.element.isBool() ? Halide::UInt(8) : x.element.computed;
  Folder::OneElement total =
      folder.foldOne("fold", reduction.rule(type), [&](const Index &index) {
        Expr value = foldable(x(index));
        return reduction.element ? reduction.element(value) : value;
      });
  builder.define(op, [&](const Index &index) {
    Expr value = total(folder.wholeIndex(index, keepDims));
    if (reduction.finish)
      value = reduction.finish(value, folder.count());
    return unfolded(value, x.element);
  });
  folder.addKeptRoot(op, keepDims);
}

template <const Reduction &reduction>
void defineReduce(KernelBuilder &builder, mlir::Operation *op) {
  int rank = builder.operand(op, 0).rank();
  defineFold(builder, op, reducedAxes(builder, op, rank),
             intAttribute(op, "keepdims", 1) != 0, reduction);
}

/// Over all axes after the channels, which stay with extent 1.
template <const Reduction &reduction>
void defineGlobalPool(KernelBuilder &builder, mlir::Operation *op) {
  std::vector<bool> folded(builder.operand(op, 0).rank(), true);
  folded[0] = folded[1] = false;
  defineFold(builder, op, folded, /*keepDims=*/true, reduction);
}

void defineGlobalLpPool(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  std::vector<bool> folded(x.rank(), true);
  folded[0] = folded[1] = false;
  int64_t p = intAttribute(op, "p", 2);
  if (p == 1 || p == 2)
    return defineFold(builder, op, folded, true,
                      p == 1 ? l1Reduction : l2Reduction);
  Folder folder(builder, KernelBuilder::operandValue(op, 0), x, folded);
  auto power = [&](double exponent) {
    return Halide::Internal::make_const(x.element.computed, exponent);
  };
  Folder::OneElement total = folder.sum("fold", [&](const Index &index) {
    return math::pow(Halide::abs(x(index)), power(static_cast<double>(p)));
  });
  builder.define(op, [&](const Index &index) {
    return math::pow(total(index), power(1.0 / static_cast<double>(p)));
  });
  folder.addKeptRoot(op, /*keepDims=*/true);
}

/// The largest element is taken out first: no exponential overflows.
void defineLogSumExp(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  bool keepDims = intAttribute(op, "keepdims", 1) != 0;
  Folder folder(builder, KernelBuilder::operandValue(op, 0), x,
                reducedAxes(builder, op, x.rank()));
  Type type = x.element.computed;
  Expr zero = Halide::Internal::make_zero(type);
  Folder::OneElement largest =
      folder.foldOne("largest", FoldRule::max(type),
                     [&](const Index &index) { return x(index); });
  auto offset = [&](const Index &index) {
    Expr value = largest(index);
    return select(isInf(value, true, true), zero, value);
  };
  Folder::OneElement sum = folder.sum("sum", [&](const Index &index) {
    return math::exp(strict(x(index) - offset(index)));
  });
  builder.define(op, [&](const Index &index) {
    Index whole = folder.wholeIndex(index, keepDims);
    return strict(math::log(sum(whole)) + offset(whole));
  });
  folder.addKeptRoot(op, keepDims);
}

/// Whether `a` beats `b`, with NaN above all as in NumPy.
Expr beats(Expr a, Expr b, bool largest) {
  if (!a.type().is_float())
    return largest ? a > b : a < b;
  return (largest ? isLess(b, a) : isLess(a, b)) || (isNaN(a) && !isNaN(b));
}

/// Best value and its position; no value yet has position -1.
FoldRule bestRule(Type type, bool largest, bool lastIndex) {
  Expr none = Halide::Internal::make_zero(type);
  return {{none, -1}, [=](const Carried &a, const Carried &b) -> Carried {
            Expr later = lastIndex ? b[1] > a[1] : b[1] < a[1];
            Expr tie = !beats(a[0], b[0], largest) && later;
            Expr better = beats(b[0], a[0], largest) || tie;
            Expr takeB = b[1] >= 0 && (a[1] < 0 || better);
            return {select(takeB, b[0], a[0]), select(takeB, b[1], a[1])};
          }};
}

/// The position of the best element along `axis`.
Folder::OneElement bestPosition(Folder &folder, const Tensor &x, int axis,
                                bool largest, bool lastIndex) {
  FoldRule rule = bestRule(x.element.computed, largest, lastIndex);
  Folder::Total best =
      folder.fold("best", rule, [&](const Index &index) -> Carried {
        return {x(index), index[axis]};
      });
  return [best](const Index &index) { return best(index)[1]; };
}

template <bool largest>
void defineArg(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  bool keepDims = intAttribute(op, "keepdims", 1) != 0;
  int axis = axisAttribute(op, x.rank(), 0);
  std::vector<bool> folded(x.rank(), false);
  folded[axis] = true;
  Folder folder(builder, KernelBuilder::operandValue(op, 0), x, folded);
  Folder::OneElement position =
      bestPosition(folder, x, axis, largest,
                   intAttribute(op, "select_last_index", 0) != 0);
  builder.define(op, [&](const Index &index) {
    return position(folder.wholeIndex(index, keepDims));
  });
  folder.addKeptRoot(op, keepDims);
}

void defineHardmax(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  int axis = axisAttribute(op, x.rank(), -1);
  std::vector<bool> folded(x.rank(), false);
  folded[axis] = true;
  Folder folder(builder, KernelBuilder::operandValue(op, 0), x, folded);
  Folder::OneElement position =
      bestPosition(folder, x, axis, /*largest=*/true, /*lastIndex=*/false);
  builder.define(op, [&](const Index &index) {
    Type type = x.element.computed;
    return select(index[axis] == position(index),
                  Halide::Internal::make_one(type),
                  Halide::Internal::make_zero(type));
  });
  folder.addWholeRoot(op);
}

} // namespace

void addReductions(Registry &registry) {
  registry["ReduceSum"] = {defineReduce<sumReduction>};
  registry["ReduceMax"] = {defineReduce<maxReduction>};
  registry["ReduceMin"] = {defineReduce<minReduction>};
  registry["ReduceProd"] = {defineReduce<productReduction>};
  registry["ReduceMean"] = {defineReduce<meanReduction>};
  registry["ReduceL1"] = {defineReduce<l1Reduction>};
  registry["ReduceL2"] = {defineReduce<l2Reduction>};
  registry["ReduceSumSquare"] = {defineReduce<squareReduction>};
  registry["ReduceLogSum"] = {defineReduce<logReduction>};
  registry["ReduceLogSumExp"] = {defineLogSumExp};
  registry["GlobalAveragePool"] = {defineGlobalPool<meanReduction>};
  registry["GlobalMaxPool"] = {defineGlobalPool<maxReduction>};
  registry["GlobalLpPool"] = {defineGlobalLpPool};
  registry["ArgMax"] = {defineArg<true>};
  registry["ArgMin"] = {defineArg<false>};
  registry["Hardmax"] = {defineHardmax};
}

} // namespace dycc::halide
