#include "compiler/driver/Compile.h"

#include "compiler/driver/Compilation.h"
#include "compiler/driver/Family.h"

namespace dycc {

CompileStatus compileModel(const CompileOptions &options,
                           llvm::raw_ostream &errors) {
  return options.variants.empty() ? Compilation(options, errors).run()
                                  : compileFamily(options, errors);
}

} // namespace dycc
