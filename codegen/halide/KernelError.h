#ifndef DYCC_CODEGEN_HALIDE_KERNELERROR_H
#define DYCC_CODEGEN_HALIDE_KERNELERROR_H

#include <stdexcept>

namespace mlir {
class Operation;
} // namespace mlir

namespace dycc::halide {

/// Ends the making of one kernel. Where whyNoKernel() meets it, its text is for
/// the user; what only the compilation of the kernel finds is a defect.
class KernelError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What Halide says: for developers.
class HalideError : public KernelError {
public:
  using KernelError::KernelError;
};

/// The operator that there is no kernel for, and why.
class OperatorError : public KernelError {
public:
  OperatorError(mlir::Operation *op, const std::string &reason)
      : KernelError(reason), op(op) {}

  mlir::Operation *op;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_KERNELERROR_H
