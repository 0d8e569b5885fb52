#include "KernelHarness.h"
#include "DeviceSide.h"
#include "KernelMemory.h"
#include "codegen/halide/Operands.h"
#include "dialects/dyn/Kernels.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <ctime>
#include <dlfcn.h>
#include <random>

using namespace mlir;

namespace dycc::test {
namespace {

/// `f32[N, 3; channels_last<8>]` as a tensor type.
std::string expandType(StringRef text) {
  auto [element, rest] = text.split('[');
  StringRef inside = rest.drop_back();
  auto [dims, layout] = inside.split(';');
  std::string shape;
  SmallVector<StringRef> parts;
  dims.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    int64_t value;
    shape += part.trim().getAsInteger(10, value) ? "?" : part.trim().str();
    shape += "x";
  }
  std::string suffix = layout.empty() ? "" : ", " + layout.trim().str();
  return llvm::formatv("tensor<{0}{1}, #dyn.value<[{2}]{3}>>", shape, element,
                       dims, suffix);
}

/// Replaces every `@type[...]` of `text`.
std::string expand(const std::string &text) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '@') {
      result += text[i++];
      continue;
    }
    size_t end = text.find(']', i);
    result += expandType(StringRef(text).slice(i + 1, end + 1));
    i = end + 1;
  }
  return result;
}

/// The logical type of a short type: without layout.
std::string logicalType(StringRef text) {
  text = text.trim();
  return expand((text.split(';').first.str()) +
                (text.contains(';') ? "]" : ""));
}

/// Turns lines of GroupText::body into MLIR's generic form.
class BodyWriter {
public:
  explicit BodyWriter(const std::vector<std::string> &inputs) {
    for (auto [i, type] : llvm::enumerate(inputs))
      types["%" + std::to_string(i)] = expand(type);
  }

  std::string write(StringRef body) {
    SmallVector<StringRef> lines;
    body.split(lines, '\n', -1, /*KeepEmpty=*/false);
    std::string result;
    for (StringRef line : lines)
      result += writeLine(line.trim()) + "\n";
    return result;
  }

  std::string type(StringRef value) { return types.at(value.trim().str()); }

private:
  std::string writeLine(StringRef line) {
    auto [name, rest] = line.split(" = ");
    auto [operation, types] = rest.rsplit(" : ");
    std::string full = defineTypes(name.trim(), types);
    if (operation.starts_with("dyn."))
      return (name + " = " + operation + " : " + full).str();
    auto [op, tail] = operation.split('(');
    auto [operands, attributes] = tail.split(')');
    return writeOperation(name, op, operands, attributes.trim(), full);
  }

  /// Notes the types of `name` or of its results `name#i`.
  std::string defineTypes(StringRef name, StringRef text) {
    SmallVector<StringRef> parts;
    text.split(parts, '@', -1, /*KeepEmpty=*/false);
    std::string full, base = name.split(':').first.str();
    for (auto [i, part] : llvm::enumerate(parts)) {
      std::string one = logicalType("@" + part.rtrim(" ,").str());
      types[parts.size() > 1 ? base + "#" + std::to_string(i) : base] = one;
      full += (i ? ", " : "") + one;
    }
    return parts.size() > 1 ? "(" + full + ")" : full;
  }

  std::string writeOperation(StringRef name, StringRef op, StringRef operands,
                             StringRef attributes, const std::string &result) {
    SmallVector<StringRef> parts;
    operands.split(parts, ',', -1, /*KeepEmpty=*/false);
    std::string values, valueTypes, sizes;
    for (StringRef part : parts) {
      bool present = part.trim() != "_";
      sizes += std::string(sizes.empty() ? "" : ", ") + (present ? "1" : "0");
      if (!present)
        continue;
      std::string comma = values.empty() ? "" : ", ";
      values += comma + part.trim().str();
      valueTypes += comma + type(part);
    }
    std::string all = attributes.empty() ? "{}" : attributes.str();
    if (!sizes.empty())
      all = all.substr(0, all.size() - 1) + (all.size() > 2 ? ", " : "") +
            "operandSegmentSizes = array<i32: " + sizes + ">}";
    return llvm::formatv("{0} = \"onnx.{1}\"({2}) {3} : ({4}) -> {5}", name, op,
                         values, all, valueTypes, result);
  }

