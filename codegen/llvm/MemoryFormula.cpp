#include "codegen/llvm/MemoryFormula.h"

#include "dialects/dyn/Plan.h"
#include "runtime/abi/Operators.h"

#include "llvm/ADT/SetVector.h"

using namespace llvm;
using dycc::dyn::ExprAttr;

namespace dycc::codegen {
namespace {

/// `count` arrays of so many i64, as DYCC_SCRATCH_ALIGNMENT rounds each.
ExprAttr arraysOf(ExprAttr elements, int64_t count) {
  auto line = ExprAttr::constant(elements.getContext(), DYCC_SCRATCH_ALIGNMENT);
  return ExprAttr::ceilDiv(elements.times(sizeof(int64_t)), line)
      .times(DYCC_SCRATCH_ALIGNMENT * count);
}

/// How many arrays the operator takes from the scratch of its thread.
int64_t numArraysOf(StringRef callee) {
#define DYCC_ARRAYS(name, allocates, arrays)                                   \
  if (callee == #name)                                                         \
    return arrays;
  DYCC_OPERATORS(DYCC_ARRAYS)
#undef DYCC_ARRAYS
  return 0;
}

/// Elements of each of these arrays, over the symbols of the inputs.
ExprAttr arrayLength(dyn::RuntimeOp op) {
  mlir::Type x = op.getInputs()[0].getType();
  if (op.getCallee() == "non_max_suppression")
    return dyn::getDims(x)[1];
  assert(op.getCallee() == "unique" && "no other operator has scratch");
  auto axis = cast<ExprAttr>(op.getParameters()[DYCC_UNIQUE_AXIS]).asConstant();
  assert(axis && "the axis of Unique is an attribute");
  return *axis < 0 ? dyn::getNumElements(x) : dyn::getDims(x)[*axis];
}

} // namespace

MemoryFormula::MemoryFormula(mlir::func::FuncOp main,
                             const dyn::ExecutionBounds &bounds,
                             const StringMap<ExprAttr> &kernels) {
  if (dyn::MemoryAttr memory = dyn::getMemory(main)) {
    slots.assign(memory.getSlots().begin(), memory.getSlots().end());
    unbounded = memory.getUnbounded();
  }
  SetVector<ExprAttr> sizes;
  auto add = [&](ExprAttr size) {
    ExprAttr bound = bounds.bound(size);
    if (bound && !bound.isConstant(0))
      sizes.insert(bound);
  };
  main.walk([&](dyn::RuntimeOp op) {
    if (int64_t count = numArraysOf(op.getCallee()))
      add(arraysOf(arrayLength(op), count));
  });
  mlir::SymbolTable symbols(main->getParentOfType<mlir::ModuleOp>());
  main.walk([&](dyn::LaunchOp launch) {
    dyn::KernelOp kernel = launch.getKernelIn(symbols);
    for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
      auto it = kernels.find(kernel.getFunctionName(i));
      if (it != kernels.end())
        add(kernel.substitute(it->second, launch.getSymbols()));
    }
  });
  scratch = sizes.takeVector();
}

} // namespace dycc::codegen
