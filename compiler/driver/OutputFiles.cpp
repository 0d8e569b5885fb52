#include "compiler/driver/OutputFiles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;

namespace dycc {

std::vector<std::pair<const char *, std::string>>
outputFiles(const CompileOptions &options) {
  std::vector<std::pair<const char *, std::string>> files;
  auto add = [&](const char *option, const std::string &path) {
    if (!path.empty() && path != "-")
      files.emplace_back(option, path);
  };
  add("-o", options.output);
  add("--report", options.report);
  add("--tune", options.tune);
  add("--precision-exceptions", options.foundFile);
  add("--depfile", options.depfile);
  for (const std::string &header : options.headers)
    add("--header", header);
  return files;
}

Error writeText(StringRef text, StringRef given) {
  StringRef path = given.empty() ? "-" : given;
  std::error_code code;
  ToolOutputFile file(path, code, sys::fs::OF_Text);
  if (!code) {
    file.os() << text;
    file.os().flush();
    code = file.os().error();
  }
  if (code) {
    file.os().clear_error();
    return createStringError("cannot write '" + path + "': " + code.message());
  }
  file.keep();
  return Error::success();
}

/// A path as make and ninja read it.
static std::string escape(StringRef path) {
  std::string text;
  for (char c : path) {
    if (c == '$')
      text += '$';
    else if (c == ' ' || c == '#')
      text += '\\';
    text += c;
  }
  return text;
}

std::string renderDepfile(StringRef output, ArrayRef<std::string> files) {
  std::string text = escape(output) + ":";
  for (const std::string &file : files)
    text += " \\\n  " + escape(file);
  return text + "\n";
}

bool isIdentifier(StringRef name, bool isNested) {
  SmallVector<StringRef> parts{name};
  if (isNested) {
    parts.clear();
    name.split(parts, "::");
  }
  return all_of(parts, [](StringRef part) {
    return !part.empty() && !isDigit(part.front()) &&
           all_of(part, [](char c) { return isAlnum(c) || c == '_'; });
  });
}

} // namespace dycc