  std::map<std::string, std::string> types;
};

/// Loads an object as a shared library.
void *load(const std::string &object) {
  SmallString<128> base;
  llvm::sys::fs::createUniqueFile("/tmp/dycc-kernel-%%%%%%%%", base);
  std::string o = (base + ".o").str(), so = (base + ".so").str();
  std::error_code error;
  {
    llvm::raw_fd_ostream os(o, error);
    os << object;
  }
  static const std::string linker = *llvm::sys::findProgramByName("ld.lld-22");
  int status =
      llvm::sys::ExecuteAndWait(linker, {"ld.lld", "-shared", o, "-o", so});
  void *library = status == 0 ? dlopen(so.c_str(), RTLD_NOW) : nullptr;
  EXPECT_NE(library, nullptr) << (status ? "link failed" : dlerror());
  for (const std::string &path : {o, so, base.str().str()})
    llvm::sys::fs::remove(path);
  return library;
}

int64_t evaluate(dyn::ExprAttr expr, const Symbols &symbols) {
  auto value = expr.evaluate([&](StringRef name) -> std::optional<int64_t> {
    auto it = symbols.find(name.str());
    return it == symbols.end() ? std::nullopt : std::optional(it->second);
  });
  EXPECT_TRUE(value.has_value());
  return value.value_or(0);
}

/// Time that this thread had a processor: others may use the machine too.
double threadSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * now.tv_nsec;
}

} // namespace

/// The arguments of one call and the memory behind them.
struct LoadedKernel::Call {
  std::vector<std::unique_ptr<GuardedTensor>> tensors;
  std::vector<int32_t> symbols;
  size_t inputs = 0;

  void add(Type type, ArrayRef<dyn::ExprAttr> dims, const Symbols &symbols,
           bool atEnd);

  int invoke(void *function, DeviceSide *device = nullptr) {
    std::vector<uint64_t> words{device ? device->send(tensors) : 0};
    for (size_t i = 0; i < inputs; ++i)
      words.push_back(tensors[i]->bufferAddress());
    for (int32_t symbol : symbols)
      words.push_back(static_cast<uint32_t>(symbol));
    for (size_t i = inputs; i < tensors.size(); ++i)
      words.push_back(tensors[i]->bufferAddress());
    int status = callWithWords(function, words);
    if (device)
      device->fetch(tensors);
    return status;
  }
};

LoadedKernel::LoadedKernel(dyn::KernelOp kernel,
                           const codegen::Kernel &compiled)
    : kernel(kernel), scratch(compiled.scratchBytes),
      library(load(compiled.object)) {
  if (library)
    function = dlsym(library, compiled.name.c_str());
  EXPECT_NE(function, nullptr) << compiled.name;
}

LoadedKernel::~LoadedKernel() {
  if (library)
    dlclose(library);
}

void LoadedKernel::Call::add(Type type, ArrayRef<dyn::ExprAttr> dims,
                             const Symbols &symbols, bool atEnd) {
  std::vector<int64_t> extents;
  for (dyn::ExprAttr dim : dims)
    extents.push_back(evaluate(dim, symbols));
  tensors.push_back(std::make_unique<GuardedTensor>(
      getElementTypeOrSelf(type), extents, dyn::getLayout(type), atEnd));
}

