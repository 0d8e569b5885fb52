#include "codegen/halide/opencl/SharedReads.h"

#include "codegen/halide/lowering/StraightCode.h"
#include "llvm/ADT/STLExtras.h"

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
class VectorVisitor : public StraightCode {
protected:
  using StraightCode::visit;

  virtual Expr read(const Expr &load, const Load *op) = 0;

  Expr visit(const Load *op) override {
    bool isVector = op->type.is_vector() && is_const_one(op->predicate);
    if (!isVector)
      return IRMutator::visit(op);
    return read(substitute(lets, Expr(op)), op);
  }
};

class ReadFinder final : public StraightFinder<VectorVisitor> {
public:
  std::vector<Read> reads;

private:
  Expr read(const Expr &load, const Load *op) override {
    auto it = llvm::find_if(
        reads, [&](const Read &known) { return equal(known.load, load); });
    if (it == reads.end())
      it = reads.insert(it, {load, unique_name("shared"), 0});
    ++it->count;
    return op;
  }
};

class ReadWriter final : public VectorVisitor {
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

using Names = std::vector<std::pair<std::string, Expr>>;

/// Vectors along the steps of a loop, of which those across them are lanes.
class Transposer {
public:
  explicit Transposer(const std::vector<Read> &reads) : reads(reads) {}

  /// What the reads are, with names before those that they need.
  Names values() {
    for (const Read &read : reads)
      if (!isDone(read) && !transpose(read))
        names.emplace_back(read.name, read.load);
    return std::move(names);
  }

private:
  static constexpr int lanes = 4;

  bool isDone(const Read &read) const {
    return llvm::any_of(
        names, [&](const auto &known) { return known.first == read.name; });
  }

  /// The read of each lane's `place`th neighbour; null where there is none.
  const Read *neighbour(const Load *first, int place) const {
    for (const Read &read : reads) {
      const auto *load = read.load.as<Load>();
      if (load->name == first->name && load->type == first->type &&
          is_const(simplify(load->index - first->index), place))
        return &read;
    }
    return nullptr;
  }

  bool transpose(const Read &read) {
    const auto *first = read.load.as<Load>();
    const auto *ramp = first->index.as<Ramp>();
    if (first->type.lanes() != lanes || first->type.bits() < 16 ||
        first->type.bits() > 32 || (ramp && is_const_one(ramp->stride)))
      return false;
    const Read *steps[lanes];
    for (int place = 0; place < lanes; ++place) {
      steps[place] = neighbour(first, place);
      if (!steps[place] || isDone(*steps[place]))
        return false;
    }
    std::vector<Expr> rows;
    Expr begins = name("begins", first->index);
    for (int lane = 0; lane < lanes; ++lane) {
      Expr begin = Shuffle::make_extract_element(begins, lane);
      rows.push_back(
          name("row",
               Load::make(first->type, first->name, Ramp::make(begin, 1, lanes),
                          first->image, first->param, const_true(lanes), {})));
    }
    for (int place = 0; place < lanes; ++place) {
      std::vector<int> across;
      for (int lane = 0; lane < lanes; ++lane)
        across.push_back(lane * lanes + place);
      names.emplace_back(steps[place]->name, Shuffle::make(rows, across));
    }
    return true;
  }

  Expr name(const char *text, const Expr &value) {
    names.emplace_back(unique_name(text), value);
    return Variable::make(value.type(), names.back().first);
  }

  const std::vector<Read> &reads;
  Names names;
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
    Names values = Transposer(found.reads).values();
    for (const auto &[name, value] : llvm::reverse(values))
      body = LetStmt::make(name, value, body);
    return For::make(op->name, op->min, op->extent, op->for_type,
                     op->partition_policy, op->device_api, body);
  }
};

} // namespace

void addSharedReads(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new SharedReadWriter);
}

} // namespace dycc::halide
