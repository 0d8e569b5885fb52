#ifndef DYCC_CODEGEN_HALIDE_REPORTER_H
#define DYCC_CODEGEN_HALIDE_REPORTER_H

#include "Halide.h"
#include "codegen/halide/KernelError.h"
#include "llvm/ADT/StringRef.h"

namespace dycc::halide {

/// Takes what Halide says while it lives, one at a time in a process. Errors
/// become KernelErrors. Of a kernel that is sure to fail an assertion Halide
/// only warns; since kernels have no assertions, that one would write out of
/// bounds: an error too.
class Reporter final : public Halide::CompileTimeErrorReporter {
public:
  Reporter() { Halide::set_custom_compile_time_error_reporter(this); }
  ~Reporter() override {
    Halide::set_custom_compile_time_error_reporter(nullptr);
  }
  Reporter(const Reporter &) = delete;
  Reporter &operator=(const Reporter &) = delete;

  void warning(const char *text) override {
    if (llvm::StringRef(text).contains("guaranteed to fail"))
      error(text);
  }
  [[noreturn]] void error(const char *text) override {
    throw KernelError(llvm::StringRef(text).trim().str());
  }
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_REPORTER_H
