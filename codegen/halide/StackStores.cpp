#include "codegen/halide/StackStores.h"

#include <set>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

class StackStoreWriter final : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const Allocate *op) override {
    int64_t bytes = op->constant_allocation_size() * op->type.bytes();
    if (bytes > 0 && bytes <= maxBytes && !op->new_expr.defined())
      onStack.insert(op->name);
    Stmt result = IRMutator::visit(op);
    onStack.erase(op->name);
    return result;
  }

  Stmt visit(const Store *op) override {
    if (is_const_one(op->predicate) || !onStack.count(op->name))
      return IRMutator::visit(op);
    Expr all = const_true(op->predicate.type().lanes());
    Expr old = Load::make(op->value.type(), op->name, op->index, {}, {}, all,
                          op->alignment);
    Expr blend = Halide::select(op->predicate, op->value, old);
    return Store::make(op->name, blend, op->index, {}, all, op->alignment);
  }

  /// What fits the registers of any target.
  static constexpr int64_t maxBytes = 512;
  std::set<std::string> onStack;
};

} // namespace

void addStackStores(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new StackStoreWriter);
}

} // namespace dycc::halide
