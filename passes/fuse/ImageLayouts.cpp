// What a value is depends on what came before it, and whether that pays on what
// reads it: images are found forwards, readers backwards. A branch or a loop
// gives no image where one of the values that it may give is none, unless that
// one costs nothing: a copy there would cost what the next kernel saves.
#include "passes/fuse/ImageLayouts.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

using namespace mlir;

namespace dycc::fuse {

bool isKernelOp(Operation *op) {
  return isa<onnx::OnnxDialect>(op->getDialect()) &&
         !isa<onnx::ConstantOp, onnx::YieldOp>(op);
}

/// Operators whose result is an image that convolutions like to read.
static bool makesImage(Operation *op) {
  onnx::Root root = onnx::rootOf(op);
  return root == onnx::Root::Convolution || root == onnx::Root::Pool ||
         root == onnx::Root::Resize;
}

/// Operators that keep the layout of their first image operand.
static bool keepsLayout(Operation *op) {
  if (onnx::has(op, onnx::Fact::Layout))
    return true;
  auto mapping = dyn_cast<onnx::MappingTypeOpInterface>(op);
  return mapping && mapping.getMappingType() == onnx::MappingType::OneToOne;
}

/// Operators that move channels of an image into its rows and columns, or back.
static bool movesChannels(Operation *op) {
  auto mapping = dyn_cast<onnx::MappingTypeOpInterface>(op);
  return mapping && mapping.getMappingType() == onnx::MappingType::Shuffle &&
         onnx::has(op, onnx::Fact::Layout);
}

/// Constants are laid out when the model is compiled; a kernel that repeats one
/// number writes it in any order.
static bool isFree(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<onnx::ConstantOp>(op))
    return true;
  return op && isKernelOp(op) && op->getNumResults() == 1 &&
         llvm::all_of(op->getOpOperands(), [](OpOperand &operand) {
           return isCompileTimeOperand(operand) ||
                  (operand.get().getDefiningOp<onnx::ConstantOp>() &&
                   cast<RankedTensorType>(operand.get().getType())
                           .getNumElements() == 1);
         });
}

static Reason whyNoImageType(Type type) {
  if (dyn::getDims(type).size() < 3)
    return {"{0} has no axis beside batch and channels", type};
  // The others of a block would be all but one of the elements.
  if (dyn::getDims(type)[1].isConstant(1))
    return {"{0} has one channel", type};
  return {};
}

/// Of what a branch or a loop may give.
static Reason isInRowMajorOrder(Value source) {
  if (Operation *op = source.getDefiningOp())
    return {"{0} gives it in row-major order", op};
  Operation *parent = source.getParentBlock()->getParentOp();
  if (isa<func::FuncOp>(parent))
    return {"an input of the model is in row-major order"};
  return {"{0} carries it in row-major order", parent};
}

ImageLayouts::ImageLayouts(func::FuncOp function, int64_t channelBlock)
    : channelBlock(channelBlock) {
  function.walk([&](Operation *op) {
    ops.push_back(op);
    noteJoined(op);
  });
  findImages();
  findReaders();
  for (JoinedValue &value : joined) {
    value.whyPlain = whyNoImage(value);
    if (!value.whyPlain && !value.isRead)
      value.whyPlain = {"no kernel reads it"};
  }
}

void ImageLayouts::noteJoined(Operation *op) {
  auto loop = dyn_cast<dyn::LoopOp>(op);
  if (!loop && !isa<dyn::IfOp>(op))
    return;
  unsigned count = loop ? loop.getInitial().size() : op->getNumResults();
  for (unsigned index = 0; index < count; ++index) {
    JoinedValue value{op, {}, {op->getResult(index)}};
    if (loop) {
      value.sources.push_back(&op->getOpOperand(index));
      value.names.push_back(loop.getBody().getArgument(index + 2));
    }
    for (Region &region : op->getRegions())
      value.sources.push_back(&region.front().getTerminator()->getOpOperand(
          index + (loop ? 1 : 0)));
    for (Value name : value.names)
      byName[name] = joined.size();
    for (OpOperand *source : value.sources)
      bySource[source] = joined.size();
    joined.push_back(std::move(value));
  }
}

/// What a loop gives back is known behind its body alone: a loop that begins
/// with an image is taken to carry one until it is found not to.
void ImageLayouts::findImages() {
  do {
    images.clear();
    bool grows = true;
    while (grows) {
      grows = false;
      for (Operation *op : ops)
        grows |= addImages(op);
    }
  } while (dropUnkept());
}

bool ImageLayouts::addImages(Operation *op) {
  bool grows = false;
  for (Value result : op->getResults()) {
    auto it = byName.find(result);
    if (it == byName.end()) {
      if (isKernelOp(op) && !whyNoImage(result))
        grows |= images.insert(result).second;
    } else if (!whyNoImage(joined[it->second])) {
      for (Value name : joined[it->second].names)
        grows |= images.insert(name).second;
    }
  }
  return grows;
}

