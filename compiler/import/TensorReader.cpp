#include "compiler/import/TensorReader.h"

#include "compiler/import/Types.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using dycc::proto::TensorProto;
using llvm::createStringError;
using llvm::Expected;
using llvm::Twine;

namespace dycc::import {
namespace {

/// No machine holds more; below it, byte counts cannot overflow.
constexpr uint64_t maxTensorBytes = uint64_t(1) << 48;

/// A sparse tensor is written out: its size is not bounded by the file's.
constexpr int64_t maxSparseElements = int64_t(1) << 28;

/// How many bits an element takes in the file, where that is less than a byte;
/// else 0. The first one is in the lowest bits.
unsigned packedBits(int dataType) {
  switch (dataType) {
  case TensorProto::FLOAT6E2M3:
  case TensorProto::FLOAT6E3M2:
    return 6;
  case TensorProto::UINT4:
  case TensorProto::INT4:
  case TensorProto::FLOAT4E2M1:
    return 4;
  case TensorProto::UINT2:
  case TensorProto::INT2:
    return 2;
  default:
    return 0;
  }
}

/// Appends the low bytes of `value` that an element of T has.
template <typename T, typename V>
void append(std::vector<char> &out, V value) {
  T element = static_cast<T>(value);
  const char *bytes = reinterpret_cast<const char *>(&element);
  out.insert(out.end(), bytes, bytes + sizeof(T));
}

template <typename T, typename Field>
std::vector<char> convert(const Field &field) {
  std::vector<char> out;
  out.reserve(field.size() * sizeof(T));
  for (auto value : field)
    append<T>(out, value);
  return out;
}

/// Reads one tensor; the steps share its type and size.
class TensorReader {
public:
  TensorReader(MLIRContext *context, ModelFile &file, const TensorProto &tensor)
      : context(context), file(file), tensor(tensor) {}

  Expected<ElementsAttr> read();

private:
  llvm::Error readType();
  Expected<ElementsAttr> readStrings();
  Expected<FileRange> readExternal();
  Expected<FileRange> readRaw();
  Expected<std::vector<char>> readFields();
  std::vector<char> readSixBits() const;
  Expected<ElementsAttr> finish(ArrayRef<char> bytes,
                                std::shared_ptr<const void> owner);
  std::vector<char> unpack(ArrayRef<char> packed) const;
  /// Whether the elements are numbers of the file's own, no run of bytes.
  bool isInFields() const {
    return tensor.data_location() != TensorProto::EXTERNAL &&
           !tensor.has_raw_data() && !tensor.has_bulk_offset();
  }
  /// Of six bits each has a number of its own there.
  unsigned bitsInFile() const {
    unsigned bits = packedBits(tensor.data_type());
    return bits == 6 && isInFields() ? 0 : bits;
  }
  /// How many bytes the elements take in the file.
  uint64_t fileBytes() const {
    unsigned bits = bitsInFile();
    return bits ? llvm::divideCeil(numElements * bits, 8)
                : numElements * elementBytes;
  }

