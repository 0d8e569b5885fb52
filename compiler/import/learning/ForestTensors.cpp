// Reads TreeEnsemble: tensors of nodes and of leaves, which nodes lead to by
// their places.
#include "compiler/import/learning/Forest.h"

#include <cmath>

using namespace mlir;

namespace dycc::import {
namespace {

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

} // namespace

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
