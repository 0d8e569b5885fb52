// The description of a model: the constant data of runtime/abi/Model.h.
#include "codegen/llvm/HostProgram.h"
#include "codegen/llvm/LiveFormula.h"
#include "codegen/llvm/SizeLimits.h"
#include "codegen/llvm/ValueForms.h"

#include "dialects/dyn/Plan.h"
#include "dialects/onnx/Containers.h"
#include "dialects/onnx/StringTable.h"
#include "dialects/onnx/WeightStore.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::codegen {
namespace {

/// Builds the constants of one model.
class DescEmitter {
public:
  explicit DescEmitter(HostProgram &program)
      : program(program), context(program.context()), strings(program.main) {}

  void emit();

private:
  Constant *null() {
    return ConstantPointerNull::get(cast<PointerType>(program.ptr()));
  }

  GlobalVariable *table(Constant *data, StringRef name) {
    return new GlobalVariable(program.module, data->getType(),
                              /*isConstant=*/true, GlobalValue::PrivateLinkage,
                              data, name);
  }
  /// A pointer to a constant array of structs, null for none.
  Constant *array(ArrayRef<Constant *> elements) {
    if (elements.empty())
      return null();
    auto *type = ArrayType::get(elements[0]->getType(), elements.size());
    return table(ConstantArray::get(type, elements), "dycc.desc");
  }

  /// DyccDimDesc.
  Constant *dim(ExprAttr expr);
  /// DyccTensorDesc.
  Constant *tensor(StringRef name, ArrayRef<ExprAttr> extents,
                   mlir::Type elementType, Constant *defaultData,
                   Constant *defaultDims);
  /// Data and extents of an input's default; null where it has none.
  std::pair<Constant *, Constant *> defaultOf(unsigned input);
  Constant *tensors(mlir::TypeRange types, bool inputs);
  /// DyccValueDesc of each.
  SmallVector<Constant *> values(bool inputs);
  void setValues(AbiConstant<DyccModelDesc> &desc);
  Constant *symbols();
  /// Of a kernel, operands then results.
  Constant *operands(dyn::KernelOp kernel);
  Constant *kernels();
  Constant *launches();
  Constant *machines();
  void setCounts(AbiConstant<DyccModelDesc> &desc);
  void setTables(AbiConstant<DyccModelDesc> &desc);
  void setLive(AbiConstant<DyccModelDesc> &desc);
  void setStrings(AbiConstant<DyccModelDesc> &desc);
  /// In the order of the operations that read their rooms.
  void setCaches(AbiConstant<DyccModelDesc> &desc);

