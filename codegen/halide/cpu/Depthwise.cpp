// A general convolution copies its input into a padded line buffer, which pays
// where each element is read for many filters. Here one filter reads it, so the
// copy would cost more than the sums: the image is read where it lies.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/cpu/DepthwiseLoops.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Window.h"

using Halide::Expr;
using Halide::likely;
using Halide::Var;

namespace dycc::halide {
namespace {

class DepthwiseBuilder {
public:
  DepthwiseBuilder(KernelBuilder &builder, mlir::Operation *op,
                   const Window &window, dyn::DepthwisePlanAttr plan)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        weight(builder.panels(op, 1).value()), window(window) {
    stages.plan = plan;
  }

  void define() {
    defineSums();
    KernelBuilder &b = builder;
    bool hasBias = KernelBuilder::hasOperand(op, 2);
    builder.define(op, [&](const Index &index) {
      std::vector<Expr> at{index[1] % stages.lanes};
      at.insert(at.end(), index.rbegin(), index.rend() - 2);
      at.push_back(index[1] / stages.lanes);
      at.push_back(index[0]);
      Expr sum = stages.sums(at);
      return hasBias ? strict(sum + b.operand(op, 2)({index[1]})) : sum;
    });
    builder.addRoot(op, [&b, made = stages](const Store &store) {
      scheduleDepthwise(b, made, store);
    });
  }

private:
  void defineSums() {
    stages.lanes = builder.lanes(x.element.computed.bytes());
    stages.tapCount = 1;
    Halide::Region region;
    std::vector<Var> arguments{stages.lane};
    for (int axis = window.rank() - 1; axis >= 0; --axis) {
      region.emplace_back(0, static_cast<int>(window.kernel[axis]));
      stages.tapCount *= static_cast<int>(window.kernel[axis]);
      arguments.push_back(
          stages.spatial.emplace_back("p" + std::to_string(axis)));
    }
    arguments.push_back(stages.vector);
    arguments.push_back(stages.batch);
    stages.taps = Halide::RDom(region, "taps");
    Expr product = weightAtTap() * inputAtTap();
    stages.sums = Halide::Func("sums");
    stages.sums(arguments) = Halide::Internal::make_zero(product.type());
    stages.sums(arguments) += product;
  }

  Expr weightAtTap() const {
    int vectors = static_cast<int>(weight.width()) / stages.lanes;
    std::vector<Expr> at{stages.lane + stages.vector % vectors * stages.lanes,
                         0};
    for (int i = 0; i < stages.taps.dimensions(); ++i)
      at.push_back(stages.taps[i]);
    at.push_back(stages.vector / vectors);
    return weight.element.load(weight.memory(at));
  }

  /// The element under a tap. Taps in rows beyond the image are left out.
  /// Pixels beyond it are zero, which `likely` keeps out of the loop over the
  /// tiles that have none.
  Expr inputAtTap() {
    Index at{stages.batch, stages.vector * stages.lanes + stages.lane};
    Expr inside;
    for (int axis = 0; axis < window.rank(); ++axis) {
      int dim = window.rank() - 1 - axis;
      Expr extent = builder.expr(x.dims[axis + 2]);
      Expr position =
          window.position(axis, stages.spatial[dim], stages.taps[dim]);
      inside = position >= 0 && position < extent;
      if (window.isPadded && dim > 0)
        stages.taps.where(inside);
      at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
    }
    Expr value = x(guardEmpty(builder, x, at, window.emptyAxes));
    Expr zero = Halide::Internal::make_zero(value.type());
    return window.isPadded ? select(likely(inside), value, zero) : value;
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x;
  PanelTensor weight;
  const Window &window;
  DepthwiseStages stages;
};

} // namespace

void buildDepthwise(KernelBuilder &builder, mlir::Operation *op,
                    const Window &window, dyn::DepthwisePlanAttr plan) {
  DepthwiseBuilder(builder, op, window, plan).define();
}

} // namespace dycc::halide
