// Images whose channels a Concat joins are computed among each other: each has
// the pitch of the whole, and nothing is copied. Done on groups: by now it is
// known what one kernel makes, and kernels, which have strides compiled in, are
// not made yet. (What lies one after the other is joined behind them,
// passes/plan/ElideCopies.cpp.)
#include "passes/fuse/Passes.h"

#include "dialects/dyn/Bounds.h"
#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"

#define DEBUG_TYPE "dycc-join-images"

using namespace mlir;
using dycc::remarks::Reason;

namespace dycc {
#define GEN_PASS_DEF_JOINIMAGESPASS
#include "passes/fuse/Passes.h.inc"
namespace {

class JoinImages final : public impl::JoinImagesPassBase<JoinImages> {
  void runOnOperation() override {
    dyn::ExecutionBounds bounds(getOperation());
    SmallVector<dyn::GroupOp> groups;
    getOperation().walk([&](dyn::GroupOp group) {
      if (joinsImages(group))
        groups.push_back(group);
    });
    for (dyn::GroupOp group : groups) {
      if (Reason why = whyCopied(group, bounds)) {
        remarks::missed(remarks::kCopy, group.getLoc(), DEBUG_TYPE)
            << "copies its operands: " << why;
        continue;
      }
      remarks::taken(remarks::kCopy, group.getLoc(), DEBUG_TYPE)
          << "is the memory in which its operands are computed";
      join(group);
    }
  }

  static bool joinsImages(dyn::GroupOp group) {
    auto concat = dyn_cast<onnx::ConcatOp>(group.getBody().front().front());
    return concat && concat.getAxis() == 1 &&
           dyn::layoutOfChannels(group.getResult(0).getType());
  }

  static Reason whyCopied(dyn::GroupOp group,
                          const dyn::ExecutionBounds &bounds) {
    Block &body = group.getBody().front();
    auto concat = cast<onnx::ConcatOp>(body.front());
    if (concat.getOperands() != ValueRange(body.getArguments()) ||
        body.getTerminator()->getOperands() != concat->getResults())
      return {"its kernel does more than to join its operands, each once"};
    Type whole = group.getResult(0).getType();
    if (dyn::JoinOp::of(group.getResult(0)))
      return {"its result is a part of other memory"};
    if (!bounds.boundBytes(whole))
      return {"nothing bounds the extents {0} of the result", whole};
    int64_t channels = 0;
    for (Value input : operandsOf(group)) {
      Type type =
          dyn::withLayout(input.getType(), dyn::layoutOfChannels(whole));
      if (!dyn::areChannels(type, channels, whole))
        return {"{0} would not lie in whole blocks of channels",
                input.getType()};
      channels += *dyn::getDims(type)[1].asConstant();
      if (Reason why = whyNotOwn(input, group))
        return why;
    }
    return {};
  }

  /// What is joined: an image for all the parts that it was split into.
  static SmallVector<Value> operandsOf(dyn::GroupOp group) {
    SmallVector<Value> inputs(group.getInputs()), operands;
    for (ArrayRef<Value> rest = inputs; !rest.empty();) {
      size_t parts = partsOfImage(rest);
      operands.push_back(parts == 0
                             ? rest.front()
                             : rest.front().getDefiningOp()->getOperand(0));
      rest = rest.drop_front(std::max<size_t>(parts, 1));
    }
    return operands;
  }

  /// How many of `values`, from the first on, are all channels of one image.
  static size_t partsOfImage(ArrayRef<Value> values) {
    Value image;
    int64_t channels = 0;
    for (auto [number, value] : llvm::enumerate(values)) {
      auto part = value.getDefiningOp<dyn::PartOp>();
      if (!part || !dyn::layoutOfChannels(part.getType()) ||
          !part.getFrom().isConstant(channels) ||
          (image && part.getInput() != image))
        return 0;
      image = part.getInput();
      channels += *dyn::getDims(part.getType())[1].asConstant();
      if (dyn::getDims(image.getType())[1].isConstant(channels))
        return number + 1;
    }
    return 0;
  }

  /// Why `input` is not what a kernel makes where `group` is, for no other
  /// place and for kernels alone.
  static Reason whyNotOwn(Value input, dyn::GroupOp group) {
    Operation *maker = input.getDefiningOp();
    if (!isa_and_nonnull<dyn::GroupOp>(maker))
      return {"an operand is not computed by a kernel"};
    if (maker->getBlock() != group->getBlock())
      return {"{0} is computed outside of the branch or loop", maker};
    if (llvm::count(operandsOf(group), input) != 1)
      return {"its kernel does more than to join its operands, each once"};
    if (!isForKernels(input))
      return {"{0} is needed in another place, too", maker};
    return {};
  }

  /// Whether kernels alone read `image`, or some of its channels.
  static bool isForKernels(Value image) {
    return llvm::all_of(image.getUsers(), [](Operation *user) {
      auto part = dyn_cast<dyn::PartOp>(user);
      return isa<dyn::GroupOp>(user) ||
             (part && dyn::getLayout(part.getType()).getPitch() > 0 &&
              isForKernels(part.getResult()));
    });
  }

  static void join(dyn::GroupOp group) {
    Value whole = group.getResult(0);
    dyn::LayoutAttr layout = dyn::layoutOfChannels(whole.getType());
    SmallVector<Value> operands = operandsOf(group);
    for (Value operand : operands)
      moveTo(operand, layout);
    OpBuilder builder(group);
    auto join =
        dyn::JoinOp::create(builder, group.getLoc(), whole.getType(), operands);
    whole.replaceAllUsesWith(join.getResult());
    group.erase();
  }

  /// Gives `image` another layout, where it is made and where it is read.
  static void moveTo(Value image, dyn::LayoutAttr layout) {
    image.setType(dyn::withLayout(image.getType(), layout));
    for (OpOperand &use : image.getUses())
      if (auto reader = dyn_cast<dyn::GroupOp>(use.getOwner()))
        reader.getBody()
            .getArgument(use.getOperandNumber())
            .setType(image.getType());
      else
        moveTo(cast<dyn::PartOp>(use.getOwner()).getResult(), layout);
  }
};

} // namespace
} // namespace dycc
