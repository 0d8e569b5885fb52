#include "compiler/driver/Version.h"

#include "compiler/Revision.h"
#include "llvm/Config/llvm-config.h"

namespace dycc {

std::string producer() { return "dycc " DYCC_VERSION; }

std::string versionText() {
  std::string revision = DYCC_REVISION;
  return producer() + (revision.empty() ? "" : ", commit " + revision) +
         "\nLLVM " LLVM_VERSION_STRING ", Halide " DYCC_HALIDE_VERSION
         "\ntargets: " DYCC_TARGETS;
}

} // namespace dycc
