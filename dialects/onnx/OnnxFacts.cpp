#include "dialects/onnx/OnnxFacts.h"

#include "llvm/ADT/StringMap.h"

namespace dycc::onnx {
namespace {

constexpr unsigned bit(Fact fact) { return 1u << unsigned(fact); }

#include "dialects/onnx/OnnxFacts.inc"

} // namespace

const OperatorFacts *findFacts(llvm::StringRef name) {
  static const auto index = [] {
    llvm::StringMap<const OperatorFacts *> index;
    for (const OperatorFacts &facts : kFacts)
      index[facts.name] = &facts;
    return index;
  }();
  return index.lookup(name);
}

const OperatorFacts *findFacts(mlir::Operation *op) {
  llvm::StringRef name = op->getName().getStringRef();
  return name.consume_front("onnx.") ? findFacts(name) : nullptr;
}

bool has(mlir::Operation *op, Fact fact) {
  const OperatorFacts *facts = findFacts(op);
  return facts && facts->has(fact);
}

Root rootOf(mlir::Operation *op) {
  const OperatorFacts *facts = findFacts(op);
  return facts ? facts->root : Root::None;
}

llvm::StringRef stringify(Support support) {
  switch (support) {
  case Support::Kernel:
    return "kernel";
  case Support::Runtime:
    return "runtime";
  case Support::Host:
    return "host program";
  case Support::Expanded:
    return "expanded";
  case Support::Refused:
    return "refused";
  }
  llvm_unreachable("all kinds are there");
}

} // namespace dycc::onnx
