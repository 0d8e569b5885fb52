// From objects, weights and the runtime to what a user gets.
#ifndef DYCC_CODEGEN_LINK_LINK_H
#define DYCC_CODEGEN_LINK_LINK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"

#include <string>
#include <vector>

namespace dycc::link {

/// A piece of the weight section. Not owned; bytes between pieces are zero.
struct Weight {
  llvm::ArrayRef<char> bytes;
  uint64_t offset;
};

/// What to link into one artifact.
struct LinkJob {
  llvm::Triple triple;
  std::vector<std::string> objects; ///< Paths: kernels and the host program.
  std::vector<Weight> weights;      ///< Ascending offsets, no overlaps.
  /// Size of the section that starts at the symbol `dycc_weights`.
  uint64_t weightBytes = 0;
  /// libdycc_rt.a for the triple. Empty: the one beside the compiler, see
  /// findRuntime().
  std::string runtime;
  /// Link the runtime with AddressSanitizer and UBSan, whose own symbols the
  /// process brings. Of linkShared only, on x86-64.
  bool sanitize = false;
  std::string output;
  /// The artifact's query function is `<prefix>_model_query`, so that more
  /// than one model links into a program: a C identifier. A shared library has
  /// it under the name "dycc_model_query" too, by which it is loaded.
  std::string prefix = "dycc";
  /// The objects have `dycc_family_desc` too: the artifact has the function
  /// `<prefix>_family_query` beside the other one, under both names as well.
  bool isFamily = false;
  /// Where to look for ld.lld and llvm-objcopy before `<folder of the
  /// program>/../lib/dycc/bin`, where an installed compiler has them, the
  /// folder of LLVM's own programs and PATH. With `onlyToolDirs` nowhere else.
  std::vector<std::string> toolDirs;
  bool onlyToolDirs = false;
};

/// Makes a shared library that exports dycc_model_query(), that of a family its
/// query too, and their other names where the job has a prefix, and needs at
/// most libc, libm and libpthread. No file of that system is read: it may be
/// another one than this. The output appears whole or not at all, here and
/// below; errors say what could not be found, read, written or resolved.
llvm::Error linkShared(const LinkJob &job);

/// Makes one relocatable object with one global symbol, of a family two.
llvm::Error linkObject(const LinkJob &job);

/// Makes a static library with that object.
llvm::Error linkStatic(const LinkJob &job);

/// `<folder of the program>/../lib/dycc`: what belongs to the compiler, in its
/// build and where it is installed.
std::string ownFolder();

/// The path of the runtime's archive for a triple, or of the one with
/// sanitizers, below ownFolder().
llvm::Expected<std::string> findRuntime(const llvm::Triple &triple,
                                        bool sanitize = false);

} // namespace dycc::link

#endif // DYCC_CODEGEN_LINK_LINK_H
