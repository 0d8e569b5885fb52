// Reads onnx.TensorProto, the form of ONNX's test data, by hand: nothing but
// the C++17 standard library and dycc's own header, since other projects
// compile it for their targets.
#ifndef DYCC_PROTO_TENSOR_HPP
#define DYCC_PROTO_TENSOR_HPP

#include <dycc/runtime.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace dycc::data {

/// dycc's type of strings, DYCC_DTYPE_STRING of dycc/runtime.h.
constexpr DLDataType kString{200, 128, 1};

/// A tensor with its elements in row-major order.
struct ProtoTensor {
  std::string name;
  DLDataType type{};
  std::vector<std::int64_t> shape;
  std::vector<char> bytes;          ///< Of numbers.
  std::vector<std::string> strings; ///< Of kString.
};

/// What a file is refused for; the text does not name the file.
struct BadTensor : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

/// DLPack's types by the number of ONNX's; 0 bits: it has no tensors here.
inline DLDataType typeOf(std::uint64_t number) {
  constexpr std::uint8_t real = kDLFloat, whole = kDLInt, natural = kDLUInt;
  constexpr DLDataType types[] = {{0, 0, 0},
                                  {real, 32, 1},
                                  {natural, 8, 1},
                                  {whole, 8, 1},
                                  {natural, 16, 1},
                                  {whole, 16, 1},
                                  {whole, 32, 1},
                                  {whole, 64, 1},
                                  kString,
                                  {6, 8, 1},
                                  {real, 16, 1},
                                  {real, 64, 1},
                                  {natural, 32, 1},
                                  {natural, 64, 1},
                                  {0, 0, 0},
                                  {0, 0, 0},
                                  {kDLBfloat, 16, 1},
                                  {DYCC_DTYPE_FLOAT8_E4M3FN, 8, 1},
                                  {DYCC_DTYPE_FLOAT8_E4M3FNUZ, 8, 1},
                                  {DYCC_DTYPE_FLOAT8_E5M2, 8, 1},
                                  {DYCC_DTYPE_FLOAT8_E5M2FNUZ, 8, 1},
                                  {natural, 4, 1},
                                  {whole, 4, 1},
                                  {DYCC_DTYPE_FLOAT4_E2M1FN, 4, 1},
                                  {DYCC_DTYPE_FLOAT8_E8M0FNU, 8, 1},
                                  {natural, 2, 1},
                                  {whole, 2, 1},
                                  {DYCC_DTYPE_FLOAT6_E2M3FN, 6, 1},
                                  {DYCC_DTYPE_FLOAT6_E3M2FN, 6, 1}};
  return number < sizeof(types) / sizeof(types[0]) ? types[number] : types[0];
}

/// The fields of a message, one after the other.
class Wire {
public:
  explicit Wire(std::string_view text) : rest(text) {}

