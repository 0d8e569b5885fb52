#ifndef DYCC_CODEGEN_HALIDE_REPORTER_H
#define DYCC_CODEGEN_HALIDE_REPORTER_H

#include "Halide.h"
#include "codegen/halide/KernelError.h"
#include "codegen/target/Backend.h"
#include "llvm/ADT/StringRef.h"

namespace dycc::halide {

/// Takes what Halide says while it lives, one at a time in a process. Errors
/// become HalideErrors. Of a kernel that is sure to fail an assertion Halide
/// only warns; since kernels have no assertions, one that is about the size of
/// memory inside the kernel would write beyond it: an error too. Assertions
/// about buffers say only that the index of an element is not known in advance.
/// Its indices are integers of 32 bits: constants that lead beyond them are the
/// model's, and an IndexError.
class Reporter final : public Halide::CompileTimeErrorReporter {
public:
  Reporter() { Halide::set_custom_compile_time_error_reporter(this); }
  ~Reporter() override {
    Halide::set_custom_compile_time_error_reporter(nullptr);
  }
  Reporter(const Reporter &) = delete;
  Reporter &operator=(const Reporter &) = delete;

  void warning(const char *text) override {
    llvm::StringRef warning(text);
    bool isInside = warning.contains("bounds_too_small") ||
                    warning.contains("storage_bound_too_small") ||
                    warning.contains("fold");
    if (isInside && warning.contains("guaranteed to fail"))
      error(text);
  }
  [[noreturn]] void error(const char *text) override {
    llvm::StringRef message = llvm::StringRef(text).trim();
    bool isBeyond = message.contains("Signed integer overflow");
    if (isBeyond)
      throw codegen::IndexError("expects indices that are computed in 32 bits");
    throw HalideError(message.str());
  }
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_REPORTER_H
