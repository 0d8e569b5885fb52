#include "compiler/driver/PeakFormula.h"

#include "compiler/driver/ByteCounts.h"
#include "dialects/dyn/TypicalShape.h"

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

namespace {

/// The slots below each other that an arena is as high as, at one shape.
class Stack {
public:
  Stack(const codegen::MemoryFormula &memory,
        function_ref<int64_t(ExprAttr)> sizeOf) {
    for (ExprAttr slot : memory.slots)
      bytes.push_back(sizeOf(slot));
    for (const dyn::Placement &placement : memory.placements)
      pile(placement);
  }

  SmallVector<int64_t> slots; ///< From the lowest on.

private:
  void pile(const dyn::Placement &placement) {
    std::vector<int64_t> ends(bytes.size()), under(bytes.size(), -1);
    int64_t highest = -1;
    for (const auto &[slot, on] : placement.slots) {
      for (int64_t below : on)
        if (under[slot] < 0 || ends[below] > ends[under[slot]])
          under[slot] = below;
      int64_t offset = under[slot] < 0 ? 0 : ends[under[slot]];
      ends[slot] = ByteCounts{}.add(offset, bytes[slot]);
      if (highest < 0 || ends[slot] >= ends[highest])
        highest = slot;
    }
    if (highest < 0 || (least && *least <= ends[highest]))
      return;
    least = ends[highest];
    slots.clear();
    for (int64_t slot = highest; slot >= 0; slot = under[slot])
      slots.push_back(slot);
    std::reverse(slots.begin(), slots.end());
  }

  std::vector<int64_t> bytes;
  std::optional<int64_t> least;
};

} // namespace

int64_t PeakFormula::mostOf(ExprAttr size) const {
  return dyn::rangeOf(size, bounds.getFacts()).upper;
}

std::string PeakFormula::str(bool atMost) const {
  dyn::TypicalShape typical(bounds.getFacts());
  Stack stack(memory, [&](ExprAttr size) {
    return atMost ? mostOf(size) : typical.valueOf(size).value_or(0);
  });
  std::string text;
  for (int64_t slot : stack.slots)
    text += (text.empty() ? "" : " + ") +
            ("align64(" + texts.str(memory.slots[slot]) + ")");
  if (memory.isPlaced)
    text = "max(" + text + ", ...)";
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
      memory.evaluate(ByteCounts{[&](ExprAttr size) { return mostOf(size); }},
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
      " (" + peak.str(/*atMost=*/true) + "); --dim makes ranges smaller");
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
