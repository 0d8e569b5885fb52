// Any bytes are a model or are refused with a text: a libFuzzer target. What a
// valid file with odd contents does is in test/fuzz/hostile.py.
#include "compiler/import/Import.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/MemoryBuffer.h"

#include <optional>

using namespace mlir;

namespace {

/// A context takes longer to make than most files to refuse, but keeps what it
/// has made unique: each serves so many files.
constexpr unsigned kFilesPerContext = 256;

MLIRContext &contextOf(unsigned file) {
  static std::optional<MLIRContext> context;
  if (file % kFilesPerContext == 0)
    context.emplace(MLIRContext::Threading::DISABLED);
  return *context;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static unsigned numFiles = 0;
  MLIRContext &context = contextOf(numFiles++);
  unsigned numErrors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    numErrors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
  });
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  dycc::ImportOptions options;
  options.maxNodes = 10000;
  OwningOpRef<ModuleOp> module =
      dycc::importOnnx(llvm::MemoryBuffer::getMemBufferCopy(bytes),
                       "model.onnx", context, options);
  // Refused is what has an error, and only that.
  if (bool(module) == (numErrors > 0))
    __builtin_trap();
  return 0;
}
