#include "codegen/halide/KernelBuilder.h"

#include "codegen/halide/Operands.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/SymbolicExpr.h"
#include "codegen/halide/cpu/Loops.h"
#include "dialects/onnx/OnnxFacts.h"
#include "passes/fuse/FusionRules.h"
#include "llvm/ADT/STLExtras.h"

#include <limits>

using namespace mlir;
using Halide::Expr;
using Halide::Func;
using Halide::Var;

namespace dycc::halide {

KernelBuilder::KernelBuilder(dyn::KernelOp kernel, Planner &planner)
    : kernel(kernel), planner(planner), collapse(kernel) {
  declareSymbols();
  declareInputs();
  findChain();
}

void KernelBuilder::findChain() {
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (!foundChain && !isReference())
      foundChain = fuse::findRootChain(&op);
}

Expr KernelBuilder::perTask(const Expr &work) const {
  // Without tasks strips still bound what a loop keeps at once.
  int task = taskOperations() > 0 ? taskOperations() : mostWork;
  if (std::optional<int64_t> constant = Halide::Internal::as_const_int(work))
    return task / static_cast<int>(std::max<int64_t>(*constant, 1));
  return task / Halide::max(work, 1);
}

void KernelBuilder::parallel(Func func, const Var &loop) const {
  if (taskOperations() > 0)
    func.parallel(loop);
}

ElementType KernelBuilder::element(Value value) {
  return ElementType::get(getElementTypeOrSelf(value.getType()));
}

void KernelBuilder::declareSymbols() {
  for (StringRef name : kernelSymbols(kernel))
    symbols.insert({name, Halide::Param<int32_t>(name.str())});
}

void KernelBuilder::declareInputs() {
  for (BlockArgument argument : kernel.getBody().getArguments()) {
    std::string name = bufferName(argument);
    ElementType type = element(argument);
    dyn::LayoutAttr layout = collapse.layout(argument.getType());
    Dims shape = dims(argument);
    if (layout && layout.getKind() == dyn::LayoutKind::Panels) {
      PanelTensor panel = makePanels(*this, name, type, shape, layout);
      inputs.push_back(panel.memory);
      packed.insert({argument, panel});
      values[argument] = unpack(*this, panel);
      continue;
    }
    Halide::ImageParam memory(type.stored, static_cast<int>(shape.size()),
                              name);
    setShape(name, constrain(*this, memory.parameter(),
                             dyn::Layout(kernel.getContext(), shape, layout)));
    inputs.push_back(memory);
    values[argument] = make(name + "_load", type, shape, [&](const Index &i) {
      return type.load(memory(reversed(i)));
    });
  }
}

Tensor KernelBuilder::tensor(Value value) const {
  auto it = values.find(value);
  if (it == values.end())
    throw KernelError("uses a value that is not in the kernel");
  return it->second;
}

Value KernelBuilder::operandValue(Operation *op, unsigned position) {
  auto segments = op->getAttrOfType<DenseI32ArrayAttr>("operandSegmentSizes");
  if (!segments)
    return position < op->getNumOperands() ? op->getOperand(position) : Value();
  ArrayRef<int32_t> sizes = segments.asArrayRef();
  if (position >= sizes.size() || sizes[position] == 0)
    return {};
  unsigned start = 0;
  for (unsigned i = 0; i < position; ++i)
    start += sizes[i];
  return op->getOperand(start);
}

Tensor KernelBuilder::operand(Operation *op, unsigned position) const {
  Value value = operandValue(op, position);
  if (!value)
    throw KernelError("misses operand " + std::to_string(position));
  return tensor(value);
}

bool KernelBuilder::isInMemory(Operation *op, unsigned position) const {
  Value value = operandValue(op, position);
  return isa<BlockArgument>(value) && !packed.contains(value);
}

Tensor KernelBuilder::storedOperand(Operation *op, unsigned position) const {
  Tensor values = operand(op, position);
  ElementType stored{values.element.stored, values.element.stored};
  return make("stored", stored, values.dims, [&](const Index &index) {
    if (!isInMemory(op, position))
      return values.element.store(values(index));
    auto input = cast<BlockArgument>(operandValue(op, position));
    return Expr(inputs[input.getArgNumber()](reversed(index)));
  });
}

std::optional<Dims> KernelBuilder::steering(Operation *op,
                                            unsigned position) const {
  Value value = operandValue(op, position);
  if (!value)
    return std::nullopt;
  std::optional<Dims> elements = constantElements(value);
  if (!elements)
    throw KernelError("expects operand " + std::to_string(position) +
                      " to be symbolic, got data");
  return elements;
}

std::optional<PanelTensor> KernelBuilder::panels(Operation *op,
                                                 unsigned position) const {
  auto it = packed.find(operandValue(op, position));
  return it == packed.end() ? std::nullopt : std::optional(it->second);
}

bool KernelBuilder::isChannelsLast(Value value) const {
  dyn::LayoutAttr layout =
      isa<BlockArgument>(value) ? dyn::getLayout(value.getType()) : nullptr;
  return layout && layout.getKind() == dyn::LayoutKind::ChannelsLast;
}

Expr KernelBuilder::expr(dyn::ExprAttr expr) {
  return toHalide(expr, [&](StringRef name) -> Expr {
    if (name == threadsSymbol)
      return countThreads();
    auto it = symbols.find(name);
    if (it == symbols.end())
      throw KernelError("uses a symbol that is not in the kernel: " +
                        name.str());
    return it->second;
  });
}

Expr KernelBuilder::countThreads() {
  using namespace Halide::Internal;
  if (!threadCount.defined()) {
    Expr context = Variable::make(Halide::Handle(), "__user_context");
    Expr count =
        Call::make(Halide::Int(32), "dycc_rt_threads", {context}, Call::Extern);
    threadCount = hoist("threads", count);
  }
  return threadCount;
}

Expr KernelBuilder::product(ArrayRef<dyn::ExprAttr> dims) {
  Expr result = 1;
  for (dyn::ExprAttr dim : dims)
    result = result * expr(dim);
  return Halide::Internal::simplify(result);
}

Tensor KernelBuilder::make(StringRef name, ElementType element,
                           const Dims &dims,
                           function_ref<Expr(const Index &)> value) const {
  Tensor result{element, dims, Func(name.str())};
  Index index = axisVars(result.rank());
  std::vector<Var> arguments;
  for (int axis = result.rank() - 1; axis >= 0; --axis)
    arguments.push_back(axisVar(axis, result.rank()));
  result.func(arguments) = Halide::cast(element.computed, value(index));
  return result;
}

Tensor KernelBuilder::define(Operation *op,
                             function_ref<Expr(const Index &)> element,
                             unsigned number) {
  Value result = op->getResult(number);
  StringRef name = op->getName().getStringRef().split('.').second;
  Tensor made =
      make(name, KernelBuilder::element(result), dims(result), element);
  values[result] = made;
  return made;
}

void KernelBuilder::addRoot(Operation *op, ScheduleFunction schedule,
                            unsigned number, PlaceFunction place) {
  Value value = op->getResult(number);
  roots.push_back(
      {value, values[value], std::move(schedule), std::move(place)});
  pointwiseOf[value] = value;
}

void KernelBuilder::addShared(Operation *op, std::vector<std::string> parts,
                              ScheduleFunction schedule) {
  addRoot(op, std::move(schedule));
  roots.back().shared = std::move(parts);
}

void KernelBuilder::addInner(const Tensor &tensor, ScheduleFunction schedule) {
  roots.push_back({Value(), tensor, std::move(schedule), {}});
}

std::optional<Store> KernelBuilder::resultOf(Operation *op) {
  Value value = op->getResult(0);
  Operation *yield = kernel.getYield();
  if (!value.hasOneUse() || *value.user_begin() != yield)
    return std::nullopt;
  return resultStore(value.use_begin()->getOperandNumber(), {});
}

void KernelBuilder::addUpdate(Operation *op, UpdateFunction update) {
  Value value = op->getResult(0);
  if (value.hasOneUse() && *value.user_begin() == kernel.getYield()) {
    updates[value] = std::move(update);
    return;
  }
  Tensor before = tensor(value), after = before;
  Func memory(before.func.name() + "_updated");
  std::vector<Var> arguments = before.func.args();
  std::vector<Expr> index(arguments.begin(), arguments.end());
  memory(arguments) = before.element.store(before.func(index));
  update(memory);
  after.func = Func(memory.name() + "_load");
  after.func(arguments) = before.element.load(memory(index));
  values[value] = after;
  addInner({before.element, before.dims, memory},
           [this](const Store &store) { scheduleElements(*this, {}, store); });
}

void KernelBuilder::markPointwise(Operation *op) {
  Value result = op->getResult(0);
  for (Value operand : op->getOperands())
    if (Value root = pointwiseOf.lookup(operand);
        root && dims(operand) == dims(result)) {
      pointwiseOf[result] = root; // The last operand's: any is sound.
      placesOf[result] = placesOf.lookup(operand);
    }
}

void KernelBuilder::markMoved(Operation *op) {
  if (!foundChain || !fuse::movesRows(op))
    return;
  Value root = pointwiseOf.lookup(op->getOperand(0));
  if (!root || root.getDefiningOp() != foundChain->second)
    return;
  std::vector<int> before = placesOf.lookup(op->getOperand(0)), places;
  llvm::SmallVector<int64_t> perm = fuse::permutationOf(op);
  for (int axis = 0; axis < static_cast<int>(perm.size()); ++axis)
    places.push_back(static_cast<int>(
        llvm::find(perm, before.empty() ? axis : before[axis]) - perm.begin()));
  Value result = op->getResult(0);
  pointwiseOf[result] = root;
  placesOf[result] = places;
}

Expr KernelBuilder::hoist(const std::string &name, const Expr &value) {
  Halide::Param<int32_t> parameter(Halide::Internal::unique_name(name));
  parameter.set_range(1, std::numeric_limits<int32_t>::max());
  hoistedValues.emplace_back(parameter, value);
  return parameter;
}

std::vector<Expr> KernelBuilder::extentsOf(const Func &func) {
  if (auto shape = shapes.find(func.name()); shape != shapes.end())
    return shape->second.extents;
  std::vector<Expr> extents;
  for (dyn::ExprAttr dim : llvm::reverse(funcDims[func.name()]))
    extents.push_back(expr(dim));
  return extents;
}

std::optional<BufferPlace>
KernelBuilder::findBuffer(const std::string &name) const {
  auto alias = aliases.find(name);
  const std::string &parameter = alias == aliases.end() ? name : alias->second;
  auto it = shapes.find(parameter);
  if (it == shapes.end())
    return std::nullopt;
  return BufferPlace{parameter, it->second.strides};
}

Index KernelBuilder::broadcast(const Dims &from, const Dims &to,
                               const Index &index) {
  // A bound of Clip may have an axis, of one element, where the input has none.
  size_t offset = std::max(to.size(), from.size()) - from.size();
  size_t extra = from.size() + offset - to.size();
  Index result(extra, Expr(0));
  for (auto [number, dim] : llvm::enumerate(llvm::drop_begin(from, extra))) {
    size_t axis = number + offset;
    Expr whole = index[axis];
    if (dim == to[axis])
      result.push_back(whole);
    else if (dim.isConstant())
      result.push_back(dim.isConstant(1) ? Expr(0) : whole);
    else // It is 1 or the extent of the result: only execution knows.
      result.push_back(Halide::select(expr(dim) == 1, 0, whole));
  }
  return result;
}

void KernelBuilder::defineBody() {
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (isConstant(&op)) {
      values[op.getResult(0)] = makeConstant(*this, &op);
      continue;
    }
    Definition define = findDefinition(&op);
    if (!define)
      throw OperatorError(&op, "has no kernel");
    try {
      define(*this, &op);
    } catch (const HalideError &) {
      throw;
    } catch (const KernelError &error) {
      throw OperatorError(&op, error.what());
    }
    if (onnx::has(&op, onnx::Fact::Pointwise))
      markPointwise(&op);
    else
      markMoved(&op);
    for (Value result : op.getResults())
      if (std::function<void()> action = actions.lookup(result))
        action();
  }
}

