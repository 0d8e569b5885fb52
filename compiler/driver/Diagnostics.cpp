#include "compiler/driver/Diagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace dycc {

std::string describe(Location location) {
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

/// Names and strings of a model may hold anything; a message is one line.
static std::string onOneLine(StringRef text) {
  std::string result;
  for (char c : text)
    if (llvm::isPrint(c) || (uint8_t(c) & 0x80))
      result += c;
    else
      result += ("\\x" + llvm::utohexstr(uint8_t(c), /*LowerCase=*/true, 2));
  return result;
}

std::string shorten(StringRef whole) {
  constexpr size_t longest = 399, head = 240, tail = 110;
  std::string text = onOneLine(whole);
  if (text.size() <= longest)
    return text;
  auto goesOn = [&](size_t at) { return (uint8_t(text[at]) & 0xc0) == 0x80; };
  size_t from = head, to = text.size() - tail;
  while (from && goesOn(from)) // Inside a character of UTF-8.
    --from;
  while (to < text.size() && goesOn(to))
    ++to;
  return text.substr(0, from) + " [" + std::to_string(to - from) +
         " characters left out] " + text.substr(to);
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
  auto line = [&](const Twine &start, Diagnostic &part) {
    os << shorten((start + describe(part.getLocation()) + part.str()).str())
       << "\n";
  };
  line(kind + ": ", diagnostic);
  for (Diagnostic &note : diagnostic.getNotes())
    line("  note: ", note);
}

} // namespace dycc
