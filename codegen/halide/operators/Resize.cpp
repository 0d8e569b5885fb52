// Resize: each axis has taps, an input position and a weight each; the taps of
// all axes multiply.
#include "codegen/halide/operators/Resize.h"
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Handles.h"
#include "codegen/halide/cpu/InterpolationLoops.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/operators/Interpolation.h"
#include "codegen/halide/roots/Window.h"
#include "dialects/dyn/Kernels.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

using Halide::cast;
using Halide::Expr;
using Halide::select;

namespace dycc::halide {

Expr ResizedAxis::factor() const {
  return scale.defined() ? scale : strict(out / in);
}

Expr ResizedAxis::divide(Expr x) const {
  return scale.defined() ? strict(x / scale) : strict(x * in / out);
}

Expr ResizedAxis::length() const {
  return scale.defined() ? strict(in * scale) : out;
}

Expr originalPosition(const ResizedAxis &a, Expr d, llvm::StringRef mode) {
  Expr x = cast<float>(d), length = a.length();
  Expr halfPixel = strict(a.divide(x + 0.5f) - 0.5f);
  if (mode == "half_pixel")
    return halfPixel;
  if (mode == "pytorch_half_pixel")
    return select(a.out == 1.0f, 0.0f, halfPixel);
  if (mode == "half_pixel_symmetric") {
    Expr adjustment = strict(a.out / length);
    Expr offset = strict(a.in * 0.5f * (1.0f - adjustment));
    return strict(offset + halfPixel);
  }
  if (mode == "asymmetric")
    return a.divide(x);
  Expr isOne = length == 1.0f, last = a.in - 1.0f;
  if (mode == "align_corners")
    return select(isOne, 0.0f, strict(x * last / (length - 1.0f)));
  if (mode != "tf_crop_and_resize")
    throw KernelError("expects a known coordinate_transformation_mode, got '" +
                      mode.str() + "'");
  Expr width = strict((a.roiEnd - a.roiStart) * last);
  Expr along =
      select(isOne, strict(width * 0.5f), strict(x * width / (length - 1.0f)));
  return strict(along + a.roiStart * last);
}

namespace {

Expr nearestPosition(Expr position, llvm::StringRef mode) {
  Expr below = Halide::floor(position), above = Halide::ceil(position);
  Expr rest = strict(position - below);
  if (mode == "floor")
    return below;
  if (mode == "ceil")
    return above;
  if (mode == "round_prefer_ceil")
    return select(isLess(rest, 0.5f), below, above);
  if (mode == "round_prefer_floor")
    return select(isLess(0.5f, rest), above, below);
  throw KernelError("expects a known nearest_mode, got '" + mode.str() + "'");
}

class ResizeBuilder {
public:
  ResizeBuilder(KernelBuilder &builder, mlir::Operation *op)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        to(builder.dims(op->getResult(0))),
        mode(stringAttribute(op, "mode", "nearest")),
        coordinates(stringAttribute(op, "coordinate_transformation_mode",
                                    "half_pixel")),
        nearest(stringAttribute(op, "nearest_mode", "round_prefer_floor")) {
    if (mode != "nearest" && mode != "linear" && mode != "cubic")
      throw KernelError("expects mode nearest, linear or cubic, got '" +
                        mode.str() + "'");
    if (mode != "nearest" || coordinates == "tf_crop_and_resize")
      expectNumbers(op->getResult(0));
    if (isAntialiased() && mode == "nearest")
      throw KernelError("expects mode linear or cubic with antialias, got "
                        "'nearest'");
    collectAxes();
  }

