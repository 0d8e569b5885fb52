#include "codegen/halide/lowering/Alternatives.h"

#include "codegen/halide/lowering/Opaque.h"
#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

constexpr const char *alternativeName = "dycc_alternative";

/// Whether `stmt` stores zeros to one buffer and does nothing else; `buffer`
/// learns which.
bool isZeros(const Stmt &stmt, std::string &buffer) {
  if (const auto *block = stmt.as<Block>())
    return isZeros(block->first, buffer) && isZeros(block->rest, buffer);
  if (const auto *loop = stmt.as<For>())
    return isZeros(loop->body, buffer);
  const auto *store = stmt.as<Store>();
  if (!store || !is_const_zero(store->value) ||
      !is_const_one(store->predicate) ||
      (!buffer.empty() && buffer != store->name))
    return false;
  buffer = store->name;
  return true;
}

bool isAlternative(const Expr &condition) {
  const auto *call = condition.as<Call>();
  return call && call->name == alternativeName;
}

/// Statements that follow one another.
void flatten(const Stmt &stmt, std::vector<Stmt> &parts) {
  if (const auto *block = stmt.as<Block>()) {
    flatten(block->first, parts);
    flatten(block->rest, parts);
  } else {
    parts.push_back(stmt);
  }
}

/// The buffers that a statement frees and does not allocate.
class FreedOutside final : public IRVisitor {
public:
  static bool any(const Stmt &stmt) {
    FreedOutside finder;
    if (stmt.defined())
      stmt.accept(&finder);
    return finder.found;
  }

private:
  using IRVisitor::visit;

  void visit(const Allocate *op) override {
    own.insert(op->name);
    IRVisitor::visit(op);
  }
  void visit(const Free *op) override { found |= !own.contains(op->name); }

  std::set<std::string> own;
  bool found = false;
};

class AlternativeMaker final : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const Block *op) override {
    std::vector<Stmt> parts;
    flatten(op, parts);
    size_t first = 0; // That stores no zeros.
    std::string buffer;
    while (first < parts.size() && isZeros(parts[first], buffer))
      ++first;
    std::vector<Stmt> zeros(parts.begin(), parts.begin() + first);
    parts.erase(parts.begin(), parts.begin() + first);
    const auto *branch =
        parts.empty() ? nullptr : parts.front().as<IfThenElse>();
    if (zeros.empty() || !branch || branch->else_case.defined() ||
        !isAlternative(branch->condition))
      return IRMutator::visit(op);
    std::vector<Stmt> rest, frees;
    for (size_t i = 1; i < parts.size(); ++i)
      (parts[i].as<Free>() ? frees : rest).push_back(parts[i]);
    if (FreedOutside::any(branch->then_case) ||
        llvm::any_of(rest, FreedOutside::any))
      return IRMutator::visit(op);
    Stmt result = startEach(Block::make(zeros), *branch, rest);
    for (const Stmt &free : frees) // Whichever alternative it was.
      result = Block::make(result, free);
    return result;
  }

  /// `rest` does nothing where the condition of `branch` holds.
  Stmt startEach(const Stmt &zeros, const IfThenElse &branch,
                 const std::vector<Stmt> &rest) {
    Stmt here = Block::make(zeros, mutate(branch.then_case));
    Stmt others =
        rest.empty() ? zeros : mutate(Block::make(zeros, Block::make(rest)));
    return IfThenElse::make(mutate(branch.condition), here, others);
  }

  Expr visit(const Call *op) override {
    return op->name == alternativeName ? opaque(mutate(op->args[0]))
                                       : IRMutator::visit(op);
  }
};

} // namespace

Expr alternative(Expr condition) {
  return Call::make(condition.type(), alternativeName, {condition},
                    Call::PureExtern);
}

void addAlternatives(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new AlternativeMaker);
}

} // namespace dycc::halide
