#include "compiler/tune/Gains.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace dycc::tune {

static void printGain(const Gain &gain, llvm::raw_ostream &os) {
  os << llvm::formatv("{0,12:F2} {1,12:F2} {2,7:F2}  {3}\n",
                      gain.seconds.before * 1e6, gain.seconds.after * 1e6,
                      gain.ratio, gain.what);
}

void printGains(std::vector<Gain> kernels, llvm::ArrayRef<Gain> models,
                llvm::raw_ostream &os) {
  llvm::stable_sort(kernels, [](const Gain &a, const Gain &b) {
    return a.seconds.before - a.seconds.after >
           b.seconds.before - b.seconds.after;
  });
  os << llvm::formatv("{0,12} {1,12} {2,7}  kernel: nodes\n", "before us",
                      "after us", "ratio");
  for (const Gain &gain : kernels)
    printGain(gain, os);
  for (const Gain &gain : models)
    printGain(gain, os);
}

} // namespace dycc::tune
