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

/// At any alignment.
template <typename T>
using Loose __attribute__((aligned(1))) = T;

template <typename T>
struct Walks {
  const Loose<T> *rows[kLanes];
  int32_t at[kLanes];
};

template <typename Node, int test, typename T>
bool passes(const Node &node, const Loose<T> *row) {
  T x = row[node.feature & DYCC_TREES_FEATURE];
  bool isIn = x <= node.upper;
  if constexpr (test == DYCC_TREES_RANGE)
    isIn &= x >= node.lower;
  if constexpr (test != DYCC_TREES_LIMIT)
    isIn |= (node.feature < 0) & (x != x);
  return isIn;
}

/// Takes all walks `depth` steps on, or to where all of them have ended.
template <typename Node, int test, typename T>
void walk(const uint8_t *table, int32_t depth, Walks<T> &walks) {
  const auto *nodes = reinterpret_cast<const Loose<Node> *>(table);
  Walks<T> now = walks;
  bool isOpen = true;
  while (depth > 0 && isOpen) {
    int32_t steps = depth < kStepsAtATime ? depth : kStepsAtATime;
    depth -= steps;
    for (; steps > 0; --steps)
#pragma unroll
      for (int lane = 0; lane < kLanes; ++lane) {
        const Loose<Node> &node = nodes[now.at[lane]];
        bool side = passes<Loose<Node>, test, T>(node, now.rows[lane]);
        now.at[lane] = node.next[side];
      }
    isOpen = false;
    for (int lane = 0; lane < kLanes && depth > 0; ++lane)
      isOpen |= nodes[now.at[lane]].next[0] != now.at[lane];
  }
  walks = now;
}

/// What the tasks of a call share.
template <typename T>
struct Ensemble {
  void (*walk)(const uint8_t *, int32_t, Walks<T> &);
  const Loose<T> *x;
  const uint8_t *nodes;
  const Loose<DyccTreeRoot> *roots;
  const Loose<int32_t> *ends, *targetOf; ///< Of several targets.
  const Loose<T> *weights;
  Loose<T> *scores;
  int64_t numRows, numFeatures, numTrees, numTargets, nodeBytes, reduction;
  int64_t rowsPerTask;

  void add(Loose<T> &score, T weight) const {
    if (reduction == DYCC_TREES_SUM)
      score += weight;
    else if (reduction == DYCC_TREES_MIN ? weight < score : weight > score)
      score = weight;
  }

  /// Adds the weights of a leaf to the scores of a row.
  void addLeaf(int64_t row, int32_t leaf) const {
    const uint8_t *node = nodes + leaf * nodeBytes;
    if (!ends)
      return add(scores[row], loadAt<T>(node, 0));
    auto number = loadAt<int32_t>(node, 0);
    for (int32_t i = ends[number]; i < ends[number + 1]; ++i)
      add(scores[row * numTargets + targetOf[i]], weights[i]);
  }

  void start(int64_t begin, int64_t end) const {
    T none = reduction == DYCC_TREES_SUM   ? T(0)
             : reduction == DYCC_TREES_MIN ? T(__builtin_inf())
                                           : T(-__builtin_inf());
    for (int64_t i = begin * numTargets; i < end * numTargets; ++i)
      scores[i] = none;
  }

  /// Eight rows through one tree.
  void walkRows(int64_t row, int64_t tree) const {
    Walks<T> walks;
    for (int lane = 0; lane < kLanes; ++lane) {
      walks.rows[lane] = x + (row + lane) * numFeatures;
      walks.at[lane] = roots[tree].node;
    }
    walk(nodes, roots[tree].depth, walks);
    for (int lane = 0; lane < kLanes; ++lane)
      addLeaf(row + lane, walks.at[lane]);
  }

  /// One row through up to eight trees; idle walks take the last one again.
  void walkTrees(int64_t row, int64_t tree) const {
    Walks<T> walks;
    int32_t depth = 0;
    for (int lane = 0; lane < kLanes; ++lane) {
      bool isIdle = tree + lane >= numTrees;
      const auto &root = roots[isIdle ? numTrees - 1 : tree + lane];
      walks.rows[lane] = x + row * numFeatures;
      walks.at[lane] = root.node;
      depth = root.depth > depth ? root.depth : depth;
    }
    walk(nodes, depth, walks);
    for (int lane = 0; lane < kLanes && tree + lane < numTrees; ++lane)
      addLeaf(row, walks.at[lane]);
  }

  void run(int64_t begin, int64_t end) const {
    start(begin, end);
    int64_t whole = begin + (end - begin) / kLanes * kLanes;
    for (int64_t tree = 0; tree < numTrees && begin < whole; ++tree)
      for (int64_t row = begin; row < whole; row += kLanes)
        walkRows(row, tree);
    for (int64_t row = whole; row < end; ++row)
      for (int64_t tree = 0; tree < numTrees; tree += kLanes)
        walkTrees(row, tree);
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
  trees.walk = test == DYCC_TREES_LIMIT ? walk<Node, DYCC_TREES_LIMIT, T>
               : test == DYCC_TREES_LIMIT_OR_MISSING
                   ? walk<Node, DYCC_TREES_LIMIT_OR_MISSING, T>
                   : walk<Range, DYCC_TREES_RANGE, T>;
}

template <typename T, typename Node, typename Range>
void run(DyccFrame *frame, const DyccOpTensor *inputs, int32_t numInputs,
         const DyccOpTensor &scores, const int64_t *attributes) {
  Ensemble<T> trees = {};
  setTest<T, Node, Range>(trees, attributes[DYCC_TREES_TEST]);
  trees.x = static_cast<const Loose<T> *>(inputs[0].data);
  trees.nodes = static_cast<const uint8_t *>(inputs[1].data);
  trees.roots = static_cast<const Loose<DyccTreeRoot> *>(inputs[2].data);
  if (numInputs > 3) {
    trees.ends = static_cast<const Loose<int32_t> *>(inputs[3].data);
    trees.targetOf = static_cast<const Loose<int32_t> *>(inputs[4].data);
    trees.weights = static_cast<const Loose<T> *>(inputs[5].data);
  }
  trees.scores = static_cast<Loose<T> *>(scores.data);
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
