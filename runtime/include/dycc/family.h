// The C interface of a family: variants of a model in one library, which share
// weights, kernels, threads and memory. docs/families.md says how it is made
// and used. The rules of dycc/runtime.h hold here too.
#ifndef DYCC_FAMILY_H
#define DYCC_FAMILY_H

#include "dycc/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dycc_family dycc_family;

/// One variant. All of them have the same inputs and symbols, and outputs of
/// the same names, types and ranks.
typedef struct dycc_variant_info {
  const char *name;
  /// The family's, for what takes a model in dycc_api: its description, extents
  /// and bytes. context_create() makes a context of the whole family that runs
  /// this variant first. model_destroy() refuses it.
  dycc_model *model;
} dycc_variant_info;

/// What a family is. Owned by the family and valid as long as it.
typedef struct dycc_family_info {
  uint32_t size; ///< sizeof(dycc_family_info) of the family's ABI version.
  uint32_t num_variants;             ///< At least 2.
  const dycc_variant_info *variants; ///< In the order they were compiled in.
  uint64_t weight_bytes;             ///< Of all variants, what they share once.
  /// Of each variant, on the scale of whoever compiled them, the more the
  /// better; NULL: not given. A library of an earlier dycc ends before.
  const double *qualities;
} dycc_family_info;

/// What a run of a variant is thought to take.
typedef struct dycc_variant_cost {
  double seconds; ///< As dycc_api::estimate has it.
  dycc_peak peak; ///< As dycc_api::peak_bytes has it.
} dycc_variant_cost;

/// The functions of a family. All pointers are set.
typedef struct dycc_family_api {
  uint32_t version; ///< Of this table: at most what the query was given.
  uint32_t size;    ///< In bytes.

  /// What takes the variants' models and the family's contexts.
  /// dycc_api::reserve() takes memory for the variant that needs most: from
  /// then on no run allocates, whichever is selected.
  const dycc_api *model;

  /// Makes all variants ready to run, with one pool of threads.
  /// Options, statuses, thread rule: as dycc_api::model_create.
  dycc_status (*family_create)(const dycc_model_options *options,
                               dycc_family **family, dycc_message *message);

  /// Joins the pool and frees the family; NULL is fine.
  /// DYCC_INVALID_ARGUMENT, and no effect, while it has contexts.
  /// Thread rule: no other call on the family or its models at the same time.
  dycc_status (*family_destroy)(dycc_family *family);

  /// Thread rule: any number of calls at a time per family, here and in query.
  const dycc_family_info *(*family_describe)(const dycc_family *family);

  /// What a run takes at these symbols with `threads` threads, of each variant:
  /// `costs` has num_variants entries. DYCC_OK, DYCC_INVALID_ARGUMENT,
  /// DYCC_MODEL_ERROR, DYCC_OUT_OF_MEMORY.
  dycc_status (*query)(const dycc_family *family, const int64_t *symbols,
                       uint32_t threads, dycc_variant_cost *costs,
                       dycc_message *message);

  /// The context's next run is of this variant, an index of the description.
  /// Takes no memory, moves no weights, and keeps remembered plans and what the
  /// context has lent. Thread rule: one call at a time per context.
  /// DYCC_OK, DYCC_INVALID_ARGUMENT: dycc_api::context_error has the text.
  dycc_status (*select)(dycc_context *context, uint32_t variant);

  /// The variant that runs next; 0 for NULL.
  uint32_t (*selected)(const dycc_context *context);
} dycc_family_api;

/// The family's functions, as dycc_model_query() gives those of a model.
const dycc_family_api *dycc_family_query(uint32_t abi_version);

/// The type of dycc_family_query(), for dlsym().
typedef const dycc_family_api *(*dycc_family_query_fn)(uint32_t abi_version);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_FAMILY_H
