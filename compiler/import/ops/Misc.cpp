#include "compiler/import/Types.h"
#include "compiler/import/Upgrades.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {
namespace {

ElementsAttr makeStrings(Builder &builder, ArrayRef<Attribute> strings,
                         ArrayRef<int64_t> shape) {
  SmallVector<StringRef> values;
  for (Attribute string : strings)
    values.push_back(cast<StringAttr>(string).getValue());
  Type element =
      getElementType(builder.getContext(), proto::TensorProto::STRING);
  return DenseStringElementsAttr::get(RankedTensorType::get(shape, element),
                                      values);
}

/// The tensor that a `value_*` attribute stands for, or null.
ElementsAttr tensorOf(Builder &builder, Attribute attribute) {
  auto vectorOf = [](auto values, Type element) -> ElementsAttr {
    auto type = RankedTensorType::get({int64_t(values.size())}, element);
    return DenseElementsAttr::get(type, values);
  };
  if (isa<IntegerAttr, FloatAttr>(attribute))
    return DenseElementsAttr::get(
        RankedTensorType::get({}, cast<TypedAttr>(attribute).getType()),
        attribute);
  if (auto ints = dyn_cast<DenseI64ArrayAttr>(attribute))
    return vectorOf(ints.asArrayRef(), builder.getI64Type());
  if (auto floats = dyn_cast<DenseF32ArrayAttr>(attribute))
    return vectorOf(floats.asArrayRef(), builder.getF32Type());
  if (isa<StringAttr>(attribute))
    return makeStrings(builder, attribute, {});
  if (auto strings = dyn_cast<ArrayAttr>(attribute))
    return makeStrings(builder, strings.getValue(), int64_t(strings.size()));
  return dyn_cast<ElementsAttr>(attribute);
}

/// Of a constant's eight forms the dialect has one.
LogicalResult upgradeConstant(NodeForm &form, OpEmitter &emitter) {
  if (form.attributes.getAttrs().size() != 1)
    return emitter.error() << "expects one attribute, got "
                           << form.attributes.getAttrs().size();
  NamedAttribute given = form.attributes.getAttrs().front();
  static constexpr llvm::StringLiteral names[] = {
      "value",     "sparse_value", "value_float",  "value_floats",
      "value_int", "value_ints",   "value_string", "value_strings"};
  ElementsAttr value = tensorOf(emitter.getBuilder(), given.getValue());
  if (!value || !llvm::is_contained(names, given.getName().getValue()))
    return emitter.error() << "unknown attribute \""
                           << given.getName().getValue() << "\"";
  form.attributes.assign(emitter.getBuilder().getNamedAttr("value", value));
  return success();
}

LogicalResult upgradeGridSampleMode(NodeForm &form, OpEmitter &emitter) {
  StringRef mode = form.getString("mode", "bilinear");
  if (mode.consume_front("bi"))
    form.attributes.set("mode", emitter.attr("mode", mode).getValue());
  return success();
}

LogicalResult upgradeRoiAlign(NodeForm &form, OpEmitter &emitter) {
  form.attributes.append(
      emitter.attr("coordinate_transformation_mode", "output_half_pixel"));
  return success();
}

LogicalResult renameScatter(NodeForm &form, OpEmitter &emitter) {
  form.op = "ScatterElements";
  return success();
}

/// Integers were allowed: what they give is computed in f64 and truncated.
LogicalResult computeIntegersInDouble(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  bool isTensor = x && isa<TensorType>(x.getType());
  auto type =
      isTensor ? dyn_cast<IntegerType>(elementTypeOf(x)) : IntegerType();
  if (!type || type.getWidth() == 1)
    return success();
  int wide = getDataType(emitter.getBuilder().getF64Type());
  form.operands[0] = emitter.emit("Cast", x, emitter.attr("to", wide));
  auto results = emitter.create(form);
  if (!form.operands[0] || failed(results))
    return failure();
  form.results = {emitter.emit("Cast", results->front(),
                               emitter.attr("to", getDataType(type)))};
  return success(form.results[0] != nullptr);
}

constexpr Upgrade upgrades[] = {
    {"Constant", anyVersion, upgradeConstant},
    {"Erf", 13, computeIntegersInDouble},
    {"GridSample", 20, upgradeGridSampleMode},
    {"ReduceLogSum", 28, computeIntegersInDouble},
    {"ReduceLogSumExp", 28, computeIntegersInDouble},
    {"RoiAlign", 16, upgradeRoiAlign},
    {"Scatter", anyVersion, renameScatter},
};

} // namespace

ArrayRef<Upgrade> miscUpgrades() { return upgrades; }

} // namespace dycc::import
