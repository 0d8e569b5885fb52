#ifndef DYCC_CODEGEN_HALIDE_CPU_WINOGRADTAPS_H
#define DYCC_CODEGEN_HALIDE_CPU_WINOGRADTAPS_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// The tap (`x`, `y`) of a filter that `weight` has transformed for Winograd's
/// tiles, of input `channel` and the output channel in `lane` of panel `block`.
/// All taps together read 16 of the 36 places of a filter for tiles of 4 x 4:
/// of an image of few pixels, direct sums wait for fewer bytes than the tiles.
/// Each tap is within four roundings of what it was.
Halide::Expr tapOfTransformed(const PanelTensor &weight,
                              const Halide::Expr &lane,
                              const Halide::Expr &channel,
                              const Halide::Expr &x, const Halide::Expr &y,
                              const Halide::Expr &block);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_WINOGRADTAPS_H
