// Products of floats with what stands around them. Ranks are not known yet:
// axes are counted from the end by equations of Einsum.
#include "compiler/import/contributed/Contributed.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {
namespace {

Value rearranged(OpEmitter &emitter, Value x, StringRef equation) {
  return emitter.emit("Einsum", x, emitter.attr("equation", equation));
}

/// An operand of a FusedMatMul: its first axis behind those of the batch, then
/// its last two exchanged, as asked for.
Value asMatrices(NodeForm &form, OpEmitter &emitter, size_t i) {
  StringRef side = i == 0 ? "A" : "B";
  Value x = form.operand(i);
  if (form.getInt(("transBatch" + side).str(), 0))
    x = rearranged(emitter, x, "i...j->...ij");
  if (form.getInt(("trans" + side).str(), 0))
    x = rearranged(emitter, x, "...ij->...ji");
  return x;
}

LogicalResult expandFusedMatMul(NodeForm &form, OpEmitter &emitter) {
  Value product = emitter.emit(
      "MatMul", {asMatrices(form, emitter, 0), asMatrices(form, emitter, 1)});
  double alpha = getFloat(form, "alpha", 1);
  if (product && alpha != 1)
    product = emitter.emit(
        "Mul", {product, emitter.scalar(elementTypeOf(product), alpha)});
  form.results = {product};
  return success();
}

/// The node's attributes that `op` has.
SmallVector<NamedAttribute> attributesOf(const NodeForm &form, StringRef op) {
  SmallVector<NamedAttribute> attributes;
  for (const onnx::AttributeSchema &known :
       onnx::findOperator("", op)->attributes)
    if (Attribute value = form.attributes.get(known.name))
      attributes.push_back(
          {StringAttr::get(value.getContext(), known.name), value});
  return attributes;
}

/// A Conv, what is added to it, and an activation with a list of parameters.
LogicalResult expandFusedConv(NodeForm &form, OpEmitter &emitter) {
  Value y =
      emitter.emit("Conv", {form.operand(0), form.operand(1), form.operand(2)},
                   attributesOf(form, "Conv"));
  if (Value added = form.operand(3))
    y = emitter.emit("Add", {y, added});
  auto list = dyn_cast_or_null<DenseF32ArrayAttr>(
      form.attributes.get("activation_params"));
  y = activated(form, emitter, y, [&](StringRef, size_t i) {
    return list && i < size_t(list.size()) ? std::optional<double>(list[i])
                                           : std::nullopt;
  });
  form.results = {y};
  return success();
}

LogicalResult expandFusedGemm(NodeForm &form, OpEmitter &emitter) {
  Value y =
      emitter.emit("Gemm", {form.operand(0), form.operand(1), form.operand(2)},
                   attributesOf(form, "Gemm"));
  y = activated(form, emitter, y, [&](StringRef parameter, size_t) {
    auto value = dyn_cast_or_null<FloatAttr>(
        form.attributes.get(("activation_" + parameter).str()));
    return value ? std::optional(value.getValueAsDouble()) : std::nullopt;
  });
  form.results = {y};
  return success();
}

constexpr Contribution contributions[] = {
    {"FusedConv", expandFusedConv},
    {"FusedGemm", expandFusedGemm},
    {"FusedMatMul", expandFusedMatMul},
};

} // namespace

ArrayRef<Contribution> contributedProducts() { return contributions; }

} // namespace dycc::import
