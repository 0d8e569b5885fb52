// What a report says in numbers, once for all kinds of numbers: of some
// extents, and of any as a script of the page.
#ifndef DYCC_COMPILER_DRIVER_MODELFORMULAS_H
#define DYCC_COMPILER_DRIVER_MODELFORMULAS_H

#include "codegen/llvm/CostFormula.h"
#include "compiler/driver/PeakFormula.h"
#include "compiler/driver/SlotValues.h"

namespace dycc {

/// What a planned module takes where its input symbols have some values.
template <typename Value>
struct ModelFigures {
  Value arena, scratch;                   ///< Bytes, as plan() stores them.
  std::vector<Value> slots;               ///< Bytes, rounded up.
  std::vector<Value> offsets;             ///< Where each slot begins.
  std::vector<std::vector<Value>> values; ///< Bytes of the values of each slot.
  Value nanoseconds;                      ///< That a run is thought to take.
  std::vector<Value> costs;               ///< The same of each launch.
  std::vector<Value>
      versions; ///< Which one each launch takes; -1: the run says.
};

/// What extents of the inputs must be like.
struct ModelRequirement {
  dyn::ExprAttr condition;
  std::string node, message;         ///< With `%d`, one for each of `values`.
  std::vector<dyn::ExprAttr> values; ///< Numbers of the message.
};

/// The formulas of a planned module, over its input symbols. Costs and versions
/// are those of the first machine that there are kernels for.
class ModelFormulas {
public:
  /// Both must outlive it.
  ModelFormulas(mlir::ModuleOp module, const PeakFormula &peak);

  /// In any kind of numbers: `numbers` has the type Value and the functions
  /// number(ExprAttr), mul() and those that MemoryFormula needs.
  template <typename Numbers>
  auto evaluate(Numbers &&numbers) const {
    ModelFigures<typename std::decay_t<Numbers>::Value> figures;
    std::tie(figures.arena, figures.scratch) = peak.memory.evaluate(
        numbers, [&](const auto &offset, const auto &bytes) {
          figures.slots.push_back(bytes);
          figures.offsets.push_back(offset);
        });
    for (const auto &slot : valueBytes) {
      auto &bytes = figures.values.emplace_back();
      for (dyn::ExprAttr size : slot)
        bytes.push_back(numbers.sizeOf(size));
    }
    figures.nanoseconds =
        codegen::CostFormula(main, peak.bounds, 0).evaluate(numbers);
    for (dyn::ExprAttr cost : launchCosts)
      figures.costs.push_back(numbers.number(cost));
    for (dyn::ExprAttr version : launchVersions)
      figures.versions.push_back(numbers.number(version));
    return figures;
  }

  /// What plan() checks: a run with other extents does not start.
  std::vector<ModelRequirement> requirements() const;

private:
  void addLaunch(dyn::LaunchOp launch, codegen::CostFormula &costs,
                 const mlir::SymbolTable &symbols);

  mlir::func::FuncOp main;
  const PeakFormula &peak;
  std::vector<std::vector<dyn::ExprAttr>> valueBytes; ///< By slot.
  std::vector<dyn::ExprAttr> launchCosts, launchVersions;
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_MODELFORMULAS_H
