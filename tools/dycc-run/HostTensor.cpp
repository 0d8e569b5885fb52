#include "tools/dycc-run/HostTensor.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>

namespace dycc::run {
namespace {

using nlohmann::json;

constexpr uint8_t kBool = 6; // kDLBool of newer DLPack headers.
constexpr DLDataType kString = {DYCC_DTYPE_STRING, 8 * sizeof(dycc_string), 1};

struct TypeName {
  std::string_view name;
  DLDataType type;
};

constexpr TypeName kTypes[] = {
    {"f16", {kDLFloat, 16, 1}}, {"f32", {kDLFloat, 32, 1}},
    {"f64", {kDLFloat, 64, 1}}, {"bf16", {kDLBfloat, 16, 1}},
    {"i8", {kDLInt, 8, 1}},     {"i16", {kDLInt, 16, 1}},
    {"i32", {kDLInt, 32, 1}},   {"i64", {kDLInt, 64, 1}},
    {"u8", {kDLUInt, 8, 1}},    {"u16", {kDLUInt, 16, 1}},
    {"u32", {kDLUInt, 32, 1}},  {"u64", {kDLUInt, 64, 1}},
    {"i2", {kDLInt, 2, 1}},     {"i4", {kDLInt, 4, 1}},
    {"u2", {kDLUInt, 2, 1}},    {"u4", {kDLUInt, 4, 1}},
    {"bool", {kBool, 8, 1}},    {"string", kString},
};

/// The float of at most 8 bits with that code; its name says how many.
std::optional<DLDataType> narrowFloat(uint8_t code) {
  const char *name = dycc_narrow_float(code);
  return name ? std::optional<DLDataType>({code, uint8_t(name[1] - '0'), 1})
              : std::nullopt;
}

/// bfloat16: the upper half of a float.
struct Bfloat16 {
  uint16_t bits;
  static Bfloat16 from(double value) {
    float narrow = float(value);
    uint32_t wide;
    memcpy(&wide, &narrow, sizeof(wide));
    if (std::isnan(narrow))
      return {uint16_t(wide >> 16 | 0x40)};
    return {uint16_t((wide + 0x7fff + (wide >> 16 & 1)) >> 16)};
  }
};

/// Calls `function` with a value of the C++ type of the elements.
template <typename F>
auto visit(DLDataType type, F function) {
  bool isSigned = type.code == kDLInt;
  if (type.code == kDLFloat)
    return type.bits == 16   ? function(_Float16())
           : type.bits == 32 ? function(float())
                             : function(double());
  if (type.code == kDLBfloat)
    return function(Bfloat16());
  switch (dycc_element_bytes(type)) {
  case 1:
    return isSigned ? function(int8_t()) : function(uint8_t());
  case 2:
    return isSigned ? function(int16_t()) : function(uint16_t());
  case 4:
    return isSigned ? function(int32_t()) : function(uint32_t());
  default:
    return isSigned ? function(int64_t()) : function(uint64_t());
  }
}

} // namespace

std::string nameOf(DLDataType type) {
  for (const TypeName &entry : kTypes)
    if (isSame(entry.type, type))
      return std::string(entry.name);
  if (std::optional<DLDataType> narrow = narrowFloat(type.code);
      narrow && isSame(*narrow, type))
    return dycc_narrow_float(type.code);
  return fmt::format("type {}:{}", type.code, type.bits);
}

std::optional<DLDataType> parseType(std::string_view name) {
  for (const TypeName &entry : kTypes)
    if (entry.name == name)
      return entry.type;
  for (int code = 0; code < 256; ++code)
    if (const char *narrow = dycc_narrow_float(uint8_t(code));
        narrow && narrow == name)
      return narrowFloat(uint8_t(code));
  return std::nullopt;
}

DLDataType carrierOf(DLDataType type) {
  auto bits = uint8_t(8 * dycc_element_bytes(type));
  if (type.code == kDLBfloat || data::isNarrowFloat(type))
    return {kDLUInt, bits, 1};
  return {type.code, bits, 1};
}

int64_t countElements(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  bool empty = false;
  for (int64_t extent : shape) {
    if (extent < 0)
      throw Refusal(fmt::format("extent is {}, expects none below 0", extent));
    empty |= extent == 0;
    if (extent > 0 && (__builtin_mul_overflow(count, extent, &count) ||
                       count > int64_t(1) << 40))
      throw Refusal("tensor has more than 2^40 elements");
  }
  return empty ? 0 : count;
}

HostTensor::HostTensor(DLDataType type, std::vector<int64_t> extents)
    : type(type), shape(std::move(extents)),
      bytes(uint64_t(countElements(shape)) * dycc_element_bytes(type)),
      strings(isString() ? countElements(shape) : 0) {}

HostTensor::HostTensor(const DLTensor &tensor)
    : HostTensor(tensor.dtype, {tensor.shape, tensor.shape + tensor.ndim}) {
  if (bytes.empty())
    return;
  memcpy(bytes.data(),
         static_cast<const char *>(tensor.data) + tensor.byte_offset,
         bytes.size());
  for (size_t i = 0; i < strings.size(); ++i) {
    dycc_string from;
    memcpy(&from, bytes.data() + i * sizeof(from), sizeof(from));
    strings[i].assign(from.data, from.size);
  }
}

int64_t HostTensor::count() const {
  return int64_t(bytes.size() / dycc_element_bytes(type));
}

void HostTensor::set(int64_t i, double number) {
  if (data::isNarrowFloat(type)) {
    bytes[i] = char(data::writeNarrow(type, number));
    return;
  }
  visit(type, [&](auto zero) {
    auto value = zero;
    if constexpr (std::is_same_v<decltype(value), Bfloat16>)
      value = Bfloat16::from(number);
    else
      value = static_cast<decltype(value)>(number);
    memcpy(bytes.data() + i * sizeof(value), &value, sizeof(value));
    return 0;
  });
}

std::string HostTensor::text(int64_t i, int digits) const {
  return isString() ? fmt::format("\"{}\"", strings[i])
                    : fmt::format("{:.{}g}", at(i), digits);
}

DLTensor HostTensor::view() {
  for (size_t i = 0; i < strings.size(); ++i) {
    dycc_string string = {strings[i].data(), strings[i].size()};
    memcpy(bytes.data() + i * sizeof(string), &string, sizeof(string));
  }
  // An empty vector has no address, and none is needed.
  return {bytes.data(),
          {kDLCPU, 0},
          int(shape.size()),
          type,
          shape.data(),
          nullptr,
          0};
}

std::string HostTensor::describe() const {
  return fmt::format("{}[{}]", nameOf(type), fmt::join(shape, ", "));
}

namespace {

[[noreturn]] void refuseText(std::string_view text, std::string_view why) {
  throw UsageError(fmt::format(
      "'{}': {}, expects extents and a type, like 1x3x64x64xf32", text, why));
}

template <typename T>
T parseNumber(std::string_view number, std::string_view text) {
  T value;
  auto [end, code] =
      std::from_chars(number.data(), number.data() + number.size(), value);
  if (code != std::errc() || end != number.data() + number.size())
    refuseText(text, fmt::format("'{}' is no number", number));
  return value;
}

/// What the elements are taken from; equal bounds: a constant.
struct Fill {
  double low, high;
};

Fill parseFill(std::string_view fill, std::string_view text) {
  size_t dots = fill.find("..");
  if (dots == std::string_view::npos) {
    double value = parseNumber<double>(fill, text);
    return {value, value};
  }
  return {parseNumber<double>(fill.substr(0, dots), text),
          parseNumber<double>(fill.substr(dots + 2), text)};
}

Fill defaultFill(DLDataType type) {
  if (type.code == kBool)
    return {0, 2};
  if (data::isFloat(type))
    return {-1, 1};
  // What integers of fewer than 8 bits have of 0 to 10.
  double most = std::ldexp(1.0, type.bits - (type.code == kDLInt));
  return {0, std::min(most, 10.0)};
}

/// Strings that are all `fill` behind its colon, or at random without one.
HostTensor makeStrings(std::vector<int64_t> shape, std::string_view fill,
                       uint64_t seed) {
  HostTensor tensor(kString, std::move(shape));
  std::mt19937_64 engine(seed);
  for (std::string &string : tensor.strings)
    string = fill.empty() ? fmt::format("s{}", engine() % 10)
                          : std::string(fill.substr(1));
  return tensor;
}

/// Appends the strings below `value`, which has to have the extents from `axis`
/// on. False where it does not.
bool collect(const json &value, HostTensor &tensor, size_t axis) {
  if (axis == tensor.shape.size()) {
    if (value.is_string())
      tensor.strings.push_back(value);
    return value.is_string();
  }
  if (!value.is_array() || int64_t(value.size()) != tensor.shape[axis])
    return false;
  for (const json &part : value)
    if (!collect(part, tensor, axis + 1))
      return false;
  return true;
}

json listOf(const HostTensor &tensor, size_t axis, size_t &next) {
  if (axis == tensor.shape.size())
    return tensor.strings[next++];
  json list = json::array();
  for (int64_t i = 0; i < tensor.shape[axis]; ++i)
    list.push_back(listOf(tensor, axis + 1, next));
  return list;
}

} // namespace

HostTensor parseStrings(std::string_view text, std::string_view origin) {
  json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  HostTensor tensor(kString, {0});
  tensor.shape.clear();
  for (const json *part = &value; part->is_array(); part = &part->front()) {
    tensor.shape.push_back(int64_t(part->size()));
    if (part->empty())
      break;
  }
  if (!collect(value, tensor, 0))
    throw Refusal(fmt::format("{}: expects a list of strings, or of such lists "
                              "of one length",
                              origin));
  tensor.bytes.resize(tensor.strings.size() * sizeof(dycc_string));
  return tensor;
}

std::string jsonOf(const HostTensor &strings) {
  size_t next = 0;
  return listOf(strings, 0, next)
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

HostTensor makeTensor(std::string_view text, uint64_t seed) {
  std::string_view head = text.substr(0, text.find(':'));
  std::vector<int64_t> shape;
  std::string_view rest = head;
  for (size_t x; (x = rest.find('x')) != std::string_view::npos;
       rest.remove_prefix(x + 1))
    shape.push_back(parseNumber<int64_t>(rest.substr(0, x), text));
  auto type = parseType(rest);
  if (!type)
    refuseText(text, fmt::format("'{}' is no element type", rest));
  if (type->code == DYCC_DTYPE_STRING)
    return makeStrings(std::move(shape), text.substr(head.size()), seed);
  Fill fill = head.size() == text.size()
                  ? defaultFill(*type)
                  : parseFill(text.substr(head.size() + 1), text);
  HostTensor tensor(*type, std::move(shape));
  std::mt19937_64 engine(seed);
  bool whole = !data::isFloat(*type);
  for (int64_t i = 0, n = tensor.count(); i < n; ++i) {
    // Not a standard distribution: those differ between libraries.
    double unit = double(engine() >> 11) * 0x1p-53;
    double value = fill.low + (fill.high - fill.low) * unit;
    tensor.set(i, whole ? std::floor(value) : value);
  }
  return tensor;
}

} // namespace dycc::run
