// The C interface of a compiled model. A model exports one symbol,
// dycc_model_query(); everything else is reached through the table it returns.
// docs/abi.md says how the parts work together.
//
// Rules for all of it:
// * Every struct that the caller fills starts with `size`: set it to
//   sizeof(the struct). Fields and enumerators are only ever appended.
// * Nothing prints, aborts or throws; every failure is a status with a text.
// * Names and texts are UTF-8 and end in a zero byte.
#ifndef DYCC_RUNTIME_H
#define DYCC_RUNTIME_H

#include "dycc/dtypes.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The version of this header. A table of version v has all of versions 1..v.
#define DYCC_ABI_VERSION 1u

/// Alignment of a caller's arena, in bytes.
#define DYCC_ARENA_ALIGNMENT 128u

/// What a call came to. Texts that name the culprit come with all but DYCC_OK.
typedef int32_t dycc_status;
enum {
  DYCC_OK = 0,
  DYCC_INVALID_ARGUMENT = 1, ///< What the caller passed is refused.
  DYCC_OUT_OF_MEMORY = 2,    ///< An allocator returned NULL.
  DYCC_ARENA_TOO_SMALL = 3,  ///< The caller's arena; the text says the need.
  DYCC_CANCELLED = 4,        ///< The cancel flag was set.
  DYCC_UNSUPPORTED = 5,      ///< The processor lacks a feature, or no device.
  DYCC_MODEL_ERROR = 6,      ///< A check inside the model failed at a node.
  DYCC_INTERNAL = 7          ///< A defect of the compiler or the runtime.
};

typedef struct dycc_model dycc_model;
typedef struct dycc_context dycc_context;

/// The text of a failure, filled by the call that failed, cut where too long.
typedef struct dycc_message {
  char text[1024];
} dycc_message;

/// What a model input, an output or an element of one is.
typedef enum dycc_value_kind {
  DYCC_VALUE_NONE = 0, ///< An optional that holds nothing.
  DYCC_VALUE_TENSOR = 1,
  DYCC_VALUE_SEQUENCE = 2,
  DYCC_VALUE_OPTIONAL = 3,
  DYCC_VALUE_STRING = 4,           ///< Not used: strings are tensors too.
  DYCC_VALUE_OPTIONAL_SEQUENCE = 5 ///< In a dycc_value_info only.
} dycc_value_kind;

/// A value of any kind. `kind` says which member of `as` is valid. Of an
/// optional, what it holds may stand in its place.
typedef struct dycc_value {
  uint32_t kind;     ///< A dycc_value_kind.
  uint32_t reserved; ///< Zero.
  union {
    DLTensor *tensor;
    struct {
      struct dycc_value *items;
      uint64_t count;
    } sequence;
    struct dycc_value *optional; ///< NULL: it holds nothing.
    struct {
      const char *const *items; ///< Row-major, zero-terminated.
      const int64_t *shape;
      uint64_t rank;
    } string;
  } as;
} dycc_value;

/// One extent of an input or output.
typedef struct dycc_dim_info {
  const char *text; ///< "3", "H", "2 * H"; "?" where execution decides it.
  int64_t value;    ///< The constant, or -1.
  int32_t symbol;   ///< Index of the symbol it equals, or -1.
  uint32_t reserved;
} dycc_dim_info;

/// One input or output of a model.
typedef struct dycc_value_info {
  const char *name;
  const dycc_dim_info *dims; ///< `rank` entries.
  uint32_t kind;             ///< A dycc_value_kind.
  int32_t rank;
  DLDataType dtype;
  uint32_t has_default; ///< 1: an input that may be NULL in a run.
} dycc_value_info;

/// One symbol: an unknown extent of the inputs.
typedef struct dycc_symbol_info {
  const char *name;
  int64_t lower, upper; ///< Inclusive; INT64_MAX: no upper bound.
  int64_t multiple;     ///< Values are multiples of it; at least 1.
} dycc_symbol_info;

/// One kernel, as the profile hook numbers them.
typedef struct dycc_kernel_info {
  const char *name;
  const char *nodes; ///< The graph's nodes in it, separated by commas.
} dycc_kernel_info;

/// A kind of processor that a model has kernels for.
typedef struct dycc_machine_info {
  const char *name;         ///< As dycc's --dispatch has it, "x86-64-v3".
  const char *cpu_features; ///< What makes a processor one.
} dycc_machine_info;

