// The blobs live in the builtin dialect's manager: they are printed and parsed
// with the module, and die with the context.
#include "dialects/onnx/WeightStore.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

using namespace mlir;

namespace dycc::onnx {

size_t getElementBytes(Type elementType) {
  if (auto complex = dyn_cast<ComplexType>(elementType))
    return 2 * getElementBytes(complex.getElementType());
  if (!elementType.isIntOrFloat())
    return 0;
  return llvm::divideCeil(elementType.getIntOrFloatBitWidth(), 8);
}

/// The small form. Booleans are bit-packed there.
static ElementsAttr getDense(RankedTensorType type, ArrayRef<char> bytes) {
  if (!type.getElementType().isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  SmallVector<bool> values;
  for (char byte : bytes)
    values.push_back(byte != 0);
  return DenseElementsAttr::get(type, values);
}

/// Two tensors of one content are one blob, whatever their types are.
static std::string nameOf(ArrayRef<char> bytes) {
  ArrayRef<uint8_t> data(reinterpret_cast<const uint8_t *>(bytes.data()),
                         bytes.size());
  return "w" + llvm::toHex(llvm::BLAKE3::hash<16>(data), /*LowerCase=*/true);
}

ElementsAttr getWeight(RankedTensorType type, ArrayRef<char> bytes,
                       std::shared_ptr<const void> owner) {
  size_t element = getElementBytes(type.getElementType());
  assert(element && bytes.size() == element * type.getNumElements() &&
         "the caller has checked the size");
  if (bytes.size() <= maxInlineBytes)
    return getDense(type, bytes);
  // Readers may look at the bytes as an array of their type.
  size_t align = std::min<size_t>(llvm::PowerOf2Ceil(element), 8);
  if (reinterpret_cast<uintptr_t>(bytes.data()) % align)
    return getWeight(type, std::vector<char>(bytes.begin(), bytes.end()));

  auto &manager =
      DenseResourceElementsHandle::getManagerInterface(type.getContext());
  auto *dialect = type.getContext()->getLoadedDialect<BuiltinDialect>();
  std::string name = nameOf(bytes);
  if (auto *entry = manager.getBlobManager().lookup(name))
    return DenseResourceElementsAttr::get(
        type, DenseResourceElementsHandle(entry, dialect));
  AsmResourceBlob blob(
      bytes, align,
      [owner = std::move(owner)](void *, size_t, size_t) mutable {
        owner.reset();
      },
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type,
                                        manager.insert(name, std::move(blob)));
}

ElementsAttr getWeight(RankedTensorType type, std::vector<char> bytes) {
  auto owner = std::make_shared<std::vector<char>>(std::move(bytes));
  return getWeight(type, *owner, owner);
}

/// Writes the small form out: one byte per boolean, every element of a splat.
static std::vector<char> expand(DenseElementsAttr dense) {
  std::vector<char> bytes;
  if (dense.getElementType().isInteger(1)) {
    for (bool value : dense.getValues<bool>())
      bytes.push_back(value);
    return bytes;
  }
  ArrayRef<char> raw = dense.getRawData();
  for (int64_t i = 0, n = dense.getNumElements(); i < n; ++i)
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  return bytes;
}

std::optional<WeightBytes> getWeightBytes(ElementsAttr constant) {
  WeightBytes result;
  if (!getElementBytes(constant.getElementType()))
    return std::nullopt;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant)) {
    const AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return std::nullopt;
    result.view = blob->getData();
    return result;
  }
  auto dense = dyn_cast<DenseIntOrFPElementsAttr>(constant);
  if (!dense)
    return std::nullopt;
  if (dense.isSplat() || dense.getElementType().isInteger(1)) {
    result.owned = expand(dense);
    result.view = result.owned;
  } else {
    result.view = dense.getRawData();
  }
  return result;
}

} // namespace dycc::onnx
