#include "codegen/halide/Prefetch.h"

#include <map>
#include <vector>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

constexpr const char *prefetchingName = "dycc_prefetching";

/// Puts the requests for lines before the stores whose values ask for them.
class PrefetchWriter final : public IRMutator {
  using IRMutator::visit;

  struct Line {
    const Load *load;
    Expr offset;
  };

  Expr visit(const Call *op) override {
    if (op->name != prefetchingName)
      return IRMutator::visit(op);
    Expr offset = substitute(lets, op->args[1]);
    if (const auto *lanes = offset.as<Broadcast>())
      offset = lanes->value;
    // Constants may have been folded, and vectors of scalars made.
    if (const auto *load = op->args[0].as<Load>();
        load && offset.type().is_scalar())
      wanted.push_back({load, offset});
    return mutate(op->args[0]);
  }

  Expr visit(const Let *op) override {
    lets[op->name] = substitute(lets, op->value);
    return IRMutator::visit(op);
  }

  Stmt visit(const For *op) override {
    ScopedValue<std::vector<Expr>> outer(written, {});
    return IRMutator::visit(op);
  }

  Stmt visit(const Store *op) override {
    Stmt result = IRMutator::visit(op);
    for (const Line &line : wanted) {
      Expr request = requestFor(line);
      auto isSame = [&](const Expr &e) { return equal(e, request); };
      if (std::any_of(written.begin(), written.end(), isSame))
        continue;
      written.push_back(request);
      result = Block::make(Evaluate::make(request), result);
    }
    wanted.clear();
    return result;
  }

  /// The line as LLVM's intrinsic: Halide's makes it one of a kind that is not
  /// kept in the second-level cache.
  static Expr requestFor(const Line &line) {
    Expr buffer = Variable::make(Halide::Handle(), line.load->name);
    Expr bytes = Halide::cast<int64_t>(line.offset) * line.load->type.bytes();
    Expr address = Halide::reinterpret<int64_t>(buffer) + bytes;
    return Call::make(Halide::Int(32), "llvm.prefetch.p0",
                      {Halide::reinterpret(Halide::Handle(), address), 0, 2, 1},
                      Call::Extern);
  }

  std::vector<Line> wanted;  ///< By the values of a store.
  std::vector<Expr> written; ///< In the innermost loop.
  std::map<std::string, Expr> lets;
};

} // namespace

Expr prefetching(Expr load, Expr offset) {
  return Call::make(load.type(), prefetchingName, {load, offset},
                    Call::PureExtern);
}

void addPrefetches(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new PrefetchWriter);
}

} // namespace dycc::halide
