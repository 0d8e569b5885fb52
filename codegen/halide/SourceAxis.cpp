#include "codegen/halide/SourceAxis.h"

#include "codegen/halide/Attributes.h"
#include "dialects/onnx/OnnxFacts.h"

namespace dycc::halide {

std::optional<int> sourceAxis(KernelBuilder &builder, mlir::Value value) {
  Dims dims = builder.dims(value);
  std::vector<int> axisInResult(dims.size()); // Of each axis of `value`.
  for (size_t axis = 0; axis < dims.size(); ++axis)
    axisInResult[axis] = static_cast<int>(axis);
  while (mlir::Operation *op = value.getDefiningOp()) {
    mlir::Value next;
    if (op->getName().getStringRef() == "onnx.Transpose") {
      next = op->getOperand(0);
      std::vector<int> of(axisInResult.size());
      int last = static_cast<int>(of.size()) - 1;
      std::vector<int64_t> perm = intsAttribute(op, "perm", {});
      for (int i = 0; i <= last; ++i)
        of[perm.empty() ? last - i : perm[i]] = axisInResult[i];
      axisInResult = of;
    } else if (onnx::has(op, onnx::Fact::Pointwise)) {
      for (mlir::Value operand : op->getOperands())
        if (!next && builder.dims(operand) == builder.dims(value))
          next = operand;
    }
    if (!next)
      return std::nullopt;
    value = next;
  }
  Store source{{}, builder.dims(value), 4, builder.isChannelsLast(value)};
  for (int axis : source.memoryOrder())
    if (!source.dims[axis].isConstant(1))
      return axisInResult[axis];
  return std::nullopt;
}

} // namespace dycc::halide
