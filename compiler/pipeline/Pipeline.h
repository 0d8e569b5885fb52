#ifndef DYCC_COMPILER_PIPELINE_PIPELINE_H
#define DYCC_COMPILER_PIPELINE_PIPELINE_H

#include "dialects/dyn/Winograd.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

namespace dycc {

/// A kind of processor that kernels are made for.
struct PipelineMachine {
  std::string name;
  int64_t operationsPerNs, bytesPerNs; ///< What costs are made of.
};

/// Optimisations that can be switched off: the values of `--disable`.
std::vector<std::string> optimisations();

/// What the passes need to know of the target and the user's wishes.
struct PipelineOptions {
  /// Columns that a panel of a packed f32 matrix may have, best first.
  llvm::SmallVector<int64_t> panelWidths{16};
  /// Output channels that a panel of packed f32 filters may have, best first.
  llvm::SmallVector<int64_t> filterWidths{16};
  int64_t channelBlock = 8; ///< Channels of an image are rounded up to this.
  int64_t cacheBytes = 4 << 20; ///< What the values of a chunk may take.
  dyn::WinogradUse winograd = dyn::WinogradUse::Safe;
  /// Dot products are of s8 by s8, on all machines.
  bool multipliesSigned = false;
  /// A machine has dot products of pairs of bf16.
  bool pairsBf16 = false;
  /// f16 or bf16: what f32 becomes; empty: f32.
  std::string precision;
  std::vector<std::string> keepF32; ///< Names of nodes that stay f32.
  bool isSmall = false;             ///< One version of each kernel.
  std::string onlyVersion;          ///< Alone in the kernels that have it.
  std::vector<PipelineMachine> machines{{"", 20, 8}};
  /// Of optimisations(), those that are off.
  llvm::StringSet<> disabled;
  bool isEnabled(llvm::StringRef name) const {
    return !disabled.contains(name);
  }
};

/// One step of the compilation, in run order.
struct Stage {
  llvm::StringLiteral name;      ///< Value of `--stop-after`, e.g. "shape".
  llvm::StringLiteral invariant; ///< What holds for the module afterwards.
  void (*build)(mlir::OpPassManager &, const PipelineOptions &);
};

/// The stages that work on MLIR, after import and before kernels. `dycc
/// --stop-after`, `--dump-stages` and `dycc-opt --dycc-<name>-pipeline` come
/// from this table.
llvm::ArrayRef<Stage> stages();

/// Registers each stage as a pipeline of dycc-opt.
void registerStagePipelines();

} // namespace dycc

#endif // DYCC_COMPILER_PIPELINE_PIPELINE_H
