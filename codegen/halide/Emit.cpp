#include "codegen/halide/Emit.h"

#include "codegen/halide/Float.h"
#include "codegen/halide/HalideTarget.h"
#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/Reporter.h"
#include "codegen/halide/SymbolicExpr.h"
#include "codegen/halide/lowering/Alternatives.h"
#include "codegen/halide/lowering/DotProducts.h"
#include "codegen/halide/lowering/InfinityTests.h"
#include "codegen/halide/lowering/Instructions.h"
#include "codegen/halide/lowering/LaneReads.h"
#include "codegen/halide/lowering/MatrixProducts.h"
#include "codegen/halide/lowering/Opaque.h"
#include "codegen/halide/lowering/Pairs.h"
#include "codegen/halide/lowering/Prefetch.h"
#include "codegen/halide/lowering/Shapes.h"
#include "codegen/halide/lowering/StackStores.h"
#include "codegen/halide/lowering/Transposes.h"
#include "dialects/dyn/Layout.h"
#include "dialects/dyn/Values.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "runtime/abi/Memory.h"
#include "llvm/TargetParser/Triple.h"

#include <map>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Adds up what a kernel asks of the scratch allocator.
class ScratchReader final : public IRMutator {
public:
  ScratchReader(mlir::MLIRContext *context,
                const std::map<std::string, int64_t> &limits)
      : context(context), limits(limits),
        total(dyn::ExprAttr::constant(context, 0)) {}

  dyn::ExprAttr bytes() const { return total; }

private:
  using IRMutator::visit;

  Stmt visit(const LetStmt *op) override {
    lets[op->name] = substitute(lets, op->value);
    return IRMutator::visit(op);
  }

  Stmt visit(const Allocate *op) override {
    Expr size = op->type.bytes();
    for (const Expr &extent : op->extents)
      size = size * extent;
    // Elements behind the last that vectors reach beyond it.
    size = size + op->padding * op->type.bytes();
    size = simplify(substitute(lets, size));
    // Small constants are on the stack, which Halide decides in this way too.
    std::optional<int64_t> constant = as_const_int(size);
    bool stack = constant && can_allocation_fit_on_stack(*constant);
    if (!stack && !op->new_expr.defined())
      add(op->name, size);
    return IRMutator::visit(op);
  }

  void add(const std::string &name, const Expr &size) {
    dyn::ExprAttr bytes;
    if (auto limit = limits.find(name); limit != limits.end())
      bytes = dyn::ExprAttr::constant(context, limit->second);
    else
      bytes = fromHalide(size, context);
    // It changes from one iteration to the next: its bound counts.
    if (!bytes)
      bytes = fromHalide(find_constant_bound(size, Direction::Upper), context);
    if (!bytes) {
      std::ostringstream text;
      text << "expects scratch '" << name
           << "' to be a function of the shape, got " << size;
      throw KernelError(text.str());
    }
    // The allocator hands out whole lines; Halide may read one line beyond.
    auto line = dyn::ExprAttr::constant(context, scratchLine);
    auto rounded =
        dyn::ExprAttr::mul(dyn::ExprAttr::ceilDiv(bytes, line).plus(1), line);
    total = dyn::ExprAttr::add(total, rounded);
  }

  static constexpr int64_t scratchLine = DYCC_SCRATCH_ALIGNMENT;
  mlir::MLIRContext *context;
  const std::map<std::string, int64_t> &limits;
  dyn::ExprAttr total;
  std::map<std::string, Expr> lets;
};

/// Whether the kernel reads weights in groups, for dot products, or has sums of
/// integers under filters for a channel each, which such processors have
/// instructions for, too.
bool hasDotProducts(dyn::KernelOp kernel) {
  auto isIntegers = [](mlir::Operation &op) {
    return mlir::isa<onnx::ConvIntegerOp>(op);
  };
  if (llvm::any_of(kernel.getBody().front(), isIntegers))
    return true;
  return llvm::any_of(kernel.getBody().getArgumentTypes(), [](mlir::Type type) {
    dyn::LayoutAttr layout = dyn::getLayout(type);
    return layout && layout.getGroup() > 0 && !dyn::sharesBytes(type);
  });
}

