#ifndef DYCC_TOOLS_DYCC_VERIFY_H
#define DYCC_TOOLS_DYCC_VERIFY_H

#include "compiler/driver/Compile.h"
#include "tools/dycc/Console.h"

namespace dycc {

/// What `--verify` is to do.
struct VerifyOptions {
  bool isOn = false;
  int shapes = 5;      ///< At most.
  uint64_t seed = 1;   ///< Of shapes and inputs.
  std::string against; ///< A library; empty: one of the reference back end.
};

/// Refuses what cannot be verified: another output than a shared library, a
/// model that cannot be read twice, a target that is not this machine.
CompileStatus checkVerify(const CompileOptions &options,
                          const VerifyOptions &verify,
                          llvm::raw_ostream &errors);

/// Runs the library that was compiled with `options` at some shapes, each in a
/// process of its own, beside one that the reference back end makes of the same
/// model without any optimisation that can be left out, and compares what
/// comes out by the rule of tools/model-test/compare.hpp. Says what it did.
/// `Refused` where they differ, naming output, shape, place and both values.
CompileStatus verifyModel(const CompileOptions &options,
                          const VerifyOptions &verify, Console &console);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_VERIFY_H
