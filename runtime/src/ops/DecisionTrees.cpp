// DecisionTrees: x [rows, features] -> [rows, targets], f32 or f64: of each
// target the sum, minimum or maximum of the weights of the leaves that the row
// ends in, tree by tree in their order. Of a minimum or maximum that no leaf
// has a weight for, an infinity is left.
//
// Operands: x, nodes, roots (runtime/abi/Trees.h); of several targets also,
// leaf by leaf, where its weights end (behind a 0 for the first one to begin
// at), their targets and themselves.
//
// A walk waits for memory at each node, so eight go in step: of eight rows
// through one tree, whose nodes stay in the nearest cache for all rows of a
// task; of one row through eight trees where there are fewer rows.
#include "runtime/abi/Trees.h"
#include "runtime/src/ops/Ops.h"

namespace dycc::rt {
namespace {

constexpr int kLanes = 8;
/// So many steps are taken before it is worth to see whether all walks ended.
constexpr int kStepsAtATime = 4;

/// A node where it lies: at any alignment, and read as little of as is needed.
template <typename Node>
class NodeView {
public:
  using Number = decltype(Node::upper);

  NodeView(const uint8_t *nodes, int32_t index)
      : bytes(nodes + int64_t(index) * sizeof(Node)) {}

  Number upper() const { return loadAt<Number>(bytes, 0); }
  int32_t next(int side) const {
    return loadAt<int32_t>(bytes + offsetof(Node, next), side);
  }

  /// Whether a row passes the test.
  template <int test>
  bool passes(const uint8_t *row) const {
    auto feature = loadAt<int32_t>(bytes + offsetof(Node, feature), 0);
    auto x = loadAt<Number>(row, feature & DYCC_TREES_FEATURE);
    bool isIn = x <= upper();
    if constexpr (test == DYCC_TREES_RANGE)
      isIn &= x >= loadAt<Number>(bytes + offsetof(Node, lower), 0);
    if constexpr (test != DYCC_TREES_LIMIT)
      isIn |= (feature < 0) & (x != x);
    return isIn;
  }

private:
  static_assert(offsetof(Node, upper) == 0);
  const uint8_t *bytes;
};

/// Where some walks are, each of a row.
struct Walks {
  const uint8_t *rows[kLanes];
  int32_t at[kLanes];
};

/// Takes all walks `depth` steps on, or to where all of them have ended.
template <typename Node, int test>
void walk(const uint8_t *nodes, int32_t depth, Walks &walks) {
  Walks now = walks;
  bool isOpen = true;
  while (depth > 0 && isOpen) {
    int32_t steps = depth < kStepsAtATime ? depth : kStepsAtATime;
    depth -= steps;
    for (; steps > 0; --steps)
#pragma unroll
      for (int lane = 0; lane < kLanes; ++lane) {
        NodeView<Node> node(nodes, now.at[lane]);
        now.at[lane] = node.next(node.template passes<test>(now.rows[lane]));
      }
    isOpen = false;
    for (int lane = 0; lane < kLanes && depth > 0; ++lane)
      isOpen |= NodeView<Node>(nodes, now.at[lane]).next(0) != now.at[lane];
  }
  walks = now;
}

/// What the tasks of a call share. Tables and tensors may have any alignment.
template <typename T>
struct Ensemble {
  void (*walk)(const uint8_t *, int32_t, Walks &);
  const uint8_t *x, *nodes, *roots;
  const uint8_t *ends, *targetOf, *weights; ///< Of several targets.
  uint8_t *scores;
  int64_t numRows, numFeatures, numTrees, numTargets, nodeBytes, reduction;
  int64_t rowsPerTask;

  DyccTreeRoot root(int64_t tree) const {
    return loadAt<DyccTreeRoot>(roots, tree);
  }
  const uint8_t *row(int64_t number) const {
    return x + number * numFeatures * int64_t(sizeof(T));
  }

  void add(int64_t index, T weight) const {
    auto score = loadAt<T>(scores, index);
    if (reduction == DYCC_TREES_SUM)
      storeAt<T>(scores, index, score + weight);
    else if (reduction == DYCC_TREES_MIN ? weight < score : weight > score)
      storeAt<T>(scores, index, weight);
  }

  /// Adds the weights of a leaf to the scores of a row.
  void addLeaf(int64_t row, int32_t leaf) const {
    const uint8_t *node = nodes + leaf * nodeBytes;
    if (!ends)
      return add(row, loadAt<T>(node, 0));
    auto number = loadAt<int32_t>(node, 0);
    auto end = loadAt<int32_t>(ends, number + 1);
    for (auto i = loadAt<int32_t>(ends, number); i < end; ++i)
      add(row * numTargets + loadAt<int32_t>(targetOf, i),
          loadAt<T>(weights, i));
  }

  void start(int64_t begin, int64_t end) const {
    T none = reduction == DYCC_TREES_SUM   ? T(0)
             : reduction == DYCC_TREES_MIN ? T(__builtin_inf())
                                           : T(-__builtin_inf());
    for (int64_t i = begin * numTargets; i < end * numTargets; ++i)
      storeAt<T>(scores, i, none);
  }

