// A step of a register tile multiplies vectors of the right side by single
// numbers of the left one. Four steps that follow one another, without a branch
// between them, read four neighbours in each row: one vector, of which each
// product takes a lane.
#include "codegen/halide/lowering/LaneReads.h"

#include "codegen/halide/lowering/StraightCode.h"
#include "llvm/ADT/STLExtras.h"

#include <optional>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

constexpr int lanes = 4; ///< Of 32 bits in a vector.

/// A number of 32 bits in memory: an element, or four bytes that are joined.
struct Word {
  const Load *first; ///< Of the bytes, or of the element.
  Halide::Type type; ///< Of the number.
  Expr flipped;      ///< Bits that are inverted behind the load, where defined.

  int parts() const { return first->type.bytes() == 1 ? 4 : 1; }
};

/// The load that `e` is of, whatever the integer types around it are; null.
const Load *byteOf(const Expr &e) {
  const auto *cast = e.as<Cast>();
  const auto *load = cast ? cast->value.as<Load>() : nullptr;
  return load && load->type == Halide::UInt(8) ? load : nullptr;
}

/// The load of a byte that stands `place` bytes above the lowest ones.
const Load *byteAt(const Expr &e, int place) {
  if (place == 0)
    return byteOf(e);
  const auto *product = e.as<Mul>();
  bool isThere = product && is_const(product->b, int64_t(1) << (8 * place));
  return isThere ? byteOf(product->a) : nullptr;
}

bool isBehind(const Load *load, const Load *first, int places) {
  return load && load->name == first->name && is_const_one(load->predicate) &&
         is_const(simplify(load->index - first->index), places);
}

/// Four bytes side by side that are joined to an integer: its lowest one.
const Load *joinedBytes(Expr e) {
  const Load *bytes[4];
  for (int place = 3; place >= 0; --place) {
    const Call *either = Call::as_intrinsic(e, {Call::bitwise_or});
    if (!either)
      return nullptr;
    bytes[place] = byteAt(either->args[1], place);
    e = either->args[0];
  }
  if (!is_const_zero(e) || !bytes[0])
    return nullptr;
  for (int place = 0; place < 4; ++place)
    if (!isBehind(bytes[place], bytes[0], place))
      return nullptr;
  return bytes[0];
}

std::optional<Word> wordOf(const Expr &e) {
  if (const Call *flip = Call::as_intrinsic(e, {Call::bitwise_xor});
      flip && is_const(flip->args[1])) {
    std::optional<Word> word = wordOf(flip->args[0]);
    if (!word || word->flipped.defined())
      return std::nullopt;
    word->flipped = flip->args[1];
    return word;
  }
  if (const auto *load = e.as<Load>(); load && load->type.is_scalar() &&
                                       load->type.bits() == 32 &&
                                       is_const_one(load->predicate))
    return Word{load, load->type, Expr()};
  Expr bits;
  if (const auto *cast = e.as<Cast>())
    bits = cast->value;
  else if (const auto *same = e.as<Reinterpret>())
    bits = same->value;
  if (!bits.defined() || e.type() != Halide::Int(32) ||
      bits.type() != Halide::UInt(32))
    return std::nullopt;
  const Load *first = joinedBytes(bits);
  return first ? std::optional(Word{first, e.type(), Expr()}) : std::nullopt;
}

/// Numbers whose places differ by constants.
struct Row {
  Word word;
  Expr index;                             ///< Without a constant.
  std::set<int64_t> places;               ///< Behind `index`.
  std::map<int64_t, std::string> vectors; ///< That begin at a place.

  bool has(const Word &other, const Expr &otherIndex) const {
    auto isSame = [](const Expr &a, const Expr &b) {
      return a.defined() == b.defined() && (!a.defined() || equal(a, b));
    };
    return word.first->name == other.first->name && word.type == other.type &&
           word.parts() == other.parts() &&
           isSame(word.flipped, other.flipped) && equal(index, otherIndex);
  }
};

/// An index without the constant that is added to it.
int64_t takeConstant(Expr &index) {
  int64_t constant = 0;
  while (const auto *sum = index.as<Add>()) {
    std::optional<int64_t> added = as_const_int(sum->b);
    if (!added)
      break;
    constant += *added;
    index = sum->a;
  }
  return constant;
}

/// A number that a vector has in all lanes, and where it is.
struct Place {
  Word word;
  Expr index;
  int64_t offset;
};

/// `value`, where `lets` are the names around it.
std::optional<Place> placeOf(const Expr &value,
                             const std::map<std::string, Expr> &lets) {
  if (value.type().bits() != 32 || !value.type().is_scalar())
    return std::nullopt;
  std::optional<Word> word = wordOf(value);
  if (!word)
    return std::nullopt;
  Expr index = simplify(substitute(lets, word->first->index));
  int64_t offset = takeConstant(index);
  return Place{*word, index, offset};
}

