// Operators on quantised numbers: what they stand for between a dequantisation
// and a quantisation. Where ONNX Runtime documents a sum or product of steps,
// that is computed: integers, exact in f32, times one factor.
#include "compiler/import/contributed/Contributed.h"

#include "compiler/import/Types.h"
#include "compiler/import/Upgrades.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {

Value dequantized(OpEmitter &emitter, Value x, Value scale, Value point) {
  return emitter.emit("DequantizeLinear",
                      {x, asScalar(emitter, scale), asScalar(emitter, point)});
}

Value quantized(OpEmitter &emitter, Value y, Value scale, Value point,
                Type to) {
  if (point)
    return emitter.emit("QuantizeLinear", {y, asScalar(emitter, scale),
                                           asScalar(emitter, point)});
  return emitter.emit("QuantizeLinear", {y, asScalar(emitter, scale)},
                      emitter.attr("output_dtype", getDataType(to)));
}

Value requantized(OpEmitter &emitter, Value sums, Value factor, Value point,
                  Type to) {
  Value steps = emitter.emit("Mul", {sums, factor});
  Value one = emitter.scalar(emitter.getBuilder().getF32Type(), 1);
  return quantized(emitter, steps, one, point, to);
}

namespace {

/// Steps of which the zero point is a part when they are rounded, as those of
/// sums, products and means are: of a half beside an odd point that gives
/// another step than rounding first.
Value roundedWithPoint(OpEmitter &emitter, Value steps, Value point, Type to) {
  Type f32 = emitter.getBuilder().getF32Type();
  if (point)
    steps = emitter.emit(
        "Add", {steps, castTo(emitter, asScalar(emitter, point), f32)});
  return quantized(emitter, steps, emitter.scalar(f32, 1), Value(), to);
}

/// An operator with one quantised operand and one result: `compute` between
/// them. Scale and zero point follow the operand, those of the result these.
template <typename Compute>
LogicalResult expandBetween(NodeForm &form, OpEmitter &emitter,
                            Compute compute) {
  Value x =
      dequantized(emitter, form.operand(0), form.operand(1), form.operand(2));
  form.results = {quantized(emitter, compute(x), form.operand(3),
                            form.operand(4), elementTypeOf(form.operand(0)))};
  return success();
}

LogicalResult expandSigmoid(NodeForm &form, OpEmitter &emitter) {
  return expandBetween(form, emitter,
                       [&](Value x) { return emitter.emit("Sigmoid", x); });
}

LogicalResult expandLeakyRelu(NodeForm &form, OpEmitter &emitter) {
  return expandBetween(form, emitter, [&](Value x) {
    double alpha = getFloat(form, "alpha", 0.01);
    return emitter.emit("LeakyRelu", x, floatAttr(emitter, "alpha", alpha));
  });
}

/// In the form of the opset that the node names.
LogicalResult expandSoftmax(NodeForm &form, OpEmitter &emitter) {
  return expandBetween(form, emitter, [&](Value x) {
    int64_t opset = form.getInt("opset", 0);
    NodeForm softmax;
    softmax.op = "Softmax";
    softmax.operands = {x};
    softmax.wanted = {true};
    softmax.attributes.append(
        emitter.attr("axis", form.getInt("axis", opset < 13 ? 1 : -1)));
    if (failed(upgradeToNewest(softmax, static_cast<int>(opset), emitter)))
      return Value();
    if (softmax.results.empty())
      return emitter.emit(softmax.op, x, softmax.attributes.getAttrs());
    return softmax.results.front();
  });
}

LogicalResult expandReduceMean(NodeForm &form, OpEmitter &emitter) {
  return expandBetween(form, emitter, [&](Value x) {
    auto axes = cast<DenseI64ArrayAttr>(form.attributes.get("axes"));
    return emitter.emit("ReduceMean", {x, emitter.vector(axes.asArrayRef())},
                        emitter.attr("keepdims", form.getInt("keepdims", 1)));
  });
}

/// The attributes of a pooling without that of the layout.
SmallVector<NamedAttribute> windowOf(const NodeForm &form) {
  SmallVector<NamedAttribute> window;
  for (NamedAttribute attribute : form.attributes)
    if (attribute.getName() != "channels_last")
      window.push_back(attribute);
  return window;
}

int64_t imageRank(const NodeForm &form) {
  return cast<DenseI64ArrayAttr>(form.attributes.get("kernel_shape")).size() +
         2;
}

LogicalResult expandAveragePool(NodeForm &form, OpEmitter &emitter) {
  bool isLast = form.getInt("channels_last", 0) != 0;
  Value y =
      dequantized(emitter, form.operand(0), form.operand(1), form.operand(2));
  if (isLast)
    y = channelsFirst(emitter, y, imageRank(form));
  y = emitter.emit("AveragePool", y, windowOf(form));
  if (isLast)
    y = channelsLast(emitter, y, imageRank(form));
  Value steps = emitter.emit("Div", {y, asScalar(emitter, form.operand(3))});
  form.results = {roundedWithPoint(emitter, steps, form.operand(4),
                                   elementTypeOf(form.operand(0)))};
  return success();
}

LogicalResult expandNhwcMaxPool(NodeForm &form, OpEmitter &emitter) {
  Value x = channelsFirst(emitter, form.operand(0), imageRank(form));
  Value y = emitter.emit("MaxPool", x, windowOf(form));
  form.results = {channelsLast(emitter, y, imageRank(form))};
  return success();
}

/// The numbers of steps from the zero point, as f32.
Value stepsOf(OpEmitter &emitter, Value x, Value point) {
  Type f32 = emitter.getBuilder().getF32Type();
  Value steps = castTo(emitter, x, f32);
  if (!point)
    return steps;
  return emitter.emit("Sub",
                      {steps, castTo(emitter, asScalar(emitter, point), f32)});
}

LogicalResult expandGlobalAveragePool(NodeForm &form, OpEmitter &emitter) {
  if (form.getInt("channels_last", 0))
    return emitter.error() << "channels_last is not supported";
  Value mean = emitter.emit("GlobalAveragePool",
                            stepsOf(emitter, form.operand(0), form.operand(2)));
  Value factor = emitter.emit("Div", {asScalar(emitter, form.operand(1)),
                                      asScalar(emitter, form.operand(3))});
  form.results = {requantized(emitter, mean, factor, form.operand(4),
                              elementTypeOf(form.operand(0)))};
  return success();
}

LogicalResult expandAdd(NodeForm &form, OpEmitter &emitter) {
  auto part = [&](size_t i) {
    return dequantized(emitter, form.operand(i), form.operand(i + 1),
                       form.operand(i + 2));
  };
  Value sum = emitter.emit("Add", {part(0), part(3)});
  Value steps = emitter.emit("Div", {sum, asScalar(emitter, form.operand(6))});
  form.results = {roundedWithPoint(emitter, steps, form.operand(7),
                                   elementTypeOf(form.operand(0)))};
  return success();
}

LogicalResult expandMul(NodeForm &form, OpEmitter &emitter) {
  Value product =
      emitter.emit("Mul", {stepsOf(emitter, form.operand(0), form.operand(2)),
                           stepsOf(emitter, form.operand(3), form.operand(5))});
  auto scale = [&](size_t i) { return asScalar(emitter, form.operand(i)); };
  Value factor = emitter.emit(
      "Div", {emitter.emit("Mul", {scale(1), scale(4)}), scale(6)});
  form.results = {
      roundedWithPoint(emitter, emitter.emit("Mul", {product, factor}),
                       form.operand(7), elementTypeOf(form.operand(0)))};
  return success();
}

/// Operands after the result's scale and zero point: a tensor, its scale and
/// its zero point, of each part.
LogicalResult expandConcat(NodeForm &form, OpEmitter &emitter) {
  ArrayRef<Value> parts = ArrayRef(form.operands).drop_front(2);
  if (parts.empty() || parts.size() % 3)
    return emitter.error() << "expects three inputs for each tensor, got "
                           << parts.size();
  SmallVector<Value> values;
  for (; !parts.empty(); parts = parts.drop_front(3))
    values.push_back(dequantized(emitter, parts[0], parts[1], parts[2]));
  Value all = emitter.emit("Concat", values,
                           emitter.attr("axis", form.getInt("axis", 0)));
  form.results = {quantized(emitter, all, form.operand(0), form.operand(1),
                            elementTypeOf(form.operand(1)))};
  return success();
}

LogicalResult expandWhere(NodeForm &form, OpEmitter &emitter) {
  auto part = [&](size_t i) {
    return dequantized(emitter, form.operand(i), form.operand(i + 1),
                       form.operand(i + 2));
  };
  Value chosen = emitter.emit("Where", {form.operand(0), part(1), part(4)});
  form.results = {quantized(emitter, chosen, form.operand(7), form.operand(8),
                            elementTypeOf(form.operand(1)))};
  return success();
}

/// ONNX has the operator in the same form.
LogicalResult keepForm(NodeForm &form, OpEmitter &emitter) { return success(); }

constexpr Contribution contributions[] = {
    {"DequantizeLinear", keepForm},
    {"NhwcMaxPool", expandNhwcMaxPool},
    {"QLinearAdd", expandAdd},
    {"QLinearAveragePool", expandAveragePool},
    {"QLinearConcat", expandConcat},
    {"QLinearGlobalAveragePool", expandGlobalAveragePool},
    {"QLinearLeakyRelu", expandLeakyRelu},
    {"QLinearMul", expandMul},
    {"QLinearReduceMean", expandReduceMean},
    {"QLinearSigmoid", expandSigmoid},
    {"QLinearSoftmax", expandSoftmax},
    {"QLinearWhere", expandWhere},
    {"QuantizeLinear", keepForm},
};

} // namespace

ArrayRef<Contribution> contributedQuantizations() { return contributions; }

} // namespace dycc::import
