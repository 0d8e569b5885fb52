// What the compiled program and its kernels call. A `DyccFrame *` is always
// the FrameBase of a call, and during a run a Frame.
#include "runtime/src/Devices.h"

using namespace dycc::rt;

int32_t dycc_rt_fail(DyccFrame *frame, int32_t status, const char *format,
                     const int64_t *arguments, int32_t count) {
  return static_cast<FrameBase *>(frame)->failure->set(
      dycc_status(status), format, arguments, count);
}

static const dycc_profile *listenerOf(const DyccFrame *frame) {
  return static_cast<const dycc_profile *>(frame->profile);
}

static_assert(sizeof(dycc_operand_info) == sizeof(DyccOperandDesc) &&
                  offsetof(dycc_operand_info, dtype) ==
                      offsetof(DyccOperandDesc, code),
              "a description is handed out as it is");

static void tellLaunch(DyccFrame *frame, uint32_t kernel, uint32_t launch,
                       const int64_t *numbers) {
  const dycc_profile &profile = *listenerOf(frame);
  dycc_context &context = *static_cast<Frame *>(frame)->context;
  const DyccModelDesc &desc = *context.model->desc;
  const DyccKernelDesc &called = desc.kernels[kernel];
  dycc_launch told = {};
  told.size = sizeof(told);
  told.launch = launch;
  told.kernel = kernel;
  told.num_operands = uint32_t(called.numOperands);
  told.num_results = uint32_t(called.numResults);
  told.num_symbols = uint32_t(called.numSymbols);
  told.nodes = desc.launchNodes[launch];
  told.version = called.version;
  told.operands = reinterpret_cast<const dycc_operand_info *>(called.operands);
  told.dims = numbers + called.numSymbols;
  told.symbols = numbers;
  told.heap_bytes = context.heap.usedBytes();
  profile.launch(profile.user, &told);
}

void dycc_rt_begin(DyccFrame *frame, uint32_t kernel, uint32_t launch,
                   const int64_t *numbers) {
  const dycc_profile *profile = listenerOf(frame);
  if (!profile)
    return;
  if (profile->device && frame->device)
    static_cast<Frame *>(frame)->context->family().deviceKind->mark(
        frame->device, kernel);
  if (profile->launch)
    tellLaunch(frame, kernel, launch, numbers);
  profile->begin(profile->user, kernel);
}

void dycc_rt_end(DyccFrame *frame, uint32_t kernel) {
  if (const dycc_profile *profile = listenerOf(frame))
    profile->end(profile->user, kernel);
}

namespace {

using HalideTask = int (*)(void *userContext, int index, uint8_t *closure);

/// A parallel loop. Each shard has a share of its indices, about as many as
/// the others have, and helps the others behind it. Which thread runs an index
/// is open, which indices run is not: all, unless one fails.
struct Loop {
  dycc_context *context;
  HalideTask task;
  uint8_t *closure;
  int32_t min;
  uint32_t shards;
  int32_t result; ///< Of the first index that failed.

  void stop(int32_t code) {
    int32_t none = 0;
    __atomic_compare_exchange_n(&result, &none, code, /*weak=*/false,
                                __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  }
  bool isStopped() const {
    return __atomic_load_n(&result, __ATOMIC_RELAXED) != 0;
  }
  /// The share of each shard, by its number.
  auto shares() const {
    return [this](uint32_t i) -> Share & { return context->frames[i].share; };
  }
};

void runShard(Loop &loop, Frame &frame, uint32_t index) {
  while (!loop.isStopped()) {
    int64_t next = takeNext(loop.shares(), loop.shards, index);
    if (next < 0)
      return;
    if (int32_t code =
            loop.task(&frame, loop.min + int32_t(next), loop.closure))
      loop.stop(code);
  }
}

/// A task of the executor: shard `index` uses the frame of that index, so
/// that no two threads share scratch, whatever threads the executor has.
void enterShard(void *data, uint32_t index) {
  Loop &loop = *static_cast<Loop *>(data);
  Frame &frame = loop.context->frames[index];
  const dycc_profile *profile = listenerOf(&frame);
  if (profile && profile->begin_part)
    profile->begin_part(profile->user, index, loop.shards);
  jmp_buf *outer = frame.escape;
  Scratch::Mark mark = frame.scratch.mark();
  jmp_buf escape;
  frame.escape = &escape;
  frame.inTask = true;
  if (_setjmp(escape) == 0)
    runShard(loop, frame, index);
  else
    loop.stop(DYCC_OUT_OF_MEMORY);
  frame.scratch.rewind(mark);
  frame.inTask = false;
  frame.escape = outer;
  if (profile && profile->end_part)
    profile->end_part(profile->user, index);
}

} // namespace

extern "C" {

int halide_do_par_for(void *userContext, HalideTask task, int min, int size,
                      uint8_t *closure) {
  Frame &frame = *static_cast<Frame *>(userContext);
  dycc_context &context = *frame.context;
  if (frame.inTask || context.threads == 1 || size <= 1) {
    for (int i = 0; i < size; ++i)
      if (int code = task(userContext, min + i, closure))
        return code;
    return 0;
  }
  uint32_t shards =
      uint32_t(size) < context.threads ? uint32_t(size) : context.threads;
  Loop loop = {&context, task, closure, min, shards, 0};
  shareOut(loop.shares(), shards, uint32_t(size));
  context.executor.parallel_for(context.executor.user, shards, enterShard,
                                &loop);
  return loop.result;
}

/// How many threads the loops of a kernel that begins now have.
int32_t dycc_rt_threads(void *userContext) {
  const Frame &frame = *static_cast<Frame *>(userContext);
  return frame.inTask ? 1 : int32_t(frame.context->threads);
}

int halide_do_task(void *userContext, HalideTask task, int index,
                   uint8_t *closure) {
  return task(userContext, index, closure);
}

/// Kernels do not check for null: without memory they are left.
void *halide_malloc(void *userContext, size_t bytes) {
  Frame &frame = *static_cast<Frame *>(userContext);
  if (void *memory = frame.scratch.take(frame.context->allocator, bytes))
    return memory;
  fail(*frame.context, DYCC_OUT_OF_MEMORY,
       "no memory for a kernel's scratch (%d bytes)", uint64_t(bytes));
  longjmp(*frame.escape, 1);
}

void halide_free(void *userContext, void *memory) {
  Frame &frame = *static_cast<Frame *>(userContext);
  frame.scratch.give(memory);
}

void halide_error(void *userContext, const char *text) {
  Frame &frame = *static_cast<Frame *>(userContext);
  fail(*frame.context, DYCC_INTERNAL, "kernel failed: %s", text);
}

} // extern "C"
