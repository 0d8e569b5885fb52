// A general convolution copies its input into a padded line buffer, which pays
// where each element is read for many filters. Here one filter reads it, so the
// copy would cost more than the sums: the image is read where it lies.
#include "codegen/halide/Attributes.h"
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
    if (countsMissing()) {
      DepthwiseStages others = stages;
      others.taps = stages.missing = Halide::RDom(region, "missing");
      stages.missing.where(!isInRows(stages.missing));
      stages.sums(arguments) =
          parts.combine(stages.sums(at), parts.padding, others);
    }
    return stages;
  }

private:
  /// Whether taps in rows beyond the image change a sum.
  bool countsMissing() const {
    return window.isPadded && window.rank() > 1 &&
           !Halide::Internal::equal(parts.padding, parts.initial);
  }

  Expr positionAt(int axis, const Halide::RDom &taps) const {
    int dim = window.rank() - 1 - axis;
    return window.position(axis, stages.spatial[dim], taps[dim]);
  }

  Expr isInside(int axis, const Expr &position) const {
    return position >= 0 && position < builder.expr(image.dims[axis + 2]);
  }

  Expr isInRows(const Halide::RDom &taps) const {
    Expr inside = Halide::Internal::const_true();
    for (int axis = 0; axis < window.rank() - 1; ++axis)
      inside = inside && isInside(axis, positionAt(axis, taps));
    return inside;
  }

  /// The element under a tap. Taps in rows beyond the image are left out.
  /// `likely` keeps pixels beyond it out of the loop over the tiles that have
  /// none.
  Expr elementAtTap() {
    Index at{stages.batch, stages.vector * stages.lanes + stages.lane};
    Expr inside;
    for (int axis = 0; axis < window.rank(); ++axis) {
      Expr extent = builder.expr(image.dims[axis + 2]);
      Expr position = positionAt(axis, stages.taps);
      inside = isInside(axis, position);
      if (window.isPadded && axis < window.rank() - 1)
        stages.taps.where(inside);
      at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
    }
    Expr value = image(guardEmpty(builder, image, at, window.emptyAxes));
    return window.isPadded ? select(likely(inside), value, parts.padding)
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
  Expr element = weight.memory(at);
  return weight.isGrouped() ? element : weight.element.load(element);
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
                    const ConvolutionOperands &operands, const Window &window,
                    dyn::DepthwisePlanAttr plan) {
  const Tensor &image = operands.image;
  const PanelTensor &weight = operands.panels.value();
  auto addProduct = [&](const Expr &sum, const Expr &element,
                        const DepthwiseStages &at) {
    return operands.add(sum, element, weightAtTap(weight, at));
  };
  Expr zero = Halide::Internal::make_zero(image.element.computed);
  DepthwiseStages stages = makeDepthwise(
      builder, image, window, {zero, operands.padding, addProduct}, plan);
  KernelBuilder &b = builder;
  builder.define(op, [&](const Index &index) {
    return operands.withBias(stages.at(index), index);
  });
  builder.addRoot(op, [&b, stages](const Store &store) {
    scheduleDepthwise(b, stages, store);
  });
}

} // namespace dycc::halide
