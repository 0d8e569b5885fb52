#include "compiler/driver/Report.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/driver/ReportKernels.h"
#include "compiler/driver/ReportMemory.h"
#include "compiler/driver/ReportNodes.h"
#include "compiler/report/Page.h"
#include "dialects/dyn/Plan.h"
#include "passes/shape/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using nlohmann::json;

namespace dycc {
namespace {

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
  addLaunches(module, report["nodes"]);
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

bool isHtmlName(StringRef path) {
  return llvm::sys::path::extension(path) == ".html";
}

bool isReportName(StringRef path) {
  return isHtmlName(path) || llvm::sys::path::extension(path) == ".json";
}

std::string renderReport(const json &report, StringRef path) {
  return isHtmlName(path) ? renderPage(report) : report.dump(2) + "\n";
}

} // namespace dycc
