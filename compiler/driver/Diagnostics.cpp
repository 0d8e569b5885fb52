#include "compiler/driver/Diagnostics.h"

#include "mlir/IR/Location.h"

using namespace mlir;

namespace dycc {

/// `file:line:column` or the names of nodes; empty where there is neither.
static std::string describe(Location location) {
  if (auto file = dyn_cast<FileLineColLoc>(location))
    return (file.getFilename().getValue() + ":" + Twine(file.getLine()) + ":" +
            Twine(file.getColumn()) + ": ")
        .str();
  if (auto name = dyn_cast<NameLoc>(location))
    return ("node '" + name.getName().getValue() + "': ").str();
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (std::string text = describe(part); !text.empty())
        return text;
  return "";
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext &context,
                                     llvm::raw_ostream &os)
    : os(os), handler(&context, [this](Diagnostic &diagnostic) {
        print(diagnostic);
        return success();
      }) {}

void DiagnosticPrinter::print(Diagnostic &diagnostic) {
  StringRef kind = "note";
  if (diagnostic.getSeverity() == DiagnosticSeverity::Error) {
    kind = "error";
    ++count;
  } else if (diagnostic.getSeverity() == DiagnosticSeverity::Warning) {
    kind = "warning";
  } else if (diagnostic.getSeverity() == DiagnosticSeverity::Remark) {
    kind = "remark";
  }
  os << kind << ": " << describe(diagnostic.getLocation()) << diagnostic
     << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    os << "  note: " << describe(note.getLocation()) << note << "\n";
}

} // namespace dycc
