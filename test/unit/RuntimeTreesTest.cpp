// The runtime's walk through decision trees against a plain one: each kind of
// test and reduction, for numbers of rows and trees around eight.
#include "runtime/abi/Trees.h"
#include "test/unit/RuntimeOpsFixture.h"

#include <cmath>
#include <limits>

namespace dycc::test {
namespace {

/// A float type with the nodes of its trees.
struct Narrow {
  using Number = float;
  using Node = DyccTreeNodeF32;
  using Range = DyccTreeRangeF32;
};
struct Wide {
  using Number = double;
  using Node = DyccTreeNodeF64;
  using Range = DyccTreeRangeF64;
};

constexpr int64_t kFeatures = 5;

template <typename T>
struct RuntimeTrees : RuntimeOps {
  using Number = typename T::Number;

  /// Tables of nodes with all that any kind of test asks for.
  struct Tables {
    std::vector<typename T::Range> nodes;
    std::vector<int32_t> roots, ends = {0}, targets;
    std::vector<Number> weights;
    int64_t steps = 0;
  };

  Number draw() { return Number(int(this->random() % 9) - 4) / 2; }

  /// Adds a tree that ends at each node with some chance; gives its depth.
  int32_t grow(Tables &tables, int32_t index, int depth, int64_t numTargets) {
    typename T::Range node = {};
    if (depth == 0 || this->random() % 6 == 0) {
      node.next[0] = node.next[1] = index;
      node.upper = draw();
      if (numTargets > 1) {
        auto number = int32_t(tables.ends.size() - 1);
        memcpy(&node.upper, &number, sizeof(number));
        for (int64_t target = 0; target < numTargets; ++target)
          if (this->random() % 3) {
            tables.targets.push_back(int32_t(target));
            tables.weights.push_back(draw());
          }
        tables.ends.push_back(int32_t(tables.targets.size()));
      }
      tables.nodes[index] = node;
      return 0;
    }
    node.lower = draw();
    node.upper = node.lower + Number(this->random() % 3);
    node.feature = int32_t(this->random() % kFeatures);
    if (this->random() % 2)
      node.feature |= INT32_MIN;
    node.next[0] = int32_t(tables.nodes.size());
    node.next[1] = node.next[0] + 1;
    tables.nodes.resize(tables.nodes.size() + 2);
    tables.nodes[index] = node;
    int32_t left = grow(tables, node.next[0], depth - 1, numTargets);
    return 1 +
           std::max(left, grow(tables, node.next[1], depth - 1, numTargets));
  }

  Tables makeTables(int trees, int depth, int64_t numTargets) {
    Tables tables;
    for (int tree = 0; tree < trees; ++tree) {
      auto root = int32_t(tables.nodes.size());
      tables.nodes.emplace_back();
      int32_t steps = grow(tables, root, depth, numTargets);
      tables.roots.insert(tables.roots.end(), {root, steps});
      tables.steps += steps;
    }
    return tables;
  }

  static bool passes(const typename T::Range &node, Number x, int test) {
    if (std::isnan(x))
      return test != DYCC_TREES_LIMIT && node.feature < 0;
    return x <= node.upper && (test != DYCC_TREES_RANGE || x >= node.lower);
  }

  /// What one leaf adds to the scores of a row.
  static void add(const Tables &tables, const typename T::Range &leaf,
                  int reduction, std::vector<Number> &scores) {
    auto reduce = [&](Number &score, Number weight) {
      score = reduction == DYCC_TREES_SUM   ? score + weight
              : reduction == DYCC_TREES_MIN ? std::min(score, weight)
                                            : std::max(score, weight);
    };
    if (scores.size() == 1)
      return reduce(scores[0], leaf.upper);
    int32_t number;
    memcpy(&number, &leaf.upper, sizeof(number));
    for (int32_t i = tables.ends[number]; i < tables.ends[number + 1]; ++i)
      reduce(scores[tables.targets[i]], tables.weights[i]);
  }

  /// Elements of the tables as an operand.
  template <typename E, typename V>
  static OpTensor operand(std::vector<int64_t> dims, const V &values) {
    OpTensor tensor = makeTensor<E>(std::move(dims));
    memcpy(tensor.memory.data() + 1, values.data(),
           values.size() * sizeof(values[0]));
    return tensor;
  }

