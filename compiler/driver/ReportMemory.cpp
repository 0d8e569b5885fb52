#include "compiler/driver/ReportMemory.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/driver/ByteCounts.h"
#include "compiler/driver/Prediction.h"
#include "compiler/driver/SlotValues.h"
#include "compiler/driver/SymbolTexts.h"
#include "dialects/dyn/Plan.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using nlohmann::json;

namespace dycc {
namespace {

/// Results that nothing bounds, by node.
json describeUnbounded(func::FuncOp main, const SymbolTexts &texts) {
  json results = json::array();
  auto add = [&](Operation *op, Type type) {
    results.push_back({{"nodes", codegen::nodeName(op->getLoc())},
                       {"shape", texts.str(type)}});
  };
  main.walk([&](Operation *op) {
    for (OpResult result : op->getResults())
      if (auto place = dyn::getPlace(result);
          place && place.getKind() == dyn::PlaceKind::Heap)
        add(op, result.getType());
    if (auto loop = dyn_cast<dyn::LoopOp>(op))
      for (auto [index, owner] : llvm::enumerate(loop.getOwners().asArrayRef()))
        if (owner >= 0)
          add(op, loop.getResult(index).getType());
  });
  return results;
}

json describeValue(const SlotValue &value, func::FuncOp main,
                   const SymbolTexts &texts,
                   const dyn::ExecutionBounds &bounds) {
  json entry{{"node", value.node},
             {"type", texts.str(value.type)},
             {"first", value.first},
             {"last", value.last}};
  if (ExprAttr bytes = bounds.boundBytes(value.type))
    entry["bytes"] = texts.str(bytes);
  if (!value.over.empty())
    entry["over"] = value.over;
  if (value.output >= 0)
    entry["output"] =
        main.getResultAttrOfType<StringAttr>(value.output, "onnx.name").str();
  if (value.isCarried)
    entry["carried"] = true;
  return entry;
}

/// What runs, in order.
json describeSteps(const Steps &steps) {
  json list = json::array();
  size_t launches = 0;
  for (Operation *op : steps.list()) {
    int depth = 0;
    for (Operation *at = op->getParentOp(); !isa<func::FuncOp>(at);
         at = at->getParentOp())
      ++depth;
    json entry{{"operation", op->getName().stripDialect().str()},
               {"nodes", codegen::nodeName(op->getLoc())},
               {"depth", depth}};
    if (auto runtime = dyn_cast<dyn::RuntimeOp>(op))
      entry["operation"] = runtime.getCallee().str();
    if (isa<dyn::LaunchOp>(op))
      entry["launch"] = launches++;
    if (op->getNumRegions() > 0)
      entry["last"] = steps.lastOf(op);
    list.push_back(entry);
  }
  return list;
}

} // namespace

json describeMemory(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  SymbolTexts texts(module);
  dyn::ExecutionBounds bounds(module);
  dyn::MemoryAttr memory = dyn::getMemory(main);
  SmallVector<ExprAttr> sizes(memory.getSlots());
  CommonTerms terms(texts, sizes);
  plan::Liveness liveness(main, bounds);
  Steps steps(main, liveness);
  json slots = json::array(), names = json::array();
  for (auto [size, values] :
       llvm::zip(sizes, collectSlotValues(main, liveness, steps))) {
    json entries = json::array();
    for (const SlotValue &value : values)
      entries.push_back(describeValue(value, main, texts, bounds));
    slots.push_back({{"bytes", texts.str(size)},
                     {"short", texts.str(terms.shorten(size))},
                     {"values", entries}});
  }
  for (auto &definitions : {terms.definitions(), texts.longNames(sizes)})
    for (auto &[name, definition] : definitions)
      names.push_back(
          {{"name", name}, {"is", texts.str(terms.inTerms(definition))}});
  return {{"slots", slots},
          {"steps", describeSteps(steps)},
          {"terms", names},
          {"unbounded_results", describeUnbounded(main, texts)},
          {"placed", dyn::isPlaced(main)},
          {"weight_bytes", memory.getWeightBytes()}};
}

std::string placeNotes(const json &value) {
  std::string text;
  if (value.contains("carried"))
    text += ", carried by the loop";
  for (auto [key, words] : {std::pair("over", ", in place over "),
                            std::pair("output", ", output ")})
    if (value.contains(key))
      text += words + value[key].get<std::string>();
  return text;
}

llvm::Error addPeak(ModuleOp module, const PeakFormula &peak,
                    ArrayRef<std::string> at, json &memory) {
  std::vector<SymbolValue> inputs = symbolValues(module);
  if (llvm::Error error = setValues(inputs, at))
    return error;
  ModelPoint point(module, inputs);
  ModelFormulas formulas(module, peak);
  auto figures = formulas.evaluate(
      ByteCounts{[&](ExprAttr size) { return point.evaluate(size); }});
  json symbols = json::array();
  for (const SymbolValue &input : inputs)
    symbols.push_back({{"name", input.name}, {"value", input.value}});
  memory["peak"] = peak.str();
  memory["scratch"] = json::array();
  for (ExprAttr size : peak.memory.scratch)
    memory["scratch"].push_back(peak.texts.str(size));
  memory["at"] = {
      {"symbols", symbols},
      {"arena", dycc_align_up(figures.arena, DYCC_BLOCK_ALIGNMENT)},
      {"slots", figures.slots},
      {"offsets", figures.offsets},
      {"values", figures.values},
      {"scratch", dycc_align_up(figures.scratch, DYCC_BLOCK_ALIGNMENT)},
      {"peak", dycc_block_bytes(figures.arena, figures.scratch, /*threads=*/1)},
      {"seconds", static_cast<double>(figures.nanoseconds) * 1e-9},
      {"nanoseconds", figures.nanoseconds},
      {"costs", figures.costs},
      {"versions", figures.versions}};
  if (std::string refusal = refusalAt(formulas.requirements(), point);
      !refusal.empty())
    memory["at"]["refusal"] = refusal;
  return llvm::Error::success();
}

} // namespace dycc
