#include "compiler/driver/Report.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/driver/ReportKernels.h"
#include "compiler/driver/ReportMemory.h"
#include "dialects/dyn/Plan.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/shape/Passes.h"
#include "passes/shape/SymbolicValue.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using nlohmann::json;

namespace dycc {
namespace {

/// Every node after propagation, before shape arithmetic is folded away.
json describeNodes(ModuleOp module) {
  SymbolTexts texts(module);
  json nodes = json::array();
  module.walk([&](Operation *op) {
    auto dynamism = dyn_cast<onnx::DynamismOpInterface>(op);
    if (!dynamism || isa<onnx::ConstantOp>(op))
      return;
    json shapes = json::array();
    for (Type type : op->getResultTypes())
      shapes.push_back(texts.str(type));
    nodes.push_back(
        {{"name", codegen::nodeName(op->getLoc())},
         {"operator", op->getName().stripDialect().str()},
         {"category", stringifyCategory(dynamism.getCategory()).str()},
         {"shapes", shapes}});
  });
  return nodes;
}

/// What a use's category comes to once operands are known, and why.
std::pair<std::string, std::string> effective(Operation *op,
                                              const SymbolTexts &texts) {
  auto dynamism = cast<onnx::DynamismOpInterface>(op);
  std::string own = stringifyCategory(dynamism.getCategory()).str();
  SmallVector<Value> operands = dynamism.getControllingOperands();
  if (operands.empty())
    return {own, "the operator's own"};
  std::string reason;
  bool atRunTime = false;
  for (Value operand : operands) {
    auto elements = shape::symbolicElements(operand);
    if (!elements)
      return {own, "a controlling operand is known when the model runs"};
    for (ExprAttr element : *elements) {
      reason += (reason.empty() ? "" : ", ") + texts.str(element);
      element.forEachSymbol([&](StringRef name) {
        auto symbol =
            op->getParentOfType<ModuleOp>().lookupSymbol<dyn::SymbolOp>(name);
        atRunTime |= symbol && symbol.getExecution();
      });
    }
  }
  if (atRunTime)
    return {own, "read when the model runs: " + reason};
  return {"ISDOS", "controlling operands are " + reason};
}

/// Adds the effective category, by name, from what folding has left.
void addEffective(ModuleOp module, json &nodes) {
  SymbolTexts texts(module);
  llvm::StringMap<Operation *> left;
  module.walk([&](Operation *op) {
    if (isa<onnx::DynamismOpInterface>(op))
      left.insert({codegen::nodeName(op->getLoc()), op});
  });
  for (json &node : nodes) {
    auto it = left.find(node["name"].get<std::string>());
    auto [category, reason] =
        it == left.end()
            ? std::pair<std::string, std::string>(
                  "ISDO", "its value is symbolic: scalar code of the host")
            : effective(it->second, texts);
    node["effective"] = category;
    node["reason"] = reason;
  }
}

StringRef kindOf(dyn::SymbolOp symbol) {
  return symbol.getExecution() ? "execution"
         : symbol.isInput()    ? "input"
                               : "derived";
}

json describeSymbols(ModuleOp module) {
  SymbolTexts texts(module);
  json symbols = json::array();
  for (auto symbol : module.getOps<dyn::SymbolOp>()) {
    json entry{{"name", symbol.getSymName().str()},
               {"lower", symbol.lowerBound()},
               {"upper", symbol.upperBound()},
               {"multiple", symbol.divisor()},
               {"kind", kindOf(symbol).str()}};
    if (symbol.getBound())
      entry["bound"] = texts.str(*symbol.getBound());
    if (ExprAttr definition = texts.definitionOf(symbol.getSymName()))
      entry["definition"] = texts.str(definition);
    symbols.push_back(entry);
  }
  return symbols;
}

/// Inputs and outputs with their symbolic shapes.
json describeValues(func::FuncOp main, bool inputs, const SymbolTexts &texts) {
  json values = json::array();
  TypeRange types = inputs ? main.getArgumentTypes() : main.getResultTypes();
  for (auto [index, type] : llvm::enumerate(types)) {
    auto name = inputs
                    ? main.getArgAttrOfType<StringAttr>(index, "onnx.name")
                    : main.getResultAttrOfType<StringAttr>(index, "onnx.name");
    values.push_back({{"name", name.str()}, {"type", texts.str(type)}});
  }
  return values;
}

/// "arena slot 3", "output 0", ...
std::string placeText(dyn::PlaceAttr place) {
  std::string kind = stringifyPlaceKind(place.getKind()).str();
  return kind + " " + std::to_string(place.getIndex());
}

/// The operations of the main program in the order in which they run.
json describePlan(func::FuncOp main) {
  json steps = json::array();
  main.walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto placed = dyn_cast<dyn::PlacedOp>(op);
    if (!placed || !placed.getPlacesAttr())
      return;
    json where = json::array();
    for (OpResult result : op->getResults())
      where.push_back(placeText(dyn::getPlace(result)));
    int depth = -1;
    for (Operation *at = op; (at = at->getParentOp()) && at != main;)
      ++depth;
    steps.push_back({{"operation", op->getName().stripDialect().str()},
                     {"nodes", codegen::nodeName(op->getLoc())},
                     {"depth", depth + 1},
                     {"places", where}});
  });
  return steps;
}