  MLIRContext *context;
  ModelFile &file;
  const TensorProto &tensor;
  RankedTensorType type;
  uint64_t numElements = 1, elementBytes = 0;
};

llvm::Error TensorReader::readType() {
  Type element = getElementType(context, tensor.data_type());
  if (!element)
    return createStringError("element type " +
                             getDataTypeName(tensor.data_type()) +
                             " is not supported");
  elementBytes = onnx::getElementBytes(element);
  SmallVector<int64_t> dims;
  bool empty = false;
  for (int64_t dim : tensor.dims()) {
    if (dim < 0)
      return createStringError("negative extent " + Twine(dim));
    dims.push_back(dim);
    empty |= dim == 0;
  }
  for (int64_t dim : dims) {
    auto product = llvm::checkedMulUnsigned<uint64_t>(numElements, dim);
    if (!empty && (!product || *product > maxTensorBytes / 16))
      return createStringError("the extents' product overflows");
    numElements = empty ? 0 : *product;
  }
  if (tensor.has_segment())
    return createStringError("segments are not supported");
  type = RankedTensorType::get(dims, element);
  return llvm::Error::success();
}

Expected<ElementsAttr> TensorReader::readStrings() {
  if (uint64_t(tensor.string_data_size()) != numElements)
    return createStringError("has " + Twine(tensor.string_data_size()) +
                             " strings, expects " + Twine(numElements));
  SmallVector<StringRef> strings(tensor.string_data().begin(),
                                 tensor.string_data().end());
  return DenseStringElementsAttr::get(type, strings);
}

Expected<FileRange> TensorReader::readExternal() {
  StringRef location;
  uint64_t offset = 0, length = fileBytes();
  for (const auto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    uint64_t *number = key == "offset"   ? &offset
                       : key == "length" ? &length
                                         : nullptr;
    if (key == "location")
      location = value;
    else if (number && value.getAsInteger(10, *number))
      return createStringError("external data: " + key + " is \"" + value +
                               "\", expects a number");
  }
  if (length != fileBytes())
    return createStringError("external data of " + Twine(length) +
                             " bytes, expects " + Twine(fileBytes()));
  return file.external(location, offset, length);
}

Expected<FileRange> TensorReader::readRaw() {
  if (!tensor.has_bulk_offset())
    // A short one: the weight store keeps no reference to it.
    return FileRange{tensor.raw_data(), nullptr};
  return file.range(tensor.bulk_offset(), tensor.bulk_length());
}

Expected<std::vector<char>> TensorReader::readFields() {
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
  case TensorProto::COMPLEX64:
    return convert<float>(tensor.float_data());
  case TensorProto::DOUBLE:
  case TensorProto::COMPLEX128:
    return convert<double>(tensor.double_data());
  case TensorProto::INT64:
    return convert<int64_t>(tensor.int64_data());
  case TensorProto::UINT64:
    return convert<uint64_t>(tensor.uint64_data());
  case TensorProto::UINT32:
    return convert<uint32_t>(tensor.uint64_data());
  case TensorProto::INT32:
    return convert<int32_t>(tensor.int32_data());
  case TensorProto::FLOAT6E2M3:
  case TensorProto::FLOAT6E3M2:
    return readSixBits();
  default:
    // Of the narrower types, an element (for types below a byte: the byte that
    // holds several) takes one int32.
    return elementBytes == 2 ? convert<uint16_t>(tensor.int32_data())
                             : convert<uint8_t>(tensor.int32_data());
  }
}

std::vector<char> TensorReader::readSixBits() const {
  auto codes = convert<uint8_t>(tensor.int32_data());
  for (char &code : codes)
    code &= 0x3f;
  return codes;
}

std::vector<char> TensorReader::unpack(ArrayRef<char> packed) const {
  unsigned width = bitsInFile();
  bool isSigned = tensor.data_type() == TensorProto::INT4 ||
                  tensor.data_type() == TensorProto::INT2;
  std::vector<char> out(numElements);
  for (uint64_t i = 0; i < numElements; ++i) {
    uint64_t first = i * width / 8, last = (i * width + width - 1) / 8;
    unsigned bytes = uint8_t(packed[first]) | uint8_t(packed[last]) << 8;
    unsigned bits = bytes >> (i * width % 8) & ((1u << width) - 1);
    out[i] = isSigned ? char(llvm::SignExtend32(bits, width)) : char(bits);
  }
  return out;
}

Expected<ElementsAttr> TensorReader::finish(ArrayRef<char> bytes,
                                            std::shared_ptr<const void> owner) {
  if (bytes.size() != fileBytes())
    return createStringError("has " + Twine(bytes.size()) +
                             " bytes of data, expects " + Twine(fileBytes()));
  if (bitsInFile())
    return onnx::getWeight(type, unpack(bytes));
  auto isNoBool = [](char byte) { return uint8_t(byte) > 1; };
  if (tensor.data_type() == TensorProto::BOOL && llvm::any_of(bytes, isNoBool))
    return createStringError("has a boolean that is neither 0 nor 1");
  if (!owner || !llvm::sys::IsLittleEndianHost)
    return onnx::getWeight(type, std::vector<char>(bytes.begin(), bytes.end()));
  return onnx::getWeight(type, bytes, std::move(owner));
}

Expected<ElementsAttr> TensorReader::read() {
  if (llvm::Error error = readType())
    return error;
  if (tensor.data_type() == TensorProto::STRING)
    return readStrings();
  if (isInFields()) {
    auto fields = readFields();
    if (!fields)
      return fields.takeError();
    auto owner = std::make_shared<std::vector<char>>(std::move(*fields));
    return finish(*owner, owner);
  }
  bool isExternal = tensor.data_location() == TensorProto::EXTERNAL;
  auto range = isExternal ? readExternal() : readRaw();
  if (!range)
    return range.takeError();
  return finish(range->bytes, std::move(range->owner));
}

/// The row-major position of the `i`-th value of a sparse tensor, or nothing
/// where it lies outside.
std::optional<uint64_t> positionOf(const onnx::WeightBytes &indices, size_t i,
                                   ArrayRef<int64_t> shape, bool linear) {
  if (linear) {
    int64_t index = indices.at<int64_t>(i);
    if (index < 0 || index >= ShapedType::getNumElements(shape))
      return std::nullopt;
    return index;
  }
  uint64_t position = 0;
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    int64_t index = indices.at<int64_t>(i * shape.size() + axis);
    if (index < 0 || index >= extent)
      return std::nullopt;
    position = position * extent + index;
  }
  return position;
}

