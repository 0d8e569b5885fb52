// Nodes are looked up in the imported module: later on some are folded, and
// operators have become others.
#include "compiler/driver/PrecisionOptions.h"

#include "compiler/driver/Frontend.h"
#include "dialects/onnx/OnnxOps.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/GlobPattern.h"

using namespace mlir;

namespace dycc {
namespace {

/// So many names are said to be near.
constexpr size_t kMostNear = 3;

struct Node {
  StringRef name, op;
};

SmallVector<Node> nodesOf(ModuleOp module) {
  SmallVector<Node> nodes;
  module.walk([&](Operation *op) {
    auto name = dyn_cast<NameLoc>(op->getLoc());
    if (name && op->getName().getDialectNamespace() == "onnx")
      nodes.push_back({name.getName(), op->getName().stripDialect()});
  });
  return nodes;
}

llvm::Error unknown(StringRef option, StringRef pattern, ArrayRef<Node> nodes) {
  SmallVector<std::pair<unsigned, StringRef>> near;
  llvm::SmallSetVector<StringRef, 16> names;
  for (const Node &node : nodes) {
    names.insert(node.name);
    names.insert(node.op);
  }
  for (StringRef name : names)
    near.emplace_back(pattern.edit_distance_insensitive(name), name);
  llvm::stable_sort(near, llvm::less_first());
  near.truncate(std::min(near.size(), kMostNear));
  std::string text;
  for (auto [distance, name] : near)
    text += (text.empty() ? "'" : ", '") + name.str() + "'";
  return llvm::createStringError(
      option + " '" + pattern +
      "': no node and no operator of the model has this name, near are " +
      (text.empty() ? "none" : text));
}

using NodeNames = llvm::SetVector<StringRef>;

llvm::Error addMatching(StringRef pattern, ArrayRef<Node> nodes,
                        NodeNames &found) {
  llvm::Expected<llvm::GlobPattern> glob = llvm::GlobPattern::create(pattern);
  if (!glob)
    return llvm::createStringError("--keep-f32 '" + pattern +
                                   "': " + llvm::toString(glob.takeError()));
  bool isFound = false;
  for (const Node &node : nodes)
    if (node.name == pattern || glob->match(node.name) ||
        glob->match(node.op)) {
      found.insert(node.name);
      isFound = true;
    }
  return isFound ? llvm::Error::success()
                 : unknown("--keep-f32", pattern, nodes);
}

llvm::Error addNamed(ArrayRef<std::string> names, ArrayRef<Node> nodes,
                     NodeNames &found) {
  for (const std::string &name : names) {
    const Node *node =
        llvm::find_if(nodes, [&](const Node &one) { return one.name == name; });
    if (node == nodes.end())
      return unknown("--precision-exceptions", name, nodes);
    found.insert(node->name);
  }
  return llvm::Error::success();
}

bool isHalf(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor &&
         (tensor.getElementType().isF16() || tensor.getElementType().isBF16());
}

} // namespace

llvm::Expected<std::vector<std::string>>
findKeptNodes(ModuleOp module, const CompileOptions &options) {
  NodeNames found;
  SmallVector<Node> nodes = nodesOf(module);
  for (StringRef pattern : options.keepF32)
    if (llvm::Error error = addMatching(pattern, nodes, found))
      return std::move(error);
  std::vector<std::string> names;
  if (options.found)
    names = options.found->nodes;
  if (!options.exceptions.empty()) {
    auto read = readExceptions(options.exceptions, options.precision);
    if (!read)
      return read.takeError();
    llvm::append_range(names, *read);
  }
  if (llvm::Error error = addNamed(names, nodes, found))
    return std::move(error);
  return std::vector<std::string>(found.begin(), found.end());
}

CompileStatus findRoundedNodes(const CompileOptions &options,
                               llvm::raw_ostream &errors,
                               std::vector<std::string> &nodes) {
  Frontend frontend(options, errors);
  if (CompileStatus status = frontend.import(); status != CompileStatus::Ok)
    return status;
  // What is named otherwise is no node, as a conversion of an input.
  llvm::StringSet<> known;
  for (const Node &node : nodesOf(frontend.getModule()))
    known.insert(node.name);
  for (StringRef kept : frontend.getKeptNodes())
    known.erase(kept);
  if (CompileStatus status = frontend.run(stages().front());
      status != CompileStatus::Ok)
    return status;
  frontend.getModule().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<onnx::ConstantOp>(op) ||
        (llvm::none_of(op->getOperandTypes(), isHalf) &&
         llvm::none_of(op->getResultTypes(), isHalf)))
      return;
    op->getLoc()->walk([&](Location location) {
      auto name = dyn_cast<NameLoc>(location);
      if (name && known.erase(name.getName()))
        nodes.push_back(name.getName().str());
      return WalkResult::advance();
    });
  });
  return CompileStatus::Ok;
}

} // namespace dycc
