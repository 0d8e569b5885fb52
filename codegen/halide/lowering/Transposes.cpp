// A vector whose lanes are a row of the source apart is loaded lane by lane.
// Sixteen such vectors side by side are sixteen vectors along the rows: these
// are loaded whole and interleaved in pairs, round by round, until each has one
// lane of all others (a network of perfect shuffles).
#include "codegen/halide/lowering/Transposes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MathExtras.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

bool isOneApart(const Expr &base, const std::string &loop) {
  Expr next = substitute(loop, Variable::make(Halide::Int(32), loop) + 1, base);
  return is_const_one(simplify(next - base));
}

/// The index of a load whose lanes are in different lines of a tile, the same
/// of which lies beside it in the next iteration; else null.
const Ramp *lineIndex(const Load *load, const std::string &loop) {
  const auto *index = load->index.as<Ramp>();
  bool isTile =
      index && is_const_one(load->predicate) &&
      index->base.type().is_scalar() && !is_const_one(index->stride) &&
      !expr_uses_var(index->stride, loop) && isOneApart(index->base, loop);
  return isTile ? index : nullptr;
}

/// What the vectors of a tile, one after the other, have in the place of a
/// load.
struct TileLoad {
  const Load *load;
  std::vector<std::string> vectors;
};

/// Finds loads to transpose, none of which depends on names within the value.
class TileLoads final : public IRVisitor {
public:
  explicit TileLoads(std::string loop) : loop(std::move(loop)) {}

  std::vector<TileLoad> found;

private:
  using IRVisitor::visit;

  void visit(const Let *op) override {
    op->value.accept(this);
    ScopedBinding<> bind(names, op->name);
    op->body.accept(this);
  }

  void visit(const Load *op) override {
    if (lineIndex(op, loop) && !expr_uses_vars(op->index, names))
      found.push_back({op, {}});
    else
      IRVisitor::visit(op);
  }

  std::string loop;
  Scope<> names;
};

/// Writes the iterations of a tile's loop one after the other.
class TileWriter {
public:
  TileWriter(const For *loop, const Store *store)
      : loop(loop), store(store), lanes(store->value.type().lanes()) {}

  /// Undefined where there is nothing to transpose.
  Stmt write() {
    TileLoads loads(loop->name);
    store->value.accept(&loads);
    // The network is of square blocks; bytes would need very many vectors.
    if (loads.found.empty() || !llvm::isPowerOf2_32(lanes) ||
        tileLines % lanes != 0 || lanes < 2)
      return {};
    Stmt tile;
    for (int first = tileLines - lanes; first >= 0; first -= lanes) {
      Stmt block = writeBlock(loads.found, first);
      tile = tile.defined() ? Block::make(block, tile) : block;
    }
    return tile;
  }

private:
  using Named = std::vector<std::pair<std::string, Expr>>;

  Stmt writeBlock(std::vector<TileLoad> loads, int first) {
    Named named;
    for (TileLoad &load : loads)
      load.vectors = transpose(rows(load.load, first), named);
    Stmt stores;
    for (int i = lanes - 1; i >= 0; --i) {
      Stmt one = iteration(loads, first, i);
      stores = stores.defined() ? Block::make(one, stores) : one;
    }
    for (auto it = named.rbegin(); it != named.rend(); ++it)
      stores = LetStmt::make(it->first, it->second, stores);
    return stores;
  }

  /// One vector of each line of the source, from iteration `first` on.
  std::vector<Expr> rows(const Load *load, int first) const {
    const Ramp *index = lineIndex(load, loop->name);
    Expr base = substitute(loop->name, loop->min + first, index->base);
    std::vector<Expr> result;
    for (int lane = 0; lane < lanes; ++lane)
      result.push_back(Load::make(
          load->type, load->name,
          Ramp::make(simplify(base + index->stride * lane), 1, lanes),
          load->image, load->param, const_true(lanes), ModulusRemainder()));
    return result;
  }

  /// Names of the vectors that have a lane of each of `vectors`.
  std::vector<std::string> transpose(std::vector<Expr> vectors,
                                     Named &named) const {
    std::vector<std::string> names(vectors.size());
    auto nameAll = [&] {
      for (size_t i = 0; i < vectors.size(); ++i) {
        names[i] = unique_name("tile");
        named.emplace_back(names[i], vectors[i]);
        vectors[i] = Variable::make(vectors[i].type(), names[i]);
      }
    };
    nameAll();
    size_t half = vectors.size() / 2;
    for (size_t round = 1; round < vectors.size(); round *= 2) {
      std::vector<Expr> next;
      for (size_t i = 0; i < half; ++i)
        for (bool upper : {false, true})
          next.push_back(interleave(vectors[i], vectors[i + half], upper));
      vectors = std::move(next);
      nameAll();
    }
    return names;
  }

