// Reads TreeEnsembleRegressor and TreeEnsembleClassifier: lists of nodes, and
// of their leaves' weights, by the numbers of trees and nodes.
#include "compiler/import/learning/Forest.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringSwitch.h"
#include <unordered_map>

using namespace mlir;

namespace dycc::import {
namespace {

/// Floats of the attribute `name`, or of `name` + "_as_tensor", which has
/// elements of the rows' type. Nothing after an error.
std::optional<std::vector<double>> weightsOf(const NodeForm &form,
                                             OpEmitter &emitter, StringRef name,
                                             Type element) {
  std::string tensorName = (name + "_as_tensor").str();
  auto tensor = dyn_cast_or_null<ElementsAttr>(form.attributes.get(tensorName));
  if (!tensor)
    return numbersOf(form, name);
  if (tensor.getElementType() != element) {
    emitter.error() << "expects \"" << tensorName << "\" of " << element
                    << ", as the rows are, got " << tensor.getElementType();
    return std::nullopt;
  }
  return numbersOf(form, tensorName);
}

/// The lists of TreeEnsembleRegressor and TreeEnsembleClassifier.
class ListReader {
public:
  ListReader(const NodeForm &form, OpEmitter &emitter, StringRef prefix,
             Forest &forest)
      : form(form), emitter(emitter), prefix(prefix), forest(forest),
        trees(intsOf(form, "nodes_treeids")),
        ids(intsOf(form, "nodes_nodeids")),
        features(intsOf(form, "nodes_featureids")) {
    if (auto list =
            dyn_cast_or_null<ArrayAttr>(form.attributes.get("nodes_modes")))
      for (Attribute mode : list)
        modes.push_back(cast<StringAttr>(mode).getValue());
  }

  LogicalResult read() {
    return success(succeeded(readNodes()) && succeeded(link("true", 1)) &&
                   succeeded(link("false", 0)) && succeeded(setTests()) &&
                   succeeded(readWeights()));
  }

private:
  using Key = std::pair<int64_t, int64_t>; ///< Tree, node.
  struct Hash {
    size_t operator()(const Key &key) const { return llvm::hash_value(key); }
  };

  /// Names all nodes and leaves; the first of a tree is its root.
  LogicalResult readNodes() {
    if (failed(checkLengths(emitter, {{"nodes_treeids", trees.size()},
                                      {"nodes_nodeids", ids.size()},
                                      {"nodes_featureids", features.size()},
                                      {"nodes_modes", modes.size()}})))
      return failure();
    std::unordered_map<int64_t, bool> known;
    for (size_t i = 0; i < trees.size(); ++i) {
      int64_t place = addNode(modes[i] == "LEAF");
      places.push_back(place);
      if (!byId.try_emplace({trees[i], ids[i]}, place).second)
        return emitter.error()
               << "has node " << ids[i] << " of tree " << trees[i] << " twice";
      if (known.try_emplace(trees[i], true).second)
        forest.roots.push_back(place);
    }
    return success();
  }

  int64_t addNode(bool isLeaf) {
    if (isLeaf) {
      forest.leaves.emplace_back();
      return ~int64_t(forest.leaves.size() - 1);
    }
    forest.nodes.emplace_back();
    return forest.nodes.size() - 1;
  }

  /// Where the nodes lead to if their test holds (`side` is 1) or not.
  LogicalResult link(StringRef kind, int side) {
    std::string name = ("nodes_" + kind + "nodeids").str();
    std::vector<int64_t> next = intsOf(form, name);
    if (failed(checkLengths(
            emitter, {{"nodes_treeids", trees.size()}, {name, next.size()}})))
      return failure();
    for (size_t i = 0; i < next.size(); ++i) {
      if (places[i] < 0)
        continue;
      auto found = byId.find({trees[i], next[i]});
      if (found == byId.end())
        return emitter.error() << "node " << ids[i] << " of tree " << trees[i]
                               << " leads to node " << next[i]
                               << ", which the tree does not have";
      forest.nodes[places[i]].next[side] = found->second;
    }
    return success();
  }

