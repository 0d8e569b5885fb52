#ifndef DYCC_COMPILER_DRIVER_PREDICTION_H
#define DYCC_COMPILER_DRIVER_PREDICTION_H

#include "compiler/driver/ModelFormulas.h"
#include "compiler/driver/ModelPoint.h"

#include <functional>

namespace dycc {

/// What a run of a planned module is thought to take, its formulas made once
/// for any number of extents. No kernel is compiled for it.
class Prediction {
public:
  struct Figures {
    double seconds;
    int64_t arenaBytes;  ///< But for scratch, which kernels say.
    std::string refusal; ///< Why a run does not take these extents, or empty.
    std::vector<double> launches; ///< Seconds of each, where asked for.
  };

  /// `module` must outlive it.
  explicit Prediction(mlir::ModuleOp module);

  /// Extents as setValues() reads them; errors name `option`.
  llvm::Expected<Figures> at(llvm::ArrayRef<std::string> at,
                             bool hasLaunches = false,
                             llvm::StringRef option = "--at") const;
  /// The nodes of each launch, in the order of the program.
  llvm::ArrayRef<std::string> getLaunches() const { return nodes; }
  /// The input symbols, without values.
  llvm::ArrayRef<SymbolValue> getSymbols() const { return symbols; }
  int64_t weightBytes() const;

private:
  mlir::ModuleOp module;
  PeakFormula peak;
  std::vector<SymbolValue> symbols;
  std::vector<ModelRequirement> requirements;
  std::function<int64_t(const ModelPoint &)> nanoseconds;
  std::vector<std::string> nodes;
  std::vector<dyn::ExprAttr> costs; ///< Of a launch of these.
};

/// What plan() would say at the point; empty where it takes it.
std::string refusalAt(llvm::ArrayRef<ModelRequirement> requirements,
                      const ModelPoint &point);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_PREDICTION_H
