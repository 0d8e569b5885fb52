// An ensemble of decision trees, as the import makes one of the operators that
// ONNX has for it, and the tables that it packs.
#ifndef DYCC_COMPILER_IMPORT_LEARNING_FOREST_H
#define DYCC_COMPILER_IMPORT_LEARNING_FOREST_H

#include "compiler/import/learning/Learning.h"

namespace dycc::import {

/// A node that asks: a row goes to `next[1]` where its feature is in [lower,
/// upper], or is NaN and `isMissing`; else to `next[0]`. Where there are
/// `members`, it goes to `next[1]` where the feature is one of those.
struct TreeNode {
  double lower, upper;
  int64_t feature;
  /// Of a node; of a leaf its bits inverted.
  int64_t next[2];
  bool isMissing = false;
  std::vector<double> members;
};

struct LeafWeight {
  int64_t target;
  double weight;
};

enum class Aggregate { Average, Sum, Min, Max };

struct Forest {
  mlir::Type element; ///< f32 or f64: of rows, bounds and weights.
  int64_t numTargets = 1;
  std::vector<TreeNode> nodes;
  /// The weights of each leaf, in the model's order.
  std::vector<llvm::SmallVector<LeafWeight, 1>> leaves;
  std::vector<int64_t> roots; ///< As TreeNode::next.

  /// The number of features that rows need.
  int64_t numFeatures() const;
  /// Of each target whether there is a tree all leaves of which have a weight
  /// for it: then each row has some.
  std::vector<bool> alwaysScored() const;
  /// Of each target whether any leaf has a weight for it.
  std::vector<bool> everScored() const;
};

/// The modes of a node, in the order that TreeEnsemble numbers them.
enum class NodeMode : uint8_t { Leq, Lt, Gte, Gt, Eq, Neq, Member };

/// Makes the test of `node`, whose `next` is set: "x mode bound", in numbers of
/// the type `element`.
void setTest(TreeNode &node, NodeMode mode, double bound, mlir::Type element);

/// Reads TreeEnsembleRegressor and TreeEnsembleClassifier, whose weights are in
/// attributes that begin with `prefix` ("target" or "class"); nothing after an
/// error.
std::optional<Forest> readTreeLists(const NodeForm &form, OpEmitter &emitter,
                                    mlir::Type element, llvm::StringRef prefix,
                                    int64_t numTargets);
/// Reads TreeEnsemble.
std::optional<Forest> readTreeTensors(const NodeForm &form, OpEmitter &emitter,
                                      mlir::Type element);

//===--- What readers check -----------------------------------------------===//

/// That each list has as many entries as the first.
mlir::LogicalResult
checkLengths(OpEmitter &emitter,
             llvm::ArrayRef<std::pair<std::string, size_t>> lengths);
mlir::LogicalResult checkFeature(OpEmitter &emitter, int64_t feature);
/// That a weight is for one of `count` targets.
mlir::LogicalResult checkTarget(OpEmitter &emitter, int64_t target,
                                int64_t count);
/// That the tables hold so many targets.
mlir::LogicalResult checkTargets(OpEmitter &emitter, int64_t count);
/// That each node is reached once at most, from a root.
mlir::LogicalResult checkTrees(const Forest &forest, OpEmitter &emitter);

/// (rows, targets): what `aggregate` makes of the weights. An average is a sum
/// here. A minimum or maximum of no weight is an infinity.
mlir::Value emitTrees(OpEmitter &emitter, mlir::Value x, const Forest &forest,
                      Aggregate aggregate);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_LEARNING_FOREST_H
