#ifndef DYCC_CODEGEN_TARGET_MACHINES_H
#define DYCC_CODEGEN_TARGET_MACHINES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/TargetParser/Triple.h"
#include <vector>

namespace dycc::codegen {

/// A block of accumulators that stays in registers: `rows` (of a matrix, or
/// pixels of an image) times `vectors` along the other side.
struct RegisterTile {
  unsigned rows, vectors;
};

/// What follows from a processor's features for the shape of loops.
struct Machine {
  llvm::StringLiteral name;  ///< "x86-64-v3".
  llvm::StringLiteral alias; ///< "v3", for those who type it.
  llvm::Triple::ArchType arch;
  std::vector<llvm::StringLiteral> features; ///< That make a processor one.
  unsigned vectorBytes, registers;
  /// Tiles of matrix products and convolutions, each of another width; the
  /// first is the best where it fits the columns.
  std::vector<RegisterTile> tiles;
  unsigned unroll; ///< Steps of a tile's innermost loop without a branch.
  /// What costs are made of, per nanosecond of one core. They are of one
  /// machine of the kind and calibrate nothing.
  int64_t operationsPerNs, bytesPerNs;
  /// Rows of a tile of integers, where these are not those of `tiles`: an even
  /// number for products of matrices.
  unsigned integerRows = 0;
};

/// All machines, of each architecture the most able first; the last one of each
/// asks for no feature.
llvm::ArrayRef<Machine> machines();

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_TARGET_MACHINES_H
