// Operators beside those of ONNX's default domain, of ONNX Runtime and of
// ONNX's previews (dialects/onnx/contributed.tsv): the import writes each by
// means of these, as their makers document it.
#ifndef DYCC_COMPILER_IMPORT_CONTRIBUTED_CONTRIBUTED_H
#define DYCC_COMPILER_IMPORT_CONTRIBUTED_CONTRIBUTED_H

#include "compiler/import/NodeForm.h"

namespace dycc::import {

/// Writes one operator by means of others. `apply` sets the form's `results`,
/// or makes an operator of ONNX in its newest form of it. It may rely on what
/// the schema says of inputs, attributes and types.
struct Contribution {
  llvm::StringLiteral op;
  mlir::LogicalResult (*apply)(NodeForm &form, OpEmitter &emitter);
  /// The type of the one input that each subgraph has, of operators that have
  /// some; null where operands or attributes do not tell.
  mlir::Type (*regionInput)(const NodeForm &form) = nullptr;
};

/// Checks the node against the schema, writes it by means of others and sets
/// `form.results`. Fails, after an error, where the form is not supported.
mlir::LogicalResult expandContributed(const onnx::OperatorSchema &schema,
                                      NodeForm &form, OpEmitter &emitter);

/// The type of what subgraphs of the operator take, null where it is not known;
/// nothing where it has none.
std::optional<mlir::Type>
contributedRegionInput(const onnx::OperatorSchema &schema,
                       const NodeForm &form);

/// Whether there is a way to write the operator by means of others.
bool isExpandable(const onnx::OperatorSchema &schema);

// The table, by family.
llvm::ArrayRef<Contribution> contributedActivations();
llvm::ArrayRef<Contribution> contributedAttentions();
llvm::ArrayRef<Contribution> contributedFlexAttention();
llvm::ArrayRef<Contribution> contributedGroupQueries();
llvm::ArrayRef<Contribution> contributedNormalizations();
llvm::ArrayRef<Contribution> contributedOptimizers();
llvm::ArrayRef<Contribution> contributedProducts();
llvm::ArrayRef<Contribution> contributedQuantizations();
llvm::ArrayRef<Contribution> contributedQuantizedGathers();
llvm::ArrayRef<Contribution> contributedQuantizedProducts();
llvm::ArrayRef<Contribution> contributedQuantizedRecurrences();
// Of ONNX's domain for classical learning (compiler/import/learning).
llvm::ArrayRef<Contribution> learnedEncoders();
llvm::ArrayRef<Contribution> learnedFeatures();
llvm::ArrayRef<Contribution> learnedLinear();
llvm::ArrayRef<Contribution> learnedMappings();
llvm::ArrayRef<Contribution> learnedSupportVectors();
llvm::ArrayRef<Contribution> learnedTrees();

// What several families share.

/// A tensor of one element without its axes; null stays null.
mlir::Value asScalar(OpEmitter &emitter, mlir::Value one);
/// The extent of one axis, a vector of one i64; negative axes count from the
/// end.
mlir::Value extentOf(OpEmitter &emitter, mlir::Value x, int64_t axis);
/// `x` in the type `to`.
mlir::Value castTo(OpEmitter &emitter, mlir::Value x, mlir::Type to);
/// Equal parts of `x` along an axis.
llvm::SmallVector<mlir::Value> splitEvenly(OpEmitter &emitter, mlir::Value x,
                                           int64_t axis, int64_t count);
/// An image of `rank` axes with its channels last as one with channels first,
/// and back.
mlir::Value channelsFirst(OpEmitter &emitter, mlir::Value x, int64_t rank);
mlir::Value channelsLast(OpEmitter &emitter, mlir::Value x, int64_t rank);
mlir::NamedAttribute floatAttr(OpEmitter &emitter, llvm::StringRef name,
                               double value);
/// A FLOAT attribute, or the default.
double getFloat(const NodeForm &form, llvm::StringRef name, double fallback);
/// `x` behind the activation that attribute "activation" names; `x` itself
/// without one. `parameters` gives what belongs to an attribute of it, by the
/// name and its place, where the node has it. Null, after an error, where the
/// activation is unknown.
mlir::Value
activated(NodeForm &form, OpEmitter &emitter, mlir::Value x,
          llvm::function_ref<std::optional<double>(llvm::StringRef, size_t)>
              parameter);

/// Heads of keys or values, [batch, heads, length, size], each as often as
/// there are heads of queries for it.
mlir::Value likeQueries(OpEmitter &emitter, mlir::Value x, mlir::Value queries);
/// Products of queries and as many heads of keys, times `scale`; without one,
/// over the root of their size.
mlir::Value scoresOf(OpEmitter &emitter, mlir::Value queries, mlir::Value keys,
                     std::optional<double> scale);

/// Rows of `each` numbers of `bits` bits, the first in the low bits of a byte,
/// as a constant of u8, or of integers `element`; `rowBytes` lie from row to
/// row. Null where the bytes are not as many.
mlir::Value unpackedRows(OpEmitter &emitter, mlir::ElementsAttr packed,
                         int64_t bits, int64_t rows, int64_t each,
                         int64_t rowBytes, mlir::Type element = {});
/// A product of integers of eight bits (the operands of a MatMulInteger) times
/// both scales, and a bias where there is one, in the type of the scales.
mlir::Value scaledProduct(OpEmitter &emitter,
                          llvm::ArrayRef<mlir::Value> operands,
                          mlir::Value aScale, mlir::Value bScale,
                          mlir::Value bias);

/// Real numbers from quantised ones, by one scale and zero point (or null for
/// 0) for the tensor; and the other way round, to elements of type `to`.
mlir::Value dequantized(OpEmitter &emitter, mlir::Value x, mlir::Value scale,
                        mlir::Value point);
mlir::Value quantized(OpEmitter &emitter, mlir::Value y, mlir::Value scale,
                      mlir::Value point, mlir::Type to);
/// f32 `sums` of steps times `factor`, the scale of a sum over that of a step
/// of the result.
mlir::Value requantized(OpEmitter &emitter, mlir::Value sums,
                        mlir::Value factor, mlir::Value point, mlir::Type to);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_CONTRIBUTED_CONTRIBUTED_H