/// Visits the broadcasts of stores that follow one another, or all numbers that
/// they read.
class LaneVisitor : public StraightCode {
public:
  explicit LaneVisitor(LaneUse use) : use(use) {}

protected:
  using StraightCode::visit;

  /// What stands for `value` in `count` lanes.
  virtual Expr read(const Expr &value, int count) = 0;

  Expr visit(const Broadcast *op) override {
    Expr result = read(op->value, op->lanes);
    return result.defined() ? result : IRMutator::visit(op);
  }
  Expr visit(const Load *op) override {
    Expr result = use == LaneUse::Any ? read(op, 1) : Expr();
    return result.defined() ? result : IRMutator::visit(op);
  }

  LaneUse use;
};

/// Finds what rows read.
class RowFinder final : public StraightFinder<LaneVisitor> {
public:
  using StraightFinder::StraightFinder;

  std::vector<Row> rows;

private:
  Expr read(const Expr &value, int count) override {
    std::optional<Place> place = placeOf(value, lets);
    if (!place)
      return {};
    auto row = llvm::find_if(rows, [&](const Row &row) {
      return row.has(place->word, place->index);
    });
    if (row == rows.end())
      row = rows.insert(row, Row{place->word, place->index, {}, {}});
    row->places.insert(place->offset);
    return count > 1 ? Broadcast::make(value, count) : value;
  }
};

/// Puts lanes of the vectors of rows in the place of broadcasts.
class LaneWriter final : public LaneVisitor {
public:
  LaneWriter(const std::vector<Row> &rows, LaneUse use)
      : LaneVisitor(use), rows(rows) {}

private:
  Expr read(const Expr &value, int count) override {
    std::optional<Place> place = placeOf(value, lets);
    auto row = llvm::find_if(rows, [&](const Row &row) {
      return place && row.has(place->word, place->index);
    });
    if (!place || row == rows.end())
      return {};
    auto vector = row->vectors.upper_bound(place->offset);
    if (vector == row->vectors.begin())
      return {};
    --vector;
    int64_t distance = place->offset - vector->first;
    int step = place->word.parts();
    if (distance % step != 0 || distance / step >= lanes)
      return {};
    Expr all =
        Variable::make(place->word.type.with_lanes(lanes), vector->second);
    return Shuffle::make(
        {all}, std::vector<int>(count, static_cast<int>(distance / step)));
  }

  const std::vector<Row> &rows;
};

/// Vectors begin where a place and the three behind it are read.
void placeVectors(Row &row) {
  int step = row.word.parts();
  std::set<int64_t> left = row.places;
  while (!left.empty()) {
    int64_t first = *left.begin();
    bool isWhole = true;
    for (int lane = 0; lane < lanes; ++lane)
      isWhole &= left.contains(first + lane * step);
    if (isWhole)
      row.vectors[first] = unique_name("row");
    for (int lane = 0; lane < (isWhole ? lanes : 1); ++lane)
      left.erase(first + lane * step);
  }
}

Expr vectorAt(const Row &row, int64_t place) {
  const Load *load = row.word.first;
  int elements = lanes * row.word.parts();
  Expr base = simplify(row.index + static_cast<int>(place));
  Expr vector =
      Load::make(load->type.with_lanes(elements), load->name,
                 Ramp::make(base, 1, elements), load->image, load->param,
                 const_true(elements), ModulusRemainder());
  Halide::Type type = row.word.type.with_lanes(lanes);
  if (vector.type() != type)
    vector = Reinterpret::make(type, vector);
  if (row.word.flipped.defined())
    vector = vector ^ Broadcast::make(row.word.flipped, lanes);
  return vector;
}

class LaneReadWriter final : public IRMutator {
public:
  explicit LaneReadWriter(LaneUse use) : use(use) {}

private:
  using IRMutator::visit;

  Stmt visit(const For *op) override {
    RowFinder found(use);
    found.mutate(op->body);
    if (!found.isStraight || op->for_type != ForType::Serial)
      return IRMutator::visit(op);
    Stmt body = op->body;
    for (Row &row : found.rows)
      if (!found.written.contains(row.word.first->name))
        placeVectors(row);
    body = LaneWriter(found.rows, use).mutate(body);
    for (const Row &row : llvm::reverse(found.rows))
      for (const auto &[place, name] : row.vectors)
        body = LetStmt::make(name, vectorAt(row, place), body);
    return For::make(op->name, op->min, op->extent, op->for_type,
                     op->partition_policy, op->device_api, body);
  }

  LaneUse use;
};

} // namespace

void addLaneReads(Halide::Pipeline &pipeline, LaneUse use) {
  pipeline.add_custom_lowering_pass(new LaneReadWriter(use));
}

} // namespace dycc::halide
