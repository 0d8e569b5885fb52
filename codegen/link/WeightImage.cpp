#include "codegen/link/WeightImage.h"

#include "dialects/dyn/Layout.h"
#include "dialects/dyn/Plan.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/StringTable.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <map>

using namespace mlir;

namespace dycc::codegen {
namespace {

/// The elements in row-major order, a byte for each bool, a handle for each
/// string.
std::vector<char> rowMajorBytes(ElementsAttr elements,
                                const onnx::StringTable &strings) {
  if (isa<DenseStringElementsAttr>(elements))
    return strings.handlesOf(elements);
  int64_t width = dyn::getElementBytes(elements.getElementType());
  std::vector<char> bytes(elements.getNumElements() * width);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    ArrayRef<char> data = resource.getRawHandle().getBlob()->getData();
    bytes.assign(data.begin(), data.end());
    return bytes;
  }
  auto dense = cast<DenseElementsAttr>(elements);
  if (elements.getElementType().isInteger(1)) {
    llvm::copy(dense.getValues<bool>(), bytes.begin());
    return bytes;
  }
  ArrayRef<char> data = dense.getRawData();
  if (!dense.isSplat()) {
    bytes.assign(data.begin(), data.end());
    return bytes;
  }
  for (size_t at = 0; at < bytes.size(); at += width)
    std::copy_n(data.begin(), width, bytes.begin() + at);
  return bytes;
}

} // namespace

std::vector<PackedWeight> packWeights(func::FuncOp function) {
  std::map<int64_t, std::pair<ElementsAttr, Type>> placed;
  function.walk([&](Operation *op) {
    auto convert = dyn_cast<dyn::ConvertLayoutOp>(op);
    auto constant = convert
                        ? convert.getInput().getDefiningOp<onnx::ConstantOp>()
                        : dyn_cast<onnx::ConstantOp>(op);
    // An empty one shares its offset with what comes next.
    if (!constant || constant.getValue().empty())
      return;
    dyn::PlaceAttr place = dyn::getPlace(op->getResult(0));
    if (!place)
      return;
    placed.insert(
        {place.getIndex(), {constant.getValue(), op->getResult(0).getType()}});
  });
  onnx::StringTable strings(function);
  std::vector<PackedWeight> result;
  for (auto &[offset, weight] : placed)
    result.push_back({offset, dyn::pack(rowMajorBytes(weight.first, strings),
                                        weight.second)});
  return result;
}

} // namespace dycc::codegen
