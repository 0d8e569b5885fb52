#ifndef DYCC_TEST_UNIT_IMPORTTESTHELPERS_H
#define DYCC_TEST_UNIT_IMPORTTESTHELPERS_H

// What the import of a model gives: the module's text, or the error texts.
#include "compiler/import/Import.h"
#include "test/unit/ModelMaker.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/MemoryBuffer.h"
#include <string>
#include <vector>

namespace dycc::test {

/// What an import gives.
struct Imported {
  std::unique_ptr<mlir::MLIRContext> context =
      std::make_unique<mlir::MLIRContext>(
          mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string text;     ///< The module, or empty.
  std::string errors;   ///< One line each.
  std::string warnings; ///< One line each.
  size_t numErrors = 0;

  explicit operator bool() const { return bool(module); }
  bool has(llvm::StringRef part) const {
    return llvm::StringRef(text).contains(part);
  }
  bool failsWith(llvm::StringRef part) const {
    return !module && llvm::StringRef(errors).contains(part);
  }
};

/// Runs `import` with the diagnostics caught.
template <typename Import>
Imported catchImport(Import import) {
  Imported result;
  mlir::ScopedDiagnosticHandler handler(
      result.context.get(), [&](mlir::Diagnostic &diagnostic) {
        bool isError =
            diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
        (isError ? result.errors : result.warnings) += diagnostic.str() + "\n";
        result.numErrors += isError;
      });
  result.module = import(*result.context);
  if (result.module)
    llvm::raw_string_ostream(result.text) << *result.module;
  return result;
}

inline Imported importBytes(std::string bytes, ImportOptions options = {}) {
  return catchImport([&](mlir::MLIRContext &context) {
    return importOnnx(llvm::MemoryBuffer::getMemBufferCopy(bytes), "test.onnx",
                      context, options);
  });
}
inline Imported importModel(const ModelMaker &maker,
                            const ImportOptions &options = {}) {
  return importBytes(maker.model.SerializeAsString(), options);
}

/// The ops of the main function, one a line: constants by value, others by
/// name, with operands and attributes.
inline std::string opsOf(const Imported &r) {
  if (!r)
    return "error: " + r.errors;
  std::string lines;
  llvm::StringRef text = r.text;
  llvm::SmallVector<llvm::StringRef> split;
  text.split(split, '\n');
  for (llvm::StringRef line : split)
    if (size_t at = line.find("onnx."); at != line.npos &&
                                        !line.contains("func.func") &&
                                        !line.contains("module"))
      lines += line.substr(0, line.rfind(" : ")).trim().str() + "\n";
  return lines;
}

/// One node of `op`, "x" in, "y" out.
struct OneNode {
  ModelMaker m;
  proto::NodeProto &node;

  OneNode(int64_t opset, const std::string &op, const Names &inputs = {"x"},
          const Names &outputs = {"y"}, int type = proto::TensorProto::FLOAT)
      : m(opset), node(m.node(op, inputs, outputs)) {
    m.input("x", type);
    for (const std::string &output : outputs)
      m.graph().add_output()->set_name(output);
  }
  std::string ops() { return opsOf(importModel(m)); }
};

inline bool has(llvm::StringRef text, llvm::StringRef part) {
  return text.contains(part);
}

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_IMPORTTESTHELPERS_H
