// Two elements that lie together in memory are one load. LLVM makes one of two,
// too, but then no longer knows of which buffer: sums that stay in registers
// are stored in each step, since it might read them.
#include "codegen/halide/lowering/Pairs.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

constexpr const char *pairName = "dycc_pair";

/// `e` as a load of one element, whatever else there is; null of others.
const Load *asElement(const Expr &e) {
  const auto *load = e.as<Load>();
  return load && load->type.is_scalar() && is_const_one(load->predicate)
             ? load
             : nullptr;
}

/// Both elements in one load; undefined where they do not lie together.
Expr loadedTogether(const Expr &first, const Expr &second) {
  const Load *low = asElement(first), *high = asElement(second);
  if (!low || !high || low->name != high->name ||
      !can_prove(high->index - low->index == 1))
    return {};
  return Load::make(low->type.with_lanes(2), low->name,
                    Ramp::make(low->index, 1, 2), low->image, low->param,
                    const_true(2), ModulusRemainder());
}

Expr shiftedTogether(const Expr &first, const Expr &second) {
  auto wide = Halide::UInt(32, first.type().lanes());
  return Halide::cast(wide, first) |
         (Halide::cast(wide, second) << make_const(wide, 16));
}

class PairWriter final : public IRMutator {
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    if (op->name != pairName)
      return IRMutator::visit(op);
    Expr first = mutate(op->args[0]), second = mutate(op->args[1]);
    Expr together = loadedTogether(first, second);
    return reinterpret(op->type, together.defined()
                                     ? together
                                     : shiftedTogether(first, second));
  }
};

} // namespace

Expr pairOf(Expr first, Expr second) {
  return Call::make(Halide::Int(32), pairName,
                    {Halide::cast<uint16_t>(std::move(first)),
                     Halide::cast<uint16_t>(std::move(second))},
                    Call::PureExtern);
}

void addPairs(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new PairWriter);
}

} // namespace dycc::halide
