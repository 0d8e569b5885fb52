// Halide's text of OpenCL C, made fit for one block of memory that many tensors
// lie in.
#ifndef DYCC_CODEGEN_HALIDE_OPENCL_DEVICETEXT_H
#define DYCC_CODEGEN_HALIDE_OPENCL_DEVICETEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace dycc::halide {

/// The text with
/// * each buffer as two arguments, a block of memory and the bytes in it before
///   the buffer: a slot of an arena is an offset;
/// * results that may lie over operands: no `restrict`;
/// * vectors that have the alignment of their elements;
/// * the functions that definitions call.
/// Throws KernelError where it asks for what devices may lack, HalideError
/// where it is not what Halide 21 writes.
std::string rewriteDeviceText(llvm::StringRef text);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_DEVICETEXT_H
