// AArch64 with i8mm adds to a vector of four sums, two rows by two columns, the
// products of two vectors of two rows and two columns, eight bytes of each. In
// lowered code a vector of sums is four columns of one row, and a step is four
// bytes deep. So two rows trade halves of their sums before a loop over steps,
// and again behind it; in the loop two steps are one.
#include "codegen/halide/lowering/MatrixProducts.h"

#include "codegen/halide/lowering/DotProducts.h"
#include "codegen/halide/lowering/Instructions.h"
#include "codegen/halide/lowering/StraightCode.h"
#include "llvm/ADT/STLExtras.h"

#include <optional>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

constexpr int lanes = 4; ///< Of 32 bits in a vector.

/// Four sums that lie together, and what a loop's steps add to them.
struct Sums {
  int64_t place;
  std::vector<DotProduct> steps; ///< Without names of the body in `b`.

  bool hasColumnsOf(const Sums &other) const {
    return llvm::equal(steps, other.steps,
                       [](const DotProduct &x, const DotProduct &y) {
                         return x.isSigned == y.isSigned && equal(x.b, y.b);
                       });
  }
};

/// The sums of two rows.
struct RowPair {
  Sums first, second;
};

/// The place of a vector of sums, if it is a constant.
std::optional<int64_t> placeOf(const Expr &index) {
  const auto *ramp = index.as<Ramp>();
  bool isDense = ramp && ramp->lanes == lanes && is_const_one(ramp->stride);
  return isDense ? as_const_int(ramp->base) : std::nullopt;
}

/// Whether a group of the left side stands in all lanes of `e`.
bool isSpread(const Expr &e) {
  const auto *shuffle = e.as<Shuffle>();
  if (!shuffle)
    return e.as<Broadcast>();
  return shuffle->vectors.size() == 1 && llvm::all_equal(shuffle->indices);
}

/// How often a body reads a buffer.
class LoadCounter final : public IRVisitor {
public:
  explicit LoadCounter(const std::string &buffer) : buffer(buffer) {}
  size_t count = 0;

private:
  using IRVisitor::visit;

  void visit(const Load *op) override {
    count += op->name == buffer;
    IRVisitor::visit(op);
  }

  const std::string &buffer;
};

/// Collects the sums of a loop's body.
class SumFinder final : public StraightFinder<StraightCode> {
public:
  std::vector<Sums> sums;
  std::string buffer;
  bool isKnown = true; ///< All stores are such sums.

  /// Whether `body`, which this has visited, reads nothing else of them.
  bool isAll(const Stmt &body) const {
    LoadCounter loads(buffer);
    body.accept(&loads);
    size_t steps = 0;
    for (const Sums &one : sums)
      steps += one.steps.size();
    return isKnown && loads.count == steps;
  }

private:
  using StraightFinder::visit;

  Stmt visit(const Store *op) override {
    std::optional<DotProduct> product = asDotProduct(op->value);
    std::optional<int64_t> place = placeOf(op->index);
    const auto *load = product ? product->sum.as<Load>() : nullptr;
    if (buffer.empty())
      buffer = op->name;
    isKnown &= load && place && op->name == buffer && load->name == buffer &&
               is_const_one(op->predicate) && equal(load->index, op->index) &&
               isSpread(product->a);
    if (!isKnown)
      return op;
    auto found = llvm::find_if(
        sums, [&](const Sums &other) { return other.place == *place; });
    if (found == sums.end())
      found = sums.insert(found, Sums{*place, {}});
    product->b = substitute(lets, product->b);
    // Vectors that lanes are of have names around the whole body.
    if (product->a.as<Broadcast>())
      product->a = substitute(lets, product->a);
    found->steps.push_back(*product);
    return op;
  }
};

/// Rows that have the same columns, two and two. What shares columns is
/// together: a tile has no registers for all of them.
std::vector<RowPair> pairsOf(std::vector<Sums> sums) {
  std::vector<RowPair> pairs;
  while (!sums.empty()) {
    Sums first = sums.front();
    auto others =
        std::stable_partition(sums.begin(), sums.end(), [&](const Sums &other) {
          return other.hasColumnsOf(first);
        });
    size_t rows = others - sums.begin();
    if (first.steps.size() > 1)
      for (size_t row = 0; row + 1 < rows; row += 2)
        pairs.push_back({sums[row], sums[row + 1]});
    sums.erase(sums.begin(), others);
  }
  return pairs;
}

/// The sums of one place in `buffer`.
class Place {
public:
  Place(const std::string &buffer, int64_t place)
      : buffer(buffer), index(Ramp::make(static_cast<int>(place), 1, lanes)) {}

  Expr load() const {
    return Load::make(Halide::Int(32, lanes), buffer, index, Halide::Buffer<>(),
                      Halide::Parameter(), const_true(lanes),
                      ModulusRemainder());
  }
  Stmt store(const Expr &value) const {
    return Store::make(buffer, value, index, Halide::Parameter(),
                       const_true(lanes), ModulusRemainder());
  }

private:
  std::string buffer;
  Expr index;
};

/// Rows become rows of columns in pairs, and the other way round.
Stmt tradeHalves(const std::string &buffer, const RowPair &pair) {
  Place first(buffer, pair.first.place), second(buffer, pair.second.place);
  std::string names[] = {unique_name("first"), unique_name("second")};
  std::vector<Expr> both{Variable::make(Halide::Int(32, lanes), names[0]),
                         Variable::make(Halide::Int(32, lanes), names[1])};
  Stmt stores = Block::make(first.store(Shuffle::make(both, {0, 1, 4, 5})),
                            second.store(Shuffle::make(both, {2, 3, 6, 7})));
  return LetStmt::make(names[0], first.load(),
                       LetStmt::make(names[1], second.load(), stores));
}

