#include "codegen/halide/opencl/SharedReads.h"

#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// A vector that is read.
struct Read {
  Expr load; ///< Without the names of the code around it.
  std::string name;
  unsigned count = 0;
};

/// Visits the vectors that straight-line code loads.
class StraightReads : public IRMutator {
protected:
  using IRMutator::visit;

  virtual Expr read(const Expr &load, const Load *op) = 0;

  Expr visit(const Load *op) override {
    bool isVector = op->type.is_vector() && is_const_one(op->predicate);
    if (!isVector)
      return IRMutator::visit(op);
    return read(substitute(lets, Expr(op)), op);
  }

  Stmt visit(const LetStmt *op) override {
    Expr value = mutate(op->value);
    lets[op->name] = substitute(lets, op->value);
    Stmt body = mutate(op->body);
    lets.erase(op->name);
    return LetStmt::make(op->name, value, body);
  }

  std::map<std::string, Expr> lets;
};

/// Finds what is read, what is written and whether the code is straight.
class ReadFinder final : public StraightReads {
public:
  std::vector<Read> reads;
  std::set<std::string> written;
  bool isStraight = true;

private:
  using StraightReads::visit;

  Expr read(const Expr &load, const Load *op) override {
    auto it = llvm::find_if(
        reads, [&](const Read &known) { return equal(known.load, load); });
    if (it == reads.end())
      it = reads.insert(it, {load, unique_name("shared"), 0});
    ++it->count;
    return op;
  }

  Stmt visit(const Store *op) override {
    written.insert(op->name);
    return StraightReads::visit(op);
  }
  Stmt visit(const For *op) override { return branch(op); }
  Stmt visit(const IfThenElse *op) override { return branch(op); }
  Stmt visit(const Allocate *op) override { return branch(op); }
  Stmt branch(const Stmt &stmt) {
    isStraight = false;
    return stmt;
  }
};

class ReadWriter final : public StraightReads {
public:
  explicit ReadWriter(const std::vector<Read> &reads) : reads(reads) {}

private:
  Expr read(const Expr &load, const Load *op) override {
    for (const Read &known : reads)
      if (equal(known.load, load))
        return Variable::make(op->type, known.name);
    return op;
  }

  const std::vector<Read> &reads;
};

class SharedReadWriter final : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const For *op) override {
    ReadFinder found;
    found.mutate(op->body);
    if (!found.isStraight || op->for_type != ForType::Serial)
      return IRMutator::visit(op);
    llvm::erase_if(found.reads, [&](const Read &read) {
      return read.count < 2 ||
             found.written.contains(read.load.as<Load>()->name);
    });
    Stmt body = ReadWriter(found.reads).mutate(op->body);
    for (const Read &read : llvm::reverse(found.reads))
      body = LetStmt::make(read.name, read.load, body);
    return For::make(op->name, op->min, op->extent, op->for_type,
                     op->partition_policy, op->device_api, body);
  }
};

} // namespace

void addSharedReads(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new SharedReadWriter);
}

} // namespace dycc::halide
