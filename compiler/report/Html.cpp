#include "compiler/report/Html.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ConvertUTF.h"

using nlohmann::json;

namespace dycc::html {
namespace {

constexpr llvm::StringLiteral kBad = "\xEF\xBF\xBD", kEllipsis = "\xE2\x80\xA6";

/// Bytes of the letter at the beginning; 0 where there is none.
size_t letterBytes(llvm::StringRef text) {
  auto bytes = static_cast<size_t>(
      llvm::getNumBytesForUTF8(static_cast<llvm::UTF8>(text.front())));
  const llvm::UTF8 *begin = text.bytes_begin();
  bool isLetter =
      bytes <= text.size() && llvm::isLegalUTF8Sequence(begin, begin + bytes);
  return isLetter ? bytes : 0;
}

std::vector<llvm::StringRef> letters(llvm::StringRef text) {
  std::vector<llvm::StringRef> list;
  while (!text.empty()) {
    size_t bytes = letterBytes(text);
    bool isControl = bytes == 1 && static_cast<unsigned char>(text[0]) < 32;
    list.push_back(bytes && !isControl ? text.take_front(bytes)
                                       : llvm::StringRef(kBad));
    text = text.drop_front(std::max<size_t>(bytes, 1));
  }
  return list;
}

size_t widthOf(llvm::StringRef letter) { return letter.size() > 1 ? 2 : 1; }

/// As many letters from the beginning of `list` as fit; an ellipsis else.
template <typename Letters>
std::vector<llvm::StringRef> fit(const Letters &list, size_t width) {
  size_t all = 0;
  for (llvm::StringRef letter : list)
    all += widthOf(letter);
  std::vector<llvm::StringRef> kept;
  size_t used = 1;
  for (llvm::StringRef letter : list) {
    used += widthOf(letter);
    if (all > width && used > width)
      break;
    kept.push_back(letter);
  }
  if (all > width)
    kept.push_back(kEllipsis);
  return kept;
}

template <typename Letters>
std::string concat(const Letters &list) {
  std::string text;
  for (llvm::StringRef letter : list)
    text += letter;
  return text;
}

} // namespace

std::string escape(llvm::StringRef text) {
  std::string result;
  for (llvm::StringRef letter : letters(text))
    if (letter == "<")
      result += "&lt;";
    else if (letter == ">")
      result += "&gt;";
    else if (letter == "&")
      result += "&amp;";
    else if (letter == "\"")
      result += "&quot;";
    else if (letter == "'")
      result += "&#39;";
    else
      result += letter;
  return result;
}

std::string get(const json &object, const char *key) {
  return escape(object[key].get_ref<const std::string &>());
}

std::string code(const std::string &html) {
  return "<code>" + html + "</code>";
}

std::string join(const json &list, llvm::StringRef separator) {
  std::string text;
  for (const json &entry : list)
    text += (text.empty() ? "" : separator.str()) +
            escape(entry.get_ref<const std::string &>());
  return text;
}

std::string cut(llvm::StringRef text, size_t width) {
  return concat(fit(letters(text), width));
}

std::string cutFront(llvm::StringRef text, size_t width) {
  std::vector<llvm::StringRef> list = letters(text);
  return concat(llvm::reverse(fit(llvm::reverse(list), width)));
}

std::string categoryClass(llvm::StringRef category) {
  bool isKnown =
      llvm::is_contained({"ISDO", "ISDOS", "ISVDOS", "EDO"}, category);
  return isKnown ? category.str() : "other";
}

std::string chip(const std::string &category) {
  return "<span class=\"chip " + categoryClass(category) + "\">" +
         escape(category) + "</span>";
}

std::string groupDigits(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;)
    digits.insert(at -= 3, ",");
  return digits;
}

std::string bytesText(int64_t bytes) {
  double value = static_cast<double>(bytes);
  if (bytes < 1024)
    return std::to_string(bytes) + " B";
  const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  for (value /= 1024; value >= 1024 && unit < 3; ++unit)
    value /= 1024;
  return llvm::formatv("{0:f1} {1}", value, units[unit]).str();
}

std::string timeText(double seconds) {
  if (seconds < 1e-3)
    return llvm::formatv("{0:f1} \xC2\xB5s", seconds * 1e6).str();
  if (seconds < 1)
    return llvm::formatv("{0:f1} ms", seconds * 1e3).str();
  return llvm::formatv("{0:f1} s", seconds).str();
}

std::string px(double value) { return llvm::formatv("{0:f1}", value).str(); }

std::string bar(double share) {
  return "<span class=meter><span style=\"width:" + px(100 * share) +
         "%\"></span></span>";
}

Table::Table(const std::vector<const char *> &columns) {
  text = "<div class=card><table>\n<thead><tr>";
  for (const char *column : columns)
    text += std::string("<th>") + column + "</th>";
  text += "</tr></thead>\n<tbody>\n";
}

void Table::add(const std::vector<std::string> &cells) {
  text += "<tr>";
  for (const std::string &cell : cells)
    text += "<td>" + cell + "</td>";
  text += "</tr>\n";
}

std::string Table::str() const { return text + "</tbody></table></div>\n"; }

} // namespace dycc::html
