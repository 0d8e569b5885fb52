// mlir-opt with the project's dialects, passes and stages, for lit.
#include "compiler/pipeline/Pipeline.h"
#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxDialect.h"
#include "passes/fuse/Passes.h"
#include "passes/normalize/Passes.h"
#include "passes/plan/Passes.h"
#include "passes/shape/Passes.h"
#include "passes/version/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<dycc::dyn::DynDialect, dycc::onnx::OnnxDialect,
                  mlir::func::FuncDialect>();
  dycc::shape::registerShapeTransfers(registry);
  mlir::registerTransformsPasses();
  dycc::registerNormalizePasses();
  dycc::registerShapePasses();
  dycc::registerFusePasses();
  dycc::registerVersionPasses();
  dycc::registerPlanPasses();
  dycc::registerStagePipelines();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "dycc pass driver\n", registry));
}
