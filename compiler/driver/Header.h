#ifndef DYCC_COMPILER_DRIVER_HEADER_H
#define DYCC_COMPILER_DRIVER_HEADER_H

#include "compiler/driver/Compile.h"
#include "compiler/driver/PeakFormula.h"

namespace dycc {

/// What a header calls a model.
struct HeaderNames {
  std::string model;    ///< Any text.
  std::string function; ///< Of the entry point, a C identifier.
  std::string space;    ///< The C++ namespace, "a::b" is fine.
  /// Of the entry point of a family, whose first variant the model is; or
  /// empty.
  std::string family = {};
};

/// What headers call `model`, or a family of that name, by the options --name
/// and --namespace.
HeaderNames headerNames(const CompileOptions &options, const std::string &model,
                        bool isFamily);

/// A C header for a planned model: its entry point, and as comments what its
/// inputs, outputs, symbols and memory are.
std::string renderHeader(mlir::ModuleOp module, const PeakFormula &peak,
                         const HeaderNames &names);

/// A C++17 header over dycc/model.hpp: structs with a typed tensor for each
/// input and output, with its shape and the ranges of the symbols in it as
/// comments, and one of the symbols. (CppHeader.cpp)
std::string renderCppHeader(mlir::ModuleOp module, const PeakFormula &peak,
                            const HeaderNames &names);

/// The header that `path` names: C++ where it ends in ".hpp", else C.
std::string renderHeaderFor(llvm::StringRef path, mlir::ModuleOp module,
                            const PeakFormula &peak, const HeaderNames &names);

/// `text` as an identifier of C++: other characters are '_', a keyword and a
/// name that is in `taken`, which gets the result, have something behind.
std::string cppIdentifier(llvm::StringRef text, llvm::StringSet<> &taken);

/// `text` in one line of a comment of either kind, which it cannot end.
std::string inComment(llvm::StringRef text);

/// The input symbols of a module, in the order of the model's interface.
llvm::SmallVector<dyn::SymbolOp> inputSymbols(mlir::ModuleOp module);

/// "H in [16, 1080], a multiple of 4".
std::string describeSymbol(dyn::SymbolOp symbol);

/// The name of an input or output of the model.
llvm::StringRef edgeName(mlir::ModuleOp module, bool isInput, unsigned index);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_HEADER_H
