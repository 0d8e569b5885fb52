#ifndef DYCC_DIALECTS_ONNX_INTEGERPRODUCTS_H
#define DYCC_DIALECTS_ONNX_INTEGERPRODUCTS_H

#include "llvm/ADT/StringRef.h"

namespace dycc::onnx {

/// On a MatMulInteger or ConvInteger of u8 by s8: what is multiplied is the
/// left side less 128, of which the padding of an image is a part.
constexpr llvm::StringLiteral kLeftLess128 = "onnx.left_less_128";

} // namespace dycc::onnx

#endif // DYCC_DIALECTS_ONNX_INTEGERPRODUCTS_H
