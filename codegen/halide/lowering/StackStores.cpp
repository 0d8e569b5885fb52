#include "codegen/halide/lowering/StackStores.h"

#include <map>
#include <optional>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

class StackStoreWriter final : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const Allocate *op) override {
    int64_t elements = op->constant_allocation_size();
    int64_t bytes = elements * op->type.bytes();
    if (bytes > 0 && bytes <= maxBytes && !op->new_expr.defined())
      onStack[op->name] = elements;
    Stmt result = IRMutator::visit(op);
    onStack.erase(op->name);
    return result;
  }

  /// Whether all lanes of a store lie in its buffer, those that are masked too.
  bool isInside(const Store *op) const {
    auto buffer = onStack.find(op->name);
    const auto *ramp = op->index.as<Ramp>();
    if (buffer == onStack.end() || !ramp || !is_const_one(ramp->stride))
      return false;
    std::optional<int64_t> base = as_const_int(ramp->base);
    return base && *base >= 0 && *base + ramp->lanes <= buffer->second;
  }

  Stmt visit(const Store *op) override {
    if (is_const_one(op->predicate) || !isInside(op))
      return IRMutator::visit(op);
    Expr all = const_true(op->predicate.type().lanes());
    Expr old = Load::make(op->value.type(), op->name, op->index, {}, {}, all,
                          op->alignment);
    Expr blend = Halide::select(op->predicate, op->value, old);
    return Store::make(op->name, blend, op->index, {}, all, op->alignment);
  }

  /// What fits the registers of any target.
  static constexpr int64_t maxBytes = 512;
  std::map<std::string, int64_t> onStack; ///< With their numbers of elements.
};

} // namespace

void addStackStores(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new StackStoreWriter);
}

} // namespace dycc::halide
