#include "codegen/halide/lowering/Opaque.h"

using Halide::Expr;
using Halide::Internal::Call;

namespace dycc::halide {
namespace {

constexpr const char *opaqueName = "dycc_opaque";

/// Uncovers what `opaque` hides, once no pass of Halide's is left.
class OpaqueRemover final : public Halide::Internal::IRMutator {
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    return op->name == opaqueName ? mutate(op->args[0]) : IRMutator::visit(op);
  }
};

} // namespace

Expr opaque(Expr e) {
  return Call::make(e.type(), opaqueName, {e}, Call::Extern);
}

void addOpaques(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new OpaqueRemover);
}

} // namespace dycc::halide