/// What a model is. Owned by the model and valid as long as it.
typedef struct dycc_model_info {
  uint32_t size; ///< sizeof(dycc_model_info) of the model's ABI version.
  uint32_t num_inputs, num_outputs, num_symbols, num_kernels;
  uint32_t exact; ///< 1: shapes and bytes never depend on the data.
  const char *name;
  const char *metadata;     ///< A JSON object: producer, opset, target.
  const char *cpu_features; ///< Needed features, separated by commas; of a
                            ///< model for several machines: by all of them.
  const dycc_value_info *inputs, *outputs;
  const dycc_symbol_info *symbols;
  const dycc_kernel_info *kernels;
  uint64_t weight_bytes;
  /// The machines that there are kernels for, the best first; 0: one, which has
  /// `cpu_features`. A model whose `size` ends before this is for one.
  uint32_t num_machines;
  uint32_t machine; ///< Whose kernels this model runs: model_create() chose it.
  const dycc_machine_info *machines; ///< num_machines entries.
  /// Of each kernel the index of its machine; 0 where there are no machines.
  const uint32_t *kernel_machines;
  /// Places in the program that launch a kernel (dycc/profile.h). A model whose
  /// `size` ends before this does not number them.
  uint32_t num_launches;
  /// What run_values() takes and gives: `inputs` and `outputs`, but a sequence
  /// or optional as one value, of the type and extents of what it holds
  /// (docs/abi.md). Models whose `size` ends before this have tensors only.
  uint32_t num_input_values;
  const dycc_value_info *input_values, *output_values;
  uint32_t num_output_values;
  uint32_t reserved;
} dycc_model_info;

/// How much memory runs of a context take, weights aside.
typedef struct dycc_peak {
  uint64_t bytes;       ///< All of it: arena, context, stacks of the pool.
  uint64_t arena_bytes; ///< The part that a caller's arena has to hold.
  uint32_t exact;       ///< 1: `bytes` is reached; 0: an upper bound.
  /// How many results nothing bounds: they come on top of `bytes`, which is
  /// no bound then, from the context's allocator while the model runs.
  uint32_t unbounded;
} dycc_peak;

/// Memory for contexts. `allocate` returns NULL where there is none;
/// `release` gets the size and alignment that were asked for.
typedef struct dycc_allocator {
  void *(*allocate)(void *user, uint64_t bytes, uint64_t alignment);
  void (*release)(void *user, void *memory, uint64_t bytes, uint64_t alignment);
  void *user;
} dycc_allocator;

/// Runs tasks on the caller's threads: calls task(data, i) once for each i <
/// count <= max_threads, on any threads in any order; returns behind them all.
typedef struct dycc_executor {
  void (*parallel_for)(void *user, uint32_t count,
                       void (*task)(void *data, uint32_t index), void *data);
  uint32_t max_threads; ///< At least 1.
  uint32_t reserved;
  void *user;
} dycc_executor;

struct dycc_program_cache; // dycc/programs.h

typedef struct dycc_model_options {
  uint32_t size;
  uint32_t max_threads; ///< Of the model's own pool; 0: all processors.
  /// Name of the machine whose kernels shall run, of a model for several; NULL,
  /// and a caller whose `size` ends before this: the best that the processor
  /// is.
  const char *machine;
  /// Tuples of symbols that each context remembers the plans of; the one used
  /// longest ago makes place. 0, and a caller whose `size` ends before this: 8,
  /// fewer where these take over 1 MiB, at least 2. dycc_peak::bytes has them.
  uint32_t plans;
  uint32_t reserved;          ///< Zero.
  const char *device_library; ///< NULL, or not in `size`: the usual one.
  /// A folder that is there, where a device's programs are kept; NULL, and a
  /// caller whose `size` ends before this: nowhere.
  const char *program_folder;
  const struct dycc_program_cache *program_cache; ///< Copied. In its stead.
  /// The caller's cl_context and a cl_device_id of it; NULL: an own one; the
  /// first.
  void *opencl_context, *opencl_device;
} dycc_model_options;

