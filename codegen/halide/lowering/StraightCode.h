// Visitors of loop bodies that are stores one behind the other.
#ifndef DYCC_CODEGEN_HALIDE_LOWERING_STRAIGHTCODE_H
#define DYCC_CODEGEN_HALIDE_LOWERING_STRAIGHTCODE_H

#include <Halide.h>
#include <map>
#include <set>
#include <string>

namespace dycc::halide {

/// Knows what the names around each expression stand for.
class StraightCode : public Halide::Internal::IRMutator {
protected:
  using IRMutator::visit;

  Halide::Internal::Stmt visit(const Halide::Internal::LetStmt *op) override {
    Halide::Expr value = mutate(op->value);
    lets[op->name] = Halide::Internal::substitute(lets, op->value);
    Halide::Internal::Stmt body = mutate(op->body);
    lets.erase(op->name);
    return Halide::Internal::LetStmt::make(op->name, value, body);
  }

  std::map<std::string, Halide::Expr> lets;
};

/// A visitor that finds things, and whether the code is straight and what it
/// writes.
template <typename Visitor>
class StraightFinder : public Visitor {
public:
  std::set<std::string> written;
  bool isStraight = true;

protected:
  using Visitor::visit;
  using Visitor::Visitor;

  Halide::Internal::Stmt visit(const Halide::Internal::Store *op) override {
    written.insert(op->name);
    return Visitor::visit(op);
  }
  Halide::Internal::Stmt visit(const Halide::Internal::For *op) override {
    return branch(op);
  }
  Halide::Internal::Stmt
  visit(const Halide::Internal::IfThenElse *op) override {
    return branch(op);
  }
  Halide::Internal::Stmt visit(const Halide::Internal::Allocate *op) override {
    return branch(op);
  }

private:
  Halide::Internal::Stmt branch(const Halide::Internal::Stmt &stmt) {
    isStraight = false;
    return stmt;
  }
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_STRAIGHTCODE_H
