#include "codegen/link/WeightImage.h"

#include "dialects/dyn/Plan.h"
#include "dialects/onnx/OnnxSource.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <map>

using namespace mlir;

namespace dycc::codegen {
namespace {

/// The elements in row-major order, a byte for each bool.
std::vector<char> rowMajorBytes(ElementsAttr elements) {
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

/// Rearranges `source` (outer, inner taps, depth) so that blocks of `width`
/// outer entries lie innermost: element (o, t, d) of strides `outer`, `tap`,
/// `deep` goes to [o / width][t][d][o % width].
struct PanelShape {
  int64_t count, taps, depth;                  ///< Extents of o, t, d.
  int64_t outerStride, tapStride, depthStride; ///< In `source`.
};

std::vector<char> packPanels(ArrayRef<char> source, const PanelShape &shape,
                             int64_t width, int64_t elementBytes) {
  int64_t blocks = llvm::divideCeil(shape.count, width);
  std::vector<char> result(blocks * shape.taps * shape.depth * width *
                           elementBytes);
  char *target = result.data();
  for (int64_t block = 0; block < blocks; ++block)
    for (int64_t tap = 0; tap < shape.taps; ++tap)
      for (int64_t deep = 0; deep < shape.depth; ++deep)
        for (int64_t lane = 0; lane < width; ++lane, target += elementBytes) {
          int64_t outer = block * width + lane;
          if (outer >= shape.count)
            continue; // Zero beyond the last channel.
          int64_t index = outer * shape.outerStride + tap * shape.tapStride +
                          deep * shape.depthStride;
          std::copy_n(source.data() + index * elementBytes, elementBytes,
                      target);
        }
  return result;
}

std::vector<char> pack(ElementsAttr elements, Type type) {
  std::vector<char> plain = rowMajorBytes(elements);
  dyn::LayoutAttr layout = dyn::getLayout(type);
  if (!layout)
    return plain;
  assert(layout.getKind() == dyn::LayoutKind::Panels &&
         "dycc-assign-layouts gives constants no other layout");
  ArrayRef<int64_t> dims = cast<RankedTensorType>(type).getShape();
  int64_t bytes = dyn::getElementBytes(elements.getElementType());
  if (dims.size() == 2) // (k, n): columns are the panels.
    return packPanels(plain, {dims[1], 1, dims[0], 1, 0, dims[1]},
                      layout.getWidth(), bytes);
  int64_t taps = 1;
  for (int64_t extent : dims.drop_front(2))
    taps *= extent;
  return packPanels(plain, {dims[0], taps, dims[1], dims[1] * taps, 1, taps},
                    layout.getWidth(), bytes);
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
  std::vector<PackedWeight> result;
  for (auto &[offset, weight] : placed)
    result.push_back({offset, pack(weight.first, weight.second)});
  return result;
}

} // namespace dycc::codegen
