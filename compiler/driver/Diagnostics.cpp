#include "compiler/driver/Diagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"

#include <cstdlib>
#include <unistd.h>

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

llvm::raw_ostream &printLabel(llvm::raw_ostream &os, StringRef kind) {
  using Colours = llvm::raw_ostream::Colors;
  Colours colour = kind == "error"     ? Colours::RED
                   : kind == "warning" ? Colours::MAGENTA
                                       : Colours::CYAN;
  os.changeColor(colour, /*Bold=*/true) << kind << ":";
  os.resetColor() << " ";
  return os;
}

bool showsColours(int file) {
  const char *none = getenv("NO_COLOR");
  return isatty(file) && (!none || !*none);
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext &context,
                                     llvm::raw_ostream &os, bool isQuiet)
    : os(os), isQuiet(isQuiet),
      handler(&context, [this](Diagnostic &diagnostic) {
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
  if (isQuiet && diagnostic.getSeverity() == DiagnosticSeverity::Warning)
    return;
  auto line = [&](StringRef indent, StringRef kind, Diagnostic &part) {
    std::string text = shorten(
        (indent + kind + ": " + describe(part.getLocation()) + part.str())
            .str());
    os << indent;
    printLabel(os, kind) << text.substr(indent.size() + kind.size() + 2)
                         << "\n";
  };
  line("", kind, diagnostic);
  for (Diagnostic &note : diagnostic.getNotes())
    line("  ", "note", note);
}

} // namespace dycc
