// `dycc_model_desc`: the constant data of runtime/src/ModelDesc.h. Field order
// and types here and there must agree.
#include "codegen/llvm/HostProgram.h"

#include "dialects/onnx/WeightStore.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::codegen {
namespace {

/// DYCC_MODEL_DESC_VERSION.
constexpr uint32_t kVersion = 3;

/// Builds the constants of one model.
class DescEmitter {
public:
  explicit DescEmitter(HostProgram &program)
      : program(program), context(program.context()) {}

  void emit();

private:
  Constant *number(Type *type, int64_t value) {
    return ConstantInt::get(type, value, /*IsSigned=*/true);
  }
  Constant *word(int64_t value) { return number(program.i32(), value); }
  Constant *wide(int64_t value) { return number(program.i64(), value); }
  Constant *null() {
    return ConstantPointerNull::get(cast<PointerType>(program.ptr()));
  }

  /// A pointer to a constant array of structs, null for none.
  Constant *array(ArrayRef<Constant *> elements) {
    if (elements.empty())
      return null();
    auto *type = ArrayType::get(elements[0]->getType(), elements.size());
    Constant *data = ConstantArray::get(type, elements);
    return new GlobalVariable(program.module, type, /*isConstant=*/true,
                              GlobalValue::PrivateLinkage, data, "dycc.desc");
  }

  /// DyccDimDesc.
  Constant *dim(ExprAttr expr);
  /// DyccTensorDesc.
  Constant *tensor(StringRef name, mlir::Type type, Constant *defaultData,
                   Constant *defaultDims);
  /// Data and extents of an input's default; null where it has none.
  std::pair<Constant *, Constant *> defaultOf(unsigned input);
  Constant *tensors(mlir::TypeRange types, bool inputs);
  Constant *symbols();
  Constant *kernels();

