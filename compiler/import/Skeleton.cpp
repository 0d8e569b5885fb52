// Walks the wire format only where a message is long enough to hold bulk data:
// the many small nodes of a big graph are copied as they are.
#include "compiler/import/Skeleton.h"

#include <optional>

using llvm::Error;
using llvm::StringRef;

namespace dycc::import {
namespace {

/// The messages on a path from a model to a tensor.
enum class Message {
  Other,
  Model,
  Graph,
  Function,
  Node,
  Attribute,
  Tensor,
  SparseTensor
};

/// The message in field `field` of `parent`; field numbers are onnx.proto's.
Message childOf(Message parent, uint64_t field) {
  switch (parent) {
  case Message::Model:
    return field == 7    ? Message::Graph
           : field == 25 ? Message::Function
                         : Message::Other;
  case Message::Graph:
    return field == 1    ? Message::Node
           : field == 5  ? Message::Tensor
           : field == 15 ? Message::SparseTensor
                         : Message::Other;
  case Message::Function:
    return field == 7 ? Message::Node : Message::Other;
  case Message::Node:
    return field == 5 ? Message::Attribute : Message::Other;
  case Message::Attribute:
    return field == 5 || field == 10    ? Message::Tensor
           : field == 6 || field == 11  ? Message::Graph
           : field == 22 || field == 23 ? Message::SparseTensor
                                        : Message::Other;
  case Message::SparseTensor:
    return field == 1 || field == 2 ? Message::Tensor : Message::Other;
  case Message::Tensor:
  case Message::Other:
    return Message::Other;
  }
  llvm_unreachable("not a message");
}

constexpr uint64_t rawDataField = 9;
constexpr uint64_t bulkOffsetField = 20001;
constexpr uint64_t bulkLengthField = 20002;
enum WireType { Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5 };

void writeVarint(std::string &out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

class SkeletonWriter {
public:
  explicit SkeletonWriter(StringRef model) : model(model) {}

  /// Appends the message in [begin, end) of the model to `out`.
  Error copy(Message kind, size_t begin, size_t end, unsigned depth,
             std::string &out);

private:
  Error copyLength(Message kind, uint64_t field, size_t end, unsigned depth,
                   std::string &out);
  Error broken(size_t at, const llvm::Twine &what) const {
    return llvm::createStringError("no ONNX model: " + what + " at byte " +
                                   llvm::Twine(at));
  }
  std::optional<uint64_t> readVarint(size_t end);

  StringRef model;
  size_t position = 0;
};

std::optional<uint64_t> SkeletonWriter::readVarint(size_t end) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && position < end; shift += 7) {
    uint8_t byte = model[position++];
    value |= uint64_t(byte & 0x7f) << shift;
    if (byte < 0x80)
      return value;
  }
  return std::nullopt;
}

Error SkeletonWriter::copyLength(Message kind, uint64_t field, size_t end,
                                 unsigned depth, std::string &out) {
  std::optional<uint64_t> length = readVarint(end);
  if (!length)
    return broken(position, "broken length");
  if (*length > end - position)
    return broken(position, "truncated: a field of " + llvm::Twine(*length) +
                                " bytes where " + llvm::Twine(end - position) +
                                " are left");
  size_t begin = position;
  position += *length;
  if (*length >= bulkThreshold && kind == Message::Tensor &&
      field == rawDataField) {
    writeVarint(out, bulkOffsetField << 3 | Varint);
    writeVarint(out, begin);
    writeVarint(out, bulkLengthField << 3 | Varint);
    writeVarint(out, *length);
    return Error::success();
  }
  Message child = childOf(kind, field);
  writeVarint(out, field << 3 | Length);
  if (*length < bulkThreshold || child == Message::Other) {
    writeVarint(out, *length);
    out.append(model.data() + begin, *length);
    return Error::success();
  }
  std::string nested;
  if (Error error = copy(child, begin, begin + *length, depth + 1, nested))
    return error;
  writeVarint(out, nested.size());
  out += nested;
  return Error::success();
}

Error SkeletonWriter::copy(Message kind, size_t begin, size_t end,
                           unsigned depth, std::string &out) {
  if (depth > maxMessageDepth)
    return broken(begin, "nested deeper than " + llvm::Twine(maxMessageDepth) +
                             " levels");
  for (position = begin; position < end;) {
    size_t start = position;
    std::optional<uint64_t> tag = readVarint(end);
    if (!tag || *tag >> 3 == 0 || *tag >> 3 > 0x1fffffff)
      return broken(start, "broken field");
    switch (*tag & 7) {
    case Varint:
      if (!readVarint(end))
        return broken(start, "broken number");
      break;
    case Fixed64:
    case Fixed32:
      position += (*tag & 7) == Fixed64 ? 8 : 4;
      break;
    case Length:
      if (Error error = copyLength(kind, *tag >> 3, end, depth, out))
        return error;
      continue;
    default:
      return broken(start, "unknown wire type");
    }
    if (position > end)
      return broken(start, "truncated");
    // A file that brings the fields we add itself must not steer what we read.
    if (kind != Message::Tensor ||
        (*tag >> 3 != bulkOffsetField && *tag >> 3 != bulkLengthField))
      out.append(model.data() + start, position - start);
  }
  position = end;
  return Error::success();
}

} // namespace

llvm::Expected<std::string> makeSkeleton(StringRef model) {
  std::string out;
  SkeletonWriter writer(model);
  if (Error error = writer.copy(Message::Model, 0, model.size(), 0, out))
    return error;
  return out;
}

} // namespace dycc::import
