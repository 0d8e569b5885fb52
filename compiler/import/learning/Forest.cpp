#include "compiler/import/learning/Forest.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace dycc::import {

static constexpr double infinity = std::numeric_limits<double>::infinity();

/// The next number of the type below `value`, or above it; of none that is
/// there NaN, which nothing compares with.
static double neighbour(double value, double toward, Type element) {
  if (value == toward)
    return std::nan("");
  return element.isF64() ? std::nextafter(value, toward)
                         : std::nextafterf(float(value), float(toward));
}

void setTest(TreeNode &node, NodeMode mode, double bound, Type element) {
  node.lower = -infinity;
  node.upper = infinity;
  switch (mode) {
  case NodeMode::Leq:
    node.upper = bound;
    break;
  case NodeMode::Lt:
    node.upper = neighbour(bound, -infinity, element);
    break;
  case NodeMode::Gte:
    node.lower = bound;
    break;
  case NodeMode::Gt:
    node.lower = neighbour(bound, infinity, element);
    break;
  case NodeMode::Neq:
    // NaN differs from every bound, wherever missing values go.
    std::swap(node.next[0], node.next[1]);
    node.isMissing = false;
    [[fallthrough]];
  case NodeMode::Eq:
    node.lower = node.upper = bound;
    break;
  case NodeMode::Member:
    node.lower = node.upper = std::nan("");
    break;
  }
}

int64_t Forest::numFeatures() const {
  int64_t count = 0;
  for (const TreeNode &node : nodes)
    count = std::max(count, node.feature + 1);
  return count;
}

std::vector<bool> Forest::everScored() const {
  std::vector<bool> scored(numTargets);
  for (const auto &leaf : leaves)
    for (const LeafWeight &weight : leaf)
      scored[weight.target] = true;
  return scored;
}

/// Calls back for each leaf of a tree.
static void forEachLeaf(const Forest &forest, int64_t root,
                        llvm::function_ref<void(int64_t)> callback) {
  SmallVector<int64_t> open = {root};
  while (!open.empty()) {
    int64_t next = open.pop_back_val();
    if (next < 0)
      callback(~next);
    else
      open.append({forest.nodes[next].next[1], forest.nodes[next].next[0]});
  }
}

std::vector<bool> Forest::alwaysScored() const {
  std::vector<bool> scored(numTargets);
  for (int64_t root : roots) {
    llvm::DenseMap<int64_t, int64_t> count;
    int64_t all = 0;
    forEachLeaf(*this, root, [&](int64_t leaf) {
      llvm::DenseSet<int64_t> targets;
      ++all;
      for (const LeafWeight &weight : leaves[leaf])
        if (targets.insert(weight.target).second)
          ++count[weight.target];
    });
    for (auto [target, leavesWithIt] : count)
      scored[target] = scored[target] || leavesWithIt == all;
  }
  return scored;
}

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

/// Features are counted by 31 bits in the tables.
static constexpr int64_t kMostFeatures = INT32_MAX;

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

LogicalResult checkTargets(OpEmitter &emitter, int64_t count) {
  if (count >= 1 && count <= INT32_MAX)
    return success();
  return emitter.error() << "expects n_targets in [1, " << INT32_MAX
                         << "], got " << count;
}

LogicalResult checkTrees(const Forest &forest, OpEmitter &emitter) {
  if (forest.roots.empty())
    return emitter.error() << "expects a tree or more";
  if (llvm::all_of(forest.leaves,
                   [](const auto &leaf) { return leaf.empty(); }))
    return emitter.error() << "expects a weight of a leaf or more";
  std::vector<bool> seen(forest.nodes.size());
  SmallVector<int64_t> open(forest.roots.begin(), forest.roots.end());
  while (!open.empty()) {
    int64_t next = open.pop_back_val();
    if (next < 0)
      continue;
    if (seen[next])
      return emitter.error()
             << "expects trees, got a node that two nodes lead to";
    seen[next] = true;
    open.append({forest.nodes[next].next[0], forest.nodes[next].next[1]});
  }
  return success();
}

} // namespace dycc::import
