#include "codegen/target/Machines.h"

namespace dycc::codegen {

// A tile leaves registers for one row of the other operand and a broadcast, or
// for a column of broadcasts and one vector. On v3, 4x3 and 3x4 ask least of
// the decoder per multiply-add, which is what limits them as soon as another
// program shares the core.
static const Machine kMachines[] = {
    {"x86-64-v4",
     "v4",
     llvm::Triple::x86_64,
     {"avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512cd"},
     64,
     32,
     {{6, 4}, {14, 2}, {9, 3}},
     1,
     120,
     8},
    {"x86-64-v3",
     "v3",
     llvm::Triple::x86_64,
     {"avx2", "fma"},
     32,
     16,
     {{4, 3}, {3, 4}, {6, 2}},
     4,
     90,
     8},
    {"x86-64", "v1", llvm::Triple::x86_64, {}, 16, 16, {{6, 2}}, 4, 20, 8},
    {"armv8.6-a",
     "v8.6",
     llvm::Triple::aarch64,
     {"dotprod", "fullfp16", "i8mm"},
     16,
     32,
     {{5, 4}},
     4,
     20,
     4,
     /*integerRows=*/4},
    {"armv8.2-a",
     "v8.2",
     llvm::Triple::aarch64,
     {"dotprod", "fullfp16"},
     16,
     32,
     {{5, 4}},
     4,
     20,
     4},
    {"armv8-a", "v8", llvm::Triple::aarch64, {}, 16, 32, {{5, 4}}, 4, 20, 4},
};

llvm::ArrayRef<Machine> machines() { return kMachines; }

} // namespace dycc::codegen
