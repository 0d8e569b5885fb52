// The state of one run at a time.
#ifndef DYCC_RUNTIME_SRC_CONTEXT_H
#define DYCC_RUNTIME_SRC_CONTEXT_H

#include "dycc/profile.h"
#include "runtime/src/Memory.h"
#include "runtime/src/Model.h"
#include "runtime/src/Share.h"
#include "runtime/src/Strings.h"

#include <setjmp.h>

namespace dycc::rt {

/// What one thread of a run works with. The first one is the run's own; the
/// others are given to kernels as their user_context in parallel loops, so
/// that each thread finds its scratch without thread-local storage.
struct Frame : FrameBase {
  dycc_context *context;
  Scratch scratch;
  bool inTask;     ///< Loops inside of a parallel loop run serially.
  jmp_buf *escape; ///< Where to go when a kernel's scratch cannot be had.
  Share share;     ///< Of the parallel loop that runs.
};

/// The plan of one tuple of symbols.
struct Plan {
  int64_t *symbols;
  int64_t *slots;
  int64_t *outputDims;
  uint8_t *exact;
  uint64_t usedAt; ///< 0: empty.
};

/// A tensor of the caller that lies on a device: memory of the host stands for
/// it in a run.
struct DeviceTensor {
  void *memory; ///< Null: it is the host's.
  uint64_t offset, bytes;
  uint8_t *host;
};

/// A few remembered plans; the one used longest ago makes place.
class PlanCache {
public:
  /// How many it has where the caller does not say.
  static uint32_t usualCapacity(const DyccModelDesc &desc);
  /// Takes memory for `entries`, at least one.
  void layOut(const DyccModelDesc &desc, uint32_t entries, Carver &carver);
  /// Null where planning failed; the failure is in the frame.
  const Plan *get(const DyccModelDesc &desc, const int64_t *symbols,
                  FrameBase &frame, int32_t &status);

private:
  Plan *plans;
  uint32_t count;
  uint64_t clock;
};

} // namespace dycc::rt

struct dycc_context {
  dycc_model *model; ///< The variant that runs next.
  dycc_allocator allocator;
  dycc_executor executor;
  bool ownPool; ///< The executor is the model's pool.
  uint32_t threads;
  uint64_t bytes; ///< Of the block that this struct starts.

  dycc_message message;
  dycc::rt::Failure failure;
  dycc::rt::RandomState random;

  uint8_t *arena;
  uint64_t arenaBytes;
  bool ownArena;

  dycc::rt::Frame *frames;    ///< `threads` entries.
  dycc::rt::PlanCache *plans; ///< Of each variant.
  dycc::rt::BlockPool heap;   ///< Results without a bound, strings.
  dycc::rt::BlockPool packs;  ///< Sequences of the caller, as tensors.
  dycc::rt::Strings strings;
  uint64_t heapLimit; ///< Bytes; 0: none.

  dycc_family &family() const { return *model->family; }
  /// The place of the variant that runs next.
  uint32_t variant() const { return uint32_t(model - family().models); }

  int64_t *flatDims;         ///< All input dims of the current run.
  const int64_t **inputDims; ///< One pointer per input.
  int64_t *range;            ///< Lower and upper bounds of reserve().
  DLTensor **tensors;        ///< Unpacked values: inputs, then outputs.
  uint8_t *delivered;        ///< One flag per output.
  uint64_t *inputBytes;      ///< Of each input, its room included.
  uint64_t *capacities;      ///< Bytes of each output in the caller's memory.
  int64_t *rooms;            ///< The frame's: one for each cache.
  dycc_profile profile;      ///< The run's, with all fields.
  // Null where the model has no device.
  dycc::rt::DeviceTensor *deviceTensors; ///< Inputs, then outputs.
  DLTensor *twins;                       ///< Of them, in the host's memory.
  DLTensor **twinAddresses; ///< Of all tensors of a run, where one has a twin.
};

