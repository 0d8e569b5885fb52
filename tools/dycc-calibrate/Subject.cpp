#include "tools/dycc-calibrate/Subject.h"

#include "dialects/dyn/ExprValues.h"
#include "tools/dycc-run/HostTensor.h"

namespace dycc::calibrate {

static CompileOptions optionsFor(const std::string &path) {
  CompileOptions options;
  options.input = path;
  options.quiet = true;
  return options;
}

Subject::Subject(const std::string &path, unsigned threads)
    : options(optionsFor(path)), frontend(options, llvm::errs()) {
  CompileStatus status = frontend.import();
  for (const Stage &stage : stages())
    if (status == CompileStatus::Ok)
      status = frontend.run(stage);
  if (status != CompileStatus::Ok)
    throw run::Refusal("cannot plan '" + path + "'");
  for (auto kernel : frontend.getModule().getOps<dyn::KernelOp>())
    for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
      dyn::VersionAttr version = kernel.getVersion(i);
      auto work = version
                      ? frontend.getBackend().workOf(kernel, version, threads)
                      : std::nullopt;
      if (!work)
        continue;
      Version &known = versions[kernel.getFunctionName(i)];
      known.work = std::move(*work);
      for (auto symbol :
           kernel.getSymbols().getAsRange<dyn::KernelSymbolAttr>())
        known.symbols.push_back(symbol.getSymbol().str());
    }
}

std::optional<Launch>
Subject::launchOf(const tune::RecordedShape &shape) const {
  auto found = versions.find(shape.function);
  if (found == versions.end() ||
      found->second.symbols.size() != shape.symbols.size())
    return std::nullopt;
  const Version &version = found->second;
  Launch launch{
      shape.function, version.work.kind, {}, double(shape.nanoseconds)};
  dyn::ExprValues values;
  for (auto [symbol, value] : llvm::zip_equal(version.symbols, shape.symbols))
    values.set(symbol, value);
  for (const codegen::LaunchWork::Amount &amount : version.work.amounts) {
    std::optional<int64_t> count = values.get(amount.count);
    if (!count)
      return std::nullopt;
    launch.counts[amount.name] = double(*count);
  }
  return launch;
}

std::vector<tune::RecordedShape> Subject::read(const std::string &path) {
  std::vector<tune::RecordedShape> shapes;
  if (failed(tune::readShapes(path, frontend.getModule().getContext(), shapes)))
    throw run::Refusal("cannot read '" + path + "'");
  return shapes;
}

void Subject::price(const tune::MachineFile &file) {
  mlir::ModuleOp module = frontend.getModule();
  if (failed(tune::applyCosts(module, file, "measurements",
                              frontend.getBackend(), frontend.getMachines())))
    throw run::Refusal("cannot price '" + options.input + "'");
  prediction.emplace(module);
}

double Subject::predict(llvm::ArrayRef<std::string> at) const {
  auto figures = prediction->at(at);
  if (!figures)
    throw run::Refusal(llvm::toString(figures.takeError()));
  return figures->seconds;
}

} // namespace dycc::calibrate