/// Remarks by node, in the order of `nodes`.
json describeRemarks(ArrayRef<RemarkText> remarks, const json &nodes) {
  llvm::MapVector<StringRef, json> byNode;
  for (const json &node : nodes)
    byNode.insert({node["name"].get_ref<const std::string &>(), json::array()});
  for (const RemarkText &remark : remarks)
    byNode.insert({remark.node, json::array()})
        .first->second.push_back({{"category", remark.category},
                                  {"taken", remark.isTaken},
                                  {"text", remark.text}});
  json described = json::array();
  for (auto &[node, list] : byNode)
    if (!list.empty())
      described.push_back({{"node", node.str()}, {"remarks", list}});
  return described;
}

/// Shapes of every node, before the shape stage folds what is arithmetic.
LogicalResult propagate(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createDecideBranchesPass());
  passes.addPass(createPropagateShapesPass());
  return passes.run(module);
}

void describeProgram(Frontend &frontend, json &report) {
  ModuleOp module = frontend.getModule();
  auto main = module.lookupSymbol<func::FuncOp>("main");
  SymbolTexts texts(module);
  report["model"] = {
      {"target", frontend.getTarget().triple},
      {"cpu", frontend.getTarget().cpu},
      {"inputs", describeValues(main, /*inputs=*/true, texts)},
      {"outputs", describeValues(main, /*inputs=*/false, texts)}};
  if (frontend.getMachines().size() > 1)
    for (const codegen::TargetInfo &machine : frontend.getMachines())
      report["model"]["machines"].push_back({{"name", machine.machine}});
  report["symbols"] = describeSymbols(module);
  report["groups"] = describeGroups(module);
  report["kernels"] = describeKernels(module);
  report["plan"] = describePlan(main);
  report["memory"] = describeMemory(module);
  if (!frontend.getRemarks().empty())
    report["remarks"] = describeRemarks(frontend.getRemarks(), report["nodes"]);
}

} // namespace

CompileStatus runReported(Frontend &frontend, const Stage &stage,
                          json &report) {
  ModuleOp module = frontend.getModule();
  if (stage.name == "shape") {
    if (failed(propagate(module)))
      return CompileStatus::Refused;
    report["nodes"] = describeNodes(module);
  }
  if (CompileStatus status = frontend.run(stage); status != CompileStatus::Ok)
    return status;
  if (stage.name == "shape")
    addEffective(module, report["nodes"]);
  if (stage.name == "plan")
    describeProgram(frontend, report);
  return CompileStatus::Ok;
}

bool isReportName(StringRef path) {
  StringRef suffix = llvm::sys::path::extension(path);
  return suffix == ".json" || suffix == ".html";
}

std::string renderReport(const json &report, StringRef path) {
  return path.ends_with(".html") ? renderHtml(report) : report.dump(2) + "\n";
}

} // namespace dycc
