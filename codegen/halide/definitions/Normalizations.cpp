// Operators that scale the elements of a row by statistics of the row.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/definitions/Fold.h"

using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

/// A normalisation: its operand, the axes of a row, and its statistics.
class Normalization {
public:
  Normalization(KernelBuilder &builder, mlir::Operation *op,
                std::vector<bool> folded)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        folder(builder, KernelBuilder::operandValue(op, 0), x, folded) {}

  Expr constant(double value) const {
    return Halide::Internal::make_const(x.element.computed, value);
  }
  Expr attribute(llvm::StringRef name, double absent) const {
    return constant(floatAttribute(op, name, absent));
  }
  Expr count() const {
    return Halide::cast(x.element.computed, folder.count());
  }

  /// Average of `element` over a row.
  Folder::OneElement mean(llvm::StringRef name, Folder::OneElement element) {
    Folder::OneElement sum = folder.sum(name, std::move(element));
    Expr n = count();
    return [sum, n](const Index &index) { return strict(sum(index) / n); };
  }
  /// Average of the squared distances from `center`.
  Folder::OneElement variance(const Folder::OneElement &center) {
    return mean("variance", [&](const Index &index) {
      Expr distance = strict(x(index) - center(index));
      return strict(distance * distance);
    });
  }
  Folder::OneElement itself() const {
    return [x = x](const Index &index) { return x(index); };
  }
  /// Operand `position`, broadcast to the shape of x; undefined where absent.
  Expr broadcast(unsigned position, const Index &index) {
    if (!KernelBuilder::hasOperand(op, position))
      return Expr();
    Tensor operand = builder.operand(op, position);
    return operand(builder.broadcast(operand.dims, x.dims, index));
  }
  void define(llvm::function_ref<Expr(const Index &)> element) {
    builder.define(op, element);
    folder.addWholeRoot(op);
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x;
  Folder folder;
};

std::vector<bool> oneAxis(KernelBuilder &builder, mlir::Operation *op) {
  int rank = builder.operand(op, 0).rank();
  std::vector<bool> folded(rank, false);
  folded[axisAttribute(op, rank, -1)] = true;
  return folded;
}

std::vector<bool> axesFrom(int first, int rank) {
  std::vector<bool> folded(rank, false);
  for (int axis = first; axis < rank; ++axis)
    folded[axis] = true;
  return folded;
}

void defineSoftmax(KernelBuilder &builder, mlir::Operation *op) {
  Normalization n(builder, op, oneAxis(builder, op));
  Folder::OneElement largest = n.folder.foldOne(
      "largest", FoldRule::max(n.x.element.computed), n.itself());
  Folder::OneElement power = n.folder.keepRow("power", [&](const Index &index) {
    return math::exp(strict(n.x(index) - largest(index)));
  });
  Folder::OneElement sum = n.folder.sum("sum", power);
  n.define([&](const Index &index) {
    return strict(power(index) / sum(index));
  });
}

void defineLogSoftmax(KernelBuilder &builder, mlir::Operation *op) {
  Normalization n(builder, op, oneAxis(builder, op));
  Folder::OneElement largest = n.folder.foldOne(
      "largest", FoldRule::max(n.x.element.computed), n.itself());
  auto shifted = [&](const Index &index) {
    return strict(n.x(index) - largest(index));
  };
  Folder::OneElement sum = n.folder.sum("sum", [&](const Index &index) {
    return math::exp(shifted(index));
  });
  n.define([&](const Index &index) {
    return strict(shifted(index) - math::log(sum(index)));
  });
}

/// Statistics may be results too; each result then folds for itself.
void defineLayerNormalization(KernelBuilder &builder, mlir::Operation *op) {
  int rank = builder.operand(op, 0).rank();
  std::vector<bool> folded = axesFrom(axisAttribute(op, rank, -1), rank);
  auto segments =
      op->getAttrOfType<mlir::DenseI32ArrayAttr>("resultSegmentSizes");
  unsigned next = 1;
  for (unsigned statistic = 1; statistic < 3; ++statistic) {
    bool present = segments ? segments[statistic] != 0
                            : statistic < op->getNumResults();
    if (!present)
      continue;
    Normalization n(builder, op, folded);
    Folder::OneElement mean = n.mean("mean", n.itself()), result = mean;
    if (statistic == 2) {
      Folder::OneElement variance = n.variance(mean);
      result = [&, variance](const Index &index) {
        Expr sum = strict(variance(index) + n.attribute("epsilon", 1e-5));
        return strict(n.constant(1) / Halide::sqrt(sum));
      };
    }
    builder.define(op, [&](const Index &index) {
      return result(n.folder.wholeIndex(index, /*keepDims=*/true));
    }, next);
    n.folder.addKeptRoot(op, /*keepDims=*/true, next++);
  }
  Normalization n(builder, op, folded);
  Folder::OneElement mean = n.mean("mean", n.itself());
  Folder::OneElement variance = n.variance(mean);
  n.define([&](const Index &index) {
    Expr deviation = strict(
        Halide::sqrt(variance(index) + n.attribute("epsilon", 1e-5)));
    Expr y = strict((n.x(index) - mean(index)) * (n.constant(1) / deviation));
    y = strict(y * n.broadcast(1, index));
    Expr bias = n.broadcast(2, index);
    return bias.defined() ? strict(y + bias) : y;
  });
}

void defineRmsNormalization(KernelBuilder &builder, mlir::Operation *op) {
  int rank = builder.operand(op, 0).rank();
  Normalization n(builder, op, axesFrom(axisAttribute(op, rank, -1), rank));
  Folder::OneElement square = n.mean("square", [&](const Index &index) {
    return strict(n.x(index) * n.x(index));
  });
  n.define([&](const Index &index) {
    Expr scale = strict(n.constant(1) / Halide::sqrt(square(index) +
                                     n.attribute("epsilon", 1e-5)));
    return strict(n.x(index) * scale * n.broadcast(1, index));
  });
}

void defineInstanceNormalization(KernelBuilder &builder, mlir::Operation *op) {
  Normalization n(builder, op, axesFrom(2, builder.operand(op, 0).rank()));
  Folder::OneElement mean = n.mean("mean", n.itself());
  Folder::OneElement variance = n.variance(mean);
  n.define([&](const Index &index) {
    Expr deviation = strict(
        Halide::sqrt(variance(index) + n.attribute("epsilon", 1e-5)));
    Expr scale = strict(builder.operand(op, 1)({index[1]}) / deviation);
    return strict((n.x(index) - mean(index)) * scale +
                  builder.operand(op, 2)({index[1]}));
  });
}

void defineMeanVariance(KernelBuilder &builder, mlir::Operation *op) {
  int rank = builder.operand(op, 0).rank();
  std::vector<bool> folded(rank, false);
  for (int64_t axis : intsAttribute(op, "axes", {0, 2, 3}))
    folded[axis < 0 ? axis + rank : axis] = true;
  Normalization n(builder, op, folded);
  Folder::OneElement mean = n.mean("mean", n.itself());
  Folder::OneElement variance = n.variance(mean);
  n.define([&](const Index &index) {
    return strict((n.x(index) - mean(index)) /
                  (Halide::sqrt(variance(index)) + n.constant(1e-9)));
  });
}

/// A row of norm 0 stays 0.
void defineLpNormalization(KernelBuilder &builder, mlir::Operation *op) {
  Normalization n(builder, op, oneAxis(builder, op));
  bool squares = intAttribute(op, "p", 2) == 2;
  Folder::OneElement sum = n.folder.sum("norm", [&](const Index &index) {
    Expr x = n.x(index);
    return squares ? strict(x * x) : Halide::abs(x);
  });
  n.define([&](const Index &index) {
    Expr norm = squares ? strict(Halide::sqrt(sum(index))) : sum(index);
    return select(isEqual(norm, n.constant(0)), n.constant(0),
                  strict(n.x(index) / norm));
  });
}

/// By given statistics: element-wise but for where its operands lie.
void defineBatchNormalization(KernelBuilder &builder, mlir::Operation *op) {
  if (intAttribute(op, "training_mode", 0) != 0)
    throw KernelError("expects training_mode 0, got 1");
  Tensor x = builder.operand(op, 0);
  Expr epsilon = Halide::Internal::make_const(
      x.element.computed, floatAttribute(op, "epsilon", 1e-5));
  builder.define(op, [&](const Index &index) {
    auto channel = [&](unsigned position) {
      Expr value = builder.operand(op, position)({index[1]});
      return Halide::cast(x.element.computed, value);
    };
    Expr scale = strict(channel(1) / Halide::sqrt(channel(4) + epsilon));
    return strict((x(index) - channel(3)) * scale + channel(2));
  });
  builder.markPointwise(op);
}

/// A row is a group of channels: the operand is seen as (N, group, channel of
/// the group, D...).
void defineGroupNormalization(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  int64_t groups = intAttribute(op, "num_groups", 1);
  std::optional<int64_t> channels = x.dims[1].asConstant();
  if (!channels || *channels % groups != 0)
    throw KernelError("expects a constant multiple of " +
                      std::to_string(groups) + " channels, got '" +
                      x.dims[1].str() + "'");
  int size = static_cast<int>(*channels / groups);
  Dims dims = x.dims;
  mlir::MLIRContext *context = op->getContext();
  dims[1] = dyn::ExprAttr::constant(context, size);
  dims.insert(dims.begin() + 1, dyn::ExprAttr::constant(context, groups));
  Tensor grouped = builder.make("groups", x.element, dims, [&](Index index) {
    index[2] = index[1] * size + index[2];
    index.erase(index.begin() + 1);
    return x(index);
  });
  std::vector<bool> folded = axesFrom(2, grouped.rank());
  std::vector<int> order;
  for (int axis = grouped.rank() - 1; axis >= 0; --axis)
    order.push_back(axis);
  Folder folder(builder, order, grouped, folded);
  Expr n = Halide::cast(x.element.computed, folder.count());
  Folder::OneElement sum = folder.sum("mean", [&](const Index &index) {
    return grouped(index);
  });
  auto mean = [&](const Index &index) { return strict(sum(index) / n); };
  Folder::OneElement squares = folder.sum("variance", [&](const Index &index) {
    Expr distance = strict(grouped(index) - mean(index));
    return strict(distance * distance);
  });
  Expr epsilon = Halide::Internal::make_const(
      x.element.computed, floatAttribute(op, "epsilon", 1e-5));
  builder.define(op, [&](const Index &index) {
    Index whole = index;
    whole.insert(whole.begin() + 1, index[1] / size);
    Expr deviation = strict(Halide::sqrt(squares(whole) / n + epsilon));
    Expr scale = strict(builder.operand(op, 1)({index[1]}) / deviation);
    return strict((x(index) - mean(whole)) * scale +
                  builder.operand(op, 2)({index[1]}));
  });
  folder.addGroupedRoot(op, size);
}

/// Neighbours beyond the channels count as 0.
void defineLRN(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  int size = static_cast<int>(intAttribute(op, "size", 1));
  Expr channels = builder.expr(x.dims[1]);
  auto constant = [&](double value) {
    return Halide::Internal::make_const(x.element.computed, value);
  };
  builder.define(op, [&](const Index &index) {
    Expr sum = constant(0);
    for (int tap = 0; tap < size; ++tap) {
      Expr channel = index[1] + (tap - (size - 1) / 2);
      Index at = index;
      at[1] = Halide::max(Halide::min(channel, channels - 1), 0);
      Expr inside = channel >= 0 && channel < channels;
      sum = sum + select(inside, x(at) * x(at), constant(0));
    }
    Expr base = constant(floatAttribute(op, "bias", 1)) +
                constant(floatAttribute(op, "alpha", 1e-4) / size) * sum;
    Expr power = math::pow(strict(base),
                           constant(floatAttribute(op, "beta", 0.75)));
    return strict(x(index) / power);
  });
}

} // namespace

void addNormalizations(Registry &registry) {
  registry["Softmax"] = {defineSoftmax};
  registry["LogSoftmax"] = {defineLogSoftmax};
  registry["LayerNormalization"] = {defineLayerNormalization};
  registry["RMSNormalization"] = {defineRmsNormalization};
  registry["InstanceNormalization"] = {defineInstanceNormalization};
  registry["GroupNormalization"] = {defineGroupNormalization};
  registry["MeanVarianceNormalization"] = {defineMeanVariance};
  registry["LpNormalization"] = {defineLpNormalization};
  registry["BatchNormalization"] = {defineBatchNormalization};
  registry["LRN"] = {defineLRN};
}

} // namespace dycc::halide
