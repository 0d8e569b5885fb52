#ifndef DYCC_COMPILER_DRIVER_DIAGNOSTICS_H
#define DYCC_COMPILER_DRIVER_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"

namespace dycc {

/// "node 'conv1': ", the first of several, or "file:line:column: "; empty where
/// `location` says neither.
std::string describe(mlir::Location location);

/// `text` on one line, control characters as \xNN, of which the beginning and
/// the end stay where it is longer than 399 bytes: a name or an expression can
/// be thousands.
std::string shorten(llvm::StringRef text);

/// Prints "error: " or another word for what follows, in its colour where the
/// stream has colours (raw_ostream::enable_colors).
llvm::raw_ostream &printLabel(llvm::raw_ostream &os, llvm::StringRef kind);

/// Whether text for this file descriptor is to be coloured: it is a terminal,
/// and the environment's NO_COLOR is empty or not set (https://no-color.org).
bool showsColours(int file);

/// Prints diagnostics of a context as `error: node 'conv1': text`, notes
/// indented below, while it lives. Counts errors.
class DiagnosticPrinter {
public:
  /// `isQuiet`: no warnings.
  DiagnosticPrinter(mlir::MLIRContext &context, llvm::raw_ostream &os,
                    bool isQuiet = false);

  unsigned errors() const { return count; }

private:
  void print(mlir::Diagnostic &diagnostic);

  llvm::raw_ostream &os;
  bool isQuiet;
  unsigned count = 0;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_DIAGNOSTICS_H
