#include "compiler/import/Upgrades.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// Creates a Resize as opset 10 meant it: coordinates without half pixels.
Value emitResize(OpEmitter &emitter, Value input, Value scales, StringRef mode,
                 StringRef nearestMode) {
  SmallVector<NamedAttribute> attributes = {
      emitter.attr("coordinate_transformation_mode", "asymmetric"),
      emitter.attr("mode", mode)};
  if (mode == "nearest")
    attributes.push_back(emitter.attr("nearest_mode", nearestMode));
  return emitter.emit("Resize", {input, {}, scales}, attributes);
}

/// Opset 10's nearest rounds down where it enlarges an axis and up where it
/// shrinks one. Axes are independent: enlarge first, then shrink.
Value emitNearest(OpEmitter &emitter, Value input, Value scales) {
  bool enlarges = true, shrinks = true;
  if (auto values =
          dyn_cast_or_null<DenseFPElementsAttr>(getConstant(scales))) {
    auto floats = values.getValues<float>();
    enlarges = llvm::any_of(floats, [](float f) { return f > 1; });
    shrinks = llvm::any_of(floats, [](float f) { return f < 1; });
  }
  if (!shrinks || !enlarges)
    return emitResize(emitter, input, scales, "nearest",
                      shrinks ? "ceil" : "floor");
  Value one = emitter.scalar(elementTypeOf(scales), 1.0);
  Value larger = emitResize(emitter, input, emitter.emit("Max", {scales, one}),
                            "nearest", "floor");
  return emitResize(emitter, larger, emitter.emit("Min", {scales, one}),
                    "nearest", "ceil");
}

LogicalResult upgradeScales(NodeForm &form, OpEmitter &emitter) {
  Value input = form.operand(0), scales = form.operand(1);
  if (!input || !scales)
    return emitter.error() << "expects 2 inputs, got " << form.operands.size();
  if (Type element = elementTypeOf(scales); !element || !element.isF32())
    return emitter.error() << "expects scales of type f32, got "
                           << scales.getType();
  StringRef mode = form.getString("mode", "nearest");
  // Upsample-7 calls it bilinear in some exporters' files.
  if (mode == "bilinear")
    mode = "linear";
  if (mode != "nearest" && mode != "linear")
    return emitter.error() << "expects mode nearest or linear, got \"" << mode
                           << "\"";
  form.attributes.erase("mode");
  for (NamedAttribute attribute : form.attributes)
    return emitter.error() << "unknown attribute \""
                           << attribute.getName().getValue() << "\"";
  Value result = mode == "nearest"
                     ? emitNearest(emitter, input, scales)
                     : emitResize(emitter, input, scales, mode, "");
  form.results = {result};
  return success(result != nullptr);
}

LogicalResult upgradeUpsample(NodeForm &form, OpEmitter &emitter) {
  if (auto scales =
          dyn_cast_or_null<DenseF32ArrayAttr>(form.attributes.get("scales"))) {
    form.attributes.erase("scales");
    auto type = RankedTensorType::get({int64_t(scales.size())},
                                      emitter.getBuilder().getF32Type());
    form.operands.resize(2);
    form.operands[1] =
        emitter.constant(DenseElementsAttr::get(type, scales.asArrayRef()));
  }
  return upgradeScales(form, emitter);
}

/// An empty tensor says "absent", as opset 11 needed it. One coordinate mode
/// came and went with that opset.
LogicalResult dropEmptyOperands(NodeForm &form, OpEmitter &emitter) {
  for (size_t i = 1; i < form.operands.size(); ++i)
    if (ElementsAttr constant = getConstant(form.operands[i]))
      if (constant.getNumElements() == 0)
        form.operands[i] = {};
  if (form.getString("coordinate_transformation_mode", "") ==
      "tf_half_pixel_for_nn")
    return emitter.error()
           << "coordinate_transformation_mode \"tf_half_pixel_for_nn\" of "
              "opset 11 is not supported";
  return success();
}

constexpr Upgrade upgrades[] = {
    {"Upsample", anyVersion, upgradeUpsample},
    {"Resize", 11, upgradeScales},
    {"Resize", anyVersion, dropEmptyOperands},
};

} // namespace

ArrayRef<Upgrade> resizeUpgrades() { return upgrades; }

} // namespace dycc::import