namespace dycc::rt {

dycc_status createContext(dycc_model *model,
                          const dycc_context_options *options,
                          dycc_context **context, dycc_message *message);
void destroyContext(dycc_context *context);
dycc_status reserve(dycc_context *context, const int64_t *lower,
                    const int64_t *upper);
/// Makes a variant of the context's family the one that runs next.
void use(dycc_context &context, dycc_model &variant);
/// dycc_family_api::select and selected.
dycc_status selectVariant(dycc_context *context, uint32_t variant);
uint32_t selectedVariant(const dycc_context *context);

/// Makes the arena large enough for the plan and gives each thread its part.
dycc_status provideArena(dycc_context &context, const int64_t *slots);

/// Keeps the memory beyond the arena for the next run.
void reclaim(dycc_context &context);
/// Forgets the last failure and takes back what the last run lent.
void beginCall(dycc_context &context);

/// Takes memory for tensors that lie on a device.
void layOutDeviceTensors(const DyccModelDesc &desc, Carver &carver,
                         dycc_context &context);
/// Puts twins in the place of tensors that lie on the context's device.
dycc_status takeDeviceTensors(dycc_context &context,
                              const DLTensor *const *&inputs,
                              DLTensor *const *&outputs,
                              const uint8_t *donated);
/// Sends those outputs to the device that were not computed there.
dycc_status sendDeviceOutputs(dycc_context &context);

/// Checks that there is a tensor, and its rank.
dycc_status checkRank(dycc_context &context, const char *role,
                      const DyccTensorDesc &desc, const DLTensor *tensor);
/// Where the elements of a tensor begin. Without elements it may be anywhere.
uint8_t *dataOf(const DLTensor &tensor);
/// Whether two pieces of memory have a byte in common.
bool overlaps(const uint8_t *a, uint64_t aBytes, const uint8_t *b,
              uint64_t bBytes);
/// Type, extents, strides and data of a tensor with memory; counts its
/// elements. There may be room along axis `room`; -1: along none.
dycc_status checkTensor(dycc_context &context, const char *role,
                        const DyccTensorDesc &desc, const DLTensor &tensor,
                        int64_t &elements, int32_t room = -1);
/// Checks the inputs of a run but for their extents; fills inputDims and the
/// frame's inputs.
dycc_status checkInputs(dycc_context &context, const DLTensor *const *inputs);
/// After the extents were checked: refuses inputs in the context's arena, and
/// donated ones whose memory is another input's too.
dycc_status checkPlaces(dycc_context &context, const uint8_t *donated);
/// After checkInputs() and the extents; fills the capacities.
dycc_status checkOutputs(dycc_context &context, DLTensor *const *outputs,
                         const uint8_t *donated);
/// Refuses an output's memory that is an input's which is not donated, another
/// output's or the context's.
dycc_status checkOverlaps(dycc_context &context, uint32_t output,
                          DLTensor *const *outputs, const uint8_t *donated);
/// Whether an output's memory is some of a donated input's, and not that of the
/// cache that grows there: the input may still be read after it is written.
bool liesInDonated(const dycc_context &context, uint32_t output,
                   const DLTensor &tensor, const uint8_t *donated);
/// Refuses memory that is too small for what is known before the run.
dycc_status checkCapacities(dycc_context &context, const Plan &plan,
                            DLTensor *const *outputs);
/// Tells the program which outputs it can write in the caller's memory: those
/// that hold the planned dims, bounds included.
void placeOutputs(dycc_context &context, const Plan &plan,
                  DLTensor *const *outputs, const uint8_t *donated);
/// Replaces the addresses of strings in the frame's inputs, which were checked,
/// by those of their handles.
dycc_status internInputs(dycc_context &context);
/// Writes what `count` handles stand for, at any alignment.
void writeStrings(const Strings &strings, const uint8_t *handles, int64_t count,
                  uint8_t *to);
/// Whether memory is the context's: part of its arena or of what runs take
/// beyond it.
bool isOwned(const dycc_context &context, const uint8_t *memory,
             uint64_t bytes);
/// Brings the results to the caller's memory, or lends them.
dycc_status deliverOutputs(dycc_context &context, DLTensor *const *outputs);

dycc_status run(dycc_context *context, const DLTensor *const *inputs,
                DLTensor *const *outputs, const dycc_run_options *options);
dycc_status runValues(dycc_context *context, const dycc_value *inputs,
                      dycc_value *outputs, const dycc_run_options *options);

template <typename... T>
dycc_status fail(dycc_context &context, dycc_status status, const char *format,
                 T... arguments) {
  const int64_t list[] = {toArgument(arguments)..., 0};
  return context.failure.set(status, format, list, sizeof...(T));
}

/// What dycc_model_query() returns: the functions of every model.
extern const dycc_api kApi;

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_CONTEXT_H
