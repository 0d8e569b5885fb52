#ifndef DYCC_DIALECTS_DYN_EXPRDETAIL_H
#define DYCC_DIALECTS_DYN_EXPRDETAIL_H

#include "dialects/dyn/Expr.h"
#include "mlir/IR/AttributeSupport.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace dycc::dyn::detail {

/// A node of an expression. Immutable, owned by the context.
struct ExprStorage : mlir::AttributeStorage {
  struct KeyTy {
    ExprKind kind;
    int64_t value = 0; ///< Of a Constant; the bits of an F32Constant.
    llvm::StringRef symbol;
    llvm::ArrayRef<ExprAttr> operands;
    bool operator==(const KeyTy &other) const {
      return kind == other.kind && value == other.value &&
             symbol == other.symbol && operands == other.operands;
    }
  };

  explicit ExprStorage(const KeyTy &key);
  bool operator==(const KeyTy &other) const { return key == other; }
  static llvm::hash_code hashKey(const KeyTy &key);
  static ExprStorage *construct(mlir::AttributeStorageAllocator &allocator,
                                KeyTy key);

  KeyTy key;
  uint64_t hash;   ///< Of the structure: the same in every process.
  uint32_t weight; ///< Nodes of the tree, counting shared ones each time.
};

/// Beyond this many nodes an expression becomes Unknown: so recursion over an
/// expression is bounded, and a chain of operations cannot grow without end.
/// The shape stage gives names to parts long before
/// (passes/shape/SolverNames.cpp).
constexpr uint32_t kMaxWeight = 1 << 15;

/// A product: `coefficient` times the sorted atoms in `factors`.
struct Term {
  int64_t coefficient;
  llvm::SmallVector<ExprAttr, 2> factors;
  bool isConstant() const { return factors.empty(); }
};
using Terms = llvm::SmallVector<Term, 4>;

/// The node itself, not normalised.
ExprAttr makeNode(mlir::MLIRContext *context, ExprKind kind,
                  llvm::ArrayRef<ExprAttr> operands);
/// Orders by structure; independent of addresses and of the process.
int compare(ExprAttr a, ExprAttr b);
int compareFactors(llvm::ArrayRef<ExprAttr> a, llvm::ArrayRef<ExprAttr> b);

/// The terms of a sum; a single one for anything else, none for zero.
Terms termsOf(ExprAttr expr);
ExprAttr fromTerm(mlir::MLIRContext *context, const Term &term);
/// Sorts, merges and drops zeros. Unknown where a coefficient overflows.
ExprAttr fromTerms(mlir::MLIRContext *context, Terms terms);
/// `a / b` as polynomials where it leaves no remainder, else null.
ExprAttr divideExactly(ExprAttr a, ExprAttr b);

ExprAttr normalizeMul(llvm::ArrayRef<ExprAttr> operands);
ExprAttr normalizeDivision(ExprKind kind, ExprAttr a, ExprAttr b);
ExprAttr normalizeMinMax(ExprKind kind, llvm::ArrayRef<ExprAttr> operands);
ExprAttr normalizeIte(ExprAttr condition, ExprAttr then, ExprAttr otherwise);
ExprAttr normalizeCondition(ExprKind kind, llvm::ArrayRef<ExprAttr> operands);
ExprAttr normalizeF32(ExprKind kind, llvm::ArrayRef<ExprAttr> operands);

/// An f32 operation, rounded to nearest even, as the graph computes it.
float applyF32(ExprKind kind, float a, float b);
/// The f32 that has those bits; what is above the lower 32 does not count.
float f32OfBits(int64_t bits);
/// Those bits, as a signed number of 32.
int64_t bitsOfF32(float value);
/// `expr`, an f32, without what is behind the point, where integer arithmetic
/// gives the same under the facts; else null.
ExprAttr truncateExactly(ExprAttr expr, const SymbolFacts &facts);
/// Eq, Lt or Le of two f32 as a comparison of integers, or null.
ExprAttr compareExactly(ExprKind kind, ExprAttr a, ExprAttr b,
                        const SymbolFacts &facts);
/// The integer part of `value`, where int64_t holds it.
std::optional<int64_t> truncateF32(float value);
/// `a / b` rounded down or up; `b` is not 0 and the quotient does not overflow.
int64_t floorDivide(int64_t a, int64_t b);
/// An integer operation on wrapping int64_t; none for a division by zero.
std::optional<int64_t> applyInteger(ExprKind kind, int64_t a, int64_t b);

/// Whether `holds` is true of a probe: its contrary needs no attempt at a
/// proof.
bool anyProbe(const Probes &probes, llvm::function_ref<bool(int64_t)> holds);

/// Whether it is proved that no value of `expr` is negative.
bool isNeverNegative(ExprAttr expr, const SymbolFacts &facts);

bool isF32Kind(ExprKind kind);
/// True for a kind whose value is always 0 or 1.
bool isConditionKind(ExprKind kind);

} // namespace dycc::dyn::detail

#endif // DYCC_DIALECTS_DYN_EXPRDETAIL_H