typedef struct dycc_context_options {
  uint32_t size;
  uint32_t threads; ///< 0: as many as the pool or the executor has.
  const dycc_executor *executor;   ///< Copied. NULL: the model's own pool.
  const dycc_allocator *allocator; ///< Copied. NULL: the C library's.
  void *arena; ///< The caller's, DYCC_ARENA_ALIGNMENT; NULL: own, grows.
  uint64_t arena_bytes;
  /// Most bytes beyond the arena, for results that nothing bounds and strings;
  /// 0, and a caller whose `size` ends before this: no limit.
  uint64_t heap_limit;
  /// The caller's cl_command_queue, in order, of the model's context and
  /// device; NULL, and a caller whose `size` ends before this: an own one.
  void *opencl_queue;
} dycc_context_options;

struct dycc_profile; // dycc/profile.h

typedef struct dycc_run_options {
  uint32_t size;
  uint32_t num_donated;
  /// `num_donated` flags, one per input (none beyond): 1: the input's memory
  /// may be overwritten and hold a lent output afterwards.
  const uint8_t *donated;
  /// Polled before the run and at each loop iteration; nonzero: stop.
  const volatile int32_t *cancel;
  const struct dycc_profile *profile;
  /// sizeof(dycc_profile) of the caller's header. 0, and a caller whose `size`
  /// ends before this, has its first three fields.
  uint32_t profile_size;
  uint32_t reserved; ///< Zero.
  /// Of random numbers of nodes without a seed: not 0: this run draws those of
  /// this seed, whatever ran before; 0: it goes on behind the run before.
  uint64_t seed;
} dycc_run_options;

