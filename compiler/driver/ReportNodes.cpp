// Passes make other operations of the model's nodes: what they do to a node is
// found again by its name and operator.
#include "compiler/driver/ReportNodes.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/driver/SymbolTexts.h"
#include "dialects/dyn/Kernels.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/shape/SymbolicValue.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using nlohmann::json;

namespace dycc {
namespace {

bool isNode(Operation *op) {
  return isa<onnx::DynamismOpInterface>(op) && !isa<onnx::ConstantOp>(op);
}

std::string operatorOf(Operation *op) {
  return op->getName().stripDialect().str();
}

/// The nodes of a module, and what each of them reads.
class NodeList {
public:
  explicit NodeList(ModuleOp module) : texts(module) {
    module.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isNode(op))
        numbers.insert({op, numbers.size()});
    });
  }

  json describe() {
    json nodes = json::array();
    for (auto [op, number] : numbers)
      nodes.push_back(describe(op));
    return nodes;
  }

private:
  json describe(Operation *op) {
    json node{
        {"name", codegen::nodeName(op->getLoc())},
        {"operator", operatorOf(op)},
        {"category",
         stringifyCategory(cast<onnx::DynamismOpInterface>(op).getCategory())
             .str()},
        {"shapes", json::array()},
        {"reads", json::array()},
        {"inputs", json::array()},
        {"outputs", json::array()}};
    for (Type type : op->getResultTypes())
      node["shapes"].push_back(texts.str(type));
    for (Value operand : op->getOperands())
      addOperand(operand, node);
    for (OpOperand &use : op->getUses())
      if (isa<func::ReturnOp>(use.getOwner()))
        node["outputs"].push_back(
            nameOf(use.getOwner()->getParentOfType<func::FuncOp>(),
                   use.getOperandNumber()));
    for (Region *region = op->getParentRegion(); region;
         region = region->getParentRegion())
      if (auto around = numbers.find(region->getParentOp());
          around != numbers.end()) {
        node["parent"] = around->second;
        node["region"] = region->getRegionNumber();
        break;
      }
    return node;
  }

  void addOperand(Value operand, json &node) const {
    auto add = [](json &list, const json &entry) {
      if (!llvm::is_contained(list, entry))
        list.push_back(entry);
    };
    if (Operation *definition = operand.getDefiningOp()) {
      if (auto it = numbers.find(definition); it != numbers.end())
        add(node["reads"], it->second);
      return;
    }
    auto argument = cast<BlockArgument>(operand);
    Operation *owner = argument.getOwner()->getParentOp();
    if (auto main = dyn_cast<func::FuncOp>(owner))
      add(node["inputs"], main.getArgAttrOfType<StringAttr>(
                                  argument.getArgNumber(), "onnx.name")
                              .str());
  }

  static std::string nameOf(func::FuncOp main, unsigned output) {
    return main.getResultAttrOfType<StringAttr>(output, "onnx.name").str();
  }

  SymbolTexts texts;
  llvm::MapVector<Operation *, size_t> numbers;
};

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

/// By which a node is known again in a later stage.
std::string keyOf(const std::string &name, const std::string &operatorName) {
  return name + '\0' + operatorName;
}

std::string keyOf(const json &node) {
  return keyOf(node["name"].get<std::string>(),
               node["operator"].get<std::string>());
}

} // namespace

json describeNodes(ModuleOp module) { return NodeList(module).describe(); }

void addEffective(ModuleOp module, json &nodes) {
  SymbolTexts texts(module);
  llvm::StringMap<Operation *> left;
  module.walk([&](Operation *op) {
    if (isNode(op))
      left.insert({keyOf(codegen::nodeName(op->getLoc()), operatorOf(op)), op});
  });
  for (json &node : nodes) {
    auto it = left.find(keyOf(node));
    auto [category, reason] =
        it == left.end()
            ? std::pair<std::string, std::string>(
                  "ISDO", "its value is symbolic: scalar code of the host")
            : effective(it->second, texts);
    node["effective"] = category;
    node["reason"] = reason;
  }
}

void addLaunches(ModuleOp module, json &nodes) {
  SymbolTable symbols(module);
  llvm::StringMap<json> launchesOf;
  size_t number = 0;
  module.walk([&](dyn::LaunchOp launch) {
    for (Operation &op :
         launch.getKernelIn(symbols).getBody().front().without_terminator()) {
      if (!isNode(&op))
        continue;
      std::string name = codegen::nodeName(dyn::locationAt(launch, &op));
      json &launches = launchesOf[keyOf(name, operatorOf(&op))];
      if (launches.empty() || launches.back() != number)
        launches.push_back(number);
    }
    ++number;
  });
  for (json &node : nodes)
    if (auto it = launchesOf.find(keyOf(node)); it != launchesOf.end())
      node["launches"] = it->second;
}

} // namespace dycc
