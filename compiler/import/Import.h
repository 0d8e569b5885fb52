#ifndef DYCC_COMPILER_IMPORT_IMPORT_H
#define DYCC_COMPILER_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace dycc {

/// A node that could not be imported for errors of nodes before it.
struct SkippedNode {
  mlir::Location location;
  std::string op; ///< The name of an operator of ONNX's default domain.
};

/// How to import a model.
struct ImportOptions {
  /// Where external data lies, for a model in memory. Refused where empty; a
  /// model in a file has it in the file's folder.
  std::string folder;
  /// Folders outside of the model's own that symbolic links to external data
  /// may lead into, as in a cache that keeps files by content.
  std::vector<std::string> linkFolders;
  /// Files that will be written: external data in one of them is refused.
  std::vector<std::string> outputs;
  /// Is given the path of each file that was read, the model's first.
  std::function<void(const std::string &)> onFile;
  /// Initializers that are inputs too and have to stay inputs.
  std::vector<std::string> overridable;
  /// All others are constants, not just those that look like weights.
  bool fixedDefaults = false;
  /// Functions call functions: a small file can stand for any number of nodes.
  size_t maxNodes = 4'000'000;
  /// Is given what there is of a model that is refused: all nodes that could be
  /// imported, so that more can be said of them in the same run.
  std::function<void(mlir::ModuleOp, llvm::ArrayRef<SkippedNode>)> onRefusal;
};

/// Imports the ONNX model in the file `path`, "-" for the standard input.
///
/// The result holds `func.func @main` with one block of `onnx` ops in their
/// newest form. Its arguments have the attributes `onnx.name` and `dyn.dims`
/// (a string for a named extent, an i64 for a number, unit for one that is not
/// known), and `onnx.default` where the caller may leave them out; its results
/// `onnx.name`; the module has `onnx.model`. Result types are right in their
/// element type and unranked, except of constants.
///
/// Null where the model is refused: then each unsupported node has an error, at
/// the location of its name.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(llvm::StringRef path,
                                             mlir::MLIRContext &context,
                                             const ImportOptions &options = {});

/// The same of a model in memory; `name` stands for its path in error texts.
mlir::OwningOpRef<mlir::ModuleOp>
importOnnx(std::unique_ptr<llvm::MemoryBuffer> buffer, llvm::StringRef name,
           mlir::MLIRContext &context, const ImportOptions &options = {});

} // namespace dycc

#endif // DYCC_COMPILER_IMPORT_IMPORT_H