/// Whether the machine rounds a product and a sum once.
bool fusesProducts(const codegen::TargetInfo &target) {
  return llvm::Triple(target.triple).isAArch64() || target.hasFeature("fma");
}

/// Whether a product of vectors may have one lane of a vector for all lanes of
/// an operand.
bool multipliesByLane(const codegen::TargetInfo &target) {
  return llvm::Triple(target.triple).isAArch64();
}

bool hasHalves(dyn::KernelOp kernel) {
  auto isHalf = [](mlir::Value value) {
    return mlir::getElementTypeOrSelf(value.getType()).isF16();
  };
  return llvm::any_of(kernel.getBody().front(), [&](mlir::Operation &op) {
    return dyn::isMadeOfAny(&op, isHalf);
  });
}

/// Whether only Halide believes that the machine cannot convert f16: it writes
/// integer operations in the place of an instruction that all AArch64 have.
bool lendsHalves(dyn::KernelOp kernel, const codegen::TargetInfo &target) {
  return llvm::Triple(target.triple).isAArch64() &&
         !target.hasFeature("fullfp16") && hasHalves(kernel);
}

/// What was hoisted came as arguments through the lowering; the kernel itself,
/// among the functions of its tasks, computes it first of all.
void computeHoisted(Halide::Module &module, llvm::StringRef kernel,
                    const Hoisted &values) {
  for (LoweredFunc &function : module.functions()) {
    if (function.name != kernel)
      continue;
    for (const auto &[parameter, value] : llvm::reverse(values)) {
      const std::string &name = parameter.name();
      auto isIt = [&](const LoweredArgument &argument) {
        return argument.name == name;
      };
      llvm::erase_if(function.args, isIt);
      function.body =
          LetStmt::make(name, common_subexpression_elimination(simplify(value)),
                        function.body);
    }
  }
}

} // namespace

dyn::ExprAttr emitKernel(dyn::KernelOp kernel, Planner &planner,
                         llvm::StringRef name,
                         const codegen::TargetInfo &target,
                         const std::string &path) {
  Reporter reporter;
  KernelBuilder builder(kernel, planner);
  Halide::Pipeline pipeline = builder.build();
  ScratchReader scratch(kernel.getContext(), builder.getScratchLimits());
  // Before the sizes of scratch are read: a condition of a tile may be in one.
  addAlternatives(pipeline);
  addOpaques(pipeline);
  addShapes(pipeline, builder.bufferShapes());
  pipeline.add_custom_lowering_pass(&scratch, nullptr);
  addFloatWriter(pipeline, fusesProducts(target));
  addInfinityTests(pipeline);
  addPrefetches(pipeline, [&](const std::string &buffer) {
    return builder.findBuffer(buffer);
  });
  addStackStores(pipeline);
  addTransposes(pipeline);
  // Before dot products: what these do to their left side is done to vectors.
  if (multipliesByLane(target))
    addLaneReads(pipeline, LaneUse::Vectors);
  HalideTarget machine = halideTarget(target, hasDotProducts(kernel));
  LlvmWork work{.lendsHalves = lendsHalves(kernel, target)};
  if (work.lendsHalves)
    machine.target.set_feature(Halide::Target::ARMFp16);
  if (machine.dotProducts && target.hasFeature("i8mm"))
    addMatrixProducts(pipeline, work.hasInstructions);
  if (machine.dotProducts) {
    addPairs(pipeline);
    addDotProducts(pipeline, *machine.dotProducts, machine.hasBf16Products);
  }
  std::vector<Halide::Argument> arguments = builder.arguments();
  for (const auto &[parameter, value] : builder.hoisted())
    arguments.push_back(parameter);
  Halide::Module module = pipeline.compile_to_module(
      arguments, name.str(), machine.target, Halide::LinkageType::External);
  computeHoisted(module, name, builder.hoisted());
  writeKernel(module, work, path);
  return scratch.bytes();
}

} // namespace dycc::halide
