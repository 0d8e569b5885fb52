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
  addQuantization(registry);
  addReductions(registry);
  addNormalizations(registry);
  addPooling(registry);
  addRoiAlign(registry);
  addMaxRoiPool(registry);
  return registry;
}

Definition findDefinition(mlir::Operation *op) {
  static const Registry registry = makeRegistry();
  llvm::StringRef name = op->getName().getStringRef();
  return name.consume_front("onnx.") ? registry.lookup(name) : nullptr;
}

} // namespace dycc::halide
