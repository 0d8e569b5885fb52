#ifndef DYCC_COMPILER_DRIVER_ARTIFACT_H
#define DYCC_COMPILER_DRIVER_ARTIFACT_H

#include "codegen/link/WeightImage.h"
#include "compiler/driver/Compile.h"
#include "compiler/driver/Header.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

namespace dycc {

/// What a compilation has made before it is linked.
struct Artifact {
  std::vector<std::string> objects; ///< Bytes of object files.
  llvm::StringSet<> kernels; ///< Functions that some of the objects have.
  std::vector<codegen::PackedWeight> weights;
  int64_t weightBytes = 0;
  std::string triple;
  bool isFamily = false; ///< One of the objects is the table of its variants.
};

/// Links `artifact` into `options.output`, in the form of `options.emit`.
/// Fails naming what could not be found, read or written.
llvm::Error writeArtifact(const Artifact &artifact,
                          const CompileOptions &options);

/// Writes what is asked for beside an artifact: headers of `module`, and the
/// rule of make, of what it is made of. Fails naming the path.
llvm::Error writeBeside(const CompileOptions &options, mlir::ModuleOp module,
                        const HeaderNames &names,
                        llvm::ArrayRef<std::string> files);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_ARTIFACT_H