  /// Eight rows through one tree.
  void walkRows(int64_t first, int64_t tree) const {
    Walks walks;
    DyccTreeRoot begin = root(tree);
    for (int lane = 0; lane < kLanes; ++lane) {
      walks.rows[lane] = row(first + lane);
      walks.at[lane] = begin.node;
    }
    walk(nodes, begin.depth, walks);
    for (int lane = 0; lane < kLanes; ++lane)
      addLeaf(first + lane, walks.at[lane]);
  }

  /// One row through up to eight trees; idle walks take the last one again.
  void walkTrees(int64_t number, int64_t tree) const {
    Walks walks;
    int32_t depth = 0;
    for (int lane = 0; lane < kLanes; ++lane) {
      bool isIdle = tree + lane >= numTrees;
      DyccTreeRoot begin = root(isIdle ? numTrees - 1 : tree + lane);
      walks.rows[lane] = row(number);
      walks.at[lane] = begin.node;
      depth = begin.depth > depth ? begin.depth : depth;
    }
    walk(nodes, depth, walks);
    for (int lane = 0; lane < kLanes && tree + lane < numTrees; ++lane)
      addLeaf(number, walks.at[lane]);
  }

  void run(int64_t begin, int64_t end) const {
    start(begin, end);
    int64_t whole = begin + (end - begin) / kLanes * kLanes;
    for (int64_t tree = 0; tree < numTrees && begin < whole; ++tree)
      for (int64_t first = begin; first < whole; first += kLanes)
        walkRows(first, tree);
    for (int64_t number = whole; number < end; ++number)
      for (int64_t tree = 0; tree < numTrees; tree += kLanes)
        walkTrees(number, tree);
  }
};

template <typename T>
int runTask(void *, int number, uint8_t *closure) {
  const auto &trees = *reinterpret_cast<const Ensemble<T> *>(closure);
  int64_t begin = number * trees.rowsPerTask, end = begin + trees.rowsPerTask;
  trees.run(begin, end < trees.numRows ? end : trees.numRows);
  return DYCC_OK;
}

/// Rows for some tens of microseconds, since a step takes about one of them per
/// thousand; enough of them that a tree is read from far away once for many.
int64_t rowsPerTask(int64_t steps) {
  constexpr int64_t kSteps = 1 << 16, kLeast = 32, kMost = 256;
  int64_t rows = kSteps / (steps + 1) / kLanes * kLanes;
  return rows < kLeast ? kLeast : rows > kMost ? kMost : rows;
}

/// The walk for a kind of test.
template <typename T, typename Node, typename Range>
void setTest(Ensemble<T> &trees, int64_t test) {
  trees.nodeBytes = test == DYCC_TREES_RANGE ? sizeof(Range) : sizeof(Node);
  trees.walk = test == DYCC_TREES_LIMIT ? walk<Node, DYCC_TREES_LIMIT>
               : test == DYCC_TREES_LIMIT_OR_MISSING
                   ? walk<Node, DYCC_TREES_LIMIT_OR_MISSING>
                   : walk<Range, DYCC_TREES_RANGE>;
}

template <typename T, typename Node, typename Range>
void run(DyccFrame *frame, const DyccOpTensor *inputs, int32_t numInputs,
         const DyccOpTensor &scores, const int64_t *attributes) {
  Ensemble<T> trees = {};
  setTest<T, Node, Range>(trees, attributes[DYCC_TREES_TEST]);
  auto operand = [&](int32_t i) {
    return static_cast<const uint8_t *>(inputs[i].data);
  };
  trees.x = operand(0);
  trees.nodes = operand(1);
  trees.roots = operand(2);
  if (numInputs > 3) {
    trees.ends = operand(3);
    trees.targetOf = operand(4);
    trees.weights = operand(5);
  }
  trees.scores = static_cast<uint8_t *>(scores.data);
  trees.numRows = inputs[0].dims[0];
  trees.numFeatures = inputs[0].dims[1];
  trees.numTrees = inputs[2].dims[0];
  trees.numTargets = scores.dims[1];
  trees.reduction = attributes[DYCC_TREES_REDUCTION];
  trees.rowsPerTask = rowsPerTask(attributes[DYCC_TREES_STEPS]);
  int64_t tasks = (trees.numRows + trees.rowsPerTask - 1) / trees.rowsPerTask;
  halide_do_par_for(frame, runTask<T>, 0, int(tasks),
                    reinterpret_cast<uint8_t *>(&trees));
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_decision_trees(DyccFrame *frame, const char *,
                               const DyccOpTensor *inputs, int32_t numInputs,
                               DyccOpTensor *outputs, int32_t,
                               const int64_t *attributes) {
  if (inputs[0].bits == 64)
    run<double, DyccTreeNodeF64, DyccTreeRangeF64>(frame, inputs, numInputs,
                                                   outputs[0], attributes);
  else
    run<float, DyccTreeNodeF32, DyccTreeRangeF32>(frame, inputs, numInputs,
                                                  outputs[0], attributes);
  return DYCC_OK;
}
