#include "compiler/import/Import.h"

#include "compiler/import/GraphImporter.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace dycc::import;

namespace dycc {
namespace {

/// What the model says of itself, as `onnx.model`.
DictionaryAttr describe(Builder &b, const proto::ModelProto &model,
                        int64_t opset) {
  SmallVector<NamedAttribute> metadata, attributes;
  llvm::StringSet<> keys;
  for (const auto &entry : model.metadata_props())
    if (!entry.key().empty() && keys.insert(entry.key()).second)
      metadata.push_back(
          b.getNamedAttr(entry.key(), b.getStringAttr(entry.value())));
  auto add = [&](StringRef name, Attribute value) {
    attributes.push_back(b.getNamedAttr(name, value));
  };
  add("ir_version", b.getI64IntegerAttr(model.ir_version()));
  add("opset", b.getI64IntegerAttr(opset));
  add("model_version", b.getI64IntegerAttr(model.model_version()));
  add("producer", b.getStringAttr(model.producer_name()));
  add("producer_version", b.getStringAttr(model.producer_version()));
  add("graph", b.getStringAttr(model.graph().name()));
  add("metadata", b.getDictionaryAttr(metadata));
  return b.getDictionaryAttr(attributes);
}

void collectFunctions(ImportState &state, Location location) {
  for (const proto::FunctionProto &function : state.file.model().functions()) {
    StringRef domain = function.domain();
    std::string key = getFunctionKey(domain == "ai.onnx" ? "" : domain,
                                     function.name(), function.overload());
    if (state.functions.try_emplace(key, &function).second)
      continue;
    state.hasError = true;
    emitError(location) << "two functions have the name \"" << function.name()
                        << "\"";
  }
}

LogicalResult checkModel(const proto::ModelProto &model, Location location) {
  if (!model.has_graph())
    return emitError(location) << "no ONNX model: it has no graph";
  if (model.opset_import().empty())
    return emitError(location) << "no ONNX model: it imports no opset";
  return success();
}

OwningOpRef<ModuleOp> importModel(llvm::Expected<ModelFile> file,
                                  StringRef name, MLIRContext &context,
                                  const ImportOptions &options) {
  context.loadDialect<onnx::OnnxDialect, func::FuncDialect>();
  Location location = NameLoc::get(StringAttr::get(&context, name));
  if (!file) {
    emitError(location) << llvm::toString(file.takeError());
    return nullptr;
  }
  file->allowLinks(options.linkFolders);
  file->keepFrom(options.outputs);
  const proto::ModelProto &model = file->model();
  Frame frame{{}, nullptr, nullptr, nullptr, location};
  readOpsets(model.opset_import(), frame.opsets);
  if (failed(checkModel(model, location)))
    return nullptr;
  ImportState state(&context, *file, options);
  collectFunctions(state, location);
  OwningOpRef<ModuleOp> module = ModuleOp::create(state.builder, location);
  state.builder.setInsertionPointToStart(module->getBody());
  GraphImporter(state, frame, model.graph().node(), nullptr)
      .importMain(model.graph());
  if (state.hasError) {
    if (options.onRefusal)
      options.onRefusal(*module, state.skipped);
    return nullptr;
  }
  if (options.onFile) {
    options.onFile(name.str());
    llvm::for_each(file->externalFiles(), options.onFile);
  }
  (*module)->setAttr("onnx.model",
                     describe(state.builder, model, frame.opsets.lookup("")));
  if (failed(verify(*module)))
    return nullptr;
  return module;
}

} // namespace

OwningOpRef<ModuleOp> importOnnx(StringRef path, MLIRContext &context,
                                 const ImportOptions &options) {
  return importModel(ModelFile::open(path), path, context, options);
}

OwningOpRef<ModuleOp> importOnnx(std::unique_ptr<llvm::MemoryBuffer> buffer,
                                 StringRef name, MLIRContext &context,
                                 const ImportOptions &options) {
  return importModel(ModelFile::parse(std::move(buffer), options.folder), name,
                     context, options);
}

} // namespace dycc
