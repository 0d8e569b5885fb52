// The contract between a compiled model and the runtime linked into it: the
// constant data and the functions that codegen/llvm emits. Both sides are built
// from one source tree, so the layout may change freely; kModelDescVersion
// catches an archive of another build.
#ifndef DYCC_RUNTIME_SRC_MODELDESC_H
#define DYCC_RUNTIME_SRC_MODELDESC_H

#include <stdint.h>

#define DYCC_MODEL_DESC_VERSION 3u

#ifdef __cplusplus
extern "C" {
#endif

/// One extent of a model input or output.
typedef struct DyccDimDesc {
  const char *text; ///< As a person reads it: "3", "H", "2 * H", "?".
  int32_t symbol;   ///< Index of the symbol it equals, or -1.
  int32_t pad;
  int64_t value; ///< The constant where `symbol` is -1; -1: an expression.
} DyccDimDesc;

/// One model input or output. `code`, `bits` as in DLPack (bool: code 6, 8
/// bits).
typedef struct DyccTensorDesc {
  const char *name;
  const DyccDimDesc *dims;
  int32_t rank;
  uint8_t code, bits;
  uint16_t pad;
  /// Of an input that the caller may leave out, else null.
  const void *defaultData;
  const int64_t *defaultDims; ///< `rank` entries.
} DyccTensorDesc;

/// One symbol. Input symbols come first, in the order of DyccModelDesc.
typedef struct DyccSymbolDesc {
  const char *name;
  int64_t lower, upper; ///< Inclusive; upper is INT64_MAX where unbounded.
  int64_t multiple;     ///< The value is divisible by this, at least 1.
} DyccSymbolDesc;

/// What a run of the compiled host program works on. It is the `user_context`
/// of every kernel. The runtime's context starts with it.
typedef struct DyccFrame {
  int64_t *symbols;       ///< numSymbols input symbols, then execution symbols.
  const int64_t *slots;   ///< The slot table that plan() filled.
  uint8_t *arena;         ///< slots[DYCC_SLOT_ARENA] bytes, 64-byte aligned.
  const uint8_t *weights; ///< The model's packed weights, 64-byte aligned.
  uint8_t *const *inputs; ///< First byte of each input (byte_offset applied).
  /// First byte of each output: the caller's memory where it surely suffices,
  /// else null on entry: run() stores where it put the result (arena, weights
  /// or a donated input).
  uint8_t **outputs;
  int64_t *outputDims; ///< Dims of all outputs, flattened; run() fills them.
  const volatile int32_t
      *cancel; ///< Nonzero: stop at the next loop iteration. May be null.
  /// One flag per input: nonzero: run() may overwrite its memory and place an
  /// output there. Null: none is donated.
  const uint8_t *donated;
  /// Null: nobody listens, dycc_rt_begin() and dycc_rt_end() need no call.
  const void *profile;
  /// DYCC_NOTHING_BYTES zeros: read in the place of a tensor without elements,
  /// whose own address may be any, null included.
  const uint8_t *nothing;
} DyccFrame;

/// What a kernel may read of an input without elements (docs/kernels.md).
#define DYCC_NOTHING_BYTES 64

enum {
  DYCC_SLOT_ARENA = 0,   ///< Arena bytes, without scratch.
  DYCC_SLOT_SCRATCH = 1, ///< Kernel scratch bytes per thread.
  DYCC_SLOT_FIRST = 2
};

/// What halide_malloc(n) takes from a thread's scratch: n rounded up to this.
/// Blocks freed last in, first out are used again. Beyond the planned bytes,
/// or beyond DYCC_SCRATCH_BLOCKS at a time, it asks the context's allocator.
#define DYCC_SCRATCH_ALIGNMENT 128
#define DYCC_SCRATCH_BLOCKS 32

/// One kernel, for describe and profiles.
typedef struct DyccKernelDesc {
  const char *name;
  const char *nodes; ///< Names of its nodes in the graph, comma-separated.
} DyccKernelDesc;

typedef struct DyccModelDesc {
  uint32_t version; ///< DYCC_MODEL_DESC_VERSION.
  uint32_t numInputs, numOutputs;
  uint32_t numInputSymbols,
      numSymbols; ///< numSymbols includes execution symbols.
  uint32_t numSlots;
  uint32_t numOutputDims; ///< Sum of the outputs' ranks.
  uint32_t exact;         ///< 1: peak and output dims are exact; 0: bounds.
  const char *name;
  const char *metadata;    ///< JSON object: producer, opset, target.
  const char *cpuFeatures; ///< Comma-separated LLVM names, e.g. "avx2,fma".
  const DyccTensorDesc *inputs, *outputs;
  const DyccSymbolDesc *symbols; ///< numInputSymbols entries.
  const uint8_t *weights;
  uint64_t weightBytes;
  /// Input dims (flattened) → input symbols. Returns a dycc_status; on failure
  /// the text was set with dycc_rt_fail.
  int32_t (*bind)(DyccFrame *, const int64_t *inputDims, int64_t *symbols);
  /// Input symbols → output dims (flattened), upper bounds where execution
  /// decides, -1 where there is none; `exact[i]` is 1 for an exact dim.
  void (*infer)(const int64_t *symbols, int64_t *outputDims, uint8_t *exact);
  /// Input symbols → slots. Checks what the symbols can break (dyn.require).
  int32_t (*plan)(DyccFrame *, const int64_t *symbols, int64_t *slots);
  /// Upper bound of slots[ARENA] and slots[SCRATCH] over lower <= symbols <=
  /// upper.
  void (*bound)(const int64_t *lower, const int64_t *upper, int64_t *slots);
  int32_t (*run)(DyccFrame *);
  const DyccKernelDesc *kernels; ///< numKernels entries; may be null for 0.
  uint32_t numKernels;
  uint32_t numUnbounded; ///< Results whose size nothing bounds.
} DyccModelDesc;

/// The model: emitted by the compiler, hidden, read by the archive.
extern const DyccModelDesc dycc_model_desc;

/// A tensor as runtime operators see it: plain layout, exact extent.
typedef struct DyccOpTensor {
  /// Null in a result that nothing bounds: the operator allocates it.
  void *data;
  int64_t *dims; ///< An operator that decides an extent stores it here.
  int32_t rank;
  uint8_t code, bits;
  uint16_t pad;
} DyccOpTensor;

/// A runtime operator: `dycc_op_<name>`. `attributes` is operator-specific and
/// documented at each operator. Returns a dycc_status (text set on failure).
typedef int32_t (*DyccOp)(DyccFrame *, const char *node,
                          const DyccOpTensor *inputs, int32_t numInputs,
                          DyccOpTensor *outputs, int32_t numOutputs,
                          const int64_t *attributes);

/// Sets the context's error text and returns `status`. `format` knows
/// %s and %d (int64_t); `arguments` holds both kinds as int64_t.
int32_t dycc_rt_fail(DyccFrame *, int32_t status, const char *format,
                     const int64_t *arguments, int32_t count);

/// Memory beyond the arena, for the result of a node that nothing bounds: of
/// the size that its extents come to when it runs. `*place` is null or such
/// memory, which is given back first. Returns a dycc_status; on failure the
/// text was set. `dims` are the extents as they lie in memory.
int32_t dycc_rt_allocate(DyccFrame *, const char *node, void **place,
                         const int64_t *dims, int32_t rank,
                         int32_t elementBytes);

/// Makes place for `more` bytes behind the first `used` ones of `*place`, which
/// may move. The memory grows geometrically.
int32_t dycc_rt_grow(DyccFrame *, const char *node, void **place, int64_t used,
                     int64_t more);

/// Gives the memory back; null is fine. `*place` is null then.
void dycc_rt_release(DyccFrame *, void **place);

/// Tell the profile hook, if there is one, that a kernel begins and ends.
void dycc_rt_begin(DyccFrame *, uint32_t kernel);
void dycc_rt_end(DyccFrame *, uint32_t kernel);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_RUNTIME_SRC_MODELDESC_H
