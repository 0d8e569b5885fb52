#ifndef DYCC_COMPILER_TUNE_GAINS_H
#define DYCC_COMPILER_TUNE_GAINS_H

#include "compiler/tune/Search.h"

#include "llvm/Support/raw_ostream.h"

#include <string>

namespace dycc::tune {

/// What a faster plan came to, or the whole model at one point.
struct Gain {
  std::string what;
  Pair seconds;
  double ratio;
};

/// Prints a table: kernels, what gained most first, then the model.
void printGains(std::vector<Gain> kernels, llvm::ArrayRef<Gain> models,
                llvm::raw_ostream &os);

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_GAINS_H