  /// The lower or the upper lanes of two vectors in turn.
  Expr interleave(const Expr &a, const Expr &b, bool upper) const {
    std::vector<int> indices;
    for (int i = 0; i < lanes; ++i)
      indices.push_back(i / 2 + (upper ? lanes / 2 : 0) + i % 2 * lanes);
    return Shuffle::make({a, b}, indices);
  }

  /// Iteration `first + i`.
  Stmt iteration(const std::vector<TileLoad> &loads, int first, int i) const {
    Expr value = store->value;
    for (const TileLoad &load : loads)
      value =
          substitute(Expr(load.load),
                     Variable::make(load.load->type, load.vectors[i]), value);
    Stmt one = Store::make(store->name, value, store->index, store->param,
                           store->predicate, ModulusRemainder());
    return substitute(loop->name, loop->min + (first + i), one);
  }

  const For *loop;
  const Store *store;
  int lanes;
};

class TransposeWriter final : public IRMutator {
  using IRMutator::visit;

  static bool isTileLoop(const For *op) {
    return op->for_type == ForType::Serial &&
           llvm::StringRef(op->name).ends_with(std::string(".") + tileLoop);
  }

  Stmt visit(const For *op) override {
    return isTileLoop(op) ? writeTile(op) : IRMutator::visit(op);
  }

  static Stmt with(const For *op, const Stmt &body) {
    return For::make(op->name, op->min, op->extent, op->for_type,
                     op->partition_policy, op->device_api, body);
  }

  using Lets = std::vector<const LetStmt *>;

  /// `lets` stand between the loop and its body, the outermost first.
  static Stmt writeTile(const For *op, Lets lets = {}) {
    if (const auto *let = op->body.as<LetStmt>())
      return writeLet(op, let, std::move(lets));
    if (const auto *choice = op->body.as<IfThenElse>();
        choice && !usesAny(choice->condition, op, lets)) {
      Stmt otherwise;
      if (choice->else_case.defined())
        otherwise = writeLoop(op, choice->else_case, lets);
      return IfThenElse::make(
          choice->condition, writeLoop(op, choice->then_case, lets), otherwise);
    }
    const auto *store = op->body.as<Store>();
    return store ? writeStore(op, store, lets) : withLets(op, lets);
  }

  /// Indices are looked through. What a value is made of keeps its names:
  /// written out it would be a tree with a branch for each use of a name.
  static Stmt writeLet(const For *op, const LetStmt *let, Lets lets) {
    if (let->value.type() == Halide::Int(32) &&
        !usesAny(let->value, nullptr, lets))
      return writeLoop(op, substitute(let->name, let->value, let->body), lets);
    lets.push_back(let);
    return writeLoop(op, let->body, std::move(lets));
  }

  static Stmt writeStore(const For *op, const Store *store, const Lets &lets) {
    if (usesAny(store->index, nullptr, lets) ||
        usesAny(store->predicate, nullptr, lets))
      return withLets(op, lets);
    Expr value = store->value;
    for (auto it = lets.rbegin(); it != lets.rend(); ++it)
      value = Let::make((*it)->name, (*it)->value, value);
    Stmt named = Store::make(store->name, value, store->index, store->param,
                             store->predicate, store->alignment);
    Stmt tile = TileWriter(op, named.as<Store>()).write();
    Expr isWhole = simplify(op->extent == tileLines);
    if (!tile.defined() || is_const_zero(isWhole))
      return withLets(op, lets);
    return is_const_one(isWhole)
               ? tile
               : IfThenElse::make(isWhole, tile, withLets(op, lets));
  }

  static bool usesAny(const Expr &expr, const For *loop, const Lets &lets) {
    return (loop && expr_uses_var(expr, loop->name)) ||
           llvm::any_of(lets, [&](const LetStmt *let) {
             return expr_uses_var(expr, let->name);
           });
  }

  static Stmt withLets(const For *op, const Lets &lets) {
    Stmt body = op->body;
    for (auto it = lets.rbegin(); it != lets.rend(); ++it)
      body = LetStmt::make((*it)->name, (*it)->value, body);
    return with(op, body);
  }

  static Stmt writeLoop(const For *op, const Stmt &body, Lets lets) {
    Stmt loop = with(op, body);
    return writeTile(loop.as<For>(), std::move(lets));
  }
};

} // namespace

void addTransposes(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new TransposeWriter);
}

} // namespace dycc::halide