  /// The nodes as the kind of test has them.
  static OpTensor nodesOf(const Tables &tables, int test) {
    auto count = int64_t(tables.nodes.size());
    if (test == DYCC_TREES_RANGE)
      return operand<uint8_t>({count, sizeof(typename T::Range)}, tables.nodes);
    std::vector<typename T::Node> nodes;
    for (const auto &range : tables.nodes) {
      typename T::Node node = {};
      node.upper = range.upper;
      node.feature = range.feature;
      std::copy_n(range.next, 2, node.next);
      nodes.push_back(node);
    }
    return operand<uint8_t>({count, sizeof(typename T::Node)}, nodes);
  }

  void compare(const Tables &tables, int64_t rows, int64_t numTargets, int test,
               int reduction) {
    OpTensor x = makeTensor<Number>({rows, kFeatures});
    for (int64_t i = 0; i < x.count(); ++i)
      x.set<Number>(i, this->random() % 8 ? draw() : Number(NAN));
    OpTensor y = makeTensor<Number>({rows, numTargets});
    OpTensor nodes = nodesOf(tables, test);
    OpTensor roots =
        operand<int32_t>({int64_t(tables.roots.size()) / 2, 2}, tables.roots);
    OpTensor ends =
        operand<int32_t>({int64_t(tables.ends.size())}, tables.ends);
    OpTensor targets =
        operand<int32_t>({int64_t(tables.targets.size())}, tables.targets);
    OpTensor weights =
        operand<Number>({int64_t(tables.weights.size())}, tables.weights);
    std::vector<OpTensor *> in = {&x, &nodes, &roots};
    if (numTargets > 1)
      in.insert(in.end(), {&ends, &targets, &weights});
    ASSERT_EQ(this->call(dycc_op_decision_trees, in, {&y},
                         {test, reduction, tables.steps}),
              DYCC_OK);
    constexpr Number infinity = std::numeric_limits<Number>::infinity();
    Number none = reduction == DYCC_TREES_SUM   ? 0
                  : reduction == DYCC_TREES_MIN ? infinity
                                                : -infinity;
    for (int64_t row = 0; row < rows; ++row) {
      std::vector<Number> scores(numTargets, none);
      for (size_t tree = 0; tree < tables.roots.size(); tree += 2) {
        int32_t at = tables.roots[tree];
        while (tables.nodes[at].next[0] != at) {
          const auto &node = tables.nodes[at];
          int64_t feature = node.feature & DYCC_TREES_FEATURE;
          at = node.next[passes(node, x.get<Number>(row * kFeatures + feature),
                                test)];
        }
        add(tables, tables.nodes[at], reduction, scores);
      }
      for (int64_t target = 0; target < numTargets; ++target)
        ASSERT_EQ(y.get<Number>(row * numTargets + target), scores[target])
            << "row " << row << " of " << rows << ", test " << test
            << ", reduction " << reduction;
    }
  }
};

using Numbers = testing::Types<Narrow, Wide>;
TYPED_TEST_SUITE(RuntimeTrees, Numbers);

TYPED_TEST(RuntimeTrees, RowsEndWhereAPlainWalkDoes) {
  for (int64_t numTargets : {1, 3})
    for (int trees : {1, 7, 8, 9, 20})
      for (int depth : {0, 1, 4, 11}) {
        auto tables = this->makeTables(trees, depth, numTargets);
        for (int64_t rows : {0, 1, 7, 8, 9, 70, 300})
          for (int kind = 0; kind < 9; ++kind)
            this->compare(tables, rows, numTargets, kind % 3, kind / 3);
      }
}

TYPED_TEST(RuntimeTrees, LeavesAloneNeedNoFeature) {
  auto tables = this->makeTables(3, 0, 1);
  OpTensor x = makeTensor<typename TypeParam::Number>({2, 0});
  OpTensor y = makeTensor<typename TypeParam::Number>({2, 1});
  OpTensor nodes = this->nodesOf(tables, DYCC_TREES_LIMIT);
  OpTensor roots = this->template operand<int32_t>({3, 2}, tables.roots);
  ASSERT_EQ(this->call(dycc_op_decision_trees, {&x, &nodes, &roots}, {&y},
                       {DYCC_TREES_LIMIT, DYCC_TREES_SUM, 0}),
            DYCC_OK);
  auto sum =
      tables.nodes[0].upper + tables.nodes[1].upper + tables.nodes[2].upper;
  EXPECT_EQ(y.template get<typename TypeParam::Number>(0), sum);
  EXPECT_EQ(y.template get<typename TypeParam::Number>(1), sum);
}

} // namespace
} // namespace dycc::test
