// The check of operators runs when normalize is done: what could be expanded
// is, and later stages would report the first of such nodes only, or something
// that follows from it. It runs again behind the shape stage, for what had no
// rank before. Where import or normalize fail, it runs on what there is.
#include "compiler/driver/SupportedOps.h"

#include "codegen/halide/KernelCompiler.h"
#include "dialects/onnx/OnnxOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace dycc {
namespace {

struct Row {
  StringLiteral name;
  Support kind;
  StringLiteral note;
};

constexpr StringLiteral kRandom =
    "random numbers are not there, a model's results follow from its inputs";
constexpr StringLiteral kSequence = "sequences and optionals have no memory";
constexpr StringLiteral kText = "strings have no memory";
constexpr StringLiteral kNoKernel = "has no kernel";

/// Operators that are not a kernel whole.
constexpr Row kRows[] = {
    {"Constant", Support::Host, ""},
    {"Shape", Support::Host, ""},
    {"Size", Support::Host, ""},
    {"Reshape", Support::Host, ""},
    {"Flatten", Support::Host, ""},
    {"Squeeze", Support::Host, ""},
    {"Unsqueeze", Support::Host, ""},
    {"Identity", Support::Host, ""},
    {"If", Support::Host, ""},
    {"Loop", Support::Host, ""},
    {"Scan", Support::Host, ""},
    {"Yield", Support::Host, ""},
    {"NonZero", Support::Runtime, ""},
    {"TopK", Support::Runtime, ""},
    {"Compress", Support::Runtime, ""},
    {"Unique", Support::Runtime, ""},
    {"NonMaxSuppression", Support::Runtime, ""},
    {"LSTM", Support::Expanded, ""},
    {"GRU", Support::Expanded, ""},
    {"RNN", Support::Expanded, ""},
    {"Dropout", Support::Expanded, "in training it is refused"},
    {"BatchNormalization", Support::Expanded,
     "running statistics are of training only"},
    {"GroupNormalization", Support::Expanded,
     "of rank 2 or more, with statistics in f32"},
    {"LRN", Support::Expanded, "of rank 2 or more"},
    {"LpNormalization", Support::Expanded, ""},
    {"MeanVarianceNormalization", Support::Expanded, ""},
    {"Attention", Support::Expanded, ""},
    {"Einsum", Support::Expanded, "with a term per operand"},
    {"NegativeLogLikelihoodLoss", Support::Expanded, ""},
    {"SoftmaxCrossEntropyLoss", Support::Expanded, ""},
    {"QuantizeLinear", Support::Expanded,
     "to integers of 8 or 16 bits, by scales for the tensor, an axis or "
     "blocks"},
    {"DequantizeLinear", Support::Expanded,
     "from integers of 8 to 32 bits, by scales for the tensor, an axis or "
     "blocks"},
    {"DynamicQuantizeLinear", Support::Expanded, ""},
    {"MatMulInteger", Support::Expanded, ""},
    {"Upsample", Support::Expanded, "import makes a Resize of it"},
    {"Bernoulli", Support::Refused, kRandom},
    {"Multinomial", Support::Refused, kRandom},
    {"RandomNormal", Support::Refused, kRandom},
    {"RandomNormalLike", Support::Refused, kRandom},
    {"RandomUniform", Support::Refused, kRandom},
    {"RandomUniformLike", Support::Refused, kRandom},
    {"SequenceMap", Support::Refused, kSequence},
    {"ConcatFromSequence", Support::Refused, kSequence},
    {"Optional", Support::Refused, kSequence},
    {"OptionalGetElement", Support::Refused, kSequence},
    {"OptionalHasElement", Support::Refused, kSequence},
    {"SequenceAt", Support::Refused, kSequence},
    {"SequenceConstruct", Support::Refused, kSequence},
    {"SequenceEmpty", Support::Refused, kSequence},
    {"SequenceErase", Support::Refused, kSequence},
    {"SequenceInsert", Support::Refused, kSequence},
    {"SequenceLength", Support::Refused, kSequence},
    {"SplitToSequence", Support::Refused, kSequence},
    {"RegexFullMatch", Support::Refused, kText},
    {"StringConcat", Support::Refused, kText},
    {"StringNormalizer", Support::Refused, kText},
    {"StringSplit", Support::Refused, kText},
    {"TfIdfVectorizer", Support::Refused, kText},
    {"ImageDecoder", Support::Refused,
     "pixels come from the program that runs the model"},
};

/// Whether kernels and the runtime have elements of this type.
bool isSupported(Type element) {
  if (auto integer = dyn_cast<IntegerType>(element))
    return llvm::is_contained({1u, 8u, 16u, 32u, 64u}, integer.getWidth());
  return element.isF16() || element.isBF16() || element.isF32() ||
         element.isF64();
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
        << " is not supported, expects a tensor of bool, integers of 8 to 64 "
           "bits, f16, bf16, f32 or f64";
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

LogicalResult check(Operation *op, bool isNormalized) {
  StringRef name = op->getName().stripDialect();
  OperatorSupport support = supportOf(name);
  if (support.kind == Support::Refused)
    return refuse(op->emitError(), name, support.note);
  if (Type type = unsupportedType(op)) {
    auto tensor = dyn_cast<TensorType>(type);
    return op->emitError("operator ")
           << name << " is not supported with elements of type "
           << (tensor ? tensor.getElementType() : type)
           << ", expects bool, integers of 8 to 64 bits, f16, bf16, f32 or f64";
  }
  if (isNormalized && support.kind == Support::Expanded && !isOpen(op))
    return op->emitError("operator ")
           << name << " is not supported in this form"
           << (support.note.empty() ? "" : ": ") << support.note;
  return success();
}

} // namespace

OperatorSupport supportOf(StringRef name) {
  for (const Row &row : kRows)
    if (row.name == name)
      return {row.kind, row.note};
  if (halide::hasKernel(name))
    return {Support::Kernel, ""};
  return {Support::Refused, kNoKernel};
}

StringRef stringify(Support support) {
  switch (support) {
  case Support::Kernel:
    return "kernel";
  case Support::Runtime:
    return "runtime";
  case Support::Host:
    return "host program";
  case Support::Expanded:
    return "expanded";
  case Support::Refused:
    return "refused";
  }
  llvm_unreachable("all kinds are there");
}

LogicalResult checkOperators(ModuleOp module, bool isNormalized) {
  bool isGood = true;
  module.walk([&](Operation *op) {
    if (!isa_and_nonnull<onnx::OnnxDialect>(op->getDialect()) ||
        isa<onnx::ConstantOp>(op) || op->hasAttr(dyn::kRefused) ||
        succeeded(check(op, isNormalized)))
      return;
    isGood = false;
    op->setAttr(dyn::kRefused, UnitAttr::get(op->getContext()));
  });
  return success(isGood);
}

void checkSkipped(ArrayRef<SkippedNode> nodes) {
  for (const SkippedNode &node : nodes)
    if (OperatorSupport support = supportOf(node.op);
        support.kind == Support::Refused)
      (void)refuse(emitError(node.location), node.op, support.note);
}

} // namespace dycc
