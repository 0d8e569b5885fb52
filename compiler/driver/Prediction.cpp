#include "compiler/driver/Prediction.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/driver/ByteCounts.h"
#include "dialects/dyn/Plan.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
namespace {

/// Costs as functions of a point, for codegen::CostFormula.
struct CostFunctions {
  using Value = std::function<int64_t(const ModelPoint &)>;

  Value number(ExprAttr expr) const {
    return [expr](const ModelPoint &point) { return point.evaluate(expr); };
  }
  Value add(Value a, Value b) const {
    return join(std::move(a), std::move(b), &ByteCounts::add);
  }
  Value max(Value a, Value b) const {
    return join(std::move(a), std::move(b), &ByteCounts::max);
  }
  Value mul(Value a, Value b) const {
    return join(std::move(a), std::move(b), &ByteCounts::mul);
  }

private:
  static Value join(Value a, Value b,
                    int64_t (ByteCounts::*operation)(int64_t, int64_t) const) {
    return [a = std::move(a), b = std::move(b),
            operation](const ModelPoint &point) {
      return (ByteCounts().*operation)(a(point), b(point));
    };
  }
};

} // namespace

std::string refusalAt(ArrayRef<ModelRequirement> requirements,
                      const ModelPoint &point) {
  for (const ModelRequirement &requirement : requirements) {
    if (point.evaluate(requirement.condition) != 0)
      continue;
    std::string text = requirement.message;
    for (ExprAttr value : requirement.values)
      if (size_t at = text.find("%d"); at != std::string::npos)
        text.replace(at, 2, std::to_string(point.evaluate(value)));
    return "node '" + requirement.node + "': " + text;
  }
  return "";
}

Prediction::Prediction(ModuleOp module)
    : module(module), peak(module), symbols(symbolValues(module)),
      requirements(ModelFormulas(module, peak).requirements()) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  codegen::CostFormula formula(main, peak.bounds, /*machine=*/0);
  nanoseconds = formula.evaluate(CostFunctions());
  main.walk([&](dyn::LaunchOp launch) {
    nodes.push_back(codegen::nodeName(launch.getLoc()));
    costs.push_back(formula.ofLaunch(launch));
  });
}

llvm::Expected<Prediction::Figures> Prediction::at(ArrayRef<std::string> at,
                                                   bool hasLaunches,
                                                   StringRef option) const {
  std::vector<SymbolValue> values = symbols;
  if (llvm::Error error = setValues(values, at, option))
    return std::move(error);
  ModelPoint point(module, values);
  auto [arena, scratch] = peak.memory.evaluate(
      ByteCounts{[&](ExprAttr size) { return point.evaluate(size); }},
      [](const auto &, const auto &) {});
  auto inSeconds = [](int64_t count) { return double(count) * 1e-9; };
  Figures figures{
      inSeconds(nanoseconds(point)), arena, refusalAt(requirements, point), {}};
  for (ExprAttr cost : costs)
    if (hasLaunches)
      figures.launches.push_back(inSeconds(point.evaluate(cost)));
  return figures;
}

int64_t Prediction::weightBytes() const {
  ModuleOp planned = module;
  return dyn::getMemory(planned.lookupSymbol<func::FuncOp>("main"))
      .getWeightBytes();
}

} // namespace dycc