  void define() {
    if ((isAntialiased() && !axes.empty()) || hasManyTaps()) {
      TapRule how{mode == "cubic", cubicCoefficient(), excludesOutside(),
                  isAntialiased(), coordinates};
      return defineByWindows(
          builder, op, x, axes, how, [&](const Index &index, Expr value) {
            return extrapolate(index, isAntialiased()
                                          ? roundFromFloat(value, x.element)
                                          : fromFloat(value, x.element));
          });
    }
    if (canKeepRows()) {
      LoopsProblem problem{LoopsProblem::Kind::Elements, x.element.bytes(), {}};
      problem.hasRows = true;
      auto plan = builder.plan<dyn::LoopsPlanAttr>(problem);
      if (plan && plan.getForm() == dyn::LoopsForm::Rows)
        keepRows();
    }
    builder.define(op, [&](const Index &index) {
      return extrapolate(index, fromFloat(sample(0, index), x.element));
    });
    if (!rows.defined())
      return;
    InterpolatedRows stages{rows, {}, x.dims};
    for (const ResizedAxis &a : llvm::drop_end(axes))
      stages.axes.push_back(a.axis);
    KernelBuilder &b = builder;
    builder.addRoot(op, [&b, stages](const Store &store) {
      scheduleInterpolation(b, stages, store);
    });
  }

private:
  bool isAntialiased() const { return intAttribute(op, "antialias", 0) != 0; }
  bool excludesOutside() const {
    return intAttribute(op, "exclude_outside", 0) != 0;
  }
  float cubicCoefficient() const {
    return static_cast<float>(floatAttribute(op, "cubic_coeff_a", -0.75));
  }

  /// Taps of an element that are written out: more of them are loops.
  static constexpr size_t mostTaps = 64;

  /// Along each axis, by the mode.
  size_t taps() const { return mode == "linear" ? 2 : 4; }

  bool hasManyTaps() const {
    size_t product = 1;
    for (size_t i = 0; i < axes.size() && product <= mostTaps; ++i)
      product *= taps();
    return mode != "nearest" && product > mostTaps;
  }

  /// Whether the result is interpolated along its rows and across them, and
  /// does not leave out so many rows of x that all of them are more work.
  bool canKeepRows() const {
    return mode != "nearest" && axes.size() > 1 && isRowMajor(op) &&
           axes.back().axis == x.rank() - 1 &&
           llvm::all_of(llvm::drop_end(axes), [&](const ResizedAxis &a) {
             return !isBelow(a, static_cast<int64_t>(taps()));
           });
  }

  /// Whether `taps` times the extent of the result may be less than that of x.
  bool isBelow(const ResizedAxis &a, int64_t taps) const {
    if (a.constantScale)
      return *a.constantScale * static_cast<float>(taps) < 1;
    dyn::ExprAttr rest =
        dyn::ExprAttr::add(to[a.axis].times(taps), x.dims[a.axis].times(-1));
    return dyn::rangeOf(rest,
                        dyn::factsOf(op->getParentOfType<dyn::KernelOp>()))
               .lower < 0;
  }

  /// Interpolates along the innermost axis first, into memory.
  void keepRows() {
    Index index = axisVars(x.rank());
    Expr row = sample(axes.size() - 1, index);
    rows = Halide::Func("rows");
    rows(reversed(index)) = row;
  }

  /// `value`, or the extrapolation value where the crop leaves the input.
  Expr extrapolate(const Index &index, Expr value) const {
    if (coordinates != "tf_crop_and_resize")
      return value;
    Expr isOutside = Halide::Internal::const_false();
    for (const ResizedAxis &a : axes) {
      Expr position = originalPosition(a, index[a.axis], coordinates);
      isOutside =
          isOutside || isLess(position, 0.0f) || isLess(a.in - 1.0f, position);
    }
    double outside = floatAttribute(op, "extrapolation_value", 0);
    return select(isOutside,
                  Halide::Internal::make_const(value.type(), outside), value);
  }

  /// The axes that change, with their factors.
  void collectAxes() {
    std::vector<int64_t> listed(x.rank());
    std::iota(listed.begin(), listed.end(), 0);
    listed = intsAttribute(op, "axes", listed);
    std::optional<Dims> scales = elements(2), sizes = elements(3);
    size_t given = scales ? scales->size() : sizes ? sizes->size() : 0;
    if (given != listed.size())
      throw KernelError("expects " + std::to_string(listed.size()) +
                        " scales or sizes, got " + std::to_string(given));
    for (auto [i, axis] : llvm::enumerate(listed)) {
      ResizedAxis a;
      a.axis = static_cast<int>(axis < 0 ? axis + x.rank() : axis);
      a.in = cast<float>(builder.expr(x.dims[a.axis]));
      a.out = cast<float>(builder.expr(to[a.axis]));
      if (scales) {
        a.scale = builder.expr((*scales)[i]);
        if ((*scales)[i].getKind() == dyn::ExprKind::F32Constant)
          a.constantScale = (*scales)[i].getFloat();
      }
      readRoi(a, i, listed.size());
      bool keeps =
          scales ? a.constantScale == 1.0f : x.dims[a.axis] == to[a.axis];
      if (!keeps || coordinates == "tf_crop_and_resize")
        axes.push_back(a);
    }
    if (sizes)
      keepAspectRatio(*sizes);
  }

