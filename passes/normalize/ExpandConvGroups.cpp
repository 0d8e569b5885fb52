// Register tiles are as wide as vectors. Where a group of a convolution has
// many results but no whole number of vectors, tiles lie across the border of
// two groups, whose lanes read different channels, one by one: so each group
// becomes a convolution of its own. Groups of a few results stay together: a
// tile of each would be mostly empty.
#include "passes/normalize/Expansions.h"

using namespace mlir;

namespace dycc {

/// Whether a convolution of filters of that shape is faster group by group.
static bool isFasterApart(ArrayRef<int64_t> filter, int64_t groups) {
  // Measured with vectors of 16 elements; narrower ones divide them.
  constexpr int64_t fewest = 12, lanes = 16;
  if (groups < 2 || filter.size() < 3 || filter[0] % groups != 0)
    return false;
  int64_t results = filter[0] / groups;
  return filter[1] > 1 && results >= fewest && results % lanes != 0;
}

Value expand(OnnxBuilder &b, onnx::ConvOp op) {
  ElementsAttr filter = constantOf(op.getW());
  int64_t groups = op.getGroup();
  if (!filter || !isFasterApart(filter.getShapedType().getShape(), groups))
    return {};
  ArrayRef<int64_t> shape = filter.getShapedType().getShape();
  SmallVector<int64_t> read(groups, shape[1]), made(groups, shape[0] / groups);
  SmallVector<Value> images = b.split(op.getX(), 1, read),
                     filters = b.split(op.getW(), 0, made), biases(groups);
  if (op.getB())
    biases = b.split(op.getB(), 0, made);
  SmallVector<NamedAttribute> attributes = attributesOf(op);
  llvm::erase_if(attributes, [&](NamedAttribute attribute) {
    return attribute.getName() == op.getGroupAttrName();
  });
  SmallVector<Value> results;
  for (auto [image, part, bias] : llvm::zip_equal(images, filters, biases))
    results.push_back(b.create("Conv", {image, part, bias}, attributes));
  return b.concat(results, 1);
}

} // namespace dycc
