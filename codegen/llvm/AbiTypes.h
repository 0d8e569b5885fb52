// The contract of runtime/abi as LLVM sees it, made from the C declarations
// themselves: fields are named by pointers to members, functions by their
// types. Nothing of it is written a second time.
#ifndef DYCC_CODEGEN_LLVM_ABITYPES_H
#define DYCC_CODEGEN_LLVM_ABITYPES_H

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include <map>
#include <type_traits>

namespace dycc::codegen {

/// The LLVM type of a pointer, an integer, an enumeration or void.
template <typename T>
llvm::Type *abiType(llvm::LLVMContext &context) {
  static_assert(sizeof(void *) == 8, "targets have pointers of 8 bytes too");
  if constexpr (std::is_void_v<T>) {
    return llvm::Type::getVoidTy(context);
  } else if constexpr (std::is_pointer_v<T>) {
    return llvm::PointerType::getUnqual(context);
  } else {
    static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
    return llvm::IntegerType::get(context, 8 * sizeof(T));
  }
}

/// The LLVM type of a function or of a pointer to one.
template <typename F>
struct AbiFunction;
template <typename R, typename... A>
struct AbiFunction<R(A...)> {
  static llvm::FunctionType *get(llvm::LLVMContext &context) {
    return llvm::FunctionType::get(abiType<R>(context),
                                   {abiType<A>(context)...},
                                   /*isVarArg=*/false);
  }
};
template <typename F>
struct AbiFunction<F *> : AbiFunction<F> {};

/// Bytes of a struct before one of its fields: the same for all targets, see
/// DYCC_ABI_CHECK.
template <typename S, typename F>
uint64_t abiOffset(F S::*field) {
  static const S object{};
  return reinterpret_cast<const char *>(&(object.*field)) -
         reinterpret_cast<const char *>(&object);
}

/// Constants by their offsets in a struct.
using AbiFields = std::map<uint64_t, llvm::Constant *>;

/// A constant of a struct of so many bytes. What no field covers is zero.
llvm::Constant *makeAbiStruct(const AbiFields &fields, uint64_t bytes,
                              llvm::LLVMContext &context);

/// A constant of struct `S`, to be filled field by field.
template <typename S>
class AbiConstant {
public:
  explicit AbiConstant(llvm::LLVMContext &context) : context(context) {}

  template <typename F>
  AbiConstant &set(F S::*field, llvm::Constant *value) {
    if constexpr (!std::is_class_v<F>) // A struct's is of its fields.
      assert(value->getType() == abiType<F>(context) && "the field's type");
    fields[abiOffset(field)] = value;
    return *this;
  }
  template <typename F>
  AbiConstant &set(F S::*field, int64_t value) {
    return set(field, llvm::ConstantInt::get(abiType<F>(context), value,
                                             /*IsSigned=*/true));
  }
  llvm::Constant *get() const {
    return makeAbiStruct(fields, sizeof(S), context);
  }

private:
  llvm::LLVMContext &context;
  AbiFields fields;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_ABITYPES_H