/// The functions of a model. All pointers are set.
typedef struct dycc_api {
  uint32_t version; ///< Of this table: at most what the query was given.
  uint32_t size;    ///< In bytes.

  /// The enumerator's name, "DYCC_OK"; "unknown status" for other values.
  /// Thread rule: any. The text is static.
  const char *(*status_name)(dycc_status status);

  /// Makes the model ready to run, with the kernels for this processor.
  /// `options` may be NULL, `message` too.
  /// On success *model is the caller's, to be given to model_destroy().
  /// Thread rule: any; each call makes an own model with an own pool. DYCC_OK
  /// (a text: it has no device), DYCC_INVALID_ARGUMENT, DYCC_UNSUPPORTED
  /// (processor features or a device are missing), DYCC_OUT_OF_MEMORY,
  /// DYCC_INTERNAL.
  dycc_status (*model_create)(const dycc_model_options *options,
                              dycc_model **model, dycc_message *message);

  /// Joins the pool and frees the model; NULL is fine.
  /// DYCC_INVALID_ARGUMENT, and no effect, while it has contexts.
  /// Thread rule: no other call on the model at the same time.
  dycc_status (*model_destroy)(dycc_model *model);

  /// Thread rule: any number of calls at a time per model, here and in the
  /// functions below that take a model.
  const dycc_model_info *(*model_describe)(const dycc_model *model);

  /// Input extents to symbols. input_dims[i] has the rank of input i, or is
  /// NULL for its default; `symbols` has num_symbols entries. DYCC_OK,
  /// DYCC_INVALID_ARGUMENT.
  dycc_status (*bind_symbols)(const dycc_model *model,
                              const int64_t *const *input_dims,
                              int64_t *symbols, dycc_message *message);

  /// Input extents to output extents. output_dims[i] has the rank of output
  /// i; so has exact[i] (`exact` and its entries may be NULL), which gets 1
  /// where the extent is exact and 0 where it is an upper bound (-1: none).
  /// DYCC_OK, DYCC_INVALID_ARGUMENT.
  dycc_status (*infer_shapes)(const dycc_model *model,
                              const int64_t *const *input_dims,
                              int64_t *const *output_dims,
                              uint8_t *const *exact, dycc_message *message);

  /// Memory of a run at these symbols with `threads` threads.
  /// DYCC_OK, DYCC_INVALID_ARGUMENT, DYCC_MODEL_ERROR, DYCC_OUT_OF_MEMORY.
  dycc_status (*peak_bytes)(const dycc_model *model, const int64_t *symbols,
                            uint32_t threads, dycc_peak *peak,
                            dycc_message *message);

  /// Memory that is enough for all symbols in [lower, upper]; NULL stands for
  /// the model's own bounds. An unbounded symbol is refused.
  /// DYCC_OK, DYCC_INVALID_ARGUMENT, DYCC_OUT_OF_MEMORY.
  dycc_status (*peak_bytes_in)(const dycc_model *model, const int64_t *lower,
                               const int64_t *upper, uint32_t threads,
                               dycc_peak *peak, dycc_message *message);

  /// Makes a context: the state of one run at a time. `options`, `message`
  /// may be NULL. The model must outlive it; an arena stays the caller's.
  /// DYCC_OK, DYCC_INVALID_ARGUMENT, DYCC_OUT_OF_MEMORY.
  dycc_status (*context_create)(dycc_model *model,
                                const dycc_context_options *options,
                                dycc_context **context, dycc_message *message);

  /// Frees the context and what it lent; NULL is fine.
  /// Thread rule: one call at a time per context, here and below.
  void (*context_destroy)(dycc_context *context);

  /// Takes all memory and starts all threads that runs with symbols in
  /// [lower, upper] need (NULL: the model's bounds): they do not allocate,
  /// but for results that nothing bounds (dycc_peak::unbounded). Gives back
  /// what earlier runs took for such results.
  /// DYCC_OK, DYCC_INVALID_ARGUMENT, DYCC_OUT_OF_MEMORY,
  /// DYCC_ARENA_TOO_SMALL.
  dycc_status (*reserve)(dycc_context *context, const int64_t *lower,
                         const int64_t *upper);

  /// Runs the model once, on this thread and the context's executor.
  ///
  /// `inputs` and `outputs` are in the order of model_describe(); the caller
  /// owns them and all that they point to, and nothing is kept. Data may have
  /// any alignment, and any address, NULL included, where there are no
  /// elements; strides are NULL or compact, or those of a cache with room
  /// (docs/abi.md). An input with a default is NULL where that is wanted.
  /// Of an output, `ndim` and a `shape` of that many entries are needed on
  /// entry. With `data` the extents there say how much the memory holds (at
  /// least those of infer_shapes()); it overlaps no input that is not
  /// donated. With `data == NULL` the output is lent by the context: until
  /// its next run, reserve or destroy. On success the shape holds the actual
  /// extents. `options` may be NULL.
  /// Where OpenCL's device runs the model, tensors may lie on it: `device` is
  /// kDLOpenCL, `data` a cl_mem of the model's context (docs/mobile.md).
  /// Strings are copied from inputs; those of an output are the context's, with
  /// or without memory of the caller for the dycc_strings, for as long as what
  /// it lends.
  /// DYCC_OK, or any other status; the next run works in any case.
  dycc_status (*run)(dycc_context *context, const DLTensor *const *inputs,
                     DLTensor *const *outputs, const dycc_run_options *options);

  /// The same for dycc_model_info.input_values and output_values. A sequence's
  /// tensors are copied; what one that is an output holds is lent.
  dycc_status (*run_values)(dycc_context *context, const dycc_value *inputs,
                            dycc_value *outputs,
                            const dycc_run_options *options);

  /// The text of the context's last failure, "" where its last call
  /// succeeded. Owned by the context, valid until its next call.
  const char *(*context_error)(const dycc_context *context);

  /// Seconds that a run at these symbols is thought to take on one thread, with
  /// what execution decides at its bounds. The parameters behind it are of the
  /// kind of processor that the model was compiled for and not calibrated: it
  /// ranks shapes and models, and predicts no clock. NULL in the tables of
  /// models made before it: see `size`. DYCC_OK, DYCC_INVALID_ARGUMENT.
  dycc_status (*estimate)(const dycc_model *model, const int64_t *symbols,
                          double *seconds, dycc_message *message);

  /// Bytes of the arena that hold a value while each launch runs, at these
  /// symbols, with what execution decides at its bounds; outputs count wherever
  /// they lie. `bytes` has dycc_model_info::num_launches entries. A table whose
  /// `size` ends before this is of an older model.
  /// DYCC_OK, DYCC_INVALID_ARGUMENT, DYCC_OUT_OF_MEMORY.
  dycc_status (*live_bytes)(const dycc_model *model, const int64_t *symbols,
                            int64_t *bytes, dycc_message *message);
} dycc_api;

/// The model's functions: of version `abi_version` (the caller's
/// DYCC_ABI_VERSION) or an older one where the model is older. NULL for
/// version 0. Thread rule: any. The table is static.
const dycc_api *dycc_model_query(uint32_t abi_version);

/// The type of dycc_model_query(), for dlsym().
typedef const dycc_api *(*dycc_query_fn)(uint32_t abi_version);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_RUNTIME_H