  HostProgram &program;
  LLVMContext &context;
};

Constant *DescEmitter::dim(ExprAttr expr) {
  bool isKnown = program.bounds.isOverInputs(expr);
  bool isInput = isKnown && expr.getKind() == ExprKind::Symbol &&
                 !program.definitionOf(expr.getSymbol());
  // A symbol is called as the model calls it; quotes are for expressions.
  std::string text = isInput   ? expr.getSymbol().str()
                     : isKnown ? program.textOf(expr)
                               : "?";
  return ConstantStruct::getAnon(
      {program.string(text),
       word(isInput ? program.symbolIndex(expr.getSymbol()) : -1), word(0),
       wide(expr.asConstant().value_or(-1))});
}

std::pair<Constant *, Constant *> DescEmitter::defaultOf(unsigned input) {
  auto value =
      program.main.getArgAttrOfType<mlir::ElementsAttr>(input, "onnx.default");
  if (!value)
    return {null(), null()};
  std::optional<onnx::WeightBytes> bytes = onnx::getWeightBytes(value);
  assert(bytes && "a default is a tensor of numbers");
  Constant *data = ConstantDataArray::getRaw(
      StringRef(bytes->bytes().data(), bytes->bytes().size()),
      bytes->bytes().size(), Type::getInt8Ty(context));
  auto *global =
      new GlobalVariable(program.module, data->getType(), /*isConstant=*/true,
                         GlobalValue::PrivateLinkage, data, "dycc.default");
  global->setAlignment(Align(64));
  SmallVector<Constant *> dims;
  for (int64_t extent : cast<mlir::ShapedType>(value.getType()).getShape())
    dims.push_back(wide(extent));
  return {global, array(dims)};
}

Constant *DescEmitter::tensor(StringRef name, mlir::Type type,
                              Constant *defaultData, Constant *defaultDims) {
  SmallVector<Constant *> dims;
  for (ExprAttr expr : dyn::getDims(type))
    dims.push_back(dim(expr));
  auto [code, bits] = dlpackType(mlir::getElementTypeOrSelf(type));
  Type *i8 = Type::getInt8Ty(context), *i16 = Type::getInt16Ty(context);
  return ConstantStruct::getAnon(
      {program.string(name), array(dims), word(dims.size()), number(i8, code),
       number(i8, bits), number(i16, 0), defaultData, defaultDims});
}

Constant *DescEmitter::tensors(mlir::TypeRange types, bool inputs) {
  SmallVector<Constant *> elements;
  for (auto [index, type] : enumerate(types)) {
    auto name = inputs ? program.main.getArgAttrOfType<mlir::StringAttr>(
                             index, "onnx.name")
                       : program.main.getResultAttrOfType<mlir::StringAttr>(
                             index, "onnx.name");
    auto [data, dims] = inputs ? defaultOf(index) : std::pair(null(), null());
    elements.push_back(tensor(name.getValue(), type, data, dims));
  }
  return array(elements);
}

Constant *DescEmitter::symbols() {
  SmallVector<Constant *> elements;
  for (dyn::SymbolOp symbol :
       program.symbols().take_front(program.numInputSymbols())) {
    // An undeclared symbol has the largest extent that a kernel can take.
    int64_t upper = symbol.upperBound();
    elements.push_back(ConstantStruct::getAnon(
        {program.string(symbol.getSymName()), wide(symbol.lowerBound()),
         wide(upper), wide(symbol.divisor())}));
  }
  return array(elements);
}

Constant *DescEmitter::kernels() {
  SmallVector<Constant *> elements;
  for (dyn::GroupOp group : collectKernels(program.main))
    elements.push_back(
        ConstantStruct::getAnon({program.string(*group.getKernel()),
                                 program.string(nodeName(group.getLoc()))}));
  return array(elements);
}

void DescEmitter::emit() {
  Function *bind = emitBind(program), *infer = emitInfer(program);
  // Before plan: run decides which expressions have a slot.
  Function *run = emitRun(program);
  Function *plan = emitPlan(program), *bound = emitBound(program);
  mlir::func::FuncOp main = program.main;
  mlir::FunctionType type = main.getFunctionType();
  unsigned outputDims = 0;
  bool exact = true;
  for (mlir::Type result : type.getResults())
    outputDims += dyn::getDims(result).size();
  main.walk([&](mlir::Operation *op) {
    exact &= !isa<dyn::ReadOp, dyn::DefineOp, dyn::RuntimeOp, dyn::IfOp,
                  dyn::LoopOp>(op);
  });
  auto weightBytes = main->getAttrOfType<mlir::IntegerAttr>("dyn.weight_bytes");
  auto unbounded = main->getAttrOfType<mlir::IntegerAttr>("dyn.unbounded");
  auto *weights = new GlobalVariable(
      program.module, Type::getInt8Ty(context), /*isConstant=*/true,
      GlobalValue::ExternalLinkage, nullptr, "dycc_weights");
  weights->setVisibility(GlobalValue::HiddenVisibility);
  Constant *fields[] = {word(kVersion),
                        word(type.getNumInputs()),
                        word(type.getNumResults()),
                        word(program.numInputSymbols()),
                        word(program.symbols().size()),
                        word(program.numSlots()),
                        word(outputDims),
                        word(exact),
                        program.string(program.options.name),
                        program.string(program.options.metadata),
                        program.string(program.options.cpuFeatures),
                        tensors(type.getInputs(), /*inputs=*/true),
                        tensors(type.getResults(), /*inputs=*/false),
                        symbols(),
                        weights,
                        wide(weightBytes ? weightBytes.getInt() : 0),
                        bind,
                        infer,
                        plan,
                        bound,
                        run,
                        kernels(),
                        word(collectKernels(main).size()),
                        word(unbounded ? unbounded.getInt() : 0)};
  Constant *desc = ConstantStruct::getAnon(fields);
  auto *global =
      new GlobalVariable(program.module, desc->getType(), /*isConstant=*/true,
                         GlobalValue::ExternalLinkage, desc, "dycc_model_desc");
  global->setVisibility(GlobalValue::HiddenVisibility);
}

} // namespace

void emitModelDesc(HostProgram &program) { DescEmitter(program).emit(); }

} // namespace dycc::codegen
