#include "tools/dycc-run/Npy.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace dycc::run {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// What the header says, a Python dictionary written out.
struct Header {
  DLDataType type;
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

/// "<f4" and the like: byte order, kind, bytes.
DLDataType parseDescr(std::string_view descr, bool &swapped,
                      const std::string &path) {
  std::string_view quoted = descr.substr(0, descr.find('\'', 1));
  if (quoted.size() >= 4 && quoted[0] == '\'') {
    swapped = quoted[1] == '>';
    std::string name(quoted.substr(2));
    const std::pair<const char *, const char *> names[] = {
        {"f2", "f16"}, {"f4", "f32"}, {"f8", "f64"}, {"b1", "bool"},
        {"i1", "i8"},  {"i2", "i16"}, {"i4", "i32"}, {"i8", "i64"},
        {"u1", "u8"},  {"u2", "u16"}, {"u4", "u32"}, {"u8", "u64"}};
    for (auto [numpy, ours] : names)
      if (name == numpy)
        return *parseType(ours);
  }
  refuse(path, fmt::format("elements are {}, expects plain numbers or bools",
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
  header.type =
      parseDescr(valueOf(dictionary, "descr", path), header.swapped, path);
  header.fortran =
      valueOf(dictionary, "fortran_order", path).starts_with("True");
  header.shape = parseShape(valueOf(dictionary, "shape", path), path);
  return header;
}

/// From first-extent-innermost to row-major.
void reorder(HostTensor &tensor) {
  size_t size = dycc_element_bytes(tensor.type), rank = tensor.shape.size();
  std::vector<char> result(tensor.bytes.size());
  std::vector<int64_t> index(rank);
  for (int64_t i = 0, n = tensor.count(); i < n; ++i) {
    int64_t from = 0;
    for (size_t d = rank; d-- > 0;)
      from = from * tensor.shape[d] + index[d];
    memcpy(&result[i * size], &tensor.bytes[from * size], size);
    for (size_t d = rank; d-- > 0;) {
      if (++index[d] < tensor.shape[d])
        break;
      index[d] = 0;
    }
  }
  tensor.bytes = std::move(result);
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

HostTensor readNpy(const std::string &path) {
  std::string file = readFile(path);
  std::string_view data;
  Header header = parseHeader(file, data, path);
  uint64_t size = dycc_element_bytes(header.type);
  uint64_t expected = uint64_t(countElements(header.shape)) * size;
  if (expected != data.size())
    refuse(path, fmt::format("has {} bytes of data, expects {}", data.size(),
                             expected));
  HostTensor tensor(header.type, header.shape);
  std::copy(data.begin(), data.end(), tensor.bytes.begin());
  for (size_t i = 0; header.swapped && i < tensor.bytes.size(); i += size)
    std::reverse(&tensor.bytes[i], &tensor.bytes[i] + size);
  if (header.fortran)
    reorder(tensor);
  return tensor;
}

void writeNpy(const std::string &path, const HostTensor &tensor) {
  std::string shape = fmt::format("{}", fmt::join(tensor.shape, ", "));
  std::string header = fmt::format(
      "{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
      descrOf(tensor.type), shape, tensor.shape.size() == 1 ? "," : "");
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
              fwrite(tensor.bytes.data(), 1, tensor.bytes.size(), file) ==
                  tensor.bytes.size();
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