bool ImageLayouts::dropUnkept() {
  bool drops = false;
  for (JoinedValue &value : joined) {
    bool isUnkept = images.contains(value.names.front()) &&
                    !canBeImage(value.sources.back()->get());
    value.isKept &= !isUnkept;
    drops |= isUnkept;
  }
  return drops;
}

void ImageLayouts::findReaders() {
  SmallVector<unsigned> work;
  for (auto [number, value] : llvm::enumerate(joined))
    if (llvm::any_of(value.names, [](Value name) {
          return llvm::any_of(name.getUsers(), isKernelOp);
        }))
      work.push_back(number);
  while (!work.empty()) {
    JoinedValue &value = joined[work.pop_back_val()];
    if (value.isRead || !images.contains(value.names.front()))
      continue;
    value.isRead = true;
    for (OpOperand *source : value.sources)
      if (auto it = byName.find(source->get()); it != byName.end())
        work.push_back(it->second);
  }
}

Reason ImageLayouts::whyNoImage(Value value) const {
  Operation *op = value.getDefiningOp();
  if (op->getNumResults() != 1 && !onnx::has(op, onnx::Fact::Layout))
    return {"it has more than one result"};
  if (Reason why = whyNoImageType(value.getType()))
    return why;
  return makesImage(op) ? whyNotMade(op) : whyNotKept(op);
}

/// Of an operator whose result convolutions like to read. Integers are images
/// behind the convolutions of them.
Reason ImageLayouts::whyNotMade(Operation *op) const {
  bool isMade = getElementTypeOrSelf(op->getResult(0).getType()).isFloat() ||
                onnx::rootOf(op) == onnx::Root::Convolution;
  if (!isMade && !readsImage(op))
    return {"its elements are no floats, and those that it reads lie in "
            "row-major order"};
  for (Operation *user : op->getUsers())
    if (movesChannels(user) && !isReadInBlocks(user))
      return {"{0} makes rows of its channels", user};
  return {};
}

/// Whether an operand with as many axes as the result is an image.
bool ImageLayouts::readsImage(Operation *op) const {
  size_t rank = dyn::getDims(op->getResult(0).getType()).size();
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    return images.contains(operand) &&
           dyn::getDims(operand.getType()).size() == rank;
  });
}

/// Of any other operator.
Reason ImageLayouts::whyNotKept(Operation *op) const {
  if (!keepsLayout(op))
    return {"{0} neither makes an image nor keeps the order of one", op};
  if (!readsImage(op))
    return {"no operand with as many axes has its channels innermost"};
  if (movesChannels(op) && !isReadInBlocks(op))
    return {"{0} fills no block of channels", op->getResult(0).getType()};
  return {};
}

/// Whether what moves channels makes an image that a kernel reads and whose
/// blocks are not padding for the most part. What it becomes in control flow
/// does not count: it is not known yet who reads that.
bool ImageLayouts::isReadInBlocks(Operation *op) const {
  Value image = op->getResult(0);
  ArrayRef<dyn::ExprAttr> dims = dyn::getDims(image.getType());
  return dims.size() > 2 &&
         dims[1].asConstant().value_or(channelBlock) >= channelBlock &&
         llvm::any_of(image.getUsers(), isKernelOp);
}

Reason ImageLayouts::whyNoImage(const JoinedValue &value) const {
  for (Value name : value.names)
    if (Reason why = whyNoImageType(name.getType()))
      return why;
  bool isLoop = isa<dyn::LoopOp>(value.op);
  for (OpOperand *source : ArrayRef(value.sources).drop_back(isLoop ? 1 : 0))
    if (!canBeImage(source->get()))
      return isInRowMajorOrder(source->get());
  if (!value.isKept)
    return isInRowMajorOrder(value.sources.back()->get());
  if (llvm::any_of(value.sources, [&](OpOperand *source) {
        return images.contains(source->get());
      }))
    return {};
  return {"nothing that it may be is an image"};
}

bool ImageLayouts::canBeImage(Value value) const {
  return images.contains(value) ||
         (isFree(value) && !whyNoImageType(value.getType()));
}

bool ImageLayouts::becomesImage(OpOperand &use) const {
  auto it = bySource.find(&use);
  return it != bySource.end() && !joined[it->second].whyPlain;
}

Reason ImageLayouts::whyPlain(Value value) const {
  if (auto it = byName.find(value); it != byName.end())
    return joined[it->second].whyPlain;
  bool becomes = llvm::any_of(
      value.getUses(), [&](OpOperand &use) { return becomesImage(use); });
  if (becomes && isFree(value))
    return {};
  if (Reason why = whyNoImage(value))
    return why;
  if (becomes || llvm::any_of(value.getUsers(), isKernelOp))
    return {};
  return {"no kernel reads it"};
}

bool ImageLayouts::takesImage(OpOperand &use) const {
  return isKernelOp(use.getOwner()) || becomesImage(use);
}

} // namespace dycc::fuse
