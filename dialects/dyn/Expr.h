#ifndef DYCC_DIALECTS_DYN_EXPR_H
#define DYCC_DIALECTS_DYN_EXPR_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include <array>
#include <optional>

namespace dycc::dyn {
namespace detail {
struct ExprStorage;
}

/// What an expression is at its root. Integer kinds first, then f32 scalars.
enum class ExprKind : uint8_t {
  Constant, ///< An int64_t.
  Symbol,   ///< A named run-time value.
  Unknown,  ///< Nac: not a constant and not known. Absorbs every operation.
  Add,      ///< Sum; a product has its integer coefficient first.
  Mul,
  FloorDiv,
  CeilDiv,
  TruncDiv,
  Mod,
  TruncMod,
  Min,
  Max,
  Ite, ///< operands: condition, then, else.
  Eq,
  Lt,
  Le, ///< Conditions, 0 or 1.
  Not,
  And,
  Or,
  F32Constant,
  F32FromBits, ///< The f32 whose 32 bits, sign included, are the operand.
  IntToF32,
  F32Add,
  F32Sub,
  F32Mul,
  F32Div,
  F32Floor,
  F32Ceil,
  F32Round,
  F32Sqrt,
  F32Min,
  F32Max,
  F32ToInt,  ///< Truncates toward zero.
  F32ToBits, ///< The 32 bits of the operand as an integer with a sign.
};

/// Inclusive interval; the ends saturate at INT64_MIN and INT64_MAX
/// (unbounded).
struct Interval {
  int64_t lower, upper;
};

/// Values of an expression at a few points within the facts; nothing for a
/// point where it overflows or holds an f32.
using Probes = std::array<std::optional<int64_t>, 3>;

/// What is known of one symbol.
struct SymbolFact {
  Interval range;
  int64_t multiple = 1;
  mlir::Attribute definition = {}; ///< An ExprAttr that it names, or null.
  Probes probes = {};              ///< Those of the definition, where known.
};
using SymbolFacts = llvm::StringMap<SymbolFact>;

/// A symbolic integer (or f32 scalar) expression, uniqued in its normal form:
/// a sum of products of atoms with integer coefficients; terms and factors are
/// sorted structurally (never by address, so that output is reproducible).
/// The factories fold and normalise; two expressions that normalise alike are
/// the same attribute. Division by a constant zero gives Unknown, and so does a
/// coefficient that overflows and an expression that grows beyond all measure.
/// In the normal form a remainder is written with its quotient, and a quotient
/// by a constant rounds down: Mod, TruncMod never are the kind of a node.
class ExprAttr : public mlir::Attribute::AttrBase<ExprAttr, mlir::Attribute,
                                                  detail::ExprStorage> {
public:
  using Base::Base;
  static constexpr llvm::StringLiteral name = "dyn.expr";

  static ExprAttr constant(mlir::MLIRContext *context, int64_t value);
  static ExprAttr symbol(mlir::MLIRContext *context, llvm::StringRef name);
  static ExprAttr unknown(mlir::MLIRContext *context);
  static ExprAttr constantF32(mlir::MLIRContext *context, float value);

  /// The normal form of `kind` applied to `operands`.
  static ExprAttr get(ExprKind kind, llvm::ArrayRef<ExprAttr> operands);
  static ExprAttr add(ExprAttr a, ExprAttr b);
  static ExprAttr sub(ExprAttr a, ExprAttr b);
  static ExprAttr mul(ExprAttr a, ExprAttr b);
  static ExprAttr floorDiv(ExprAttr a, ExprAttr b);
  static ExprAttr ceilDiv(ExprAttr a, ExprAttr b);
  static ExprAttr min(ExprAttr a, ExprAttr b);
  static ExprAttr max(ExprAttr a, ExprAttr b);
  static ExprAttr ite(ExprAttr condition, ExprAttr then, ExprAttr otherwise);
  ExprAttr plus(int64_t value) const;
  ExprAttr times(int64_t value) const;

  ExprKind getKind() const;
  int64_t getValue() const;          ///< Of a Constant.
  float getFloat() const;            ///< Of an F32Constant.
  llvm::StringRef getSymbol() const; ///< Of a Symbol.
  llvm::ArrayRef<ExprAttr> getOperands() const;

  bool isUnknown() const; ///< Also where a subexpression is.
  bool isConstant() const { return getKind() == ExprKind::Constant; }
  bool isConstant(int64_t value) const;
  std::optional<int64_t> asConstant() const;
  bool isF32() const; ///< Its value is an f32 scalar.
  /// Nodes of the tree, counting shared ones each time they are used.
  uint32_t getWeight() const;

  /// Calls `visit` for each distinct symbol, in order of first appearance.
  void forEachSymbol(llvm::function_ref<void(llvm::StringRef)> visit) const;
  /// Replaces symbols; null from `map` keeps the symbol.
  ExprAttr substitute(llvm::function_ref<ExprAttr(llvm::StringRef)> map) const;
  /// Replaces every occurrence of the subexpression `from`.
  ExprAttr replace(ExprAttr from, ExprAttr to) const;
  /// The value where `values` gives one for every symbol (wrapping int64_t);
  /// none for an f32 expression and where it divides by zero.
  std::optional<int64_t> evaluate(
      llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> values) const;

  /// E.g. "2 * H + N * W - 1"; parseExpr reads it back. A symbol whose name is
  /// no bare identifier is quoted.
  void print(llvm::raw_ostream &os) const;
  std::string str() const;
};

/// Replaces the symbols that `definitionOf` gives a definition for, and those
/// in what comes for them, as long as there are at most `maxWeight` nodes.
ExprAttr
expandNames(ExprAttr expr, uint32_t maxWeight,
            llvm::function_ref<ExprAttr(llvm::StringRef)> definitionOf);

/// Reads an expression as print() writes it, or null after a diagnostic.
ExprAttr parseExpr(mlir::AsmParser &parser);

// What follows speaks of integers: it holds for all values of the symbols at
// which neither the expression nor a part of it overflows int64_t.

/// The values that `expr` can take under `facts`; a symbol without a fact is
/// in [0, INT64_MAX].
Interval rangeOf(ExprAttr expr, const SymbolFacts &facts);
/// Values that `expr` takes under `facts`. That of a name comes from its fact.
Probes probe(ExprAttr expr, const SymbolFacts &facts);
/// The largest known divisor of every value of `expr` (0: it is always 0).
int64_t divisorOf(ExprAttr expr, const SymbolFacts &facts);
/// Simplifies with the facts: (4 * H) floordiv 4, min and max that are decided,
/// ite with a decided condition, exact divisions.
ExprAttr simplify(ExprAttr expr, const SymbolFacts &facts);
/// True where it is proved; false says nothing.
bool provablyEqual(ExprAttr a, ExprAttr b, const SymbolFacts &facts);
bool provablyLessEqual(ExprAttr a, ExprAttr b, const SymbolFacts &facts);
bool provablyNotEqual(ExprAttr a, ExprAttr b, const SymbolFacts &facts);
/// An expression that is at least `expr` for every value of the symbols that
/// `isFree` rejects within their facts, or null where there is none.
ExprAttr upperBound(ExprAttr expr, const SymbolFacts &facts,
                    llvm::function_ref<bool(llvm::StringRef)> isFree);
/// The same with more facts: `boundOf` gives an expression over free symbols
/// that a symbol which is not free does not exceed, or null.
ExprAttr upperBound(ExprAttr expr, const SymbolFacts &facts,
                    llvm::function_ref<bool(llvm::StringRef)> isFree,
                    llvm::function_ref<ExprAttr(llvm::StringRef)> boundOf);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_EXPR_H
