#ifndef DYCC_CODEGEN_HALIDE_KERNELERROR_H
#define DYCC_CODEGEN_HALIDE_KERNELERROR_H

#include <stdexcept>

namespace dycc::halide {

/// Ends the compilation of one kernel with a text for the user. Halide reports
/// by exceptions too; both end in the worker process and become a diagnostic
/// at the group (KernelCompiler.cpp).
class KernelError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_KERNELERROR_H
