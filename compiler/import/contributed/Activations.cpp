// Activations, alone and fused behind a product.
#include "compiler/import/contributed/Contributed.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// An activation that a product is fused with, and the attributes that its
/// parameters are, in their order.
struct Activation {
  llvm::StringLiteral op;
  llvm::StringLiteral parameters[2];
};
constexpr Activation activations[] = {
    {"Elu", {"alpha", ""}},
    {"HardSigmoid", {"alpha", "beta"}},
    {"HardSwish", {"", ""}},
    {"LeakyRelu", {"alpha", ""}},
    {"Relu", {"", ""}},
    {"Selu", {"alpha", "gamma"}},
    {"Sigmoid", {"", ""}},
    {"Softplus", {"", ""}},
    {"Softsign", {"", ""}},
    {"Tanh", {"", ""}},
    {"ThresholdedRelu", {"alpha", ""}},
};

LogicalResult becomeGelu(NodeForm &form, OpEmitter &emitter) {
  form.op = "Gelu";
  return success();
}

/// The approximation by tanh, of the sum with a bias where there is one.
LogicalResult expandFastGelu(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  if (Value bias = form.operand(1))
    x = emitter.emit("Add", {x, bias});
  form.results = {emitter.emit("Gelu", x, emitter.attr("approximate", "tanh"))};
  return success();
}

LogicalResult expandBiasGelu(NodeForm &form, OpEmitter &emitter) {
  Value sum = emitter.emit("Add", {form.operand(0), form.operand(1)});
  form.results = {emitter.emit("Gelu", sum)};
  return success();
}

/// x * sigmoid(alpha * x), which ONNX has as Swish.
LogicalResult expandQuickGelu(NodeForm &form, OpEmitter &emitter) {
  double alpha = getFloat(form, "alpha", 1.702);
  form.results = {emitter.emit("Swish", form.operand(0),
                               floatAttr(emitter, "alpha", alpha))};
  return success();
}

constexpr Contribution contributions[] = {
    {"BiasGelu", expandBiasGelu},
    {"FastGelu", expandFastGelu},
    {"Gelu", becomeGelu},
    {"QuickGelu", expandQuickGelu},
};

} // namespace

ArrayRef<Contribution> contributedActivations() { return contributions; }

Value activated(
    NodeForm &form, OpEmitter &emitter, Value x,
    llvm::function_ref<std::optional<double>(StringRef, size_t)> parameter) {
  StringRef name = form.getString("activation", "");
  if (name.empty() || !x)
    return x;
  // Its parameters are operands.
  if (name == "Clip") {
    Type type = elementTypeOf(x);
    auto low = parameter("min", 0), high = parameter("max", 1);
    return emitter.emit("Clip", {x, low ? emitter.scalar(type, *low) : Value(),
                                 high ? emitter.scalar(type, *high) : Value()});
  }
  const Activation *found = llvm::find_if(
      activations, [&](const Activation &a) { return a.op == name; });
  if (found == std::end(activations)) {
    emitter.error() << "activation \"" << name << "\" is not supported";
    return {};
  }
  SmallVector<NamedAttribute> attributes;
  for (auto [i, attribute] : llvm::enumerate(found->parameters))
    if (auto value = attribute.empty() ? std::nullopt : parameter(attribute, i))
      attributes.push_back(floatAttr(emitter, attribute, *value));
  return emitter.emit(name, x, attributes);
}

} // namespace dycc::import
