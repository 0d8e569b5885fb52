// The constant data and the functions of a compiled model. Element types are
// DLPack's, statuses those of dycc/runtime.h.
#ifndef DYCC_RUNTIME_ABI_MODEL_H
#define DYCC_RUNTIME_ABI_MODEL_H

#include "runtime/abi/Frame.h"
#include "runtime/abi/Strings.h"

/// The version of all that runtime/abi says. It is raised by hand with each
/// change: a model that was linked with a runtime of another version cannot be
/// created. Both come from one source tree, so that no version is kept.
#define DYCC_MODEL_DESC_VERSION 11u

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
/// bits; strings: DYCC_DTYPE_STRING, 128 bits, as the caller has them).
typedef struct DyccTensorDesc {
  const char *name;
  const DyccDimDesc *dims;
  int32_t rank;
  uint8_t code, bits;
  uint16_t pad;
  /// Of an input that the caller may leave out, else null.
  const void *defaultData;    ///< Of strings: handles.
  const int64_t *defaultDims; ///< `rank` entries.
} DyccTensorDesc;

/// What a model's inputs or outputs from `first` on are for its caller.
typedef enum DyccValueForm {
  DYCC_FORM_TENSOR = 0, ///< One of them.
  /// Two of them: the elements of all tensors one after the other, a vector,
  /// and the extents of each, rows of i64.
  DYCC_FORM_SEQUENCE = 1,
  DYCC_FORM_OPTIONAL = 2, ///< A sequence of at most one.
  /// Three: whether there is one, a scalar of bool, then a sequence.
  DYCC_FORM_OPTIONAL_SEQUENCE = 3
} DyccValueForm;

/// A value of a model that has sequences or optionals.
typedef struct DyccValueDesc {
  DyccTensorDesc
      tensor;     ///< Its name and type; of a sequence, of what it holds.
  uint32_t form;  ///< A DyccValueForm.
  uint32_t first; ///< Index of the first input or output that it is.
} DyccValueDesc;

/// An input that an output grows of along an axis, which is not the first: the
/// output's memory may be the input's, with more places along the axis than
/// either has elements.
typedef struct DyccCacheDesc {
  uint32_t input, output;
  int32_t axis;
  int32_t pad;
} DyccCacheDesc;

/// One symbol. Input symbols come first, in the order of DyccModelDesc.
typedef struct DyccSymbolDesc {
  const char *name;
  int64_t lower, upper; ///< Inclusive; upper is INT64_MAX where unbounded.
  int64_t multiple;     ///< The value is divisible by this, at least 1.
} DyccSymbolDesc;

/// An operand or a result of a kernel; `code`, `bits` as in DyccTensorDesc.
typedef struct DyccOperandDesc {
  int32_t rank;
  uint8_t code, bits;
  uint16_t lanes; ///< 1.
} DyccOperandDesc;

/// One version of a kernel, for describe and profiles.
typedef struct DyccKernelDesc {
  const char *name;
  const char *nodes;   ///< Names of its nodes in the graph, comma-separated.
  const char *version; ///< Its name; "" where the kernel has one.
  const DyccOperandDesc *operands; ///< Then results; null for none.
  int32_t numOperands, numResults, numSymbols;
  int32_t machine; ///< That it is for; 0 where the model has no machines.
} DyccKernelDesc;

/// A table of the runtime: how a kind of device is used.
struct DyccDeviceKind;

/// A kind of processor, with or without a device, that a model has kernels for.
typedef struct DyccMachineDesc {
  const char *name;        ///< "x86-64-v3".
  const char *cpuFeatures; ///< As in DyccModelDesc.
  /// The kind of device that kernels run on; null: the processor itself.
  const struct DyccDeviceKind *device;
} DyccMachineDesc;

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
                           ///< Needed whatever the machine is.
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
  /// Input symbols → nanoseconds that a run is thought to take on one thread,
  /// of this machine, with execution symbols at their bounds.
  int64_t (*estimate)(const int64_t *symbols, int64_t machine);
  int32_t (*run)(DyccFrame *);
  const DyccKernelDesc *kernels; ///< numKernels entries; may be null for 0.
  uint32_t numKernels;
  uint32_t numUnbounded; ///< Results whose size nothing bounds.
  /// Of several machines the best first: the first that the processor is runs.
  const DyccMachineDesc *machines; ///< numMachines entries; null for 0.
  uint32_t numMachines;            ///< 0: all kernels need `cpuFeatures`.
  uint32_t numLaunches;            ///< Operations that launch a kernel.
  /// Of each launch the names of its nodes; null for 0.
  const char *const *launchNodes;
  /// Input symbols → numLiveSizes sizes that values in the arena have, in
  /// bytes, with execution symbols at their bounds.
  void (*liveSizes)(const int64_t *symbols, int64_t *sizes);
  /// What changes in the arena before each launch: k + 1 for a value of size k
  /// that comes, -(k + 1) for one that goes; a 0 ends a launch's list.
  const int32_t *liveSteps;
  uint32_t numLiveSizes;
  uint32_t numStrings;
  /// Those of the model's constants: numStrings that differ, none of them
  /// empty, with a 0 behind each. Null for 0.
  const DyccString *strings;
  /// The table that they are found in (runtime/abi/Strings.h), numStringSlots
  /// entries; null for 0.
  const uint32_t *stringSlots;
  uint32_t numStringSlots;
  /// What the inputs and outputs are where some are part of a sequence or an
  /// optional; else none.
  uint32_t numInputValues;
  const DyccValueDesc *inputValues, *outputValues; ///< Null for none.
  uint32_t numOutputValues;
  uint32_t numCaches;
  const DyccCacheDesc *caches; ///< Null for none.
} DyccModelDesc;

/// The variants of a family. They have the same inputs and symbols, and outputs
/// of the same names, types and ranks.
typedef struct DyccFamilyDesc {
  const DyccModelDesc *const *variants; ///< numVariants entries.
  uint32_t numVariants;
  uint32_t pad;
  uint64_t weightBytes;    ///< Of all of them: they have the same `weights`.
  const double *qualities; ///< Of each variant; null: none are known.
} DyccFamilyDesc;

DYCC_ABI_CHECK(DyccDimDesc, 24, value, 16);
DYCC_ABI_CHECK(DyccTensorDesc, 40, defaultDims, 32);
DYCC_ABI_CHECK(DyccSymbolDesc, 32, multiple, 24);
DYCC_ABI_CHECK(DyccOperandDesc, 8, lanes, 6);
DYCC_ABI_CHECK(DyccKernelDesc, 48, machine, 44);
DYCC_ABI_CHECK(DyccMachineDesc, 24, device, 16);
DYCC_ABI_CHECK(DyccValueDesc, 48, first, 44);
DYCC_ABI_CHECK(DyccCacheDesc, 16, pad, 12);
DYCC_ABI_CHECK(DyccModelDesc, 264, caches, 256);
DYCC_ABI_CHECK(DyccFamilyDesc, 32, qualities, 24);

/// The model: emitted by the compiler, hidden, read by the archive. Of a family
/// its first variant.
extern const DyccModelDesc dycc_model_desc;
/// OpenCL; of the archive, where a machine has it.
extern const struct DyccDeviceKind dycc_device_opencl;
/// The family, where there is one.
extern const DyccFamilyDesc dycc_family_desc;

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_RUNTIME_ABI_MODEL_H
