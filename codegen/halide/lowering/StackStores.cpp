#include "codegen/halide/lowering/StackStores.h"

#include <map>
#include <optional>
#include <string>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Looks for vectors that are written to a buffer.
class VectorFinder final : public IRVisitor {
public:
  explicit VectorFinder(std::string buffer) : buffer(std::move(buffer)) {}
  bool found = false;

private:
  using IRVisitor::visit;

  void visit(const Store *op) override {
    found |= op->name == buffer && op->value.type().is_vector();
    IRVisitor::visit(op);
  }

  std::string buffer;
};

bool takesVectors(const Allocate *op) {
  VectorFinder finder(op->name);
  op->body.accept(&finder);
  return finder.found;
}

class StackStoreWriter final : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const Allocate *op) override {
    int64_t elements = op->constant_allocation_size();
    int64_t bytes = elements * op->type.bytes();
    bool isOnStack = bytes > 0 && bytes <= maxBytes && !op->new_expr.defined();
    if (isOnStack)
      onStack[op->name] = elements;
    Stmt result = IRMutator::visit(op);
    onStack.erase(op->name);
    if (!isOnStack || elements != 1 || !takesVectors(op))
      return result;
    // Halide aligns what the stack has from two elements on, and writes masked
    // vectors as if all were aligned.
    op = result.as<Allocate>();
    return Allocate::make(op->name, op->type, op->memory_type, {2},
                          op->condition, op->body, op->new_expr,
                          op->free_function, op->padding);
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
