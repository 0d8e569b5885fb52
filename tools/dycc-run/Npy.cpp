#include "tools/dycc-run/Npy.h"

#include "tools/dycc-run/Utf8.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace dycc::run {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// Longer strings are no sensible file.
constexpr size_t kMostCharacters = size_t(1) << 28;

/// What the header says, a Python dictionary written out.
struct Header {
  DLDataType type;
  size_t bytes; ///< Of an element.
  size_t unit;  ///< Of what has a byte order.
  bool swapped; ///< Big-endian.
  bool fortran; ///< The first extent is innermost.
  std::vector<int64_t> shape;
};

[[noreturn]] void refuse(const std::string &path, std::string_view why) {
  throw Refusal(fmt::format("'{}': {}", path, why));
}

/// The text of the value that follows a key.
std::string_view valueOf(std::string_view dictionary, std::string_view key,
                         const std::string &path) {
  size_t at = dictionary.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos)
    refuse(path, fmt::format("header has no '{}'", key));
  std::string_view value = dictionary.substr(at + key.size() + 3);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

/// Bytes of a character of strings, which have their type's number of them.
constexpr size_t kCharacter = 4;

/// "<f4" and the like: byte order, kind, bytes; "<U5": strings of 5 characters.
void parseDescr(std::string_view descr, Header &header,
                const std::string &path) {
  std::string_view quoted = descr.substr(0, descr.find('\'', 1));
  if (quoted.size() >= 4 && quoted[0] == '\'') {
    header.swapped = quoted[1] == '>';
    std::string name(quoted.substr(2));
    size_t length = 0;
    auto [end, code] =
        std::from_chars(name.data() + 1, name.data() + name.size(), length);
    if (name[0] == 'U' && code == std::errc() &&
        end == name.data() + name.size() && length <= kMostCharacters) {
      header.type = *parseType("string");
      header.unit = kCharacter;
      header.bytes = length * kCharacter;
      return;
    }
    const std::pair<const char *, const char *> names[] = {
        {"f2", "f16"}, {"f4", "f32"}, {"f8", "f64"}, {"b1", "bool"},
        {"i1", "i8"},  {"i2", "i16"}, {"i4", "i32"}, {"i8", "i64"},
        {"u1", "u8"},  {"u2", "u16"}, {"u4", "u32"}, {"u8", "u64"}};
    for (auto [numpy, ours] : names)
      if (name == numpy) {
        header.type = *parseType(ours);
        header.unit = header.bytes = dycc_element_bytes(header.type);
        return;
      }
  }
  refuse(path, fmt::format("elements are {}, expects plain numbers, bools or "
                           "strings of type U",
                           descr.substr(0, descr.find(','))));
}

std::vector<int64_t> parseShape(std::string_view text,
                                const std::string &path) {
  std::vector<int64_t> shape;
  text = text.substr(0, text.find(')'));
  while (true) {
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    if (text.empty())
      return shape;
    int64_t extent;
    auto [end, code] =
        std::from_chars(text.data(), text.data() + text.size(), extent);
    if (code != std::errc())
      refuse(path, "extent in the header is too large");
    text.remove_prefix(end - text.data());
    shape.push_back(extent);
  }
}

/// Parses magic, version and header; `data` is what follows.
Header parseHeader(std::string_view file, std::string_view &data,
                   const std::string &path) {
  if (!file.starts_with(kMagic) || file.size() < 12)
    refuse(path, "is no .npy file");
  auto byte = [&](size_t i) { return size_t(uint8_t(file[i])); };
  bool wide = byte(6) >= 2; // Version 1 has a length of two bytes.
  size_t length = byte(8) | byte(9) << 8;
  if (wide)
    length |= byte(10) << 16 | byte(11) << 24;
  size_t start = wide ? 12 : 10;
  if (file.size() < start + length)
    refuse(path, "is cut off in its header");
  std::string_view dictionary = file.substr(start, length);
  data = file.substr(start + length);
  Header header;
  parseDescr(valueOf(dictionary, "descr", path), header, path);
  header.fortran =
      valueOf(dictionary, "fortran_order", path).starts_with("True");
  header.shape = parseShape(valueOf(dictionary, "shape", path), path);
  return header;
}

/// From first-extent-innermost to row-major.
std::vector<char> reordered(const std::vector<char> &bytes,
                            const Header &header) {
  size_t size = header.bytes, rank = header.shape.size();
  std::vector<char> result(bytes.size());
  std::vector<int64_t> index(rank);
  for (size_t to = 0; to < bytes.size(); to += size) {
    int64_t from = 0;
    for (size_t d = rank; d-- > 0;)
      from = from * header.shape[d] + index[d];
    memcpy(&result[to], &bytes[from * size], size);
    for (size_t d = rank; d-- > 0;) {
      if (++index[d] < header.shape[d])
        break;
      index[d] = 0;
    }
  }
  return result;
}