/// The dense elements, zero where nothing is given. `linear`: an index is a
/// row-major position, else it has a number per axis.
Expected<std::vector<char>> scatter(RankedTensorType type, bool linear,
                                    ElementsAttr values, ElementsAttr indices) {
  std::optional<onnx::WeightBytes> data = onnx::getWeightBytes(values);
  std::optional<onnx::WeightBytes> index = onnx::getWeightBytes(indices);
  if (!data || !index)
    return createStringError("sparse tensors of strings are not supported");
  size_t width = onnx::getElementBytes(type.getElementType());
  std::vector<char> out(type.getNumElements() * width);
  for (int64_t i = 0, n = values.getNumElements(); i < n; ++i) {
    auto position = positionOf(*index, i, type.getShape(), linear);
    if (!position)
      return createStringError("sparse index " + Twine(i) +
                               " is out of the tensor");
    std::memcpy(out.data() + *position * width,
                data->bytes().data() + i * width, width);
  }
  return out;
}

} // namespace

Expected<ElementsAttr> readTensor(MLIRContext *context, ModelFile &file,
                                  const TensorProto &tensor) {
  return TensorReader(context, file, tensor).read();
}

Expected<ElementsAttr>
readSparseTensor(MLIRContext *context, ModelFile &file,
                 const proto::SparseTensorProto &sparse) {
  auto values = readTensor(context, file, sparse.values());
  if (!values)
    return values.takeError();
  auto indices = readTensor(context, file, sparse.indices());
  if (!indices)
    return indices.takeError();
  uint64_t numElements = 1;
  for (int64_t dim : sparse.dims()) {
    auto product = llvm::checkedMul<int64_t>(numElements, dim);
    if (dim < 0 || !product || *product > maxSparseElements)
      return createStringError("sparse tensor of more than " +
                               Twine(maxSparseElements) + " elements");
    numElements = *product;
  }
  auto type = RankedTensorType::get(
      SmallVector<int64_t>(sparse.dims().begin(), sparse.dims().end()),
      values->getElementType());
  int64_t count = values->getNumElements();
  auto shape = cast<RankedTensorType>(indices->getType()).getShape();
  bool linear = shape.size() == 1 && shape[0] == count;
  bool perAxis =
      shape.size() == 2 && shape[0] == count && shape[1] == type.getRank();
  if (!indices->getElementType().isInteger(64) || (!linear && !perAxis))
    return createStringError("sparse indices of an unexpected type");
  auto dense = scatter(type, linear, *values, *indices);
  if (!dense)
    return dense.takeError();
  return onnx::getWeight(type, std::move(*dense));
}

} // namespace dycc::import
