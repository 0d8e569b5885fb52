// Passes leave expressions in their remarks as they are: only behind a stage is
// it known which of the names in them a user has seen.
#include "compiler/driver/RemarkTexts.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/SymbolTexts.h"
#include "passes/Remarks.h"

using namespace mlir;

namespace dycc {

static constexpr llvm::StringLiteral kAll = "all";

std::vector<std::string> remarkNames() {
  std::vector<std::string> names;
  for (StringRef category : remarks::kCategories)
    names.push_back(category.str());
  names.push_back(kAll.str());
  return names;
}

bool isAskedFor(StringRef category, ArrayRef<std::string> names) {
  return llvm::is_contained(names, kAll) || llvm::is_contained(names, category);
}

class RemarkListener::Streamer final
    : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit Streamer(std::vector<Heard> &heard) : heard(heard) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    bool isTaken = remark.getRemarkType() == llvm::remarks::Type::Passed;
    heard.push_back({remark.getLocation(), remark.getCategoryName().str(),
                     isTaken, remarks::partsOf(remark)});
  }

private:
  std::vector<Heard> &heard;
};

RemarkListener::RemarkListener(MLIRContext &context,
                               ArrayRef<std::string> names) {
  remark::RemarkCategories wanted;
  std::string pattern;
  for (StringRef category : remarks::kCategories)
    if (isAskedFor(category, names))
      pattern += (pattern.empty() ? "^(" : "|") + category.str();
  if (pattern.empty())
    return;
  wanted.passed = wanted.missed = pattern + ")$";
  LogicalResult listens = remark::enableOptimizationRemarks(
      context, std::make_unique<Streamer>(heard),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), wanted);
  assert(succeeded(listens) && "the pattern is made of names");
  (void)listens;
}

static std::string textOf(ArrayAttr parts, const SymbolTexts &symbols) {
  std::string text;
  for (Attribute part : parts)
    if (auto words = dyn_cast<StringAttr>(part))
      text += words.getValue();
    else
      text += symbols.str(cast<dyn::ExprAttr>(part));
  return text;
}

std::vector<RemarkText> RemarkListener::take(ModuleOp module) {
  std::vector<RemarkText> texts;
  if (heard.empty())
    return texts;
  SymbolTexts symbols(module);
  for (const Heard &one : heard) {
    std::string text = textOf(one.parts, symbols);
    std::string line = "remark: " + describe(one.location) + one.category +
                       ": " + (one.isTaken ? "" : "not ") + "taken: " + text;
    texts.push_back({codegen::nodeName(one.location), one.category, one.isTaken,
                     shorten(text), shorten(line)});
  }
  heard.clear();
  return texts;
}

} // namespace dycc
