// Packs the tables of runtime/abi/Trees.h. All nodes of an ensemble have one
// kind of test, the simplest that is enough: most models compare with a limit
// alone, from which side ever.
#include "compiler/import/learning/Forest.h"

#include "dialects/onnx/OnnxTrees.h"
#include "dialects/onnx/WeightStore.h"
#include "runtime/abi/Trees.h"

#include <cmath>
#include <cstring>
#include <deque>
#include <limits>

using namespace mlir;

namespace dycc::import {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A node of the tables. `bits` are those of `upper` in a leaf of several
/// targets.
struct PackedNode {
  double lower = -infinity, upper = infinity;
  int32_t feature = 0, next[2] = {0, 0};
  std::optional<int32_t> bits;
};

/// Whether a node compares with one limit, from whichever side.
bool hasOneLimit(const TreeNode &node) {
  bool fromAbove = node.upper == infinity && !std::isnan(node.lower);
  return node.members.empty() && (node.lower == -infinity || fromAbove);
}

/// "x >= lower" is "not x <= what is below lower"; NaN goes where it went.
TreeNode asUpperLimit(TreeNode node, Type element) {
  if (node.lower == -infinity)
    return node;
  node.upper = element.isF64() ? std::nextafter(node.lower, -infinity)
                               : std::nextafterf(float(node.lower), -infinity);
  node.lower = -infinity;
  node.isMissing = !node.isMissing;
  std::swap(node.next[0], node.next[1]);
  return node;
}

/// Builds the tables of a forest.
class Packer {
public:
  Packer(const Forest &forest, Aggregate aggregate)
      : forest(forest), aggregate(aggregate), test(chooseTest()) {
    for (int64_t root : forest.roots)
      addTree(root);
  }

  Value emit(OpEmitter &emitter, Value x) const;

private:
  bool isF64() const { return forest.element.isF64(); }
  bool isSingle() const { return forest.numTargets == 1; }

  int64_t chooseTest() const {
    bool isMissing = false;
    for (const TreeNode &node : forest.nodes) {
      if (!hasOneLimit(node))
        return DYCC_TREES_RANGE;
      isMissing |= asUpperLimit(node, forest.element).isMissing;
    }
    return isMissing ? DYCC_TREES_LIMIT_OR_MISSING : DYCC_TREES_LIMIT;
  }

  /// Makes place for a node or a leaf: a node with members is one for each.
  int32_t allocate(int64_t place) {
    auto index = int32_t(nodes.size());
    size_t count = place < 0 ? 1 : forest.nodes[place].members.size();
    nodes.resize(nodes.size() + std::max<size_t>(count, 1));
    return index;
  }

  /// Breadth first: what many rows pass lies together.
  void addTree(int64_t root) {
    struct Open {
      int64_t place;
      int32_t index, depth;
    };
    DyccTreeRoot tree = {allocate(root), 0};
    std::deque<Open> open = {{root, tree.node, 0}};
    for (; !open.empty(); open.pop_front()) {
      Open at = open.front();
      tree.depth = std::max(tree.depth, at.depth);
      if (at.place < 0) {
        addLeaf(at.index, ~at.place);
        continue;
      }
      const TreeNode &given = forest.nodes[at.place];
      TreeNode node = test == DYCC_TREES_RANGE
                          ? given
                          : asUpperLimit(given, forest.element);
      int32_t next[2];
      auto count = int32_t(std::max<size_t>(node.members.size(), 1));
      for (int side : {0, 1}) {
        next[side] = allocate(node.next[side]);
        open.push_back({node.next[side], next[side], at.depth + count});
      }
      addNode(at.index, node, next);
    }
    steps += tree.depth;
    roots.push_back(tree);
  }

  /// Members are asked for one after the other.
  void addNode(int32_t index, const TreeNode &node, const int32_t *next) {
    size_t count = std::max<size_t>(node.members.size(), 1);
    for (size_t i = 0; i < count; ++i) {
      PackedNode &packed = nodes[index + i];
      bool isLast = i + 1 == count;
      packed.lower = node.members.empty() ? node.lower : node.members[i];
      packed.upper = node.members.empty() ? node.upper : node.members[i];
      packed.feature =
          int32_t(uint32_t(node.feature) | uint32_t(node.isMissing) << 31);
      packed.next[0] = isLast ? next[0] : int32_t(index + i + 1);
      packed.next[1] = next[1];
    }
  }

