// Initializers that are inputs too. Of an input that an application overrides
// (a threshold, a scale) the initializer is the default; but exporters list all
// weights as inputs as well, and a model whose weights are not known is a slow
// one. See docs/decisions/0007-default-inputs.md.
#include "compiler/import/GraphImporter.h"

#include "compiler/import/Types.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxOps.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// More elements than these are a weight.
constexpr int64_t mostElements = 4;

/// Before IR version 4 constants had to be inputs, too.
constexpr int64_t firstDefaultVersion = 4;

bool readsElements(const OpOperand &use) {
  return onnx::has(use.getOwner(), onnx::Fact::Elements);
}

/// The values that shapes are computed from.
class Steering {
public:
  explicit Steering(Block *main) {
    main->walk([&](Operation *op) {
      auto dynamism = dyn_cast<onnx::DynamismOpInterface>(op);
      if (dynamism && dynamism.getCategory() == onnx::Category::ISVDOS)
        for (Value operand : dynamism.getControllingOperands())
          add(operand);
    });
    while (!waiting.empty())
      visit(waiting.pop_back_val());
  }

  bool contains(Value value) const { return values.contains(value); }

private:
  void add(Value value) {
    if (values.insert(value).second)
      waiting.push_back(value);
  }

  void visit(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op) // Of a subgraph; whatever its operator reads may reach it.
      op = cast<BlockArgument>(value).getOwner()->getParentOp();
    if (!op || isa<onnx::ShapeOp, onnx::SizeOp, FunctionOpInterface>(op))
      return;
    for (Value operand : op->getOperands())
      add(operand);
    for (Region &region : op->getRegions())
      for (Block &block : region)
        if (!block.empty())
          for (Value yielded : block.back().getOperands())
            add(yielded);
  }

  llvm::DenseSet<Value> values;
  SmallVector<Value> waiting;
};

/// Whether a tensor of this type can stand in for an input of that one.
bool fits(RankedTensorType value, Type input) {
  auto declared = dyn_cast_or_null<TensorType>(input);
  if (!declared || declared.getElementType() != value.getElementType())
    return false;
  return !declared.hasRank() || succeeded(verifyCompatibleShape(
                                    declared.getShape(), value.getShape()));
}

bool isOverridable(onnx::ConstantOp constant, const Steering &steering) {
  Value value = constant->getResult(0);
  auto type = cast<RankedTensorType>(value.getType());
  return type.getNumElements() > 0 && type.getNumElements() <= mostElements &&
         !value.use_empty() && llvm::all_of(value.getUses(), readsElements) &&
         !steering.contains(value);
}

} // namespace

void GraphImporter::makeDefaultInput(const proto::ValueInfoProto &info,
                                     Operation *constant, Block *block,
                                     SmallVectorImpl<DictionaryAttr> &inputs) {
  Builder &b = state.builder;
  std::string problem;
  Type type = readType(b.getContext(), info.type(), problem);
  auto value = cast<RankedTensorType>(constant->getResult(0).getType());
  if (!fits(value, type))
    return;
  SmallVector<NamedAttribute> names = nameInput(info);
  names.push_back(b.getNamedAttr("onnx.default", constant->getAttr("value")));
  inputs.push_back(b.getDictionaryAttr(names));
  Value argument = block->addArgument(type, constant->getLoc());
  constant->getResult(0).replaceAllUsesWith(argument);
  constant->erase();
}

void GraphImporter::makeDefaultInputs(const proto::GraphProto &graph,
                                      Block *block,
                                      SmallVectorImpl<DictionaryAttr> &inputs) {
  const ImportOptions &options = state.options;
  bool isAutomatic = !options.fixedDefaults &&
                     state.file.model().ir_version() >= firstDefaultVersion;
  Steering steering(block);
  llvm::StringSet<> asked;
  asked.insert_range(options.overridable);
  llvm::StringSet<> seen; // The constant of a name is gone after its first.
  for (const proto::ValueInfoProto &info : graph.input()) {
    if (!seen.insert(info.name()).second)
      continue;
    const Binding *binding = scope.lookup(info.name());
    auto constant = binding && binding->value
                        ? binding->value.getDefiningOp<onnx::ConstantOp>()
                        : onnx::ConstantOp();
    if (!constant)
      continue;
    bool isAsked = asked.erase(info.name());
    if (isAsked || (isAutomatic && isOverridable(constant, steering)))
      makeDefaultInput(info, constant, block, inputs);
  }
  for (const auto &left : asked)
    error(NameLoc::get(state.builder.getStringAttr(graph.name())))
        << "--overridable \"" << left.first()
        << "\": no initializer of that name is an input, too";
}

} // namespace dycc::import
