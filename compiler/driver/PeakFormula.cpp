#include "compiler/driver/PeakFormula.h"

#include "codegen/llvm/HostProgram.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {

/// The bytes of a kernel's scratch where `group` calls it.
static ExprAttr atCall(ExprAttr size, dyn::GroupOp group) {
  return size.substitute([&](StringRef name) {
    unsigned index = 0;
    bool failed = name.drop_front().getAsInteger(10, index);
    assert(!failed && "canonical groups name their symbols s0, s1, ...");
    (void)failed;
    return cast<ExprAttr>((*group.getSymbols())[index]);
  });
}

PeakFormula::PeakFormula(ModuleOp module,
                         const llvm::StringMap<ExprAttr> &kernels)
    : bounds(module), texts(module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (auto arena = main->getAttrOfType<ArrayAttr>("dyn.arena"))
    for (Attribute slot : arena)
      slots.push_back(cast<ExprAttr>(slot));
  if (auto count = main->getAttrOfType<IntegerAttr>("dyn.unbounded"))
    unbounded = count.getInt();
  llvm::SetVector<ExprAttr> sizes;
  auto add = [&](ExprAttr size) {
    ExprAttr bound = bounds.bound(size);
    if (bound && !bound.isConstant(0))
      sizes.insert(bound);
  };
  main.walk([&](dyn::RuntimeOp op) { add(codegen::scratchOf(op)); });
  main.walk([&](dyn::GroupOp group) {
    auto it = kernels.find(*group.getKernel());
    if (it == kernels.end())
      return;
    add(atCall(it->second, group));
  });
  scratch = sizes.takeVector();
}

std::string PeakFormula::str() const {
  std::string text;
  for (ExprAttr slot : slots)
    text += (text.empty() ? "" : " + ") + ("align64(" + texts.str(slot) + ")");
  std::string largest;
  for (ExprAttr size : scratch)
    largest += (largest.empty() ? "" : ", ") + texts.str(size);
  if (scratch.size() > 1)
    largest = "max(" + largest + ")";
  if (!largest.empty())
    text +=
        (text.empty() ? "" : " + ") + ("threads * align128(" + largest + ")");
  return text.empty() ? "0" : text;
}

std::vector<std::pair<std::string, ExprAttr>> PeakFormula::names() const {
  SmallVector<ExprAttr> sizes(slots);
  sizes.append(scratch);
  return texts.longNames(sizes);
}

/// Rounds up and adds, and stays at the end of the range.
static void addAligned(int64_t &sum, int64_t bytes, int64_t alignment) {
  int64_t rounded;
  if (bytes == INT64_MAX || llvm::AddOverflow(bytes, alignment - 1, rounded) ||
      llvm::AddOverflow(sum, rounded / alignment * alignment, sum))
    sum = INT64_MAX;
}

int64_t PeakFormula::most() const {
  if (unbounded > 0)
    return INT64_MAX;
  int64_t sum = 0, largest = 0;
  for (ExprAttr slot : slots) {
    addAligned(sum, dyn::rangeOf(slot, bounds.getFacts()).upper, 64);
    if (sum == INT64_MAX)
      return sum;
  }
  for (ExprAttr size : scratch)
    largest = std::max(largest, dyn::rangeOf(size, bounds.getFacts()).upper);
  addAligned(sum, largest, 128);
  return sum;
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
