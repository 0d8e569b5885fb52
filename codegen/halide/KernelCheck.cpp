// Whether a kernel can be made. The definitions themselves are the check, so
// that none of their conditions is written down twice.
#include "codegen/halide/KernelCheck.h"

#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/Reporter.h"
#include "dialects/dyn/Kernels.h"
#include "dialects/dyn/Values.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using dycc::codegen::KernelRefusal;

namespace dycc::halide {
namespace {

constexpr int64_t kMostElements = INT32_MAX;

/// Kernels count elements in 32 bits, and Halide folds no sum that is beyond
/// them. Extents that may be small enough, of tensors with elements, are
/// limited when the model runs.
bool isTooLarge(Type type, const dyn::SymbolFacts &facts) {
  int64_t count = 1;
  return llvm::any_of(dyn::getDims(type), [&](dyn::ExprAttr dim) {
    int64_t extent = std::max<int64_t>(dyn::rangeOf(dim, facts).lower, 1);
    return llvm::MulOverflow(count, extent, count) || count > kMostElements;
  });
}

std::optional<KernelRefusal> whyTooLarge(dyn::KernelOp kernel) {
  dyn::SymbolFacts facts = dyn::factsOf(kernel);
  for (auto &[name, fact] : facts)
    if (fact.range.lower == 0)
      fact.range.lower = std::min<int64_t>(1, fact.range.upper);
  for (Operation &op : kernel.getBody().front()) {
    SmallVector<Type> types(op.getOperandTypes());
    llvm::append_range(types, op.getResultTypes());
    auto large = llvm::find_if(
        types, [&](Type type) { return isTooLarge(type, facts); });
    if (large != types.end())
      return KernelRefusal{
          &op, "expects tensors of at most " + std::to_string(kMostElements) +
                   " elements, got " + dyn::getDimsText(*large)};
  }
  return std::nullopt;
}

} // namespace

std::optional<KernelRefusal> whyNoKernel(dyn::KernelOp kernel,
                                         Planner &planner) {
  if (auto refusal = whyTooLarge(kernel))
    return refusal;
  try {
    Reporter reporter;
    KernelBuilder(kernel, planner).build();
    return std::nullopt;
  } catch (const OperatorError &error) {
    return KernelRefusal{error.op, error.what()};
  } catch (const HalideError &error) {
    return KernelRefusal{kernel, error.what(), true};
  } catch (const KernelError &error) {
    return KernelRefusal{kernel, error.what()};
  } catch (const codegen::IndexError &error) {
    return KernelRefusal{kernel, error.what()};
  } catch (const std::exception &error) {
    return KernelRefusal{kernel, error.what(), true};
  }
}

} // namespace dycc::halide
