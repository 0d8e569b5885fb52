#ifndef DYCC_DIALECTS_ONNX_WEIGHTSTORE_H
#define DYCC_DIALECTS_ONNX_WEIGHTSTORE_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

namespace dycc::onnx {

/// Tensors with more bytes than this are blobs of the weight store.
inline constexpr size_t maxInlineBytes = 1024;

/// The bytes of one element as the weight store holds it: i1 and types
/// narrower than a byte take a byte, complex numbers twice their part. Zero
/// for types without bytes (strings).
size_t getElementBytes(mlir::Type elementType);

/// Makes a constant of `type` from row-major elements.
///
/// Up to `maxInlineBytes` it is a DenseElementsAttr. Beyond that it is a
/// DenseResourceElementsAttr whose blob is named by its content, so equal
/// tensors are one blob, and which points to `bytes` itself where they are
/// aligned to their element; `owner` keeps them alive. Needs the builtin
/// dialect only.
mlir::ElementsAttr getWeight(mlir::RankedTensorType type,
                             llvm::ArrayRef<char> bytes,
                             std::shared_ptr<const void> owner);

/// The same of bytes that a pass has computed.
mlir::ElementsAttr getWeight(mlir::RankedTensorType type,
                             std::vector<char> bytes);

/// A constant's elements, row-major, in the store's form.
class WeightBytes {
public:
  WeightBytes() = default;
  WeightBytes(WeightBytes &&) = default;
  WeightBytes &operator=(WeightBytes &&) = default;

  /// Valid as long as this object.
  llvm::ArrayRef<char> bytes() const { return view; }
  template <typename T>
  T at(size_t index) const {
    T value;
    std::memcpy(&value, view.data() + index * sizeof(T), sizeof(T));
    return value;
  }

private:
  friend std::optional<WeightBytes> getWeightBytes(mlir::ElementsAttr);
  llvm::ArrayRef<char> view;
  std::vector<char> owned; ///< Where the attribute had another form.
};

/// Reads a constant of either kind; a splat is written out. Nothing for
/// strings and for a blob that is not there.
std::optional<WeightBytes> getWeightBytes(mlir::ElementsAttr constant);

} // namespace dycc::onnx

#endif // DYCC_DIALECTS_ONNX_WEIGHTSTORE_H