std::vector<Values> LoadedKernel::runOnce(const Symbols &symbols,
                                          const std::vector<Values> &inputs,
                                          bool atEnd) {
  Call call;
  call.inputs = kernel.getBody().getNumArguments();
  for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments())) {
    call.add(argument.getType(), dyn::getDims(argument.getType()), symbols,
             atEnd);
    call.tensors.back()->fill(inputs.at(i));
  }
  for (auto [result, value] :
       llvm::zip(kernel.getResultTypes(), kernel.getYield()->getOperands()))
    call.add(result, dyn::getDims(value.getType()), symbols, atEnd);
  for (StringRef symbol : halide::kernelSymbols(kernel))
    call.symbols.push_back(static_cast<int32_t>(symbols.at(symbol.str())));
  resetScratch();
  EXPECT_EQ(call.invoke(function, device), 0);
  EXPECT_LE(scratchPeak(), static_cast<size_t>(evaluate(scratch, symbols)));
  std::vector<Values> results;
  for (const auto &result : llvm::drop_begin(call.tensors, call.inputs)) {
    EXPECT_TRUE(result->keepsNeighbours());
    results.push_back(result->values());
  }
  return results;
}

std::vector<Values> LoadedKernel::run(const Symbols &symbols,
                                      const std::vector<Values> &inputs) {
  setTaskOrder(TaskOrder::Forward);
  std::vector<Values> first = runOnce(symbols, inputs, /*atEnd=*/true);
  setTaskOrder(TaskOrder::Backward);
  std::vector<Values> second = runOnce(symbols, inputs, /*atEnd=*/false);
  for (auto [a, b] : llvm::zip(first, second))
    expectNear(a, b, 0, 0);
  if (reference)
    for (auto [found, plain, type] :
         llvm::zip(first, reference->runOnce(symbols, inputs, true),
                   kernel.getResultTypes()))
      expectNear(found, plain, toleranceOf(type), 1e-4);
  return first;
}

double LoadedKernel::time(const Symbols &symbols, int repetitions) {
  Call call;
  call.inputs = kernel.getBody().getNumArguments();
  for (Value argument : kernel.getBody().getArguments()) {
    call.add(argument.getType(), dyn::getDims(argument.getType()), symbols,
             false);
    GuardedTensor &input = *call.tensors.back();
    input.fill(randomValues(int64_t(input.values().size()), -1, 1, 7));
  }
  for (auto [result, value] :
       llvm::zip(kernel.getResultTypes(), kernel.getYield()->getOperands()))
    call.add(result, dyn::getDims(value.getType()), symbols, false);
  for (StringRef symbol : halide::kernelSymbols(kernel))
    call.symbols.push_back(static_cast<int32_t>(symbols.at(symbol.str())));
  double best = INFINITY;
  for (int i = 0; i < repetitions; ++i) {
    double start = threadSeconds();
    call.invoke(function);
    best = std::min(best, threadSeconds() - start);
  }
  return best;
}

KernelTest::KernelTest() {
  context.loadDialect<dyn::DynDialect>();
  context.allowUnregisteredDialects();
  context.disableMultithreading();
}

/// The kernel of a group whose symbols keep their names.
static dyn::KernelOp makeKernel(dyn::GroupOp group, StringRef name) {
  OpBuilder builder(group);
  SmallVector<dyn::KernelSymbolAttr> symbols;
  auto outputs = llvm::to_vector(group.getResultTypes());
  for (StringRef symbol : dyn::symbolsOf(group.getBody().front(), outputs))
    symbols.push_back(dyn::KernelSymbolAttr::get(group.getContext(),
                                                 builder.getStringAttr(symbol),
                                                 INT64_MIN, INT64_MAX, 1));
  dyn::KernelOp kernel =
      dyn::takeKernel(builder, group, name, symbols, outputs);
  group.erase();
  EXPECT_TRUE(succeeded(verify(kernel)));
  return kernel;
}

