// The check of operators runs when normalize is done: what could be expanded
// is, and later stages would report the first of such nodes only, or something
// that follows from it. It runs again behind the shape stage, for what had no
// rank before. Where import or normalize fail, it runs on what there is.
#include "compiler/driver/SupportedOps.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace dycc {
namespace {

/// The types of elements that there are, in words.
constexpr llvm::StringLiteral kElements =
    "bool, integers or floats of at most 64 bits, or strings";

/// Whether kernels and the runtime have elements of this type.
bool isSupported(Type element) {
  // Of those of ONNX; others are refused when they are read.
  return element.isIntOrFloat() || isa<onnx::StringType>(element);
}

/// The first type of an operand or result that nothing can hold, or null.
Type unsupportedType(Operation *op) {
  for (Type type : op->getOperandTypes())
    if (!canHold(type))
      return type;
  for (Type type : op->getResultTypes())
    if (!canHold(type))
      return type;
  return {};
}

} // namespace

bool canHold(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return isa<NoneType>(type) ||
         (tensor && isSupported(tensor.getElementType()));
}

LogicalResult checkEdges(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  bool isGood = true;
  auto refuse = [&](Value value, StringRef what) {
    isGood = false;
    emitError(value.getLoc())
        << what << " of type " << value.getType()
        << " is not supported, expects a tensor of " << kElements;
  };
  for (BlockArgument input : main.getArguments())
    if (!canHold(input.getType()) &&
        llvm::all_of(input.getUsers(), llvm::IsaPred<func::ReturnOp>))
      refuse(input, "an input");
  for (Value output : main.front().getTerminator()->getOperands())
    if (!canHold(output.getType()) && output.getDefiningOp<onnx::ConstantOp>())
      refuse(output, "an output");
  return success(isGood);
}

namespace {

/// Whether an operand has no rank: the shape stage says where that comes from,
/// or drops the branch that nothing takes.
bool isOpen(Operation *op) {
  return llvm::any_of(op->getOperandTypes(), llvm::IsaPred<UnrankedTensorType>);
}

LogicalResult refuse(InFlightDiagnostic error, StringRef op, StringRef why) {
  return error << "operator " << op << " is not supported: " << why;
}

LogicalResult refuseType(Operation *op, StringRef name, Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return op->emitError("operator ")
         << name << " is not supported with elements of type "
         << (tensor ? tensor.getElementType() : type) << ", expects "
         << kElements;
}

LogicalResult check(Operation *op, bool isNormalized) {
  StringRef name = op->getName().stripDialect();
  const onnx::OperatorFacts &facts = *onnx::findFacts(op);
  if (facts.support == onnx::Support::Refused)
    return refuse(op->emitError(), name, facts.note);
  Type type = unsupportedType(op);
  // Sequences and optionals go where what is in them is known.
  bool isContainer = isa_and_nonnull<onnx::SeqType, onnx::OptType>(type);
  if (type && !isContainer)
    return refuseType(op, name, type);
  if (isNormalized && facts.support == onnx::Support::Expanded && !isOpen(op))
    return op->emitError("operator ")
           << name << " is not supported in this form"
           << (facts.note.empty() ? "" : ": ") << facts.note;
  if (isNormalized && isContainer)
    return refuseType(op, name, type);
  return success();
}

} // namespace

LogicalResult checkOperators(ModuleOp module, bool isNormalized) {
  bool isGood = true;
  module.walk([&](Operation *op) {
    if (!onnx::findFacts(op) || isa<onnx::ConstantOp>(op) ||
        op->hasAttr(dyn::kRefused) || succeeded(check(op, isNormalized)))
      return;
    isGood = false;
    op->setAttr(dyn::kRefused, UnitAttr::get(op->getContext()));
  });
  return success(isGood);
}

void checkSkipped(ArrayRef<SkippedNode> nodes) {
  for (const SkippedNode &node : nodes)
    if (const onnx::OperatorFacts *facts = onnx::findFacts(node.op);
        facts && facts->support == onnx::Support::Refused)
      (void)refuse(emitError(node.location), node.op, facts->note);
}

} // namespace dycc