Func KernelBuilder::defineResult(unsigned number) {
  Tensor value = tensor(kernel.getYield()->getOperand(number));
  Func result("out" + std::to_string(number));
  std::vector<Var> arguments = value.func.args();
  std::vector<Expr> index(arguments.begin(), arguments.end());
  result(arguments) = value.element.store(value.func(index));
  if (UpdateFunction update =
          updates.lookup(kernel.getYield()->getOperand(number)))
    update(result);
  dyn::Layout layout(kernel.getContext(), value.dims,
                     collapse.layout(kernel.getResultType(number)));
  setShape(result.name(),
           constrain(*this, result.output_buffer().parameter(), layout));
  return result;
}

Halide::Pipeline KernelBuilder::build() {
  defineBody();
  std::vector<Func> results;
  for (unsigned i = 0; i < kernel.getYield()->getNumOperands(); ++i)
    results.push_back(defineResult(i));
  if (isReference())
    scheduleReference(results);
  else
    scheduleAll(results);
  planner.finish();
  return Halide::Pipeline(results);
}

std::vector<Halide::Argument> KernelBuilder::arguments() const {
  std::vector<Halide::Argument> result(inputs.begin(), inputs.end());
  for (const auto &[name, param] : symbols)
    result.push_back(param);
  return result;
}

} // namespace dycc::halide