dyn::KernelOp KernelTest::parse(const GroupText &text, StringRef name) {
  std::string inputs, types, arguments, source;
  for (auto [i, type] : llvm::enumerate(text.inputs)) {
    std::string full = expand(type), comma = i ? ", " : "";
    source += llvm::formatv("%in{0} = \"test.input\"() : () -> {1}\n", i, full);
    inputs += llvm::formatv("{0}%in{1}", comma, i);
    types += comma + full;
    arguments += llvm::formatv("{0}%{1}: {2}", comma, i, full);
  }
  std::string results = expand(llvm::join(text.results, ", "));
  BodyWriter writer(text.inputs);
  std::string body = writer.write(text.body), yielded;
  SmallVector<StringRef> values;
  StringRef(text.yield).split(values, ',');
  for (StringRef value : values)
    yielded += (yielded.empty() ? "" : ", ") + writer.type(value);
  source += llvm::formatv(
      "%r:{0} = dyn.group({1}) : ({2}) -> ({3}) {{\n^bb0({4}):\n{5}"
      "dyn.yield {6} : {7}\n}\n",
      text.results.size(), inputs, types, results, arguments, body, text.yield,
      yielded);
  modules.push_back(parseSourceString<ModuleOp>(source, &context));
  EXPECT_TRUE(static_cast<bool>(modules.back())) << source;
  dyn::GroupOp group;
  if (modules.back())
    modules.back()->walk([&](dyn::GroupOp op) { group = op; });
  return group ? makeKernel(group, name) : dyn::KernelOp();
}

std::vector<std::unique_ptr<LoadedKernel>>
KernelTest::compileAll(const std::vector<GroupText> &texts) {
  std::vector<dyn::KernelOp> kernels;
  for (auto [i, text] : llvm::enumerate(texts))
    kernels.push_back(parse(text, "kernel" + std::to_string(i)));
  codegen::KernelOptions options{.jobs = 2, .cacheDir = ""};
  options.onDefect = [](StringRef text) { ADD_FAILURE() << text.str(); };
  auto compiled = codegen::compileKernels(kernels, backend(), options);
  std::vector<std::unique_ptr<LoadedKernel>> loaded;
  EXPECT_TRUE(succeeded(compiled));
  if (succeeded(compiled))
    for (auto [kernel, made] : llvm::zip(kernels, *compiled))
      loaded.push_back(std::make_unique<LoadedKernel>(kernel, made));
  if (std::getenv("DYCC_COMPARE_REFERENCE"))
    compareAll(kernels, loaded);
  if (std::getenv("DYCC_COMPARE_DEVICE"))
    compareOnDevice(kernels, loaded);
  return loaded;
}

std::unique_ptr<LoadedKernel> KernelTest::compile(const GroupText &text) {
  auto all = compileAll({text});
  return all.empty() ? nullptr : std::move(all.front());
}

std::string KernelTest::compileError(const GroupText &text) {
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message += diagnostic.str();
    return success();
  });
  dyn::KernelOp kernel = parse(text);
  codegen::KernelOptions options;
  options.onDefect = [&](StringRef text) { message += text; };
  EXPECT_TRUE(failed(codegen::compileKernels(kernel, backend(), options)));
  auto refusal = backend().plan(kernel);
  return refusal ? refusal->reason : message;
}

Values randomValues(size_t count, double lower, double upper, unsigned seed,
                    bool integral) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(static_cast<float>(lower),
                                                     static_cast<float>(upper));
  Values values(count);
  for (double &value : values)
    value = integral ? std::floor(distribution(generator))
                     : distribution(generator);
  return values;
}

void expectNear(const Values &actual, const Values &expected, double relative,
                double absolute) {
  ASSERT_EQ(actual.size(), expected.size());
  int shown = 0;
  for (size_t i = 0; i < actual.size() && shown < 5; ++i) {
    double a = actual[i], e = expected[i];
    bool same = a == e || (std::isnan(a) && std::isnan(e)) ||
                std::abs(a - e) <= absolute + relative * std::abs(e);
    if (!same && ++shown)
      ADD_FAILURE() << "element " << i << " is " << a << ", expected " << e;
  }
}

} // namespace dycc::test
