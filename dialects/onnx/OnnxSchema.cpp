#include "dialects/onnx/OnnxSchema.h"
#include "llvm/ADT/STLExtras.h"

using namespace dycc::onnx;

namespace {
#include "dialects/onnx/OnnxSchema.inc"
} // namespace

const OperatorSchema *dycc::onnx::findOperator(llvm::StringRef domain,
                                               llvm::StringRef name) {
  // The default domain has two spellings; the table uses the short one.
  if (domain == "ai.onnx")
    domain = "";
  const OperatorSchema *found = llvm::lower_bound(
      kOperators, name, [](const OperatorSchema &row, llvm::StringRef key) {
        return row.name < key;
      });
  bool matches = found != std::end(kOperators) && found->name == name &&
                 found->domain == domain;
  return matches ? found : nullptr;
}

llvm::ArrayRef<OperatorSchema> dycc::onnx::allOperators() { return kOperators; }

int dycc::onnx::newestOpset() { return kNewestOpset; }