  HostProgram &program;
  LLVMContext &context;
  onnx::StringTable strings; ///< Of the model's constants.
};

Constant *DescEmitter::dim(ExprAttr expr) {
  bool isKnown = program.bounds.isOverInputs(expr);
  bool isInput = isKnown && expr.getKind() == ExprKind::Symbol &&
                 !program.definitionOf(expr.getSymbol());
  // A symbol is called as the model calls it; quotes are for expressions.
  std::string text = isInput   ? expr.getSymbol().str()
                     : isKnown ? program.textOf(expr)
                               : "?";
  return AbiConstant<DyccDimDesc>(context)
      .set(&DyccDimDesc::text, program.string(text))
      .set(&DyccDimDesc::symbol,
           isInput ? program.symbolIndex(expr.getSymbol()) : int64_t(-1))
      .set(&DyccDimDesc::pad, int64_t(0))
      .set(&DyccDimDesc::value, expr.asConstant().value_or(-1))
      .get();
}

std::pair<Constant *, Constant *> DescEmitter::defaultOf(unsigned input) {
  auto value =
      program.main.getArgAttrOfType<mlir::ElementsAttr>(input, "onnx.default");
  if (!value)
    return {null(), null()};
  std::optional<onnx::WeightBytes> numbers = onnx::getWeightBytes(value);
  std::vector<char> handles;
  if (!numbers)
    handles = strings.handlesOf(value);
  ArrayRef<char> bytes = numbers ? numbers->bytes() : ArrayRef(handles);
  Constant *data =
      ConstantDataArray::getRaw(StringRef(bytes.data(), bytes.size()),
                                bytes.size(), Type::getInt8Ty(context));
  GlobalVariable *global = table(data, "dycc.default");
  global->setAlignment(Align(DYCC_WEIGHT_ALIGNMENT));
  SmallVector<Constant *> dims;
  for (int64_t extent : cast<mlir::ShapedType>(value.getType()).getShape())
    dims.push_back(ConstantInt::get(program.i64(), extent));
  return {global, array(dims)};
}

Constant *DescEmitter::tensor(StringRef name, ArrayRef<ExprAttr> extents,
                              mlir::Type elementType, Constant *defaultData,
                              Constant *defaultDims) {
  SmallVector<Constant *> dims;
  for (ExprAttr expr : extents)
    dims.push_back(dim(expr));
  auto [code, bits] = dlpackType(elementType);
  if (code == DYCC_DTYPE_STRING)
    bits = 8 * sizeof(dycc_string);
  return AbiConstant<DyccTensorDesc>(context)
      .set(&DyccTensorDesc::name, program.string(name))
      .set(&DyccTensorDesc::dims, array(dims))
      .set(&DyccTensorDesc::rank, dims.size())
      .set(&DyccTensorDesc::code, code)
      .set(&DyccTensorDesc::bits, bits)
      .set(&DyccTensorDesc::pad, int64_t(0))
      .set(&DyccTensorDesc::defaultData, defaultData)
      .set(&DyccTensorDesc::defaultDims, defaultDims)
      .get();
}

Constant *DescEmitter::tensors(mlir::TypeRange types, bool inputs) {
  SmallVector<Constant *> elements;
  for (auto [index, type] : enumerate(types)) {
    auto name = inputs ? program.main.getArgAttrOfType<mlir::StringAttr>(
                             index, "onnx.name")
                       : program.main.getResultAttrOfType<mlir::StringAttr>(
                             index, "onnx.name");
    auto [data, dims] = inputs ? defaultOf(index) : std::pair(null(), null());
    elements.push_back(tensor(name.getValue(), dyn::getDims(type),
                              mlir::getElementTypeOrSelf(type), data, dims));
  }
  return array(elements);
}

SmallVector<Constant *> DescEmitter::values(bool inputs) {
  mlir::FunctionType types = program.main.getFunctionType();
  mlir::TypeRange all = inputs ? mlir::TypeRange(types.getInputs())
                               : mlir::TypeRange(types.getResults());
  SmallVector<Constant *> elements;
  for (unsigned i = 0; i < all.size();) {
    mlir::DictionaryAttr attributes = attributesOf(program.main, i, inputs);
    auto held = attributes.getAs<mlir::TypeAttr>("onnx.type");
    auto name =
        attributes.getAs<mlir::StringAttr>(held ? "onnx.value" : "onnx.name");
    DyccValueForm form = formOf(held ? held.getValue() : mlir::Type());
    auto [data, dims] = inputs ? defaultOf(i) : std::pair(null(), null());
    mlir::TensorType type = held ? onnx::heldTensor(held.getValue())
                                 : cast<mlir::TensorType>(all[i]);
    auto extents =
        held ? heldDims(type) : SmallVector<ExprAttr>(dyn::getDims(type));
    elements.push_back(AbiConstant<DyccValueDesc>(context)
                           .set(&DyccValueDesc::tensor,
                                tensor(name.getValue(), extents,
                                       type.getElementType(), data, dims))
                           .set(&DyccValueDesc::form, int64_t(form))
                           .set(&DyccValueDesc::first, int64_t(i))
                           .get());
    i += countParts(form);
  }
  return elements;
}

/// Nothing where all inputs and outputs are what they are for the caller.
void DescEmitter::setValues(AbiConstant<DyccModelDesc> &desc) {
  SmallVector<Constant *> inputs = values(true), outputs = values(false);
  mlir::FunctionType types = program.main.getFunctionType();
  if (inputs.size() == types.getNumInputs() &&
      outputs.size() == types.getNumResults())
    inputs = outputs = {};
  desc.set(&DyccModelDesc::numInputValues, inputs.size())
      .set(&DyccModelDesc::numOutputValues, outputs.size())
      .set(&DyccModelDesc::inputValues, array(inputs))
      .set(&DyccModelDesc::outputValues, array(outputs));
}

Constant *DescEmitter::symbols() {
  SmallVector<Constant *> elements;
  for (dyn::SymbolOp symbol :
       program.symbols().take_front(program.numInputSymbols())) {
    // An undeclared symbol has the largest extent that a kernel can take.
    elements.push_back(
        AbiConstant<DyccSymbolDesc>(context)
            .set(&DyccSymbolDesc::name, program.string(symbol.getSymName()))
            .set(&DyccSymbolDesc::lower, symbol.lowerBound())
            .set(&DyccSymbolDesc::upper, symbol.upperBound())
            .set(&DyccSymbolDesc::multiple, symbol.divisor())
            .get());
  }
  return array(elements);
}

Constant *DescEmitter::operands(dyn::KernelOp kernel) {
  SmallVector<mlir::Type> types(kernel.getBody().getArgumentTypes());
  append_range(types, kernel.getResultTypes());
  SmallVector<Constant *> elements;
  for (mlir::Type type : types) {
    auto [code, bits] = dlpackType(mlir::getElementTypeOrSelf(type));
    elements.push_back(
        AbiConstant<DyccOperandDesc>(context)
            .set(&DyccOperandDesc::rank, dyn::getDims(type).size())
            .set(&DyccOperandDesc::code, code)
            .set(&DyccOperandDesc::bits, bits)
            .set(&DyccOperandDesc::lanes, int64_t(1))
            .get());
  }
  return array(elements);
}

/// The version's name; empty where it is the kernel's only one.
static StringRef versionName(dyn::KernelOp kernel, unsigned version) {
  return kernel.getNumVersions() == 1
             ? ""
             : kernel.getVersion(version).getName().getValue();
}

Constant *DescEmitter::kernels() {
  SmallVector<Constant *> elements;
  for (auto kernel : program.source.getOps<dyn::KernelOp>()) {
    Constant *types = operands(kernel);
    for (unsigned i = 0; i < kernel.getNumVersions(); ++i)
      elements.push_back(
          AbiConstant<DyccKernelDesc>(context)
              .set(&DyccKernelDesc::name,
                   program.string(kernel.getFunctionName(i)))
              .set(&DyccKernelDesc::nodes,
                   program.string(nodeName(kernel.getLoc())))
              .set(&DyccKernelDesc::version,
                   program.string(versionName(kernel, i)))
              .set(&DyccKernelDesc::operands, types)
              .set(&DyccKernelDesc::numOperands,
                   kernel.getBody().getNumArguments())
              .set(&DyccKernelDesc::numResults, kernel.getOutputs().size())
              .set(&DyccKernelDesc::numSymbols, kernel.getSymbols().size())
              .set(&DyccKernelDesc::machine, int64_t(kernel.getMachineOf(i)))
              .get());
  }
  return array(elements);
}

Constant *DescEmitter::launches() {
  SmallVector<Constant *> nodes;
  for (dyn::LaunchOp launch : program.launches())
    nodes.push_back(program.string(nodeName(launch.getLoc())));
  return array(nodes);
}

Constant *DescEmitter::machines() {
  SmallVector<Constant *> elements;
  for (const HostMachine &machine : program.options.machines)
    elements.push_back(
        AbiConstant<DyccMachineDesc>(context)
            .set(&DyccMachineDesc::name, program.string(machine.name))
            .set(&DyccMachineDesc::cpuFeatures,
                 program.string(machine.cpuFeatures))
            .set(&DyccMachineDesc::device, program.deviceKind(machine.device))
            .get());
  return array(elements);
}

void DescEmitter::setCounts(AbiConstant<DyccModelDesc> &desc) {
  mlir::func::FuncOp main = program.main;
  mlir::FunctionType type = main.getFunctionType();
  int64_t outputDims = 0;
  for (mlir::Type result : type.getResults())
    outputDims += dyn::getDims(result).size();
  dyn::MemoryAttr memory = dyn::getMemory(main);
  int64_t versions = 0;
  for (auto kernel : program.source.getOps<dyn::KernelOp>())
    versions += kernel.getNumVersions();
  desc.set(&DyccModelDesc::version, DYCC_MODEL_DESC_VERSION)
      .set(&DyccModelDesc::numInputs, type.getNumInputs())
      .set(&DyccModelDesc::numOutputs, type.getNumResults())
      .set(&DyccModelDesc::numInputSymbols, program.numInputSymbols())
      .set(&DyccModelDesc::numSymbols, program.symbols().size())
      .set(&DyccModelDesc::numSlots, program.numSlots())
      .set(&DyccModelDesc::numOutputDims, outputDims)
      .set(&DyccModelDesc::exact,
           int64_t(areShapesExact(main) && program.memory.unbounded == 0))
      .set(&DyccModelDesc::weightBytes, memory ? memory.getWeightBytes() : 0)
      .set(&DyccModelDesc::numKernels, versions)
      .set(&DyccModelDesc::numUnbounded, program.memory.unbounded)
      .set(&DyccModelDesc::numMachines, program.options.machines.size())
      .set(&DyccModelDesc::numLaunches, program.launches().size());
}

void DescEmitter::setTables(AbiConstant<DyccModelDesc> &desc) {
  mlir::FunctionType type = program.main.getFunctionType();
  auto *weights = new GlobalVariable(
      program.module, Type::getInt8Ty(context), /*isConstant=*/true,
      GlobalValue::ExternalLinkage, nullptr, "dycc_weights");
  weights->setVisibility(GlobalValue::HiddenVisibility);
  const HostOptions &options = program.options;
  desc.set(&DyccModelDesc::name, program.string(options.name))
      .set(&DyccModelDesc::metadata, program.string(options.metadata))
      .set(&DyccModelDesc::cpuFeatures, program.string(options.cpuFeatures))
      .set(&DyccModelDesc::inputs, tensors(type.getInputs(), /*inputs=*/true))
      .set(&DyccModelDesc::outputs,
           tensors(type.getResults(), /*inputs=*/false))
      .set(&DyccModelDesc::symbols, symbols())
      .set(&DyccModelDesc::weights, weights)
      .set(&DyccModelDesc::kernels, kernels())
      .set(&DyccModelDesc::machines, machines())
      .set(&DyccModelDesc::launchNodes, launches());
}

void DescEmitter::setLive(AbiConstant<DyccModelDesc> &desc) {
  LiveFormula formula(program.main, program.bounds);
  Constant *steps = ConstantDataArray::get(context, formula.steps);
  desc.set(&DyccModelDesc::liveSizes,
           emitLiveSizes(program, formula.sizes.getArrayRef()))
      .set(&DyccModelDesc::liveSteps, table(steps, "dycc.live"))
      .set(&DyccModelDesc::numLiveSizes, formula.sizes.size());
}

/// The place of each string in the table that they are found in.
static std::vector<uint32_t> placeStrings(ArrayRef<StringRef> strings) {
  std::vector<uint32_t> slots(
      strings.empty() ? 0 : dycc_string_slots(strings.size()));
  for (auto [index, text] : enumerate(strings)) {
    uint64_t at = dycc_hash_string(text.data(), text.size());
    while (slots[at % slots.size()])
      ++at;
    slots[at % slots.size()] = index + 1;
  }
  return slots;
}

void DescEmitter::setStrings(AbiConstant<DyccModelDesc> &desc) {
  SmallVector<Constant *> elements;
  for (StringRef text : strings.strings())
    elements.push_back(AbiConstant<DyccString>(context)
                           .set(&DyccString::data, program.string(text))
                           .set(&DyccString::size, text.size())
                           .get());
  std::vector<uint32_t> slots = placeStrings(strings.strings());
  desc.set(&DyccModelDesc::strings, array(elements))
      .set(&DyccModelDesc::numStrings, elements.size())
      .set(&DyccModelDesc::stringSlots,
           slots.empty()
               ? null()
               : table(ConstantDataArray::get(context, slots), "dycc.strings"))
      .set(&DyccModelDesc::numStringSlots, slots.size());
}

void DescEmitter::setCaches(AbiConstant<DyccModelDesc> &desc) {
  SmallVector<Constant *> elements;
  for (auto room : program.main.getOps<dyn::RoomOp>())
    elements.push_back(AbiConstant<DyccCacheDesc>(context)
                           .set(&DyccCacheDesc::input, room.getInput())
                           .set(&DyccCacheDesc::output, room.getOutput())
                           .set(&DyccCacheDesc::axis, room.getAxis())
                           .set(&DyccCacheDesc::pad, int64_t(0))
                           .get());
  desc.set(&DyccModelDesc::numCaches, elements.size())
      .set(&DyccModelDesc::caches, array(elements));
}

void DescEmitter::emit() {
  AbiConstant<DyccModelDesc> desc(context);
  desc.set(&DyccModelDesc::bind, emitBind(program))
      .set(&DyccModelDesc::infer, emitInfer(program));
  // Before plan: run decides which expressions have a slot.
  desc.set(&DyccModelDesc::run, emitRun(program));
  desc.set(&DyccModelDesc::plan, emitPlan(program))
      .set(&DyccModelDesc::bound, emitBound(program))
      .set(&DyccModelDesc::estimate, emitEstimate(program));
  setLive(desc);
  setStrings(desc);
  setValues(desc);
  setCaches(desc);
  setCounts(desc);
  setTables(desc);
  Constant *value = desc.get();
  auto *global = new GlobalVariable(
      program.module, value->getType(), /*isConstant=*/true,
      GlobalValue::ExternalLinkage, value, program.options.symbol);
  global->setVisibility(GlobalValue::HiddenVisibility);
}

} // namespace

void emitModelDesc(HostProgram &program) { DescEmitter(program).emit(); }

} // namespace dycc::codegen
