// A general convolution copies its input into a padded line buffer, which pays
// where each element is read for many filters. Here one filter reads it, so the
// copy would cost more than the sums: the image is read where it lies.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/cpu/DepthwiseLoops.h"
#include "codegen/halide/operators/IndexMap.h"

using Halide::Expr;
using Halide::likely;
using Halide::Var;

namespace dycc::halide {
namespace {

class DepthwiseBuilder {
public:
  DepthwiseBuilder(KernelBuilder &builder, const Tensor &image,
                   const Window &window, const DepthwiseParts &parts,
                   dyn::DepthwisePlanAttr plan)
      : builder(builder), image(image), window(window), parts(parts) {
    stages.plan = plan;
  }

  DepthwiseStages make() {
    stages.lanes = builder.lanes(image.element.computed.bytes());
    stages.tapCount = 1;
    Halide::Region region;
    std::vector<Var> arguments{stages.lane};
    for (int axis = window.rank() - 1; axis >= 0; --axis) {
      auto kernel = static_cast<int>(window.kernel[axis]);
      region.emplace_back(0, kernel);
      stages.tapCount = std::min(mostWork / kernel, stages.tapCount) * kernel;
      arguments.push_back(
          stages.spatial.emplace_back("p" + std::to_string(axis)));
    }
    arguments.push_back(stages.vector);
    arguments.push_back(stages.batch);
    stages.taps = Halide::RDom(region, "taps");
    Expr element = elementAtTap();
    std::vector<Expr> at(arguments.begin(), arguments.end());
    stages.sums = Halide::Func("sums");
    stages.sums(arguments) = parts.initial;
    stages.sums(arguments) = parts.combine(stages.sums(at), element, stages);
    return stages;
  }

private:
  /// The element under a tap. Taps in rows beyond the image are left out.
  /// Pixels beyond it are as a sum begins, which `likely` keeps out of the loop
  /// over the tiles that have none.
  Expr elementAtTap() {
    Index at{stages.batch, stages.vector * stages.lanes + stages.lane};
    Expr inside;
    for (int axis = 0; axis < window.rank(); ++axis) {
      int dim = window.rank() - 1 - axis;
      Expr extent = builder.expr(image.dims[axis + 2]);
      Expr position =
          window.position(axis, stages.spatial[dim], stages.taps[dim]);
      inside = position >= 0 && position < extent;
      if (window.isPadded && dim > 0)
        stages.taps.where(inside);
      at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
    }
    Expr value = image(guardEmpty(builder, image, at, window.emptyAxes));
    return window.isPadded ? select(likely(inside), value, parts.initial)
                           : value;
  }

  KernelBuilder &builder;
  const Tensor &image;
  const Window &window;
  const DepthwiseParts &parts;
  DepthwiseStages stages;
};

Expr weightAtTap(const PanelTensor &weight, const DepthwiseStages &stages) {
  int vectors = static_cast<int>(weight.width()) / stages.lanes;
  std::vector<Expr> at{stages.lane + stages.vector % vectors * stages.lanes, 0};
  for (int i = 0; i < stages.taps.dimensions(); ++i)
    at.push_back(stages.taps[i]);
  at.push_back(stages.vector / vectors);
  return weight.element.load(weight.memory(at));
}

} // namespace

Expr DepthwiseStages::at(const Index &index) const {
  std::vector<Expr> place{index[1] % lanes};
  place.insert(place.end(), index.rbegin(), index.rend() - 2);
  place.push_back(index[1] / lanes);
  place.push_back(index[0]);
  return sums(place);
}

DepthwiseStages makeDepthwise(KernelBuilder &builder, const Tensor &image,
                              const Window &window, const DepthwiseParts &parts,
                              dyn::DepthwisePlanAttr plan) {
  return DepthwiseBuilder(builder, image, window, parts, plan).make();
}

void buildDepthwise(KernelBuilder &builder, mlir::Operation *op,
                    const Window &window, dyn::DepthwisePlanAttr plan) {
  Tensor image = builder.operand(op, 0);
  PanelTensor weight = builder.panels(op, 1).value();
  auto addProduct = [&](const Expr &sum, const Expr &element,
                        const DepthwiseStages &at) {
    return sum + weightAtTap(weight, at) * element;
  };
  Expr zero = Halide::Internal::make_zero(image.element.computed);
  DepthwiseStages stages =
      makeDepthwise(builder, image, window, {zero, addProduct}, plan);
  KernelBuilder &b = builder;
  bool hasBias = KernelBuilder::hasOperand(op, 2);
  builder.define(op, [&](const Index &index) {
    Expr sum = stages.at(index);
    return hasBias ? strict(sum + b.operand(op, 2)({index[1]})) : sum;
  });
  builder.addRoot(op, [&b, stages](const Store &store) {
    scheduleDepthwise(b, stages, store);
  });
}

} // namespace dycc::halide
