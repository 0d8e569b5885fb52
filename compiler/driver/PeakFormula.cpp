#include "compiler/driver/PeakFormula.h"

#include "compiler/driver/ByteCounts.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {

PeakFormula::PeakFormula(ModuleOp module,
                         const llvm::StringMap<ExprAttr> &kernels)
    : bounds(module),
      memory(module.lookupSymbol<func::FuncOp>("main"), bounds, kernels),
      texts(module) {}

static_assert(DYCC_SLOT_ALIGNMENT == 64, "the texts say align64");
static_assert(DYCC_SCRATCH_ALIGNMENT == 128, "the texts say align128");
static_assert(DYCC_BLOCK_ALIGNMENT == 128, "the texts say align128");

std::string PeakFormula::str() const {
  std::string text;
  for (ExprAttr slot : memory.slots)
    text += (text.empty() ? "" : " + ") + ("align64(" + texts.str(slot) + ")");
  std::string largest;
  for (ExprAttr size : memory.scratch)
    largest += (largest.empty() ? "" : ", ") + texts.str(size);
  if (memory.scratch.size() > 1)
    largest = "max(" + largest + ")";
  if (!largest.empty())
    text +=
        (text.empty() ? "" : " + ") + ("threads * align128(" + largest + ")");
  return text.empty() ? "0" : text;
}

std::vector<std::pair<std::string, ExprAttr>> PeakFormula::names() const {
  SmallVector<ExprAttr> sizes(memory.slots);
  sizes.append(memory.scratch);
  return texts.longNames(sizes);
}

int64_t PeakFormula::most() const {
  if (memory.unbounded > 0)
    return INT64_MAX;
  auto [arena, scratch] =
      memory.evaluate(ByteCounts{[&](ExprAttr size) {
                        return dyn::rangeOf(size, bounds.getFacts()).upper;
                      }},
                      [](int64_t, int64_t) {});
  uint64_t bytes = dycc_block_bytes(arena, scratch, /*threads=*/1);
  return bytes > INT64_MAX ? INT64_MAX : static_cast<int64_t>(bytes);
}

llvm::Error checkMaxMemory(const PeakFormula &peak, int64_t bytes) {
  int64_t most = peak.most();
  if (most <= bytes)
    return llvm::Error::success();
  std::string found = most == INT64_MAX ? "more than any number of"
                                        : "up to " + std::to_string(most);
  return llvm::createStringError(
      "--max-memory: a run can take " + found +
      " bytes within the declared ranges, expected at most " + Twine(bytes) +
      " (" + peak.str() + "); --dim makes ranges smaller");
}

llvm::Expected<int64_t> parseBytes(StringRef text) {
  StringRef digits = text;
  unsigned shift = 0;
  for (auto [suffix, bits] : {std::pair("K", 10), {"M", 20}, {"G", 30}})
    if (digits.consume_back(suffix))
      shift = bits;
  int64_t bytes = 0;
  if (digits.getAsInteger(10, bytes) || bytes < 0 ||
      bytes > (INT64_MAX >> shift))
    return llvm::createStringError(
        "--max-memory '" + text +
        "': expected a number of bytes, with K, M or G after it or not");
  return bytes << shift;
}

} // namespace dycc
