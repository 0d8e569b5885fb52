#ifndef DYCC_COMPILER_IMPORT_NODEIMPORTER_H
#define DYCC_COMPILER_IMPORT_NODEIMPORTER_H

#include "compiler/import/GraphImporter.h"

namespace dycc::import {

/// Imports one node of a graph.
class NodeImporter {
public:
  NodeImporter(GraphImporter &graph, const proto::NodeProto &node,
               size_t index);

  void run();

private:
  using Attributes = llvm::SmallVector<const proto::AttributeProto *>;

  mlir::InFlightDiagnostic error();
  /// The version of the operator that the node has, or 0 after an error.
  int findVersion();
  /// The same of an operator that is none of the default domain.
  int findContributedVersion(int64_t opset);
  /// The opset of the node's domain that the model imports; nothing after an
  /// error.
  std::optional<int64_t> findOpset();
  /// Makes the ops of the node and sets the form's results.
  mlir::LogicalResult emitOperator();
  mlir::LogicalResult emitOperator(OpEmitter &emitter);
  /// Whether the node is one of maps, which hold no tensor, and nothing takes
  /// them: what is left where a model's output was taken away.
  bool isIdleMap() const;
  bool resolveOperands();
  /// The node's attributes, references replaced by what they stand for.
  bool resolveAttributes();
  bool readAttributes();
  mlir::Attribute readAttribute(const proto::AttributeProto &attribute,
                                std::string &problem);
  bool importRegions();
  /// The attributes that are subgraphs, in the order of the form's regions.
  llvm::SmallVector<llvm::StringRef> regionNames() const;
  std::optional<llvm::SmallVector<mlir::Type>> regionInputs() const;
  /// Binds the outputs; null values where `results` has none.
  void bindOutputs(llvm::ArrayRef<Binding> results);
  llvm::SmallVector<Binding> importOperator();

  const proto::FunctionProto *findFunction() const;
  llvm::SmallVector<Binding> inlineFunction(const proto::FunctionProto &);
  bool
  bindFunctionAttributes(const proto::FunctionProto &function,
                         llvm::StringMap<const proto::AttributeProto *> &bound);

  GraphImporter &graph;
  ImportState &state;
  const proto::NodeProto &node;
  std::string label;
  mlir::Location location;
  llvm::StringRef domain;
  llvm::SmallVector<Binding> operands;
  /// References are resolved: the name is the node's, not that of what is
  /// referred to.
  Attributes attributes;
  llvm::SmallVector<llvm::StringRef> attributeNames;
  NodeForm form;
  /// Of an operator that is none of ONNX's; else null.
  const onnx::OperatorSchema *contributed;
  int version = 0;
};

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_NODEIMPORTER_H
