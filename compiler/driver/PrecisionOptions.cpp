// Nodes are looked up in the imported module: later on some are folded, and
// operators have become others.
#include "compiler/driver/PrecisionOptions.h"

#include "llvm/ADT/SetVector.h"
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

llvm::Error unknown(StringRef pattern, ArrayRef<Node> nodes) {
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
      "--keep-f32 '" + pattern +
      "': no node and no operator of the model has this name, near are " +
      (text.empty() ? "none" : text));
}

} // namespace

llvm::Expected<std::vector<std::string>>
findKeptNodes(ModuleOp module, ArrayRef<std::string> patterns) {
  llvm::SetVector<StringRef> found;
  SmallVector<Node> nodes = nodesOf(module);
  for (StringRef pattern : patterns) {
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
    if (!isFound)
      return unknown(pattern, nodes);
  }
  return std::vector<std::string>(found.begin(), found.end());
}

} // namespace dycc
