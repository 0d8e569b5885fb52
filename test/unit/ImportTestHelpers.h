#ifndef DYCC_TEST_UNIT_IMPORTTESTHELPERS_H
#define DYCC_TEST_UNIT_IMPORTTESTHELPERS_H

// Models made in memory, and what their import gives: the module's text, or
// the error texts.
#include "compiler/import/Import.h"
#include "compiler/import/Proto.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/MemoryBuffer.h"
#include <string>
#include <vector>

namespace dycc::test {

using Names = std::vector<std::string>;

inline void addValue(proto::ValueInfoProto *info, const std::string &name,
                     int type = proto::TensorProto::FLOAT) {
  info->set_name(name);
  info->mutable_type()->mutable_tensor_type()->set_elem_type(type);
}

/// Makes a model node by node.
class ModelMaker {
public:
  explicit ModelMaker(int64_t opset = 28) {
    model.set_ir_version(8);
    model.add_opset_import()->set_version(opset);
    graph().set_name("test");
  }

  proto::ModelProto model;
  proto::GraphProto &graph() { return *model.mutable_graph(); }

  ModelMaker &input(const std::string &name,
                    int type = proto::TensorProto::FLOAT) {
    addValue(graph().add_input(), name, type);
    return *this;
  }
  ModelMaker &output(const std::string &name,
                     int type = proto::TensorProto::FLOAT) {
    addValue(graph().add_output(), name, type);
    return *this;
  }
  /// Adds a node named like its first output.
  proto::NodeProto &node(const std::string &op, const Names &inputs,
                         const Names &outputs) {
    return addNode(graph(), op, inputs, outputs);
  }
  static proto::NodeProto &addNode(proto::GraphProto &graph,
                                   const std::string &op, const Names &inputs,
                                   const Names &outputs) {
    proto::NodeProto &node = *graph.add_node();
    node.set_op_type(op);
    node.set_name(outputs.empty() ? op : outputs[0]);
    for (const std::string &name : inputs)
      node.add_input(name);
    for (const std::string &name : outputs)
      node.add_output(name);
    return node;
  }
};

inline proto::AttributeProto &addAttribute(proto::NodeProto &node,
                                           const std::string &name) {
  proto::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name);
  return attribute;
}
inline void set(proto::NodeProto &node, const std::string &name,
                int64_t value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::INT);
  attribute.set_i(value);
}
inline void set(proto::NodeProto &node, const std::string &name, float value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::FLOAT);
  attribute.set_f(value);
}
inline void set(proto::NodeProto &node, const std::string &name,
                const char *value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::STRING);
  attribute.set_s(value);
}
inline void set(proto::NodeProto &node, const std::string &name,
                std::initializer_list<int64_t> values) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::INTS);
  for (int64_t value : values)
    attribute.add_ints(value);
}
inline void setFloats(proto::NodeProto &node, const std::string &name,
                      std::initializer_list<float> values) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::FLOATS);
  for (float value : values)
    attribute.add_floats(value);
}
inline proto::GraphProto &subgraph(proto::NodeProto &node,
                                   const std::string &name) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::GRAPH);
  return *attribute.mutable_g();
}

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
                            ImportOptions options = {}) {
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
