// What tests of the seams have in common: models compiled by the program
// `dycc`, loaded as a user loads them.
#ifndef DYCC_TEST_UNIT_SEAMFIXTURE_H
#define DYCC_TEST_UNIT_SEAMFIXTURE_H

#include "test/unit/ModelMaker.h"
#include "test/unit/RuntimeTensors.h"

#include <functional>
#include <gtest/gtest.h>

namespace dycc::test {

/// How a program ended.
struct Ended {
  int code = -1;         ///< Its exit code; -1: it did not exit.
  std::string text;      ///< Both of its streams.
  int64_t mostBytes = 0; ///< Largest resident set, of its children too.
  bool says(const std::string &part) const {
    return text.find(part) != text.npos;
  }
};

/// A folder of its own per test, and compilations in it.
class Seam : public testing::Test {
protected:
  Seam();
  ~Seam() override;

  std::string path(const std::string &name) const {
    return folder + "/" + name;
  }
  /// Writes `model` as `<name>.onnx`.
  std::string save(const ModelMaker &model, const std::string &name = "model");
  /// `prepare` runs in the new process, before the program.
  Ended execute(const Names &arguments,
                const std::function<void()> &prepare = {});
  /// Builds a program in C with the C headers and these objects and libraries,
  /// and runs it. What the compiler said where it did not build.
  Ended runLinked(const char *program, const Names &objects);
  /// Compiles `<name>.onnx` without a cache, unless `flags` name one.
  Ended dycc(const std::string &onnx, const std::string &output,
             Names flags = {}, const std::function<void()> &prepare = {});
  /// Compiles what has to compile; the path of the library.
  std::string compile(const ModelMaker &model, Names flags = {},
                      const std::string &name = "model");
  std::string read(const std::string &file) const;

private:
  std::string folder;
};

/// A loaded model with one context; fails the test where there is none.
class Loaded {
public:
  explicit Loaded(const std::string &library, uint32_t threads = 1,
                  dycc_context_options options = {},
                  const char *machine = nullptr);
  ~Loaded();
  Loaded(const Loaded &) = delete;

  dycc_status run(const std::vector<DLTensor *> &inputs,
                  const std::vector<DLTensor *> &outputs,
                  const dycc_run_options *options = nullptr);
  std::string error() const { return api->context_error(context); }
  /// Memory at these symbols.
  dycc_peak peak(const std::vector<int64_t> &symbols, uint32_t threads = 1);

  const dycc_api *api = nullptr;
  dycc_model *model = nullptr;
  dycc_context *context = nullptr;

private:
  void *library;
};

/// Bytes between pages that fault; `atEnd`: directly before the second one,
/// else directly after the first.
class GuardedBytes {
public:
  GuardedBytes(size_t bytes, bool atEnd);
  ~GuardedBytes();
  GuardedBytes(const GuardedBytes &) = delete;
  uint8_t *data() const { return begin; }

private:
  uint8_t *pages, *begin;
  size_t mapped;
};

/// Calls of malloc() and its kind in this process so far, of any thread.
int64_t countAllocations();

/// x[N, 3, H, W] -> two 3x3 convolutions with Relu, a residual -> y[N, 8, H,
/// W], and p: its maxima over 2x2. Its kernels have parallel loops.
ModelMaker imageModel();
/// x[B, T, 24] -> matrix product, layer normalisation, softmax, transposed and
/// cut -> y[B, 24, T], z[B, T, 5].
ModelMaker tokenModel();
/// y = x + 1 for x[N], `x` times in a Loop named "forever" while x[0] > 0;
/// x * 1 does not change it: an input that is positive never ends.
ModelMaker loopModel();

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_SEAMFIXTURE_H
