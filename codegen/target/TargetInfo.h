#ifndef DYCC_CODEGEN_TARGET_TARGETINFO_H
#define DYCC_CODEGEN_TARGET_TARGETINFO_H

#include "codegen/target/Machines.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace dycc::codegen {

/// The machine that kernels are made for. The choice of loops reads nothing
/// else: a new target is a new row of Machines.cpp.
struct TargetInfo {
  std::string triple; ///< Normalised, e.g. "x86_64-unknown-linux-gnu".
  std::string cpu;    ///< LLVM's name, e.g. "znver3".
  std::vector<std::string> features; ///< LLVM's names, sorted.
  std::string machine;               ///< The row of Machines.cpp it is.
  /// The device beside it that kernels run on ("opencl"); empty: none.
  std::string device;

  unsigned vectorBytes = 16;
  unsigned registers = 16;                          ///< Vector registers.
  uint64_t l1Bytes = 32 << 10, l2Bytes = 256 << 10; ///< Data, per core.

  /// Tiles of matrix products and convolutions, each of another width; the
  /// first is the best where it fits the columns.
  std::vector<RegisterTile> tiles{{4, 2}};
  /// Rows of a tile of integers; 0: those of `tiles`.
  unsigned integerRows = 0;
  /// Steps of a tile's innermost loop that run without a branch.
  unsigned unroll = 1;
  /// For costs: of the machine, not calibrated.
  int64_t operationsPerNs = 20, bytesPerNs = 8;

  bool hasFeature(llvm::StringRef feature) const;
  unsigned lanes(unsigned elementBytes) const {
    return vectorBytes / elementBytes;
  }
  /// The widths that panels of elements of `elementBytes` may have, best first:
  /// one panel is one register tile wide.
  std::vector<int64_t> panelWidths(unsigned elementBytes = 4) const;
  /// The same for filters: they have many taps, and the narrowest stay in the
  /// cache.
  std::vector<int64_t> filterWidths(unsigned elementBytes = 4) const;
  /// The tile for panels of `width` elements of `elementBytes`.
  RegisterTile tile(unsigned width, unsigned elementBytes) const;
  /// The machine and the processor, for a person: "x86-64-v3 znver3".
  std::string title() const;
  /// What a cached kernel depends on, as text.
  std::string key() const;

  /// This machine.
  static TargetInfo host();
  /// The machine that LLVM's triple, CPU and comma-separated features
  /// ("+avx2,-fma") name; an empty triple is the host's. Fails on an unknown
  /// architecture, operating system or CPU.
  static llvm::Expected<TargetInfo>
  get(llvm::StringRef triple, llvm::StringRef cpu, llvm::StringRef features);
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_TARGET_TARGETINFO_H