  void addLeaf(int32_t index, int64_t leaf) {
    nodes[index].next[0] = nodes[index].next[1] = index;
    if (isSingle()) {
      nodes[index].upper = isF64() ? merge<double>(leaf) : merge<float>(leaf);
      return;
    }
    nodes[index].bits = int32_t(ends.size() - 1);
    for (const LeafWeight &weight : forest.leaves[leaf]) {
      targets.push_back(int32_t(weight.target));
      weights.push_back(weight.weight);
    }
    ends.push_back(int32_t(targets.size()));
  }

  /// The weight of a leaf that may have some for the only target.
  template <typename T>
  double merge(int64_t leaf) const {
    bool isSum = aggregate == Aggregate::Sum || aggregate == Aggregate::Average;
    T merged = isSum                         ? T(0)
               : aggregate == Aggregate::Min ? T(infinity)
                                             : T(-infinity);
    for (const LeafWeight &given : forest.leaves[leaf]) {
      T weight = T(given.weight);
      merged = isSum                         ? merged + weight
               : aggregate == Aggregate::Min ? std::min(merged, weight)
                                             : std::max(merged, weight);
    }
    return merged;
  }

  template <typename T, typename Bits, typename Packed>
  std::vector<char> nodeBytes() const {
    std::vector<char> bytes(nodes.size() * sizeof(Packed));
    for (auto [i, node] : llvm::enumerate(nodes)) {
      Packed packed = {};
      packed.upper = T(node.upper);
      if (node.bits) {
        Bits bits = *node.bits;
        std::memcpy(&packed.upper, &bits, sizeof(bits));
      }
      packed.feature = node.feature;
      std::copy_n(node.next, 2, packed.next);
      if constexpr (requires { packed.lower; })
        packed.lower = T(node.lower);
      std::memcpy(bytes.data() + i * sizeof(Packed), &packed, sizeof(Packed));
    }
    return bytes;
  }

  std::vector<char> nodeBytes() const {
    bool isRange = test == DYCC_TREES_RANGE;
    if (isF64())
      return isRange ? nodeBytes<double, int64_t, DyccTreeRangeF64>()
                     : nodeBytes<double, int64_t, DyccTreeNodeF64>();
    return isRange ? nodeBytes<float, int32_t, DyccTreeRangeF32>()
                   : nodeBytes<float, int32_t, DyccTreeNodeF32>();
  }

  const Forest &forest;
  Aggregate aggregate;
  int64_t test, steps = 0;
  std::vector<PackedNode> nodes;
  std::vector<DyccTreeRoot> roots;
  std::vector<int32_t> ends = {0}, targets;
  std::vector<double> weights;
};

/// A constant of structs or numbers, `extents` of `element`.
template <typename T>
Value constantOf(OpEmitter &emitter, ArrayRef<T> values, Type element,
                 ArrayRef<int64_t> extents) {
  const auto *begin = reinterpret_cast<const char *>(values.data());
  return emitter.constant(onnx::getWeight(
      RankedTensorType::get(extents, element),
      std::vector<char>(begin, begin + values.size() * sizeof(T))));
}

Value Packer::emit(OpEmitter &emitter, Value x) const {
  Builder &builder = emitter.getBuilder();
  Type ui8 = builder.getIntegerType(8, /*isSigned=*/false),
       i32 = builder.getI32Type();
  std::vector<char> bytes = nodeBytes();
  auto count = int64_t(nodes.size());
  Value table = constantOf<char>(emitter, bytes, ui8,
                                 {count, int64_t(bytes.size()) / count});
  Value trees =
      constantOf<DyccTreeRoot>(emitter, roots, i32, {int64_t(roots.size()), 2});
  SmallVector<Value> leaves;
  if (!isSingle())
    leaves = {
        constantOf<int32_t>(emitter, ends, i32, int64_t(ends.size())),
        constantOf<int32_t>(emitter, targets, i32, int64_t(targets.size())),
        floats(emitter, forest.element, weights)};
  int64_t reduction = aggregate == Aggregate::Min   ? DYCC_TREES_MIN
                      : aggregate == Aggregate::Max ? DYCC_TREES_MAX
                                                    : DYCC_TREES_SUM;
  return onnx::DecisionTreesOp::create(
      static_cast<OpBuilder &>(builder), emitter.getLoc(),
      UnrankedTensorType::get(forest.element), x, table, trees, leaves,
      forest.numTargets, forest.numFeatures(), test, reduction, steps);
}

} // namespace

Value emitTrees(OpEmitter &emitter, Value x, const Forest &forest,
                Aggregate aggregate) {
  return Packer(forest, aggregate).emit(emitter, x);
}

} // namespace dycc::import
