#include "codegen/halide/roots/Window.h"

#include "codegen/halide/Attributes.h"

using Halide::Expr;

namespace dycc::halide {

std::vector<int64_t> constantExtents(const Dims &dims, size_t first) {
  std::vector<int64_t> result;
  for (size_t axis = first; axis < dims.size(); ++axis) {
    std::optional<int64_t> value = dims[axis].asConstant();
    assert(value && "a filter of unknown extents is one of the run");
    result.push_back(*value);
  }
  return result;
}

Expr automaticPad(Expr from, Expr to, Expr reach, int stride) {
  return Halide::max((to - 1) * stride + (reach + 1) - from, 0);
}

Expr transposedPad(Expr from, Expr to, Expr reach, int stride, int extra) {
  return Halide::max((from - 1) * stride + extra + reach + 1 - to, 0);
}

Window Window::get(KernelBuilder &builder, mlir::Operation *op,
                   std::vector<int64_t> kernel, const Dims &from,
                   const Dims &to) {
  size_t rank = kernel.size();
  std::vector<int64_t> ones(rank, 1);
  Window window{std::move(kernel),
                intsAttribute(op, "strides", ones),
                intsAttribute(op, "dilations", ones),
                {},
                {},
                false,
                {},
                {}};
  std::vector<int64_t> pads =
      intsAttribute(op, "pads", std::vector<int64_t>(2 * rank, 0));
  llvm::StringRef mode = stringAttribute(op, "auto_pad", "NOTSET");
  for (size_t axis = 0; axis < rank; ++axis) {
    bool explicitPads = mode == "NOTSET";
    Expr before = static_cast<int>(pads[axis]);
    Expr behind = static_cast<int>(pads[axis + rank]);
    if (!explicitPads) {
      Expr reach =
          static_cast<int>((window.kernel[axis] - 1) * window.dilations[axis]);
      Expr total = mode == "VALID"
                       ? Expr(0)
                       : automaticPad(builder.expr(from[axis + 2]),
                                      builder.expr(to[axis + 2]), reach,
                                      static_cast<int>(window.strides[axis]));
      before = mode == "SAME_LOWER" ? (total + 1) / 2 : total / 2;
      behind = total - before;
    }
    window.begin.push_back(before);
    window.end.push_back(behind);
    window.isPadded |= explicitPads ? pads[axis] != 0 || pads[axis + rank] != 0
                                    : mode != "VALID";
  }
  // Rounded-up output extents let the last window hang over the end.
  bool roundsUp = intAttribute(op, "ceil_mode", 0) != 0;
  window.isPadded |= roundsUp;
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t reach = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
    int64_t first = pads[axis] + pads[axis + rank] - reach;
    int64_t over = roundsUp ? window.strides[axis] - 1 : 0;
    bool mayBeEmpty = first + over >= 0;
    if (mayBeEmpty)
      window.emptyAxes.push_back(static_cast<int>(axis) + 2);
    bool isNeverEmpty =
        !mayBeEmpty || from[axis + 2].asConstant().value_or(0) > 0;
    window.mayMiss.push_back(!isNeverEmpty || pads[axis] >= reach ||
                             pads[axis + rank] + over >= reach);
  }
  return window;
}

bool isRowMajor(mlir::Operation *op) {
  auto kernel = op->getParentOfType<dyn::KernelOp>();
  auto isOtherwise = [](mlir::Type type) {
    dyn::LayoutAttr layout = dyn::getLayout(type);
    return layout && layout.getKind() == dyn::LayoutKind::ChannelsLast;
  };
  return llvm::none_of(kernel.getBody().getArgumentTypes(), isOtherwise) &&
         llvm::none_of(kernel.getResultTypes(), isOtherwise);
}

Expr Window::position(int axis, Expr out, Expr tap) const {
  return out * static_cast<int>(strides[axis]) +
         tap * static_cast<int>(dilations[axis]) - begin[axis];
}

} // namespace dycc::halide
