#ifndef DYCC_PASSES_FUSE_WINOGRADRULE_H
#define DYCC_PASSES_FUSE_WINOGRADRULE_H

#include "dialects/dyn/Winograd.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"

namespace dycc {

/// Whether a filter is transformed for Winograd's tiles
/// (dialects/dyn/Winograd.h) and of which extent these are.
struct WinogradChoice {
  int64_t outputs = 0; ///< Of a tile along each axis; 0: not transformed.
  remarks::Reason whyNot;
};

/// Decides for a convolution with a constant f32 filter. Larger tiles save more
/// products; their transformed filter has more to read, which small images with
/// many channels do not make up for, and larger errors: they are not used where
/// `roundsResults`, unless errors do not matter.
WinogradChoice chooseWinograd(onnx::ConvOp conv, dyn::WinogradUse use,
                              bool roundsResults);

/// Whether a convolution with a constant filter of other floats would have it
/// transformed if it was one of f32. Images of few pixels are faster in dot
/// products of bf16, where the machine has these.
bool isTransformedInF32(onnx::ConvOp conv, dyn::WinogradUse use,
                        bool hasBf16Products);

/// Whether a function's results have 8-bit elements: images, whose values are
/// off by one where an error carries one over the limit between two.
bool roundsResults(mlir::func::FuncOp function);

} // namespace dycc

#endif // DYCC_PASSES_FUSE_WINOGRADRULE_H
