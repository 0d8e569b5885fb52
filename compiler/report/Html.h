// Pieces of HTML that the sections of a page share.
#ifndef DYCC_COMPILER_REPORT_HTML_H
#define DYCC_COMPILER_REPORT_HTML_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <nlohmann/json.hpp>

namespace dycc::html {

/// `text` as it can stand between tags and in quoted attributes. Bytes that are
/// no UTF-8 and control characters become the character for such ones.
std::string escape(llvm::StringRef text);
/// The string `key` of `object`, escaped.
std::string get(const nlohmann::json &object, const char *key);
std::string code(const std::string &html);
/// The strings of `list`, escaped, with HTML between them.
std::string join(const nlohmann::json &list, llvm::StringRef separator);
/// The first `width` letters of `text`, or one less and an ellipsis; not
/// escaped. Of a letter that is not ASCII the width is 2.
std::string cut(llvm::StringRef text, size_t width);
/// The same of the end of `text`.
std::string cutFront(llvm::StringRef text, size_t width);

/// The category of a node, in its colour.
std::string chip(const std::string &category);
/// A category as the name of a class.
std::string categoryClass(llvm::StringRef category);

/// "12,345 bytes"; "1.2 MiB", as page/numbers.js writes them.
std::string groupDigits(uint64_t number);
std::string bytesText(int64_t bytes);
/// "1.2 ms".
std::string timeText(double seconds);
/// A coordinate of a drawing.
std::string px(double value);
/// A bar that is so much of what it could be: 0 to 1.
std::string bar(double share);

/// A table whose cells are HTML.
class Table {
public:
  explicit Table(const std::vector<const char *> &columns);
  void add(const std::vector<std::string> &cells);
  std::string str() const;

private:
  std::string text;
};

} // namespace dycc::html

#endif // DYCC_COMPILER_REPORT_HTML_H
