#include "codegen/halide/Registry.h"

namespace dycc::halide {

static Registry makeRegistry() {
  Registry registry;
  addPointwiseOperators(registry);
  addConvolutions(registry);
  addShuffles(registry);
  addPieces(registry);
  addPads(registry);
  addGathers(registry);
  addGenerators(registry);
  addResize(registry);
  addCol2Im(registry);
  addGridSample(registry);
  addScans(registry);
  addScatters(registry);
  addMatrixProducts(registry);
  addReductions(registry);
  addNormalizations(registry);
  addPooling(registry);
  return registry;
}

const Operator *findOperator(llvm::StringRef name) {
  static const Registry registry = makeRegistry();
  auto it = registry.find(name);
  return it == registry.end() ? nullptr : &it->second;
}

const Operator *findOperator(mlir::Operation *op) {
  auto [dialect, name] = op->getName().getStringRef().split('.');
  return dialect == "onnx" ? findOperator(name) : nullptr;
}

} // namespace dycc::halide