  LogicalResult setTests() {
    auto bounds = weightsOf(form, emitter, "nodes_values", forest.element);
    std::vector<int64_t> missing =
        intsOf(form, "nodes_missing_value_tracks_true");
    if (!bounds ||
        failed(checkLengths(emitter, {{"nodes_treeids", trees.size()},
                                      {"nodes_values", bounds->size()}})))
      return failure();
    for (size_t i = 0; i < places.size(); ++i) {
      if (places[i] < 0)
        continue;
      TreeNode &node = forest.nodes[places[i]];
      auto mode = llvm::StringSwitch<std::optional<NodeMode>>(modes[i])
                      .Case("BRANCH_LEQ", NodeMode::Leq)
                      .Case("BRANCH_LT", NodeMode::Lt)
                      .Case("BRANCH_GTE", NodeMode::Gte)
                      .Case("BRANCH_GT", NodeMode::Gt)
                      .Case("BRANCH_EQ", NodeMode::Eq)
                      .Case("BRANCH_NEQ", NodeMode::Neq)
                      .Default(std::nullopt);
      if (!mode)
        return emitter.error()
               << "expects nodes of mode LEAF, BRANCH_LEQ, BRANCH_LT, "
                  "BRANCH_GTE, BRANCH_GT, BRANCH_EQ or BRANCH_NEQ, got \""
               << modes[i] << "\"";
      node.feature = features[i];
      node.isMissing = i < missing.size() && missing[i] != 0;
      if (failed(checkFeature(emitter, node.feature)))
        return failure();
      setTest(node, *mode, (*bounds)[i], forest.element);
    }
    return success();
  }

  LogicalResult readWeights() {
    auto named = [&](StringRef suffix) { return (prefix + suffix).str(); };
    std::vector<int64_t> treeIds = intsOf(form, named("_treeids"));
    std::vector<int64_t> nodeIds = intsOf(form, named("_nodeids"));
    std::vector<int64_t> targets = intsOf(form, named("_ids"));
    auto weights = weightsOf(form, emitter, named("_weights"), forest.element);
    if (!weights ||
        failed(checkLengths(emitter, {{named("_treeids"), treeIds.size()},
                                      {named("_nodeids"), nodeIds.size()},
                                      {named("_ids"), targets.size()},
                                      {named("_weights"), weights->size()}})))
      return failure();
    for (size_t i = 0; i < weights->size(); ++i) {
      auto found = byId.find({treeIds[i], nodeIds[i]});
      if (found == byId.end())
        return emitter.error()
               << "has a weight of node " << nodeIds[i] << " of tree "
               << treeIds[i] << ", which is not there";
      if (failed(checkTarget(emitter, targets[i], forest.numTargets)))
        return failure();
      if (found->second < 0)
        forest.leaves[~found->second].push_back({targets[i], (*weights)[i]});
    }
    return success();
  }

  const NodeForm &form;
  OpEmitter &emitter;
  StringRef prefix;
  Forest &forest;
  std::vector<int64_t> trees, ids, features;
  std::vector<StringRef> modes;
  std::vector<int64_t> places; ///< As TreeNode::next.
  std::unordered_map<Key, int64_t, Hash> byId;
};

} // namespace

std::optional<Forest> readTreeLists(const NodeForm &form, OpEmitter &emitter,
                                    Type element, StringRef prefix,
                                    int64_t numTargets) {
  Forest forest;
  forest.element = element;
  forest.numTargets = numTargets;
  if (failed(checkTargets(emitter, numTargets)) ||
      failed(ListReader(form, emitter, prefix, forest).read()) ||
      failed(checkTrees(forest, emitter)))
    return std::nullopt;
  return forest;
}

} // namespace dycc::import
