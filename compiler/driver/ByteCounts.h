#ifndef DYCC_COMPILER_DRIVER_BYTECOUNTS_H
#define DYCC_COMPILER_DRIVER_BYTECOUNTS_H

#include "dialects/dyn/Expr.h"

#include "llvm/Support/MathExtras.h"
#include <functional>

namespace dycc {

/// Sizes and costs as plain numbers for codegen::MemoryFormula and CostFormula.
/// The largest number stands
/// for more than that, as in the compiled plan().
struct ByteCounts {
  using Value = int64_t;

  std::function<int64_t(dyn::ExprAttr)> sizeOf;

  int64_t zero() const { return 0; }
  int64_t add(int64_t a, int64_t b) const {
    int64_t sum;
    return llvm::AddOverflow(a, b, sum) ? INT64_MAX : sum;
  }
  int64_t mul(int64_t a, int64_t b) const {
    int64_t product;
    return llvm::MulOverflow(a, b, product) ? INT64_MAX : product;
  }
  int64_t max(int64_t a, int64_t b) const { return std::max(a, b); }
  int64_t ifBelow(int64_t a, int64_t b, int64_t x, int64_t y) const {
    return a < b ? x : y;
  }
  int64_t number(dyn::ExprAttr expr) const { return sizeOf(expr); }
  int64_t roundUp(int64_t bytes, int64_t alignment) const {
    return add(bytes, alignment - 1) & -alignment;
  }
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_BYTECOUNTS_H