  /// An operand of no elements is absent.
  std::optional<Dims> elements(unsigned position) {
    std::optional<Dims> result = builder.steering(op, position);
    return result && result->empty() ? std::nullopt : result;
  }

  void readRoi(ResizedAxis &a, size_t i, size_t count) {
    if (coordinates != "tf_crop_and_resize")
      return;
    Tensor roi = builder.operand(op, 1);
    a.roiStart = cast<float>(roi({static_cast<int>(i)}));
    a.roiEnd = cast<float>(roi({static_cast<int>(i + count)}));
  }

  /// One factor for all axes: the smallest or largest that the sizes ask for.
  void keepAspectRatio(const Dims &sizes) {
    llvm::StringRef policy =
        stringAttribute(op, "keep_aspect_ratio_policy", "stretch");
    if (policy == "stretch")
      return;
    std::vector<int64_t> listed(x.rank());
    std::iota(listed.begin(), listed.end(), 0);
    listed = intsAttribute(op, "axes", listed);
    Expr common;
    for (auto [i, axis] : llvm::enumerate(listed)) {
      dyn::ExprAttr in = x.dims[axis < 0 ? axis + x.rank() : axis];
      Expr scale = strict(cast<float>(builder.expr(sizes[i])) /
                          cast<float>(builder.expr(in)));
      if (!common.defined())
        common = scale;
      else
        common = policy == "not_larger" ? minNaN(common, scale)
                                        : maxNaN(common, scale);
    }
    for (ResizedAxis &a : axes)
      a.scale = common;
  }

  /// Interpolates along the axes from number `next` on.
  Expr sample(size_t next, const Index &index) {
    if (next == axes.size())
      return mode == "nearest" ? x(index) : toFloat(x(index));
    if (rows.defined() && next + 1 == axes.size())
      return rows(reversed(index));
    const ResizedAxis &a = axes[next];
    Expr sum;
    for (const Tap &tap : tapsOf(a, index[a.axis])) {
      Index at = index;
      at[a.axis] = tap.position;
      Expr value = sample(next + 1, at);
      if (tap.weight.defined())
        value = strict(cast(value.type(), tap.weight) * value);
      sum = sum.defined() ? strict(sum + value) : value;
    }
    return sum;
  }

  std::vector<Tap> tapsOf(const ResizedAxis &a, Expr d) {
    Expr extent = builder.expr(x.dims[a.axis]);
    if (std::optional<int> factor = wholeFactor(a))
      return {{limited(d / *factor, extent), Expr()}};
    Expr position = originalPosition(a, d, coordinates);
    if (mode == "nearest") {
      Expr place =
          toInteger(nearestPosition(position, nearest), Halide::Int(32));
      return {{Halide::clamp(place, 0, extent - 1), Expr()}};
    }
    bool cubic = mode == "cubic";
    std::vector<Tap> taps =
        interpolationTaps(position, extent, cubic, cubicCoefficient());
    if (excludesOutside())
      excludeOutside(taps, extent);
    for (Tap &tap : taps)
      tap.position = Halide::clamp(tap.position, 0, extent - 1);
    return taps;
  }

  /// The factor where each element is repeated that often.
  std::optional<int> wholeFactor(const ResizedAxis &a) {
    bool isHalfPixel =
        coordinates == "half_pixel" && nearest.starts_with("round_prefer");
    bool isFloor = coordinates == "asymmetric" && nearest == "floor";
    if (mode != "nearest" || !(isHalfPixel || isFloor) || !a.constantScale)
      return std::nullopt;
    int factor = static_cast<int>(*a.constantScale);
    if (static_cast<float>(factor) != *a.constantScale)
      return std::nullopt;
    return factor;
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x;
  Dims to;
  llvm::StringRef mode, coordinates, nearest;
  std::vector<ResizedAxis> axes;
  /// Interpolated along the last of `axes` alone, where it has memory.
  Halide::Func rows;
};

void defineResize(KernelBuilder &builder, mlir::Operation *op) {
  ResizeBuilder(builder, op).define();
}

} // namespace

void addResize(Registry &registry) { registry["Resize"] = {defineResize}; }

} // namespace dycc::halide