/// Characters without the zeros that fill the rest, as UTF-8.
std::string decode(const char *from, size_t bytes) {
  std::u32string text(bytes / kCharacter, 0);
  memcpy(text.data(), from, bytes);
  text.resize(text.find_last_not_of(U'\0') + 1);
  std::string result;
  for (char32_t c : text)
    appendUtf8(result, c);
  return result;
}

/// As many characters as there are, which are few where they are no UTF-8.
std::u32string encode(std::string_view text) {
  std::u32string result;
  while (!text.empty())
    result += takeUtf8(text);
  return result;
}

const char *descrOf(DLDataType type) {
  std::string name = nameOf(carrierOf(type));
  const std::pair<const char *, const char *> names[] = {
      {"f16", "<f2"}, {"f32", "<f4"}, {"f64", "<f8"}, {"bool", "|b1"},
      {"i8", "|i1"},  {"i16", "<i2"}, {"i32", "<i4"}, {"i64", "<i8"},
      {"u8", "|u1"},  {"u16", "<u2"}, {"u32", "<u4"}, {"u64", "<u8"}};
  for (auto [ours, numpy] : names)
    if (name == ours)
      return numpy;
  throw Refusal(fmt::format("elements of {} have no form in .npy", name));
}

} // namespace

std::string readFile(const std::string &path) {
  FILE *file = fopen(path.c_str(), "rb");
  if (!file)
    refuse(path, strerror(errno));
  std::string text;
  char buffer[1 << 16];
  size_t got;
  while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
    text.append(buffer, got);
  int code = ferror(file) ? errno : 0;
  fclose(file);
  if (code)
    refuse(path, strerror(code));
  return text;
}

HostTensor parseNpy(std::string_view file, const std::string &path) {
  std::string_view data;
  Header header = parseHeader(file, data, path);
  if (uint64_t(countElements(header.shape)) * header.bytes != data.size())
    refuse(path,
           fmt::format("has {} bytes of data, expects {}", data.size(),
                       uint64_t(countElements(header.shape)) * header.bytes));
  HostTensor tensor(header.type, header.shape);
  std::vector<char> bytes(data.begin(), data.end());
  for (size_t i = 0; header.swapped && i < bytes.size(); i += header.unit)
    std::reverse(&bytes[i], &bytes[i] + header.unit);
  if (header.fortran && header.bytes)
    bytes = reordered(bytes, header);
  if (!tensor.isString())
    tensor.bytes = std::move(bytes);
  for (size_t i = 0; i < tensor.strings.size(); ++i)
    tensor.strings[i] = decode(bytes.data() + i * header.bytes, header.bytes);
  return tensor;
}

HostTensor readNpy(const std::string &path) {
  return parseNpy(readFile(path), path);
}

/// Strings as characters of one number for all, and that number.
static std::vector<char> pad(const std::vector<std::string> &strings,
                             size_t &length) {
  std::vector<std::u32string> texts;
  length = 1;
  for (const std::string &string : strings) {
    texts.push_back(encode(string));
    length = std::max(length, texts.back().size());
  }
  std::vector<char> bytes(texts.size() * length * kCharacter);
  for (size_t i = 0; i < texts.size(); ++i)
    memcpy(bytes.data() + i * length * kCharacter, texts[i].data(),
           texts[i].size() * kCharacter);
  return bytes;
}

void writeNpy(const std::string &path, const HostTensor &tensor) {
  size_t length;
  std::vector<char> padded = pad(tensor.strings, length);
  const std::vector<char> &bytes = tensor.isString() ? padded : tensor.bytes;
  std::string descr =
      tensor.isString() ? fmt::format("<U{}", length) : descrOf(tensor.type);
  std::string shape = fmt::format("{}", fmt::join(tensor.shape, ", "));
  std::string header = fmt::format(
      "{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", descr,
      shape, tensor.shape.size() == 1 ? "," : "");
  // Data starts at a multiple of 64, as numpy does it.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  FILE *file = fopen(path.c_str(), "wb");
  if (!file)
    refuse(path, strerror(errno));
  std::string start(kMagic);
  start += {1, 0, char(header.size() & 255), char(header.size() >> 8)};
  start += header;
  bool good = fwrite(start.data(), 1, start.size(), file) == start.size() &&
              fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  int code = errno;
  if (fclose(file) != 0 || !good) {
    code = good ? errno : code;
    // No partial output; but what is no file of ours, a device, stays.
    if (std::filesystem::is_regular_file(path))
      remove(path.c_str());
    refuse(path, strerror(code));
  }
}

} // namespace dycc::run
