#include "codegen/halide/cpu/WinogradTaps.h"

#include "dialects/dyn/Winograd.h"

using dycc::dyn::Winograd;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Winograd::tapAt() at a position that a loop counts: numbers that its inner
/// loops do not compute again.
struct TapAt {
  Expr first, other, factor, second;

  TapAt(const Winograd &transform, const Expr &position) {
    auto choose = [&](auto member) {
      Expr chosen = member(transform.tapAt(0));
      for (int64_t tap = 1; tap < Winograd::kTaps; ++tap)
        chosen = Halide::select(position == static_cast<int>(tap),
                                member(transform.tapAt(tap)), chosen);
      return chosen;
    };
    using Tap = Winograd::Tap;
    first = choose([](Tap tap) { return Expr(static_cast<int>(tap.first)); });
    other = choose([](Tap tap) { return Expr(static_cast<int>(tap.other)); });
    factor = choose([](Tap tap) { return Expr(float(tap.factor)); });
    second = choose([](Tap tap) { return Expr(float(tap.second)); });
  }
};

} // namespace

Expr tapOfTransformed(const PanelTensor &weight, const Expr &lane,
                      const Expr &channel, const Expr &x, const Expr &y,
                      const Expr &block) {
  const Winograd &transform = *Winograd::find(weight.layout.getWinograd());
  TapAt atX(transform, x), atY(transform, y);
  auto place = [&](const Expr &placeX, const Expr &placeY) {
    return weight.element.load(
        weight.memory(lane, channel, placeX, placeY, block));
  };
  auto row = [&](const Expr &placeY) {
    return place(atX.first, placeY) + atX.second * place(atX.other, placeY);
  };
  return atX.factor * atY.factor *
         (row(atY.first) + atY.second * row(atY.other));
}

} // namespace dycc::halide
