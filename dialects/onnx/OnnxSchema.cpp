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

std::string dycc::onnx::describeElements(ElementSet set) {
  // Larger sets first.
  static constexpr std::pair<ElementSet, llvm::StringLiteral> names[] = {
      {ElementSet::Int, "integer"},
      {ElementSet::Float, "float"},
      {ElementSet::SInt, "signed integer"},
      {ElementSet::Packed, "8-bit float or less than 8 bits"},
      {ElementSet::Float8, "8-bit float"},
      {ElementSet::Float6, "6-bit float"},
      {ElementSet::F16, "f16"},
      {ElementSet::BF16, "bf16"},
      {ElementSet::F32, "f32"},
      {ElementSet::F64, "f64"},
      {ElementSet::I8, "i8"},
      {ElementSet::I16, "i16"},
      {ElementSet::I32, "i32"},
      {ElementSet::I64, "i64"},
      {ElementSet::UI8, "ui8"},
      {ElementSet::UI16, "ui16"},
      {ElementSet::UI32, "ui32"},
      {ElementSet::UI64, "ui64"},
      {ElementSet::Bool, "i1"},
      {ElementSet::String, "string"},
      {ElementSet::Complex, "complex"},
      {ElementSet::F4E2M1FN, "4-bit float"},
      {ElementSet::F8E8M0FNU, "f8E8M0FNU"},
      {ElementSet::I4, "i4"},
      {ElementSet::UI4, "ui4"},
      {ElementSet::I2, "i2"},
      {ElementSet::UI2, "ui2"},
      {ElementSet::Seq, "sequence"},
      {ElementSet::Opt, "optional"}};
  llvm::SmallVector<llvm::StringRef> words;
  for (auto &[part, name] : names)
    if ((set & part) == part) {
      words.push_back(name);
      set &= ~part;
    }
  std::string text;
  for (auto [index, word] : llvm::enumerate(words))
    text += ((index == 0                  ? ""
              : index + 1 == words.size() ? " or "
                                          : ", ") +
             word)
                .str();
  return text;
}

llvm::ArrayRef<OperatorSchema> dycc::onnx::allOperators() { return kOperators; }

const OperatorSchema *dycc::onnx::findContributed(llvm::StringRef domain,
                                                  llvm::StringRef name) {
  const OperatorSchema *found =
      llvm::find_if(kContributed, [&](const OperatorSchema &row) {
        return row.domain == domain && row.name == name;
      });
  return found == std::end(kContributed) ? nullptr : found;
}

llvm::ArrayRef<OperatorSchema> dycc::onnx::allContributed() {
  return kContributed;
}

llvm::StringRef dycc::onnx::contributedNote(const OperatorSchema &schema) {
  return kContributedNotes[&schema - kContributed];
}

int dycc::onnx::newestOpset() { return kNewestOpset; }
