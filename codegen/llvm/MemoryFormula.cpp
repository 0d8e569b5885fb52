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

/// The bytes of a kernel's scratch where `group` calls it.
ExprAttr atCall(ExprAttr size, dyn::GroupOp group) {
  return size.substitute([&](StringRef name) {
    unsigned index = 0;
    bool failed = name.drop_front().getAsInteger(10, index);
    assert(!failed && "canonical groups name their symbols s0, s1, ...");
    (void)failed;
    return cast<ExprAttr>((*group.getSymbols())[index]);
  });
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
  main.walk([&](dyn::GroupOp group) {
    auto it = kernels.find(*group.getKernel());
    if (it != kernels.end())
      add(atCall(it->second, group));
  });
  scratch = sizes.takeVector();
}

} // namespace dycc::codegen
