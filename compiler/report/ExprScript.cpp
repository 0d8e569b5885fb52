#include "compiler/report/ExprScript.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc {

ExprScript::ExprScript(ModuleOp module) {
  for (auto symbol : module.getOps<dyn::SymbolOp>())
    if (symbol.isInput())
      inputs.insert({symbol.getSymName(), inputs.size()});
    else if (symbol.getDefinition())
      derived[symbol.getSymName()] = *symbol.getDefinition();
}

std::string ExprScript::define(const std::string &text) {
  auto [it, isNew] = texts.try_emplace(text);
  if (isNew) {
    it->second = "e" + std::to_string(texts.size() - 1);
    statements += "  const " + it->second + " = " + text + ";\n";
  }
  return it->second;
}

std::string ExprScript::emit(ExprAttr expr) {
  if (auto known = names.find(expr); known != names.end())
    return known->second;
  std::string name;
  if (expr.getKind() == ExprKind::Constant) {
    name = std::to_string(expr.getValue()) + "n";
    if (expr.getValue() < 0)
      name = "(" + name + ")";
  } else if (expr.getKind() == ExprKind::Symbol) {
    name = emitSymbol(expr.getSymbol());
  } else {
    SmallVector<std::string> operands;
    for (ExprAttr operand : expr.getOperands())
      operands.push_back(emit(operand));
    name = define(textOf(expr, operands));
  }
  names[expr] = name;
  return name;
}

std::string ExprScript::emitSymbol(StringRef name) {
  if (ExprAttr definition = derived.lookup(name))
    return emit(definition);
  auto it = inputs.find(name);
  assert(it != inputs.end() && "memory and costs are over input symbols");
  return "symbols[" + std::to_string(it->second) + "]";
}

/// How a kind is written.
struct ScriptForm {
  enum Style { Call, Infix, Condition, Rounded } style;
  StringRef word;
};

static ScriptForm formOf(ExprKind kind) {
  switch (kind) {
  case ExprKind::Add:
    return {ScriptForm::Infix, " + "};
  case ExprKind::Mul:
    return {ScriptForm::Infix, " * "};
  case ExprKind::FloorDiv:
    return {ScriptForm::Call, "floorDiv"};
  case ExprKind::CeilDiv:
    return {ScriptForm::Call, "ceilDiv"};
  case ExprKind::TruncDiv:
    return {ScriptForm::Call, "truncDiv"};
  case ExprKind::Min:
  case ExprKind::And: // Of 0 and 1.
    return {ScriptForm::Call, "min"};
  case ExprKind::Max:
  case ExprKind::Or:
    return {ScriptForm::Call, "max"};
  case ExprKind::Eq:
    return {ScriptForm::Condition, " === "};
  case ExprKind::Lt:
    return {ScriptForm::Condition, " < "};
  case ExprKind::Le:
    return {ScriptForm::Condition, " <= "};
  case ExprKind::F32FromBits:
    return {ScriptForm::Call, "f32FromBits"};
  case ExprKind::F32ToBits:
    return {ScriptForm::Call, "f32ToBits"};
  case ExprKind::IntToF32:
    return {ScriptForm::Call, "toF32"};
  case ExprKind::F32ToInt:
    return {ScriptForm::Call, "toInteger"};
  case ExprKind::F32Add:
    return {ScriptForm::Rounded, " + "};
  case ExprKind::F32Sub:
    return {ScriptForm::Rounded, " - "};
  case ExprKind::F32Mul:
    return {ScriptForm::Rounded, " * "};
  case ExprKind::F32Div:
    return {ScriptForm::Rounded, " / "};
  case ExprKind::F32Floor:
    return {ScriptForm::Call, "Math.floor"};
  case ExprKind::F32Ceil:
    return {ScriptForm::Call, "Math.ceil"};
  case ExprKind::F32Round:
    return {ScriptForm::Call, "roundToEven"};
  case ExprKind::F32Sqrt:
    return {ScriptForm::Call, "sqrtF32"};
  case ExprKind::F32Min:
    return {ScriptForm::Call, "Math.min"};
  case ExprKind::F32Max:
    return {ScriptForm::Call, "Math.max"};
  default:
    llvm_unreachable("not a kind of an extent or a cost");
  }
}

std::string ExprScript::textOf(ExprAttr expr, ArrayRef<std::string> operands) {
  if (expr.getKind() == ExprKind::F32Constant)
    return "f32FromBits(" +
           std::to_string(llvm::bit_cast<uint32_t>(expr.getFloat())) + "n)";
  if (expr.getKind() == ExprKind::Ite)
    return operands[0] + " ? " + operands[1] + " : " + operands[2];
  if (expr.getKind() == ExprKind::Not)
    return operands[0] + " ? 0n : 1n";
  auto [style, word] = formOf(expr.getKind());
  switch (style) {
  case ScriptForm::Call:
    return (word + "(" + llvm::join(operands, ", ") + ")").str();
  case ScriptForm::Infix:
    return llvm::join(operands, word);
  case ScriptForm::Condition:
    return llvm::join(operands, word) + " ? 1n : 0n";
  case ScriptForm::Rounded:
    return "Math.fround(" + llvm::join(operands, word) + ")";
  }
  llvm_unreachable("every style is above");
}

} // namespace dycc
