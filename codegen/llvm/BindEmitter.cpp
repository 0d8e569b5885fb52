// bind: the dims of the inputs become symbols, and every fact that the
// compiler relies on is checked here, where it enters the model.
#include "codegen/llvm/HostProgram.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::codegen {
namespace {

/// Emits the checks of all inputs, in their order.
class BindEmitter {
public:
  BindEmitter(HostProgram &program, Function *function)
      : program(program), builder(&function->getEntryBlock()),
        frame(function->getArg(0)), inputDims(function->getArg(1)),
        symbols(function->getArg(2)),
        expressions(builder, [this](ExprAttr expr) { return leaf(expr); }) {}

  void emit() {
    // Symbols first, so that an expression dim may use those of later inputs.
    forEachDim([&](mlir::BlockArgument, unsigned, ExprAttr dim, unsigned i) {
      bindSymbol(dim, i);
    });
    forEachDim([&](mlir::BlockArgument input, unsigned axis, ExprAttr dim,
                   unsigned i) { checkDim(input, axis, dim, i); });
    builder.CreateRet(builder.getInt32(0));
  }

private:
  template <typename Visit>
  void forEachDim(Visit visit) {
    unsigned position = 0;
    for (mlir::BlockArgument input : program.main.getArguments())
      for (auto [axis, dim] : enumerate(dyn::getDims(input.getType())))
        visit(input, axis, dim, position++);
  }

  Value *leaf(ExprAttr expr) {
    if (expr.getKind() != ExprKind::Symbol)
      return nullptr;
    return program.loadElement(builder, program.i64(), symbols,
                               program.symbolIndex(expr.getSymbol()));
  }

  /// The first dim that is just a symbol gives it its value.
  void bindSymbol(ExprAttr dim, unsigned position) {
    if (dim.getKind() != ExprKind::Symbol || !bound.insert(dim).second)
      return;
    Value *extent =
        program.loadElement(builder, program.i64(), inputDims, position);
    program.storeElement(builder, extent, symbols,
                         program.symbolIndex(dim.getSymbol()));
  }

  void checkDim(mlir::BlockArgument input, unsigned axis, ExprAttr dim,
                unsigned position) {
    Value *extent =
        program.loadElement(builder, program.i64(), inputDims, position);
    auto name = program.main.getArgAttrOfType<mlir::StringAttr>(
        input.getArgNumber(), "onnx.name");
    SmallVector<Value *> arguments{program.string(name.getValue()),
                                   builder.getInt64(axis), extent};
    if (dim.getKind() == ExprKind::Symbol && checked.insert(dim).second)
      return checkRange(dim, extent, arguments);
    Value *expected = expressions.emit(dim);
    arguments.push_back(expected);
    std::string text = "input '%s': dim %d is %d, expected %d";
    if (!dim.isConstant())
      text += " (" + dim.str() + ")";
    program.emitCheck(builder, frame, builder.CreateICmpEQ(extent, expected),
                      Status::InvalidArgument, text, arguments);
  }

  void checkRange(ExprAttr dim, Value *extent, ArrayRef<Value *> arguments) {
    dyn::SymbolOp symbol =
        program.symbols()[program.symbolIndex(dim.getSymbol())];
    std::string text = "input '%s': dim %d is %d, expected " +
                       symbol.getSymName().str() + " in [" +
                       std::to_string(symbol.lowerBound()) + ", " +
                       std::to_string(symbol.upperBound()) + "]";
    if (symbol.divisor() != 1)
      text += " and a multiple of " + std::to_string(symbol.divisor());
    Value *inside = builder.CreateAnd(
        builder.CreateICmpSGE(extent, builder.getInt64(symbol.lowerBound())),
        builder.CreateICmpSLE(extent, builder.getInt64(symbol.upperBound())));
    Value *divides = builder.CreateICmpEQ(
        builder.CreateSRem(extent, builder.getInt64(symbol.divisor())),
        builder.getInt64(0));
    program.emitCheck(builder, frame, builder.CreateAnd(inside, divides),
                      Status::InvalidArgument, text, arguments);
  }

  HostProgram &program;
  IRBuilder<> builder;
  Value *frame, *inputDims, *symbols;
  ExprEmitter expressions;
  DenseSet<ExprAttr> bound, checked;
};

} // namespace

Function *emitBind(HostProgram &program) {
  Type *ptr = program.ptr();
  Function *function = program.define("bind", program.i32(), {ptr, ptr, ptr});
  BindEmitter(program, function).emit();
  return function;
}

} // namespace dycc::codegen
