// The operators of the runtime as compiled models call them. What each computes
// stands at the head of its file in runtime/src/ops.
#ifndef DYCC_RUNTIME_ABI_OPERATORS_H
#define DYCC_RUNTIME_ABI_OPERATORS_H

#include "runtime/abi/Frame.h"

/// A tensor as runtime operators see it: plain layout, exact extent.
typedef struct DyccOpTensor {
  /// Null in a result that nothing bounds: the operator allocates it.
  void *data;
  int64_t *dims; ///< An operator that decides an extent stores it here.
  int32_t rank;
  uint8_t code, bits;
  uint16_t pad;
} DyccOpTensor;

DYCC_ABI_CHECK(DyccOpTensor, 24, pad, 22);

/// A runtime operator: `dycc_op_<name>`. `attributes` are its own, numbered
/// below. Returns a dycc_status (text set on failure).
typedef int32_t (*DyccOp)(DyccFrame *, const char *node,
                          const DyccOpTensor *inputs, int32_t numInputs,
                          DyccOpTensor *outputs, int32_t numOutputs,
                          const int64_t *attributes);

/// What an array of scratch has an element for.
enum {
  DYCC_PER_NOTHING,
  DYCC_PER_BOX,   ///< The first input is (batch, box, 4).
  DYCC_PER_SLICE, ///< Along the axis that attribute 0 is; if -1, an element.
  DYCC_PER_MATRIX_ELEMENT, ///< Of the last two axes of the first input.
};

/// X(name, allocates, arrays, per) for each operator. `allocates`: it takes
/// memory for a result once it knows the extent. `arrays`: how many arrays of
/// i64 it takes from the scratch of its thread at a time; `per`: how long each
/// is.
#define DYCC_OPERATORS(X)                                                      \
  X(check_indices, 0, 0, DYCC_PER_NOTHING)                                     \
  X(compress, 1, 0, DYCC_PER_NOTHING)                                          \
  X(decision_trees, 0, 0, DYCC_PER_NOTHING)                                    \
  X(det, 0, 1, DYCC_PER_MATRIX_ELEMENT)                                        \
  X(non_max_suppression, 1, 1, DYCC_PER_BOX)                                   \
  X(non_zero, 1, 0, DYCC_PER_NOTHING)                                          \
  X(number_to_string, 0, 0, DYCC_PER_NOTHING)                                  \
  X(random_uniform, 0, 0, DYCC_PER_NOTHING)                                    \
  X(regex_full_match, 0, 0, DYCC_PER_NOTHING)                                  \
  X(string_concat, 0, 0, DYCC_PER_NOTHING)                                     \
  X(string_normalizer, 1, 0, DYCC_PER_NOTHING)                                 \
  X(string_split, 1, 0, DYCC_PER_NOTHING)                                      \
  X(string_to_number, 0, 0, DYCC_PER_NOTHING)                                  \
  X(tf_idf, 0, 0, DYCC_PER_NOTHING)                                            \
  X(top_k, 0, 0, DYCC_PER_NOTHING)                                             \
  X(unique, 1, 2, DYCC_PER_SLICE)

/// check_indices: how many components a row of indices has, whether negative
/// ones count from the end, then the limit of each component.
enum {
  DYCC_CHECK_INDICES_COUNT,
  DYCC_CHECK_INDICES_FROM_END,
  DYCC_CHECK_INDICES_LIMITS
};

/// compress: the axis, or -1: x is flat, and so is the result.
enum { DYCC_COMPRESS_AXIS, DYCC_COMPRESS_ATTRIBUTES };

/// decision_trees: how a node compares, what becomes of the weights of one
/// target, and how many nodes a row passes at most, all trees together.
/// runtime/abi/Trees.h has the tables.
enum {
  DYCC_TREES_TEST,
  DYCC_TREES_REDUCTION,
  DYCC_TREES_STEPS,
  DYCC_TREES_ATTRIBUTES
};

/// non_max_suppression: whether boxes are given by their centre; which of the
/// optional inputs are given, added up.
enum {
  DYCC_SUPPRESSION_CENTER,
  DYCC_SUPPRESSION_GIVEN,
  DYCC_SUPPRESSION_ATTRIBUTES
};
enum {
  DYCC_SUPPRESSION_HAS_MOST = 1,
  DYCC_SUPPRESSION_HAS_IOU = 2,
  DYCC_SUPPRESSION_HAS_SCORE = 4
};

/// random_uniform: whether there is a seed, and its bits.
enum {
  DYCC_RANDOM_UNIFORM_HAS_SEED,
  DYCC_RANDOM_UNIFORM_SEED,
  DYCC_RANDOM_UNIFORM_ATTRIBUTES
};

/// string_normalizer: what becomes of the case of letters, and whether it
/// counts where stop words are looked for.
enum {
  DYCC_NORMALIZER_CASE,
  DYCC_NORMALIZER_IS_SENSITIVE,
  DYCC_NORMALIZER_ATTRIBUTES
};
enum { DYCC_CASE_NONE, DYCC_CASE_LOWER, DYCC_CASE_UPPER };

/// string_split: at how many delimiters it splits at most, the first ones.
enum { DYCC_SPLIT_MOST, DYCC_SPLIT_ATTRIBUTES };

/// tf_idf: least and most elements of an n-gram, how many are skipped at most
/// between two of them, and what a count becomes.
enum {
  DYCC_TF_IDF_LEAST,
  DYCC_TF_IDF_MOST,
  DYCC_TF_IDF_SKIPS,
  DYCC_TF_IDF_MODE,
  DYCC_TF_IDF_ATTRIBUTES
};
enum { DYCC_TF, DYCC_IDF, DYCC_TFIDF };

/// top_k: the axis (not negative), k, whether the largest are wanted, whether
/// sorted.
enum {
  DYCC_TOP_K_AXIS,
  DYCC_TOP_K_K,
  DYCC_TOP_K_LARGEST,
  DYCC_TOP_K_SORTED,
  DYCC_TOP_K_ATTRIBUTES
};

/// unique: the axis, or -1: elements of the flat x; whether the result ascends.
enum { DYCC_UNIQUE_AXIS, DYCC_UNIQUE_SORTED, DYCC_UNIQUE_ATTRIBUTES };

#endif // DYCC_RUNTIME_ABI_OPERATORS_H
