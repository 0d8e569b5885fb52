#ifndef DYCC_COMPILER_DRIVER_REMARKTEXTS_H
#define DYCC_COMPILER_DRIVER_REMARKTEXTS_H

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace dycc {

/// A decision of the compiler, as a person reads it.
struct RemarkText {
  std::string node; ///< As the ONNX file names it, "?" for none.
  std::string category;
  bool isTaken;
  std::string text; ///< One line, shortened as errors are.
  /// "remark: node 'x': fuse: not taken: ...".
  std::string line;
};

/// What `--remarks` takes: the categories, and "all".
std::vector<std::string> remarkNames();

/// Whether somebody who asked for `names` gets remarks of `category`.
bool isAskedFor(llvm::StringRef category, llvm::ArrayRef<std::string> names);

/// Listens to the remarks of a context (passes/Remarks.h).
class RemarkListener {
public:
  /// To those of the categories `names`; without any it costs nothing.
  RemarkListener(mlir::MLIRContext &context, llvm::ArrayRef<std::string> names);

  /// What came since the last call, in the order of decisions; expressions as
  /// SymbolTexts writes those of `module`.
  std::vector<RemarkText> take(mlir::ModuleOp module);

private:
  /// A remark whose expressions are no texts yet.
  struct Heard {
    mlir::Location location;
    std::string category;
    bool isTaken;
    mlir::ArrayAttr parts;
  };
  class Streamer;

  std::vector<Heard> heard;
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_REMARKTEXTS_H
