#include "codegen/llvm/MemoryFormula.h"

#include "dialects/dyn/Handles.h"
#include "dialects/dyn/Plan.h"
#include "runtime/abi/Operators.h"

#include "llvm/ADT/SetVector.h"

using namespace llvm;
using dycc::dyn::ExprAttr;

namespace dycc::codegen {
namespace {

/// `count` arrays of so many i64, as DYCC_SCRATCH_ALIGNMENT rounds each.
ExprAttr bytesOfArrays(ExprAttr elements, int64_t count) {
  auto line = ExprAttr::constant(elements.getContext(), DYCC_SCRATCH_ALIGNMENT);
  return ExprAttr::ceilDiv(elements.times(sizeof(int64_t)), line)
      .times(DYCC_SCRATCH_ALIGNMENT * count);
}

/// How many tensors of strings come in, go out or are made: their bytes are in
/// no formula.
int64_t countStrings(mlir::func::FuncOp main) {
  auto count = [](mlir::TypeRange types) {
    return count_if(types, [](mlir::Type type) {
      return dyn::isHandle(mlir::getElementTypeOrSelf(type));
    });
  };
  int64_t total = count(main.getArgumentTypes()) + count(main.getResultTypes());
  main.walk([&](dyn::RuntimeOp op) { total += count(op.getResultTypes()); });
  return total;
}

/// What an operator takes from the scratch of its thread.
struct Arrays {
  int64_t count = 0;
  int per = DYCC_PER_NOTHING;
};

Arrays arraysOf(StringRef callee) {
#define DYCC_ARRAYS(name, allocates, arrays, per)                              \
  if (callee == #name)                                                         \
    return {arrays, per};
  DYCC_OPERATORS(DYCC_ARRAYS)
#undef DYCC_ARRAYS
  return {};
}

/// Elements of each of these arrays, over the symbols of the inputs.
ExprAttr arrayLength(dyn::RuntimeOp op, int per) {
  mlir::Type x = op.getInputs()[0].getType();
  if (per == DYCC_PER_BOX)
    return dyn::getDims(x)[1];
  if (per == DYCC_PER_MATRIX_ELEMENT) {
    ArrayRef<ExprAttr> dims = dyn::getDims(x);
    return ExprAttr::mul(dims[dims.size() - 2], dims.back());
  }
  assert(per == DYCC_PER_SLICE && "arrays have some length");
  auto axis = cast<ExprAttr>(op.getParameters()[0]).asConstant();
  assert(axis && "the axis is an attribute");
  return *axis < 0 ? dyn::getNumElements(x) : dyn::getDims(x)[*axis];
}

/// What a launch takes where version `number` runs: nothing at other shapes.
ExprAttr scratchOf(dyn::LaunchOp launch, dyn::KernelOp kernel, unsigned number,
                   ExprAttr size, const dyn::ExecutionBounds &bounds) {
  size = kernel.substitute(size, launch.getSymbols());
  dyn::VersionAttr version = kernel.getVersion(number);
  if (!version || !version.getWhen() || size.isConstant(0))
    return size;
  ExprAttr when = kernel.substitute(version.getWhen(), launch.getSymbols());
  return bounds.isOverInputs(when)
             ? ExprAttr::ite(when, size,
                             ExprAttr::constant(size.getContext(), 0))
             : size;
}

} // namespace

MemoryFormula::MemoryFormula(mlir::func::FuncOp main,
                             const dyn::ExecutionBounds &bounds,
                             const StringMap<ExprAttr> &kernels) {
  if (dyn::MemoryAttr memory = dyn::getMemory(main)) {
    slots.assign(memory.getSlots().begin(), memory.getSlots().end());
    unbounded = memory.getUnbounded();
  }
  placements = dyn::getPlacements(main);
  isPlaced = dyn::isPlaced(main);
  unbounded += countStrings(main);
  SetVector<ExprAttr> sizes;
  auto add = [&](ExprAttr size) {
    ExprAttr bound = bounds.bound(size);
    if (bound && !bound.isConstant(0))
      sizes.insert(bound);
  };
  main.walk([&](dyn::RuntimeOp op) {
    Arrays arrays = arraysOf(op.getCallee());
    if (arrays.count > 0)
      add(bytesOfArrays(arrayLength(op, arrays.per), arrays.count));
  });
  mlir::SymbolTable symbols(main->getParentOfType<mlir::ModuleOp>());
  main.walk([&](dyn::LaunchOp launch) {
    dyn::KernelOp kernel = launch.getKernelIn(symbols);
    for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
      auto it = kernels.find(kernel.getFunctionName(i));
      if (it != kernels.end())
        add(scratchOf(launch, kernel, i, it->second, bounds));
    }
  });
  scratch = sizes.takeVector();
}

} // namespace dycc::codegen
