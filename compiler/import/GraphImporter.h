#ifndef DYCC_COMPILER_IMPORT_GRAPHIMPORTER_H
#define DYCC_COMPILER_IMPORT_GRAPHIMPORTER_H

#include "compiler/import/Import.h"
#include "compiler/import/ModelFile.h"
#include "compiler/import/NodeForm.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace dycc::import {

using Nodes = google::protobuf::RepeatedPtrField<proto::NodeProto>;

/// What one import shares.
struct ImportState {
  ImportState(mlir::MLIRContext *context, ModelFile &file,
              const ImportOptions &options)
      : builder(context), file(file), options(options) {}

  mlir::OpBuilder builder;
  ModelFile &file;
  const ImportOptions &options;
  /// By domain, name and overload.
  llvm::StringMap<const proto::FunctionProto *> functions;
  bool hasError = false;
  size_t numNodes = 0;
  std::vector<SkippedNode> skipped;
};

/// What a name stands for.
struct Binding {
  mlir::Value value;
  /// Null `value`: a function's input that the call leaves out, or else the
  /// output of a node that has an error, so that its users need none.
  bool isAbsent = false;
};

/// The names of one graph; a subgraph sees those of the graphs around it.
class Scope {
public:
  Scope(const Nodes &nodes, const Scope *outer) : nodes(nodes), outer(outer) {}

  const Binding *lookup(llvm::StringRef name) const;
  /// False where this graph has the name already.
  bool bind(llvm::StringRef name, Binding binding) {
    return names.try_emplace(name, binding).second;
  }
  /// The node of this graph or one around it that has the output, or null.
  const proto::NodeProto *findProducer(llvm::StringRef name) const;
  unsigned depth() const { return outer ? outer->depth() + 1 : 0; }

private:
  const Nodes &nodes;
  const Scope *outer;
  llvm::StringMap<Binding> names;
  /// Made for the first error: a good model needs no look ahead.
  mutable llvm::StringMap<const proto::NodeProto *> producers;
};

/// A list of nodes is imported in the frame of the model or of a function that
/// is being inlined.
struct Frame {
  llvm::StringMap<int64_t> opsets; ///< By domain; the default one is "".
  /// What attribute references stand for; null outside of functions.
  const llvm::StringMap<const proto::AttributeProto *> *attributes = nullptr;
  const proto::FunctionProto *function = nullptr;
  const Frame *caller = nullptr;
  mlir::Location callSite;
};

/// Imports the nodes of one graph, subgraph or function body at the builder's
/// insertion point.
class GraphImporter {
public:
  GraphImporter(ImportState &state, const Frame &frame, const Nodes &nodes,
                const Scope *outer)
      : state(state), frame(frame), nodes(nodes), scope(nodes, outer) {}

  /// Imports the whole main graph as the function `main`.
  void importMain(const proto::GraphProto &graph);
  /// Imports a subgraph; null types are of values that could not be imported.
  std::unique_ptr<mlir::Region>
  importSubgraph(const proto::GraphProto &graph,
                 llvm::ArrayRef<mlir::Type> inputTypes, mlir::Location location,
                 const std::string &label);
  /// Imports a function's body; gives the function's outputs.
  llvm::SmallVector<Binding> importBody(const proto::FunctionProto &function,
                                        llvm::ArrayRef<Binding> inputs);

private:
  friend class NodeImporter;

  mlir::InFlightDiagnostic error(mlir::Location location);
  void importNodes();
  void importInitializers(const proto::GraphProto &graph);
  void addConstant(llvm::StringRef name, mlir::Location location,
                   llvm::Expected<mlir::ElementsAttr> value);
  void bindMainInputs(const proto::GraphProto &graph, mlir::Block *block,
                      llvm::SmallVectorImpl<mlir::DictionaryAttr> &attributes);
  /// The attributes of an argument of `main`.
  llvm::SmallVector<mlir::NamedAttribute>
  nameInput(const proto::ValueInfoProto &info);
  // DefaultInputs.cpp
  /// Of the initializers that are inputs too, makes those that a caller may
  /// override arguments of `main` with an `onnx.default`, behind the others.
  void makeDefaultInputs(const proto::GraphProto &graph, mlir::Block *block,
                         llvm::SmallVectorImpl<mlir::DictionaryAttr> &inputs);
  void makeDefaultInput(const proto::ValueInfoProto &info,
                        mlir::Operation *constant, mlir::Block *block,
                        llvm::SmallVectorImpl<mlir::DictionaryAttr> &inputs);
  /// The value of a graph output; null, after an error, where there is none.
  mlir::Value findOutput(llvm::StringRef name, mlir::Location location);
  void checkLabels(
      const google::protobuf::RepeatedPtrField<proto::ValueInfoProto> &infos);

  ImportState &state;
  const Frame &frame;
  const Nodes &nodes;
  Scope scope;
};

/// The location of a node: its name, or its outputs' names.
mlir::Location getLocation(mlir::MLIRContext *context,
                           const proto::NodeProto &node, const Frame &frame);
/// How error texts call a node: `'Gather' node "emb"`, or with its index.
std::string getLabel(const proto::NodeProto &node, size_t index);
/// Whether a graph, or one inside it, takes the value for a node or an output.
bool takesValue(const proto::GraphProto &graph, llvm::StringRef name);
/// The key of ImportState::functions.
std::string getFunctionKey(llvm::StringRef domain, llvm::StringRef name,
                           llvm::StringRef overload);
/// Reads the opsets that a model or a function imports.
void readOpsets(
    const google::protobuf::RepeatedPtrField<proto::OperatorSetIdProto>
        &imports,
    llvm::StringMap<int64_t> &opsets);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_GRAPHIMPORTER_H
