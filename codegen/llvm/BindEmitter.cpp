// bind: the dims of the inputs become symbols. The runtime has checked them
// against the inputs' description; what is left are dims that are formulas.
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

  /// Ranges, constants and equal symbols are checked by the runtime, from the
  /// description of the inputs (runtime/src/Check.cpp).
  void checkDim(mlir::BlockArgument input, unsigned axis, ExprAttr dim,
                unsigned position) {
    if (dim.isConstant() || dim.getKind() == ExprKind::Symbol)
      return;
    Value *extent =
        program.loadElement(builder, program.i64(), inputDims, position);
    Value *expected = expressions.emit(dim);
    auto name = program.main.getArgAttrOfType<mlir::StringAttr>(
        input.getArgNumber(), "onnx.name");
    program.emitCheck(builder, frame, builder.CreateICmpEQ(extent, expected),
                      DYCC_INVALID_ARGUMENT,
                      "input '%s': dim %d is %d, expected %d (%s)",
                      {program.string(name.getValue()), builder.getInt64(axis),
                       extent, expected, program.string(dim.str())});
  }

  HostProgram &program;
  IRBuilder<> builder;
  Value *frame, *inputDims, *symbols;
  ExprEmitter expressions;
  DenseSet<ExprAttr> bound;
};

} // namespace

Function *emitBind(HostProgram &program) {
  Function *function = program.define<decltype(DyccModelDesc::bind)>("bind");
  BindEmitter(program, function).emit();
  return function;
}

} // namespace dycc::codegen
