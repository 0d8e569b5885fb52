#ifndef DYCC_CODEGEN_HALIDE_TARGETINFO_H
#define DYCC_CODEGEN_HALIDE_TARGETINFO_H

#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace dycc::halide {

/// A block of accumulators that stays in registers: `rows` (of a matrix, or
/// pixels of an image) times `vectors` along the other side.
struct RegisterTile {
  unsigned rows, vectors;
};

/// The machine that kernels are made for. Schedules read nothing else: a new
/// target is a new value of this type.
struct TargetInfo {
  std::string triple; ///< Normalised, e.g. "x86_64-unknown-linux-gnu".
  std::string cpu;    ///< LLVM's name, e.g. "znver3".
  std::vector<std::string> features; ///< LLVM's names, sorted.

  unsigned vectorBytes = 16;
  unsigned registers = 16;                          ///< Vector registers.
  uint64_t l1Bytes = 32 << 10, l2Bytes = 256 << 10; ///< Data, per core.

  RegisterTile gemm{4, 2}; ///< Tile of matrix products.
  RegisterTile conv{4, 2}; ///< Tile of convolutions, channels_last.

  bool hasFeature(llvm::StringRef feature) const;
  unsigned lanes(unsigned elementBytes) const {
    return vectorBytes / elementBytes;
  }
  /// The `r` of the layout panels<r> that weights of `elementBytes` have: one
  /// panel is one register tile wide.
  unsigned panelWidth(unsigned elementBytes = 4) const {
    return gemm.vectors * lanes(elementBytes);
  }
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

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_TARGETINFO_H
