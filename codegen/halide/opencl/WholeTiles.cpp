// A vector of neighbours, each of which is limited to the end of an axis, is no
// neighbours any more: it is loaded element by element. All but the last tile
// of an axis end before the limit. Halide finds such loops where a processor
// runs them one after another, but not where they are a device's threads.
#include "codegen/halide/opencl/WholeTiles.h"

#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Neighbours, and the last place that they may have.
struct LimitedLanes {
  const Min *limited;
  const Ramp *lanes;
  Expr last;

  Expr isWhole() const { return lanes->base + (lanes->lanes - 1) <= last; }
};

/// Finds those that are the same in all iterations of a loop.
class LimitFinder final : public IRGraphVisitor {
public:
  static std::vector<LimitedLanes> find(const For *loop) {
    LimitFinder finder;
    loop->accept(&finder);
    auto varies = [&](const LimitedLanes &one) {
      return llvm::any_of(finder.names, [&](const std::string &name) {
        return expr_uses_var(one.isWhole(), name);
      });
    };
    llvm::erase_if(finder.found, varies);
    return std::move(finder.found);
  }

private:
  using IRGraphVisitor::visit;

  void visit(const Min *op) override {
    IRGraphVisitor::visit(op);
    const auto *lanes = op->a.as<Ramp>();
    const auto *last = op->b.as<Broadcast>();
    if (!lanes)
      lanes = op->b.as<Ramp>();
    if (!last)
      last = op->a.as<Broadcast>();
    bool isNew = llvm::none_of(found, [&](const LimitedLanes &one) {
      return equal(Expr(one.limited), Expr(op));
    });
    if (isNew && lanes && last && is_const_one(lanes->stride))
      found.push_back({op, lanes, last->value});
  }

  void visit(const For *op) override {
    names.insert(op->name);
    IRGraphVisitor::visit(op);
  }
  void visit(const LetStmt *op) override {
    names.insert(op->name);
    IRGraphVisitor::visit(op);
  }
  void visit(const Let *op) override {
    names.insert(op->name);
    IRGraphVisitor::visit(op);
  }

  std::vector<LimitedLanes> found;
  std::set<std::string> names; ///< Defined in the loop.
};

class LimitRemover final : public IRMutator {
public:
  explicit LimitRemover(const std::vector<LimitedLanes> &limits)
      : limits(limits) {}

private:
  using IRMutator::visit;

  Expr visit(const Min *op) override {
    for (const LimitedLanes &one : limits)
      if (equal(Expr(one.limited), Expr(op)))
        return one.lanes;
    return IRMutator::visit(op);
  }

  const std::vector<LimitedLanes> &limits;
};

class WholeTileWriter final : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const For *op) override {
    if (op->for_type != ForType::Serial)
      return IRMutator::visit(op);
    std::vector<LimitedLanes> limits = LimitFinder::find(op);
    if (limits.empty())
      return IRMutator::visit(op);
    Expr areWhole = const_true();
    for (const LimitedLanes &one : limits)
      areWhole = areWhole && one.isWhole();
    Stmt whole = simplify(LimitRemover(limits).mutate(Stmt(op)));
    return IfThenElse::make(simplify(areWhole), whole, op);
  }
};

} // namespace

void addWholeTiles(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new WholeTileWriter);
}

} // namespace dycc::halide