/// Two groups of a row's left side, a vector and places in it.
struct Groups {
  std::vector<Expr> vectors;
  std::vector<int> places;

  explicit Groups(const Sums &row, size_t step) {
    add(row.steps[step].a);
    if (step + 1 < row.steps.size())
      add(row.steps[step + 1].a);
    else
      add(Broadcast::make(0, lanes));
  }

private:
  void add(const Expr &spread) {
    const auto *lane = spread.as<Shuffle>();
    Expr vector = lane ? lane->vectors.front() : spread;
    auto found = llvm::find_if(
        vectors, [&](const Expr &other) { return equal(other, vector); });
    int number = static_cast<int>(found - vectors.begin());
    if (found == vectors.end())
      vectors.push_back(vector);
    places.push_back(lanes * number + (lane ? lane->indices.front() : 0));
  }
};

/// Groups of two rows at two steps: eight bytes of each row.
Expr leftSide(const RowPair &pair, size_t step) {
  Groups first(pair.first, step), second(pair.second, step);
  int before = lanes * static_cast<int>(first.vectors.size());
  llvm::append_range(first.vectors, second.vectors);
  for (int place : second.places)
    first.places.push_back(before + place);
  return Shuffle::make(first.vectors, first.places);
}

/// The steps `step` and the one behind it of two rows.
Stmt addSteps(const std::string &buffer, const RowPair &pair, size_t step) {
  const std::vector<DotProduct> &steps = pair.first.steps;
  const char *name = steps[step].isSigned ? "smmla" : "usmmla";
  Expr left = leftSide(pair, step);
  // What stands beside the last step is multiplied by zeros.
  std::vector<Expr> right{steps[step].b,
                          steps[std::min(step + 1, steps.size() - 1)].b};
  auto add = [&](const Sums &sums, const std::vector<int> &columns) {
    Place place(buffer, sums.place);
    return place.store(
        instruction(Halide::Int(32, lanes), name,
                    {place.load(), left, Shuffle::make(right, columns)}));
  };
  return Block::make(add(pair.first, {0, 4, 1, 5}),
                     add(pair.second, {2, 6, 3, 7}));
}

/// Takes the stores of pairs out of a loop's body, and puts what they are
/// together in the place of the last one: there all names are known.
class StepWriter final : public IRMutator {
public:
  StepWriter(const std::string &buffer, const std::vector<RowPair> &pairs)
      : buffer(buffer), pairs(pairs) {
    for (const RowPair &pair : pairs)
      for (const Sums *sums : {&pair.first, &pair.second}) {
        left += sums->steps.size();
        places.insert(sums->place);
      }
  }

private:
  using IRMutator::visit;

  Stmt visit(const Store *op) override {
    if (!places.contains(*placeOf(op->index)))
      return op;
    if (--left > 0)
      return Evaluate::make(0);
    std::vector<Stmt> stores;
    for (size_t step = 0; step < pairs.front().first.steps.size(); step += 2)
      for (const RowPair &pair : pairs)
        if (step < pair.first.steps.size())
          stores.push_back(addSteps(buffer, pair, step));
    return Block::make(stores);
  }

  const std::string &buffer;
  const std::vector<RowPair> &pairs;
  std::set<int64_t> places;
  size_t left = 0; ///< Stores that have not been met.
};

class MatrixProductWriter final : public IRMutator {
public:
  explicit MatrixProductWriter(bool &isAny) : isAny(isAny) {}

private:
  using IRMutator::visit;

  Stmt visit(const For *op) override {
    SumFinder found;
    found.mutate(op->body);
    if (op->for_type != ForType::Serial)
      return IRMutator::visit(op);
    if (!found.isStraight)
      return around(IRMutator::visit(op));
    std::vector<RowPair> pairs;
    if (found.isAll(op->body))
      pairs = pairsOf(found.sums);
    if (pairs.empty())
      return op;
    isAny = true;
    std::vector<Stmt> trades;
    for (const RowPair &pair : pairs)
      trades.push_back(tradeHalves(found.buffer, pair));
    trade = Block::make(trades);
    StepWriter writer(found.buffer, pairs);
    return traded(loopLike(op, writer.mutate(op->body)));
  }

  static Stmt loopLike(const For *op, const Stmt &body) {
    return For::make(op->name, op->min, op->extent, op->for_type,
                     op->partition_policy, op->device_api, body);
  }

  Stmt traded(const Stmt &loop) {
    inside = loop;
    whole = Block::make(trade, Block::make(loop, trade));
    return whole;
  }

  /// Halves are traded once around several loops, if nothing else is in them.
  Stmt around(const Stmt &stmt) {
    const auto *op = stmt.as<For>();
    std::vector<const LetStmt *> lets;
    Stmt body = op->body;
    while (const auto *let = body.as<LetStmt>()) {
      lets.push_back(let);
      body = let->body;
    }
    if (!whole.defined() || !body.same_as(whole))
      return stmt;
    body = inside;
    for (const LetStmt *let : llvm::reverse(lets))
      body = LetStmt::make(let->name, let->value, body);
    return traded(loopLike(op, body));
  }

  bool &isAny;
  Stmt trade, inside, whole; ///< Of the loop before.
};

} // namespace

void addMatrixProducts(Halide::Pipeline &pipeline, bool &found) {
  pipeline.add_custom_lowering_pass(new MatrixProductWriter(found));
}

} // namespace dycc::halide
