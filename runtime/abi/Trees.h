// The tables of an ensemble of decision trees: the compiler packs them, the
// runtime's operator decision_trees walks them.
//
// A node of any tree asks whether a feature of the row lies in a range, and
// leads on to one of two others. A leaf leads to itself whatever the row is, so
// that several walks go in step, each as long as the longest of them.
#ifndef DYCC_RUNTIME_ABI_TREES_H
#define DYCC_RUNTIME_ABI_TREES_H

#include "runtime/abi/Check.h"

/// How nodes compare; all nodes of an ensemble in one way.
enum {
  DYCC_TREES_LIMIT,            ///< x <= upper
  DYCC_TREES_LIMIT_OR_MISSING, ///< The same, or x is NaN where that passes.
  DYCC_TREES_RANGE             ///< lower <= x <= upper, or as before.
};

/// What becomes of the weights that the leaves have for one target.
enum { DYCC_TREES_SUM, DYCC_TREES_MIN, DYCC_TREES_MAX };

/// `next` is where the walk goes on: [1] where the row passes the test, else
/// [0]. In a leaf, whose feature is 0, `upper` is the weight where there is one
/// target; else its bits are the number of the leaf in the table of weights.
typedef struct DyccTreeNodeF32 {
  float upper;
  int32_t feature; ///< In `DYCC_TREES_FEATURE`; the rest: NaN passes.
  int32_t next[2];
} DyccTreeNodeF32;

typedef struct DyccTreeNodeF64 {
  double upper;
  int32_t feature;
  int32_t next[2];
  int32_t pad;
} DyccTreeNodeF64;

typedef struct DyccTreeRangeF32 {
  float upper;
  int32_t feature;
  int32_t next[2];
  float lower;
} DyccTreeRangeF32;

typedef struct DyccTreeRangeF64 {
  double upper;
  int32_t feature;
  int32_t next[2];
  int32_t pad;
  double lower;
} DyccTreeRangeF64;

enum { DYCC_TREES_FEATURE = 0x7fffffff };

DYCC_ABI_CHECK(DyccTreeNodeF32, 16, next, 8);
DYCC_ABI_CHECK(DyccTreeNodeF64, 24, pad, 20);
DYCC_ABI_CHECK(DyccTreeRangeF32, 20, lower, 16);
DYCC_ABI_CHECK(DyccTreeRangeF64, 32, lower, 24);

/// Where a tree begins, and how many nodes a row passes in it at most.
typedef struct DyccTreeRoot {
  int32_t node, depth;
} DyccTreeRoot;

DYCC_ABI_CHECK(DyccTreeRoot, 8, depth, 4);

#endif // DYCC_RUNTIME_ABI_TREES_H
