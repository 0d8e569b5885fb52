// Reads the wire format by hand: linking the generated classes for all of
// ONNX into the tool, for one message with few fields, would be too much.
#include "tools/dycc-run/TensorProto.h"

#include "tools/dycc-run/Npy.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstring>
#include <filesystem>

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

namespace dycc::run {
namespace {

// Field numbers of onnx.TensorProto.
enum Field {
  kDims = 1,
  kDataType = 2,
  kFloatData = 4,
  kInt32Data = 5,
  kStringData = 6,
  kInt64Data = 7,
  kName = 8,
  kRawData = 9,
  kDoubleData = 10,
  kUint64Data = 11,
  kExternalData = 13
};

/// onnx.TensorProto.DataType, by number.
constexpr const char *kTypes[] = {"",    "f32", "u8", "i8",   "u16", "i16",
                                  "i32", "i64", "",   "bool", "f16", "f64",
                                  "u32", "u64", "",   "",     "bf16"};

/// The fields as they come; `numbers` holds varints and fixed words of
/// whichever data field there is.
struct Message {
  std::string name, raw;
  int64_t dataType = 0;
  bool hasRaw = false, external = false, strings = false;
  std::vector<int64_t> dims;
  std::vector<uint64_t> numbers;
};

/// Reads values of a repeated field, packed or one by one. `width` is 0 for
/// varints, else bytes.
bool readValues(CodedInputStream &in, uint32_t tag, int width,
                std::vector<uint64_t> &values) {
  auto readOne = [&] {
    uint64_t wide = 0;
    uint32_t narrow = 0;
    bool good = width == 4   ? in.ReadLittleEndian32(&narrow)
                : width == 8 ? in.ReadLittleEndian64(&wide)
                             : in.ReadVarint64(&wide);
    values.push_back(width == 4 ? narrow : wide);
    return good;
  };
  if (WireFormatLite::GetTagWireType(tag) !=
      WireFormatLite::WIRETYPE_LENGTH_DELIMITED)
    return readOne();
  int length;
  if (!in.ReadVarintSizeAsInt(&length))
    return false;
  auto limit = in.PushLimit(length);
  while (in.BytesUntilLimit() > 0)
    if (!readOne())
      return false;
  in.PopLimit(limit);
  return true;
}

bool readText(CodedInputStream &in, std::string &text) {
  int length;
  return in.ReadVarintSizeAsInt(&length) && in.ReadString(&text, length);
}

bool readField(CodedInputStream &in, uint32_t tag, Message &message) {
  std::vector<uint64_t> values;
  switch (WireFormatLite::GetTagFieldNumber(tag)) {
  case kDims:
    if (!readValues(in, tag, 0, values))
      return false;
    message.dims.insert(message.dims.end(), values.begin(), values.end());
    return true;
  case kDataType:
    if (!readValues(in, tag, 0, values) || values.empty())
      return false;
    message.dataType = int64_t(values.back());
    return true;
  case kName:
    return readText(in, message.name);
  case kRawData:
    message.hasRaw = true;
    return readText(in, message.raw);
  case kFloatData:
    return readValues(in, tag, 4, message.numbers);
  case kDoubleData:
    return readValues(in, tag, 8, message.numbers);
  case kInt32Data:
  case kInt64Data:
  case kUint64Data:
    return readValues(in, tag, 0, message.numbers);
  default:
    message.external |= WireFormatLite::GetTagFieldNumber(tag) == kExternalData;
    message.strings |= WireFormatLite::GetTagFieldNumber(tag) == kStringData;
    return WireFormatLite::SkipField(&in, tag);
  }
}

Message parse(const std::string &text, const std::string &path) {
  CodedInputStream in(reinterpret_cast<const uint8_t *>(text.data()),
                      int(text.size()));
  Message message;
  while (uint32_t tag = in.ReadTag())
    if (!readField(in, tag, message))
      throw Refusal(fmt::format("'{}': is cut off or no tensor", path));
  if (!in.ConsumedEntireMessage())
    throw Refusal(fmt::format("'{}': is cut off or no tensor", path));
  return message;
}

DLDataType typeOf(const Message &message, const std::string &path) {
  size_t index = size_t(message.dataType);
  auto type =
      index < std::size(kTypes) ? parseType(kTypes[index]) : std::nullopt;
  if (!type || message.strings)
    throw Refusal(fmt::format("'{}': element type {} of ONNX is not supported",
                              path, message.dataType));
  return *type;
}

} // namespace

NamedTensor readTensorProto(const std::string &path) {
  std::error_code code; // Where there is no size readFile() says why.
  if (uintmax_t size = std::filesystem::file_size(path, code);
      !code && size > INT32_MAX)
    throw Refusal(fmt::format("'{}': is larger than 2 GB", path));
  std::string text = readFile(path);
  Message message = parse(text, path);
  if (message.external)
    throw Refusal(
        fmt::format("'{}': data in another file is not supported", path));
  HostTensor tensor(typeOf(message, path), message.dims);
  size_t size = tensor.type.bits / 8;
  size_t found =
      message.hasRaw ? message.raw.size() : message.numbers.size() * size;
  if (found != tensor.bytes.size())
    throw Refusal(fmt::format("'{}': has {} bytes of data, expects {}", path,
                              found, tensor.bytes.size()));
  if (message.hasRaw)
    std::copy(message.raw.begin(), message.raw.end(), tensor.bytes.begin());
  else // Little-endian: the low bytes are the value in every width.
    for (size_t i = 0; i < message.numbers.size(); ++i)
      memcpy(&tensor.bytes[i * size], &message.numbers[i], size);
  return {message.name, std::move(tensor)};
}

} // namespace dycc::run
