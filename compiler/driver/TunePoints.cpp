#include "compiler/driver/TunePoints.h"

#include "compiler/driver/ShapePoint.h"

#include "llvm/ADT/StringExtras.h"

#include <thread>

using namespace mlir;

namespace dycc {

static llvm::Expected<std::vector<std::string>> readPoint(ModuleOp module,
                                                          StringRef text) {
  std::vector<std::string> named, all;
  for (StringRef part : llvm::split(text, ','))
    if (!part.empty())
      named.push_back(part.str());
  std::vector<SymbolValue> symbols = symbolValues(module);
  if (llvm::Error error = setValues(symbols, named, "--tune-at"))
    return std::move(error);
  for (const SymbolValue &symbol : symbols)
    all.push_back(symbol.name + "=" + std::to_string(symbol.value));
  return all;
}

llvm::Expected<tune::TuneOptions> tuneOptions(ModuleOp module,
                                              const CompileOptions &options) {
  tune::TuneOptions tuning;
  tuning.inputs = options.tuneInputs;
  tuning.seconds = options.tuneSeconds;
  tuning.threads = options.tuneThreads
                       ? options.tuneThreads
                       : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::string> points = options.tuneAt;
  if (points.empty())
    points.push_back("");
  for (const std::string &text : points) {
    auto point = readPoint(module, text);
    if (!point)
      return point.takeError();
    tuning.points.push_back(std::move(*point));
  }
  return tuning;
}

} // namespace dycc
