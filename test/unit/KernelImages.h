// What tests of windows that move over images have in common.
#ifndef DYCC_TEST_UNIT_KERNELIMAGES_H
#define DYCC_TEST_UNIT_KERNELIMAGES_H

#include "KernelHarness.h"

namespace dycc::test {

/// A batch of images; the symbols N, H, W of a group.
struct ImageSize {
  int64_t n, h, w;

  int64_t pixels() const { return n * h * w; }
  Symbols symbols() const { return {{"N", n}, {"H", h}, {"W", w}}; }
};

/// Tests of many kinds of one operator, each a `Case` with a `name` and a
/// function groupOf(Case).
class KernelImages : public KernelTest {
protected:
  /// Compiles each case once and calls `check(kernel, case, size)` for all
  /// sizes.
  template <typename Case, typename Check>
  void checkAll(llvm::ArrayRef<Case> cases, const std::vector<ImageSize> &sizes,
                Check check) {
    std::vector<GroupText> texts;
    for (const Case &c : cases)
      texts.push_back(groupOf(c));
    auto kernels = compileAll(texts);
    ASSERT_EQ(kernels.size(), cases.size());
    for (auto [kernel, c] : llvm::zip(kernels, cases))
      for (ImageSize size : sizes) {
        SCOPED_TRACE(c.name + (" " + std::to_string(size.h)) + "x" +
                     std::to_string(size.w));
        check(*kernel, c, size);
      }
  }
};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELIMAGES_H