  bool empty() const { return rest.empty(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= std::uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
    return refuse(), 0;
  }

  std::string_view take(std::uint64_t count) {
    if (count > rest.size())
      refuse();
    std::string_view part = rest.substr(0, count);
    rest.remove_prefix(count);
    return part;
  }

  std::string_view text() { return take(varint()); }

  /// A little-endian number of `width` bytes; 0: a varint.
  std::uint64_t number(std::size_t width) {
    if (width == 0)
      return varint();
    std::uint64_t value = 0;
    std::string_view part = take(width);
    for (std::size_t i = width; i-- > 0;)
      value = value << 8 | static_cast<unsigned char>(part[i]);
    return value;
  }

  /// Skips a field of this wire type.
  void skip(unsigned wireType) {
    if (wireType == 0)
      varint();
    else if (wireType == 1 || wireType == 5)
      take(wireType == 1 ? 8 : 4);
    else if (wireType == 2)
      text();
    else
      refuse();
  }

private:
  [[noreturn]] static void refuse() {
    throw BadTensor("is cut off or no tensor");
  }

  std::string_view rest;
};

/// The fields as they come.
struct Message {
  std::string_view name, raw;
  std::uint64_t type = 0;
  bool hasRaw = false, isExternal = false;
  std::vector<std::string> strings;
  std::vector<std::int64_t> dims;
  std::vector<std::uint64_t> numbers; ///< Of whichever data field there is.
};

/// Adds the values of a repeated field, packed or one by one.
template <typename T>
void readNumbers(Wire &wire, unsigned wireType, std::size_t width,
                 std::vector<T> &values) {
  if (wireType != 2) {
    values.push_back(static_cast<T>(wire.number(width)));
    return;
  }
  Wire packed(wire.text());
  while (!packed.empty())
    values.push_back(static_cast<T>(packed.number(width)));
}

inline void readField(Wire &wire, Message &message) {
  std::uint64_t tag = wire.varint(), field = tag >> 3;
  unsigned wireType = tag & 7;
  if (field == 1)
    return readNumbers(wire, wireType, 0, message.dims);
  if (field == 4 || field == 10) // float_data, double_data
    return readNumbers(wire, wireType, field == 4 ? 4 : 8, message.numbers);
  if (field == 5 || field == 7 || field == 11) // int32, int64, uint64
    return readNumbers(wire, wireType, 0, message.numbers);
  if (field == 2 && wireType == 0) {
    message.type = wire.varint();
  } else if (field == 8 && wireType == 2) {
    message.name = wire.text();
  } else if (field == 9 && wireType == 2) {
    message.hasRaw = true;
    message.raw = wire.text();
  } else if (field == 6 && wireType == 2) {
    message.strings.emplace_back(wire.text());
  } else {
    message.isExternal |= field == 13;
    wire.skip(wireType);
  }
}

/// The elements of fields of numbers: the low bytes, in every width.
inline std::vector<char> narrow(const std::vector<std::uint64_t> &numbers,
                                std::size_t width) {
  std::vector<char> bytes(numbers.size() * width);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(numbers[i / width] >> (8 * (i % width)));
  return bytes;
}

/// Elements of fewer than 8 bits, which lie in a row in the file, the first one
/// in the lowest bits: each as a byte of its own.
inline std::vector<char> unpack(const std::vector<char> &packed,
                                DLDataType type, std::uint64_t count) {
  std::vector<char> bytes(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t bit = i * type.bits, last = (bit + type.bits - 1) / 8;
    auto byteAt = [&](std::uint64_t at) -> unsigned {
      return static_cast<unsigned char>(packed[at]);
    };
    unsigned both = byteAt(bit / 8) | byteAt(last) << 8;
    unsigned low = both >> bit % 8 & ((1u << type.bits) - 1);
    bool isNegative = type.code == kDLInt && low >> (type.bits - 1);
    bytes[i] = static_cast<char>(isNegative ? low | ~0u << type.bits : low);
  }
  return bytes;
}

/// Bytes of a tensor of these extents.
inline std::uint64_t countBytes(const std::vector<std::int64_t> &shape,
                                std::uint64_t width) {
  std::uint64_t bytes = width;
  for (std::int64_t extent : shape) {
    if (extent < 0)
      throw BadTensor("extent is " + std::to_string(extent) +
                      ", expects none below 0");
    if (extent > 0 && bytes > (std::uint64_t(1) << 48) / std::uint64_t(extent))
      throw BadTensor("has more than 2^48 bytes");
    bytes *= std::uint64_t(extent);
  }
  return bytes;
}

} // namespace detail

/// The tensor in `text`, the bytes of a file. Throws BadTensor.
inline ProtoTensor readProtoTensor(std::string_view text) {
  detail::Wire wire(text);
  detail::Message message;
  while (!wire.empty())
    detail::readField(wire, message);
  DLDataType type = detail::typeOf(message.type);
  bool isString = type.code == kString.code;
  if (type.bits == 0 || (!message.strings.empty() && !isString))
    throw BadTensor("element type " + std::to_string(message.type) +
                    " of ONNX is not supported");
  if (message.isExternal)
    throw BadTensor("data in another file is not supported");
  ProtoTensor tensor{std::string(message.name), type, message.dims, {}, {}};
  if (isString) {
    tensor.strings = std::move(message.strings);
    std::uint64_t expected = detail::countBytes(tensor.shape, 1);
    if (tensor.strings.size() != expected)
      throw BadTensor("has " + std::to_string(tensor.strings.size()) +
                      " strings, expects " + std::to_string(expected));
    return tensor;
  }
  std::size_t width = dycc_element_bytes(type);
  tensor.bytes = message.hasRaw
                     ? std::vector<char>(message.raw.begin(), message.raw.end())
                     : detail::narrow(message.numbers, width);
  std::uint64_t count = detail::countBytes(tensor.shape, width);
  // Of 6 bits each has a number of its own.
  bool isPacked = type.bits < 8 && (message.hasRaw || type.bits != 6);
  std::uint64_t expected = isPacked ? (count * type.bits + 7) / 8 : count;
  if (tensor.bytes.size() != expected)
    throw BadTensor("has " + std::to_string(tensor.bytes.size()) +
                    " bytes of data, expects " + std::to_string(expected));
  if (isPacked)
    tensor.bytes = detail::unpack(tensor.bytes, type, count);
  return tensor;
}

} // namespace dycc::data

#endif // DYCC_PROTO_TENSOR_HPP
