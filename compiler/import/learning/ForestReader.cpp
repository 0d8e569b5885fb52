// Reads the two forms in which ONNX has an ensemble of trees: lists of nodes by
// the numbers of their trees, and tensors of nodes and leaves.
#include "compiler/import/learning/Forest.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>
#include <unordered_map>

using namespace mlir;

namespace dycc::import {
namespace {

/// Features are counted by 31 bits in the tables.
constexpr int64_t kMostFeatures = INT32_MAX;

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

/// Checks that each list has as many entries as the first.
LogicalResult checkLengths(OpEmitter &emitter,
                           ArrayRef<std::pair<std::string, size_t>> lengths) {
  for (const auto &[name, length] : lengths)
    if (length != lengths.front().second)
      return emitter.error()
             << "expects as many entries in \"" << name << "\" as in \""
             << lengths.front().first << "\", got " << length << " and "
             << lengths.front().second;
  return success();
}

LogicalResult checkFeature(OpEmitter &emitter, int64_t feature) {
  if (feature >= 0 && feature < kMostFeatures)
    return success();
  return emitter.error() << "expects features from 0 on, got " << feature;
}

LogicalResult checkTarget(OpEmitter &emitter, int64_t target, int64_t count) {
  if (target >= 0 && target < count)
    return success();
  return emitter.error() << "expects weights for the targets 0 to " << count - 1
                         << ", got " << target;
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

/// The tensors of TreeEnsemble.
class TensorReader {
public:
  TensorReader(const NodeForm &form, OpEmitter &emitter, Forest &forest)
      : form(form), emitter(emitter), forest(forest),
        modes(intsOf(form, "nodes_modes")),
        bounds(numbersOf(form, "nodes_splits")),
        features(intsOf(form, "nodes_featureids")),
        missing(intsOf(form, "nodes_missing_value_tracks_true")) {}

  LogicalResult read() {
    forest.roots = intsOf(form, "tree_roots");
    forest.nodes.resize(modes.size());
    if (failed(readLeaves()) ||
        failed(
            checkLengths(emitter, {{"nodes_modes", modes.size()},
                                   {"nodes_splits", bounds.size()},
                                   {"nodes_featureids", features.size()}})) ||
        failed(link("true", 1)) || failed(link("false", 0)) ||
        failed(setTests()))
      return failure();
    for (int64_t root : forest.roots)
      if (root < 0 || root >= int64_t(modes.size()))
        return emitter.error()
               << "expects roots in [0, " << modes.size() << "), got " << root;
    return success();
  }

private:
  LogicalResult readLeaves() {
    std::vector<int64_t> targets = intsOf(form, "leaf_targetids");
    std::vector<double> weights = numbersOf(form, "leaf_weights");
    if (failed(checkLengths(emitter, {{"leaf_targetids", targets.size()},
                                      {"leaf_weights", weights.size()}})))
      return failure();
    for (auto [target, weight] : llvm::zip_equal(targets, weights)) {
      if (failed(checkTarget(emitter, target, forest.numTargets)))
        return failure();
      forest.leaves.push_back({{target, weight}});
    }
    return success();
  }

  LogicalResult link(StringRef kind, int side) {
    std::string idName = ("nodes_" + kind + "nodeids").str();
    std::string leafName = ("nodes_" + kind + "leafs").str();
    std::vector<int64_t> ids = intsOf(form, idName);
    std::vector<int64_t> areLeaves = intsOf(form, leafName);
    if (failed(checkLengths(emitter, {{"nodes_modes", modes.size()},
                                      {idName, ids.size()},
                                      {leafName, areLeaves.size()}})))
      return failure();
    for (size_t i = 0; i < ids.size(); ++i) {
      bool isLeaf = areLeaves[i] != 0;
      size_t count = isLeaf ? forest.leaves.size() : modes.size();
      if (ids[i] < 0 || size_t(ids[i]) >= count)
        return emitter.error() << "expects \"" << idName << "\" in [0, "
                               << count << "), got " << ids[i];
      forest.nodes[i].next[side] = isLeaf ? ~ids[i] : ids[i];
    }
    return success();
  }

  LogicalResult setTests() {
    std::vector<double> members = numbersOf(form, "membership_values");
    auto member = members.begin();
    for (size_t i = 0; i < modes.size(); ++i) {
      TreeNode &node = forest.nodes[i];
      if (modes[i] < 0 || modes[i] > int64_t(NodeMode::Member))
        return emitter.error()
               << "expects nodes of modes 0 to 6, got " << modes[i];
      node.feature = features[i];
      node.isMissing = i < missing.size() && missing[i] != 0;
      if (failed(checkFeature(emitter, node.feature)))
        return failure();
      setTest(node, NodeMode(modes[i]), bounds[i], forest.element);
      if (modes[i] != int64_t(NodeMode::Member))
        continue;
      // Behind the numbers of each node there is a NaN.
      auto end = std::find_if(member, members.end(),
                              [](double value) { return std::isnan(value); });
      node.members.assign(member, end);
      member = end == members.end() ? end : end + 1;
    }
    return success();
  }

  const NodeForm &form;
  OpEmitter &emitter;
  Forest &forest;
  std::vector<int64_t> modes;
  std::vector<double> bounds;
  std::vector<int64_t> features, missing;
};

/// The tables count targets by 31 bits.
LogicalResult checkTargets(OpEmitter &emitter, int64_t count) {
  if (count >= 1 && count <= INT32_MAX)
    return success();
  return emitter.error() << "expects n_targets in [1, " << INT32_MAX
                         << "], got " << count;
}

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

std::optional<Forest> readTreeTensors(const NodeForm &form, OpEmitter &emitter,
                                      Type element) {
  Forest forest;
  forest.element = element;
  forest.numTargets = form.getInt("n_targets", 1);
  if (failed(checkTargets(emitter, forest.numTargets)) ||
      failed(TensorReader(form, emitter, forest).read()) ||
      failed(checkTrees(forest, emitter)))
    return std::nullopt;
  return forest;
}

} // namespace dycc::import
