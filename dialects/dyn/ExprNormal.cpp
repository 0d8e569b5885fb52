// The normal form of sums and products. A sum holds its terms sorted by their
// atoms, with the constant last; a product holds its coefficient (where it is
// not 1) first and its atoms sorted. Products distribute over short sums, so
// that (H + 1) * W and H * W + W are one attribute.
#include "dialects/dyn/ExprDetail.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

/// A product of sums with more terms than this is kept as it is.
constexpr size_t kMaxDistributedTerms = 64;
/// Beyond this depth the order is that of the hashes: any order will do, but a
/// readable one is nicer where it is cheap.
constexpr int kReadableDepth = 4;

static const ExprStorage *storageOf(ExprAttr expr) {
  return static_cast<const ExprStorage *>(expr.getImpl());
}

template <typename T>
static int threeWay(const T &a, const T &b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

static int compareToDepth(ExprAttr a, ExprAttr b, int depth) {
  if (a == b)
    return 0;
  const ExprStorage::KeyTy &x = storageOf(a)->key, &y = storageOf(b)->key;
  if (int order = threeWay(x.kind, y.kind))
    return order;
  if (int order = x.symbol.compare(y.symbol))
    return order;
  if (int order = threeWay(x.value, y.value))
    return order;
  if (int order = threeWay(x.operands.size(), y.operands.size()))
    return order;
  if (depth == 0) {
    if (int order = threeWay(storageOf(a)->hash, storageOf(b)->hash))
      return order;
    depth = 1; // Different nodes with one hash: decided by what is below.
  }
  for (auto [p, q] : llvm::zip_equal(x.operands, y.operands))
    if (int order = compareToDepth(p, q, depth - 1))
      return order;
  return 0;
}

int dycc::dyn::detail::compare(ExprAttr a, ExprAttr b) {
  return compareToDepth(a, b, kReadableDepth);
}

int dycc::dyn::detail::compareFactors(ArrayRef<ExprAttr> a,
                                      ArrayRef<ExprAttr> b) {
  // The constant, which has no factor, comes last.
  if (a.empty() != b.empty())
    return a.empty() ? 1 : -1;
  for (auto [p, q] : llvm::zip(a, b))
    if (int order = compare(p, q))
      return order;
  return threeWay(a.size(), b.size());
}

static Term termOf(ExprAttr expr) {
  if (expr.isConstant())
    return {expr.getValue(), {}};
  if (expr.getKind() != ExprKind::Mul)
    return {1, {expr}};
  ArrayRef<ExprAttr> operands = expr.getOperands();
  Term term{1, {}};
  if (operands.front().isConstant()) {
    term.coefficient = operands.front().getValue();
    operands = operands.drop_front();
  }
  term.factors.assign(operands.begin(), operands.end());
  return term;
}

Terms dycc::dyn::detail::termsOf(ExprAttr expr) {
  if (expr.isConstant(0))
    return {};
  Terms terms;
  if (expr.getKind() != ExprKind::Add) {
    terms.push_back(termOf(expr));
    return terms;
  }
  for (ExprAttr operand : expr.getOperands())
    terms.push_back(termOf(operand));
  return terms;
}

ExprAttr dycc::dyn::detail::fromTerm(MLIRContext *context, const Term &term) {
  if (term.isConstant() || term.coefficient == 0)
    return ExprAttr::constant(context, term.coefficient);
  if (term.coefficient == 1 && term.factors.size() == 1)
    return term.factors.front();
  SmallVector<ExprAttr> operands;
  if (term.coefficient != 1)
    operands.push_back(ExprAttr::constant(context, term.coefficient));
  llvm::append_range(operands, term.factors);
  return makeNode(context, ExprKind::Mul, operands);
}

/// Adds up neighbours with equal factors; false where a sum overflows.
static bool mergeSorted(Terms &terms) {
  size_t kept = 0;
  for (size_t i = 0; i < terms.size();) {
    Term merged = terms[i];
    for (++i; i < terms.size() && terms[i].factors == merged.factors; ++i)
      if (llvm::AddOverflow(merged.coefficient, terms[i].coefficient,
                            merged.coefficient))
        return false;
    if (merged.coefficient != 0)
      terms[kept++] = std::move(merged);
  }
  terms.truncate(kept);
  return true;
}

ExprAttr dycc::dyn::detail::fromTerms(MLIRContext *context, Terms terms) {
  llvm::sort(terms, [](const Term &a, const Term &b) {
    return compareFactors(a.factors, b.factors) < 0;
  });
  if (!mergeSorted(terms))
    return ExprAttr::unknown(context);
  if (terms.empty())
    return ExprAttr::constant(context, 0);
  if (terms.size() == 1)
    return fromTerm(context, terms.front());
  SmallVector<ExprAttr> operands;
  for (const Term &term : terms)
    operands.push_back(fromTerm(context, term));
  return makeNode(context, ExprKind::Add, operands);
}

/// `a * b`, or none where the coefficient overflows.
static std::optional<Term> multiply(const Term &a, const Term &b) {
  Term result;
  if (llvm::MulOverflow(a.coefficient, b.coefficient, result.coefficient))
    return std::nullopt;
  result.factors = a.factors;
  llvm::append_range(result.factors, b.factors);
  llvm::sort(result.factors,
             [](ExprAttr x, ExprAttr y) { return compare(x, y) < 0; });
  return result;
}

static ExprAttr multiply(ExprAttr a, ExprAttr b) {
  MLIRContext *context = a.getContext();
  Terms left = termsOf(a), right = termsOf(b);
  bool scales = a.isConstant() || b.isConstant();
  if (!scales && left.size() * right.size() > kMaxDistributedTerms) {
    if (left.size() > 1)
      left = {Term{1, {a}}};
    if (right.size() > 1)
      right = {Term{1, {b}}};
  }
  Terms product;
  for (const Term &x : left)
    for (const Term &y : right) {
      std::optional<Term> term = multiply(x, y);
      if (!term)
        return ExprAttr::unknown(context);
      product.push_back(std::move(*term));
    }
  return fromTerms(context, std::move(product));
}

ExprAttr dycc::dyn::detail::normalizeMul(ArrayRef<ExprAttr> operands) {
  ExprAttr result = operands.front();
  for (ExprAttr operand : operands.drop_front()) {
    result = multiply(result, operand);
    if (result.isUnknown())
      return result;
  }
  return result;
}

static ExprAttr normalizeAdd(ArrayRef<ExprAttr> operands) {
  Terms terms;
  for (ExprAttr operand : operands)
    terms.append(termsOf(operand));
  return fromTerms(operands.front().getContext(), std::move(terms));
}

ExprAttr ExprAttr::get(ExprKind kind, ArrayRef<ExprAttr> operands) {
  assert(!operands.empty() && "a leaf has its own factory");
  if (kind == ExprKind::Ite)
    return normalizeIte(operands[0], operands[1], operands[2]);
  for (ExprAttr operand : operands)
    if (operand.isUnknown())
      return operand;
  switch (kind) {
  case ExprKind::Add:
    return normalizeAdd(operands);
  case ExprKind::Mul:
    return normalizeMul(operands);
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
  case ExprKind::Mod:
  case ExprKind::TruncMod:
    return normalizeDivision(kind, operands[0], operands[1]);
  case ExprKind::Min:
  case ExprKind::Max:
    return normalizeMinMax(kind, operands);
  case ExprKind::Eq:
  case ExprKind::Lt:
  case ExprKind::Le:
  case ExprKind::Not:
  case ExprKind::And:
  case ExprKind::Or:
    return normalizeCondition(kind, operands);
  default:
    return normalizeF32(kind, operands);
  }
}
