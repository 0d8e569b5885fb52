// What the operators of domain ai.onnx.ml share: those of classical learning,
// as converters of scikit-learn, XGBoost and LightGBM write them.
#ifndef DYCC_COMPILER_IMPORT_LEARNING_LEARNING_H
#define DYCC_COMPILER_IMPORT_LEARNING_LEARNING_H

#include "compiler/import/contributed/Contributed.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace dycc::import {

//===--- Attributes -------------------------------------------------------===//

/// The numbers of a FLOATS or INTS attribute or of a tensor of floats; none
/// where it is absent.
std::vector<double> numbersOf(const NodeForm &form, llvm::StringRef name);
/// Of an INTS attribute or a tensor of integers; none where it is absent.
std::vector<int64_t> intsOf(const NodeForm &form, llvm::StringRef name);
/// Of a STRINGS attribute or a tensor of strings; none where it is absent.
std::vector<llvm::StringRef> stringsOf(const NodeForm &form,
                                       llvm::StringRef name);
/// A vector of strings.
mlir::Value strings(OpEmitter &emitter, llvm::ArrayRef<llvm::StringRef> values);
/// A tensor of floats, f32 or f64; a vector where `shape` is empty.
mlir::Value floats(OpEmitter &emitter, mlir::Type element,
                   llvm::ArrayRef<double> values,
                   llvm::ArrayRef<int64_t> shape = {});

//===--- Values -----------------------------------------------------------===//

/// `x` in the type `to`; `x` itself where it has it.
mlir::Value converted(OpEmitter &emitter, mlir::Value x, mlir::Type to);
/// The same in f32.
mlir::Value asF32(OpEmitter &emitter, mlir::Value x);
/// Whether it has strings.
bool isString(mlir::Value x);
/// Whether each element is each of `keys`, along a new last axis.
mlir::Value matches(OpEmitter &emitter, mlir::Value x, mlir::Value keys);
/// Of bools along the last axis the number of the first that is set; their
/// `count` where none is.
mlir::Value firstSet(OpEmitter &emitter, mlir::Value flags, int64_t count);
/// A column of a matrix, as a vector.
mlir::Value column(OpEmitter &emitter, mlir::Value matrix, int64_t index);

//===--- Scores and labels (Scores.cpp) -----------------------------------===//

enum class PostTransform { None, Softmax, Logistic, SoftmaxZero, Probit };

/// By attribute "post_transform"; nothing, after an error, where it is unknown.
std::optional<PostTransform> readPostTransform(const NodeForm &form,
                                               OpEmitter &emitter);
/// Rows of scores, of several classes or targets, behind a transform.
mlir::Value transformed(OpEmitter &emitter, mlir::Value scores,
                        PostTransform transform);
/// Scores of a single target: a probit alone changes those.
mlir::Value transformedSingle(OpEmitter &emitter, mlir::Value scores,
                              PostTransform transform);
/// The scores of two classes from those of the second one, a column.
/// `isProbability`: they are in [0, 1]. Null, after an error, for a probit.
mlir::Value bothScores(OpEmitter &emitter, mlir::Value scores,
                       PostTransform transform, bool isProbability);

/// The labels of a classifier by the numbers of its classes.
struct ClassLabels {
  mlir::Value table; ///< Null where the numbers are the labels.
  int64_t count = 0;

  /// The labels of a vector of numbers.
  mlir::Value at(OpEmitter &emitter, mlir::Value numbers) const;
  /// Of two classes, by whether it is the second.
  mlir::Value either(OpEmitter &emitter, mlir::Value isSecond) const;
  /// Of the first of the highest scores in each row.
  mlir::Value best(OpEmitter &emitter, mlir::Value scores) const;
};

/// From attribute "classlabels_strings", or else the INTS attribute `name`;
/// nothing, after an error, where there are fewer than two.
std::optional<ClassLabels> readLabels(const NodeForm &form, OpEmitter &emitter,
                                      llvm::StringRef name);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_LEARNING_LEARNING_H
