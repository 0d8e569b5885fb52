#include "compiler/tune/RecordedShapes.h"

#include "dialects/dyn/Kernels.h"
#include "passes/Remarks.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <map>

#define DEBUG_TYPE "dycc-profile-shapes"

using namespace mlir;

namespace dycc::tune {

static constexpr StringLiteral kHead = "dycc shapes 1";

/// Fills `shape` from a line; false where it is none.
static bool fill(RecordedShape &shape, StringRef line) {
  SmallVector<StringRef> words;
  line.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  constexpr size_t fewest = 4;
  if (words.size() < fewest)
    return false;
  shape.function = words[0].str();
  bool isBad = words[1].getAsInteger(10, shape.launches) ||
               words[2].getAsInteger(10, shape.nanoseconds);
  for (StringRef word : ArrayRef(words).drop_front(3))
    isBad |= word.getAsInteger(10, shape.symbols.emplace_back());
  return !isBad && shape.launches > 0;
}

LogicalResult readShapes(StringRef path, MLIRContext *context,
                         std::vector<RecordedShape> &shapes) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return emitError(UnknownLoc::get(context))
           << "cannot read '" << path << "': " << buffer.getError().message();
  SmallVector<StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n');
  if (lines.front().rtrim() != kHead)
    return emitError(FileLineColLoc::get(context, path, 1, 1))
           << "expects '" << kHead << "' as first line, got '" << lines.front()
           << "'";
  for (auto [index, line] : llvm::enumerate(lines)) {
    if (index == 0 || line.trim().empty())
      continue;
    if (!fill(shapes.emplace_back(), line.trim()))
      return emitError(FileLineColLoc::get(context, path, index + 1, 1))
             << "expects FUNCTION LAUNCHES NANOSECONDS SYMBOL..., got '" << line
             << "'";
  }
  return success();
}

namespace {

/// Adds versions to the kernels of a module.
class Specializer {
public:
  Specializer(ModuleOp module, const codegen::Backend &backend, unsigned most)
      : module(module), backend(backend), left(most),
        kernels(module.getOps<dyn::KernelOp>()), made(kernels.size()) {}

  void run(ArrayRef<RecordedShape> shapes) {
    // By kernel and values: several versions of a kernel may have run.
    std::map<Place, uint64_t> times;
    uint64_t total = 0;
    for (const RecordedShape &shape : shapes) {
      uint64_t time =
          llvm::SaturatingMultiply(shape.launches, shape.nanoseconds);
      total = llvm::SaturatingAdd(total, time);
      if (std::optional<unsigned> kernel = kernelOf(shape)) {
        uint64_t &sum = times[{*kernel, shape.symbols}];
        sum = llvm::SaturatingAdd(sum, time);
      }
    }
    std::vector<std::pair<Place, uint64_t>> list(times.begin(), times.end());
    llvm::stable_sort(list,
                      [](auto &a, auto &b) { return a.second > b.second; });
    for (auto &[place, time] : list)
      if (time >= total / kShare && left > 0 &&
          made[place.first] < kPerKernel && add(place)) {
        ++made[place.first];
        --left;
      }
  }

private:
  /// A kernel and the values of its symbols.
  using Place = std::pair<unsigned, std::vector<int64_t>>;

  /// The kernel whose function ran, where the symbols can be its own.
  std::optional<unsigned> kernelOf(const RecordedShape &shape) {
    for (auto [number, kernel] : llvm::enumerate(kernels)) {
      StringRef rest = shape.function;
      if (rest.consume_front(kernel.getSymName()) &&
          (rest.empty() || rest.front() == '_') && kernel.getVersions() &&
          fits(kernel, shape.symbols))
        return number;
    }
    return std::nullopt;
  }

  static bool fits(dyn::KernelOp kernel, ArrayRef<int64_t> values) {
    if (kernel.getSymbols().size() != values.size())
      return false;
    return llvm::all_of(
        llvm::zip(kernel.getSymbols().getAsRange<dyn::KernelSymbolAttr>(),
                  values),
        [](auto pair) {
          auto [symbol, value] = pair;
          return value > 0 && symbol.getLower() <= value &&
                 value <= symbol.getUpper() &&
                 value % symbol.getMultiple() == 0;
        });
  }

  /// In front of those of each machine; false where there is none.
  bool add(const Place &place) {
    dyn::KernelOp kernel = kernels[place.first];
    SmallVector<Attribute> versions;
    bool isMade = false;
    for (unsigned i = 0, e = kernel.getNumMachines(); i < e; ++i) {
      unsigned first = kernel.getFirstVersion(i),
               end = kernel.getFirstVersion(i + 1);
      // The last one is for all symbols.
      dyn::VersionAttr made =
          backend.specialize(kernel, kernel.getVersion(end - 1), place.second);
      isMade |= made != nullptr;
      if (made)
        versions.push_back(made);
      for (unsigned version = first; version < end; ++version)
        versions.push_back(kernel.getVersion(version));
      if (made)
        remark(kernel, made);
    }
    if (isMade)
      kernel.setVersionsAttr(ArrayAttr::get(kernel.getContext(), versions));
    return isMade;
  }

  void remark(dyn::KernelOp kernel, dyn::VersionAttr made) {
    if (!remarks::areWanted(module.getContext()))
      return;
    module.walk([&](dyn::LaunchOp launch) {
      if (launch.getKernel() == kernel.getSymName())
        remarks::taken(remarks::kVersion, launch.getLoc(), DEBUG_TYPE)
            << "is computed by version " << made.getName().getValue()
            << ", which was recorded, where "
            << kernel.substitute(made.getWhen(), launch.getSymbols());
    });
  }

  static constexpr uint64_t kShare = 200; ///< Part of all time that it takes.
  static constexpr unsigned kPerKernel = 2;

  ModuleOp module;
  const codegen::Backend &backend;
  unsigned left; ///< That may still be made.
  SmallVector<dyn::KernelOp> kernels;
  std::vector<unsigned> made; ///< Of each kernel.
};

} // namespace

void addVersions(ModuleOp module, ArrayRef<RecordedShape> shapes,
                 const codegen::Backend &backend, unsigned most) {
  Specializer(module, backend, most).run(shapes);
}

} // namespace dycc::tune
