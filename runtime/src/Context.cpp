#include "runtime/src/Devices.h"

namespace dycc::rt {

uint64_t arenaBytes(const int64_t *slots, uint32_t threads) {
  return dycc_block_bytes(slots[DYCC_SLOT_ARENA], slots[DYCC_SLOT_SCRATCH],
                          threads);
}

/// Remembered plans of each variant: they stay when another one is selected.
static PlanCache *layOutPlans(const dycc_family &family, Carver &carver) {
  auto *all = carver.take<PlanCache>(family.size());
  for (uint32_t i = 0; i < family.size(); ++i) {
    const DyccModelDesc &desc = *family.models[i].desc;
    PlanCache plans;
    plans.layOut(desc,
                 family.plans ? family.plans : PlanCache::usualCapacity(desc),
                 carver);
    if (all)
      all[i] = plans;
  }
  return all;
}

/// Variants have the same inputs and outputs, and symbols of execution of their
/// own.
static uint32_t mostSymbols(const dycc_family &family) {
  uint32_t most = 0;
  for (uint32_t i = 0; i < family.size(); ++i)
    if (uint32_t count = family.models[i].desc->numSymbols; count > most)
      most = count;
  return most;
}

static void layOut(const dycc_model &model, uint32_t threads, Carver &carver,
                   dycc_context &context) {
  const DyccModelDesc &desc = *model.desc;
  carver.take<dycc_context>(1);
  context.frames = carver.take<Frame>(threads);
  context.plans = layOutPlans(*model.family, carver);
  context.flatDims = carver.take<int64_t>(model.numInputDims);
  context.inputDims = carver.take<const int64_t *>(desc.numInputs);
  context.range = carver.take<int64_t>(2 * uint64_t(desc.numInputSymbols));
  context.tensors =
      carver.take<DLTensor *>(uint64_t(desc.numInputs) + desc.numOutputs);
  context.delivered = carver.take<uint8_t>(desc.numOutputs);
  context.inputBytes = carver.take<uint64_t>(desc.numInputs);
  context.capacities = carver.take<uint64_t>(desc.numOutputs);
  if (model.family->device)
    layOutDeviceTensors(desc, carver, context);
  // An output is of one cache at most, in each variant.
  context.rooms = carver.take<int64_t>(desc.numOutputs);
  auto *symbols = carver.take<int64_t>(mostSymbols(*model.family));
  auto **inputs = carver.take<uint8_t *>(desc.numInputs);
  auto **outputs = carver.take<uint8_t *>(desc.numOutputs);
  auto *outputDims = carver.take<int64_t>(desc.numOutputDims);
  // At the very end: a kernel that reads beyond it leaves the block.
  carver.used = alignUp(carver.used + DYCC_NOTHING_BYTES) - DYCC_NOTHING_BYTES;
  auto *nothing = carver.take<uint8_t>(DYCC_NOTHING_BYTES);
  if (!context.frames)
    return;
  Frame &frame = context.frames[0];
  frame.symbols = symbols;
  frame.inputs = inputs;
  frame.outputs = outputs;
  frame.outputDims = outputDims;
  frame.nothing = nothing;
  frame.rooms = context.rooms;
}

uint64_t contextBytes(const dycc_model &model, uint32_t threads) {
  dycc_context scratch = {};
  Carver counter{nullptr};
  layOut(model, threads, counter, scratch);
  return counter.used;
}

/// Of dycc_context_options as it first was; fields were appended since.
constexpr uint64_t kFirstOptionsBytes =
    offsetof(dycc_context_options, heap_limit);

static dycc_status checkOptions(const dycc_context_options &options,
                                dycc_message *message) {
  if (options.size < kFirstOptionsBytes)
    return fail(message, DYCC_INVALID_ARGUMENT,
                "context options have size %d, expects at least %d",
                options.size, kFirstOptionsBytes);
  if (options.executor &&
      (!options.executor->parallel_for || options.executor->max_threads == 0))
    return fail(message, DYCC_INVALID_ARGUMENT,
                "executor has no parallel_for or no thread");
  if (options.allocator &&
      (!options.allocator->allocate || !options.allocator->release))
    return fail(message, DYCC_INVALID_ARGUMENT,
                "allocator has no allocate or no release");
  if (uintptr_t(options.arena) % DYCC_ARENA_ALIGNMENT)
    return fail(message, DYCC_INVALID_ARGUMENT,
                "arena is not aligned to %d bytes", DYCC_ARENA_ALIGNMENT);
  return DYCC_OK;
}

static void applyOptions(dycc_context &context, dycc_model &model,
                         const dycc_context_options &options) {
  context.model = &model;
  context.allocator = options.allocator ? *options.allocator : kSystemAllocator;
  context.ownPool = !options.executor;
  context.executor =
      options.executor
          ? *options.executor
          : dycc_executor{Pool::parallelFor, model.family->pool.maxThreads(), 0,
                          &model.family->pool};
  uint32_t most = context.executor.max_threads;
  context.threads =
      options.threads && options.threads < most ? options.threads : most;
  context.arena = static_cast<uint8_t *>(options.arena);
  context.arenaBytes = options.arena ? options.arena_bytes : 0;
  context.ownArena = !options.arena;
  context.heapLimit = options.heap_limit;
}

/// What its runs have on the family's device, where that has one.
static dycc_status openQueue(dycc_context &context, void *callers,
                             dycc_message *message) {
  const dycc_family &family = context.family();
  dycc_status status = DYCC_OK;
  if (family.device)
    context.frames[0].device =
        family.deviceKind->openQueue(family.device, callers, status, message);
  return status;
}

dycc_status createContext(dycc_model *model,
                          const dycc_context_options *options,
                          dycc_context **context, dycc_message *message) {
  if (!model || !context)
    return fail(message, DYCC_INVALID_ARGUMENT, "%s is null",
                model ? "context" : "model");
  dycc_context_options given = {};
  if (options) {
    if (dycc_status status = checkOptions(*options, message))
      return status;
    uint64_t size =
        options->size < sizeof(given) ? options->size : sizeof(given);
    memcpy(&given, options, size);
  }
  dycc_context head = {};
  applyOptions(head, *model, given);
  head.bytes = contextBytes(*model, head.threads);
  auto *memory = static_cast<uint8_t *>(allocate(head.allocator, head.bytes));
  if (!memory)
    return fail(message, DYCC_OUT_OF_MEMORY,
                "no memory for the context (%d bytes)", head.bytes);
  memset(memory, 0, head.bytes);
  auto *made = reinterpret_cast<dycc_context *>(memory);
  *made = head;
  Carver carver{memory};
  layOut(*model, made->threads, carver, *made);
  made->failure.message = &made->message;
  for (uint32_t i = 0; i < made->threads; ++i) {
    made->frames[i].context = made;
    made->frames[i].failure = &made->failure;
    made->frames[i].random = &made->random;
    made->frames[i].strings = &made->strings;
  }
  use(*made, *model);
  if (dycc_status status = openQueue(*made, given.opencl_queue, message)) {
    release(head.allocator, memory, head.bytes);
    return status;
  }
  __atomic_add_fetch(&model->family->contexts, 1, __ATOMIC_ACQ_REL);
  *context = made;
  return DYCC_OK;
}

void use(dycc_context &context, dycc_model &variant) {
  context.model = &variant;
  context.frames[0].weights = variant.desc->weights;
  context.frames[0].machine = variant.machine;
  context.strings.init(*variant.desc, context.heap, context.allocator,
                       context.heapLimit);
}

void reclaim(dycc_context &context) {
  context.strings.forget();
  context.heap.giveAll();
  context.packs.giveAll();
  for (uint32_t i = 0; i < context.threads; ++i)
    context.frames[i].scratch.giveUnplanned();
}

/// Gives back to the allocator what is kept for later runs.
static void releaseKept(dycc_context &context) {
  context.heap.releaseKept(context.allocator);
  context.packs.releaseKept(context.allocator);
  for (uint32_t i = 0; i < context.threads; ++i)
    context.frames[i].scratch.releaseUnplanned(context.allocator);
}

void destroyContext(dycc_context *context) {
  if (!context)
    return;
  beginCall(*context);
  releaseKept(*context);
  if (void *queue = context->frames[0].device)
    context->family().deviceKind->closeQueue(queue);
  if (context->ownArena)
    release(context->allocator, context->arena, context->arenaBytes);
  __atomic_sub_fetch(&context->family().contexts, 1, __ATOMIC_ACQ_REL);
  dycc_allocator allocator = context->allocator;
  release(allocator, context, context->bytes);
}

void beginCall(dycc_context &context) {
  context.failure.status = DYCC_OK;
  context.message.text[0] = 0;
  reclaim(context);
}

/// An own arena is freed before a larger one is taken: nothing in it is
/// needed any more, and the peak is one arena.
static dycc_status growArena(dycc_context &context, uint64_t bytes) {
  if (bytes <= context.arenaBytes)
    return DYCC_OK;
  if (!context.ownArena)
    return fail(context, DYCC_ARENA_TOO_SMALL,
                "arena has %d bytes, needs %d (with %d threads)",
                context.arenaBytes, bytes, context.threads);
  release(context.allocator, context.arena, context.arenaBytes);
  context.arenaBytes = 0;
  context.arena = static_cast<uint8_t *>(allocate(context.allocator, bytes));
  if (!context.arena)
    return fail(context, DYCC_OUT_OF_MEMORY,
                "no memory for the arena (%d bytes)", bytes);
  context.arenaBytes = bytes;
  return DYCC_OK;
}

dycc_status provideArena(dycc_context &context, const int64_t *slots) {
  uint64_t bytes = arenaBytes(slots, context.threads);
  if (bytes == UINT64_MAX)
    return fail(context, DYCC_OUT_OF_MEMORY,
                "planned memory is too large (%d bytes, %d per thread)",
                slots[DYCC_SLOT_ARENA], slots[DYCC_SLOT_SCRATCH]);
  if (dycc_status status = growArena(context, bytes))
    return status;
  uint64_t scratch = alignUp(slots[DYCC_SLOT_SCRATCH]);
  uint8_t *next = context.arena + alignUp(slots[DYCC_SLOT_ARENA]);
  for (uint32_t i = 0; i < context.threads; ++i, next += scratch)
    context.frames[i].scratch.reset(next, scratch);
  return DYCC_OK;
}

/// Bounds of the variant that needs most: one arena serves all.
static void boundAll(const dycc_context &context, const int64_t *lower,
                     const int64_t *upper, int64_t *slots) {
  uint64_t most = 0;
  for (uint32_t i = 0; i < context.family().size(); ++i) {
    int64_t own[DYCC_SLOT_FIRST] = {};
    context.family().models[i].desc->bound(lower, upper, own);
    uint64_t bytes = arenaBytes(own, context.threads);
    if (i == 0 || bytes > most)
      memcpy(slots, own, sizeof(own));
    most = bytes > most ? bytes : most;
  }
}

dycc_status reserve(dycc_context *context, const int64_t *lower,
                    const int64_t *upper) {
  if (!context)
    return DYCC_INVALID_ARGUMENT;
  beginCall(*context);
  releaseKept(*context);
  const DyccModelDesc &desc = *context->model->desc;
  dycc_message message;
  if (dycc_status status =
          checkRange(desc, lower, upper, context->range, &message))
    return fail(*context, status, "%s", message.text);
  int64_t slots[DYCC_SLOT_FIRST];
  boundAll(*context, lower, upper, slots);
  if (dycc_status status = provideArena(*context, slots))
    return status;
  if (context->ownPool)
    context->family().pool.start(context->threads);
  return DYCC_OK;
}

} // namespace dycc::rt
