#ifndef DYCC_COMPILER_DRIVER_PEAKFORMULA_H
#define DYCC_COMPILER_DRIVER_PEAKFORMULA_H

#include "codegen/llvm/MemoryFormula.h"
#include "compiler/driver/SymbolTexts.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace dycc {

/// What runs of a planned module take, weights aside: a formula of the input
/// symbols. Scratch is known once kernels are compiled.
struct PeakFormula {
  /// `scratch`: bytes per thread of each kernel, over its own symbols.
  explicit PeakFormula(mlir::ModuleOp module,
                       const llvm::StringMap<dyn::ExprAttr> &scratch = {});

  /// "align64(16 * N) + threads * align128(max(512, 4 * W))". Derived symbols
  /// with long definitions are in it. Where slots lie over each other, of the
  /// sums of which the largest counts that at the typical shape:
  /// "max(align64(16
  /// * N) + align64(64), ...)"; `atMost`: that where each size is the largest
  /// in the declared ranges.
  std::string str(bool atMost = false) const;
  /// The definitions of those, by name.
  std::vector<std::pair<std::string, dyn::ExprAttr>> names() const;
  /// The most bytes over the declared ranges, with one thread; INT64_MAX where
  /// nothing bounds them.
  int64_t most() const;

  dyn::ExecutionBounds bounds;
  codegen::MemoryFormula memory;
  SymbolTexts texts;

private:
  int64_t mostOf(dyn::ExprAttr size) const;
};

/// Fails where `peak` can be more than `bytes`.
llvm::Error checkMaxMemory(const PeakFormula &peak, int64_t bytes);

/// "512M", "2G", "65536": bytes; suffixes K, M, G are powers of 1024.
llvm::Expected<int64_t> parseBytes(llvm::StringRef text);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_PEAKFORMULA_H
