// A model made by hand, in the form in which the compiler emits one, and what
// tests need to run it.
//
//   x: f32[N, 3, W], y: f32[N]   N in 1..8, W in 0..64, multiple of 4
//   z[n, w] = y[n] * (x[n, 0, w] + x[n, 1, w] + x[n, 2, w]) : f32[N, W]
//   p = the positive elements of z : f32[?], at most N * W
//
// Its kernel is a parallel loop over n with scratch of W floats. A NaN in
// y[0] fails the node "gate" in the middle of the run; N * W == 32 fails the
// node "fold" when the plan is made.
#ifndef DYCC_TEST_UNIT_RUNTIMEMODEL_H
#define DYCC_TEST_UNIT_RUNTIMEMODEL_H

#include "runtime/src/Context.h"
#include "test/unit/RuntimeTensors.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

namespace dycc::test {

/// The description above. Tests copy and change it.
extern const DyccModelDesc kModel;

/// s: f32[4] -> u = s: f32[4], the input itself; and t = s + 1: f32[4], in
/// place where s is donated (then u is a copy).
extern const DyccModelDesc kStateModel;

/// What the model's functions do beside computing, set by tests.
struct Behaviour {
  int64_t scratchAsked = 0; ///< Bytes more than planned.
  int64_t resultAsked = 0;  ///< Bytes to ask of dycc_rt_allocate().
  bool failLate = false;    ///< run() fails with memory beyond the arena.
  bool kernelError = false; ///< The kernel reports an error at n == 1.
  int32_t quietStatus = 0;  ///< run() returns it without a text.
  std::atomic<int> plans{0}, tasks{0};
};
extern Behaviour behaviour;

/// A model with one context; fails the test where they cannot be made.
class Session {
public:
  explicit Session(const DyccModelDesc &desc = kModel, uint32_t threads = 1,
                   dycc_context_options options = {}, uint32_t plans = 0);
  ~Session();
  Session(const Session &) = delete;

  dycc_status run(const std::vector<Tensor *> &inputs,
                  const std::vector<Tensor *> &outputs,
                  const dycc_run_options *options = nullptr);
  /// Runs kModel with x and y made for these extents and checks the answer.
  void runAndCheck(int64_t n, int64_t w);
  std::string error() const { return api->context_error(context); }

  const dycc_api *api;
  dycc_model *model = nullptr;
  dycc_context *context = nullptr;
};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_RUNTIMEMODEL_H
