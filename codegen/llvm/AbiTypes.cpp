#include "codegen/llvm/AbiTypes.h"

#include "llvm/IR/DataLayout.h"

using namespace llvm;

namespace dycc::codegen {

Constant *makeAbiStruct(const AbiFields &fields, uint64_t bytes,
                        LLVMContext &context) {
  // Fields are pointers and integers, of one size everywhere.
  const DataLayout sizes;
  SmallVector<Constant *> elements;
  uint64_t end = 0;
  auto fillTo = [&](uint64_t offset) {
    if (offset == end)
      return;
    auto *gap = ArrayType::get(Type::getInt8Ty(context), offset - end);
    elements.push_back(ConstantAggregateZero::get(gap));
  };
  for (auto [offset, value] : fields) {
    fillTo(offset);
    elements.push_back(value);
    end = offset + sizes.getTypeAllocSize(value->getType());
  }
  fillTo(bytes);
  return ConstantStruct::getAnon(context, elements);
}

} // namespace dycc::codegen
