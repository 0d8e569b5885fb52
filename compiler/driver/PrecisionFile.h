// What measuring a model's storage in 16 bits came to (docs/precision.md).
#ifndef DYCC_COMPILER_DRIVER_PRECISIONFILE_H
#define DYCC_COMPILER_DRIVER_PRECISIONFILE_H

#include "llvm/Support/Error.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace dycc {

/// Nodes that stay f32 so that errors stay within a budget. Errors are
/// differences from the model in f32, relative to the largest value of the
/// output, the largest of all samples; infinite where there is no number.
struct PrecisionFindings {
  std::string precision;          ///< f16 or bf16.
  std::vector<std::string> nodes; ///< That stay f32, in the model's order.
  size_t candidates = 0;          ///< Nodes that may be in 16 bits.
  double maxError = 0;            ///< The budget.
  double errorWithout = 0;        ///< Were all candidates in 16 bits.
  double error = 0;
  size_t samples = 0;
  unsigned trials = 0; ///< Libraries that were measured.
  /// Bytes of weights: in f32, with all candidates in 16 bits, and found.
  int64_t f32Bytes = 0, bytesWithout = 0, bytes = 0;
};

/// For reports and files of exceptions. An infinite error is null.
nlohmann::json describe(const PrecisionFindings &findings);

/// The nodes that a file with such an object, for this precision, leaves in
/// f32. Fails where it cannot be read or is for another one.
llvm::Expected<std::vector<std::string>>
readExceptions(llvm::StringRef path, llvm::StringRef precision);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_PRECISIONFILE_H
