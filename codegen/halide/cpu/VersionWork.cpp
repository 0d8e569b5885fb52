#include "codegen/halide/cpu/VersionWork.h"

#include "codegen/halide/Operands.h"
#include "codegen/halide/SymbolicExpr.h"
#include "dialects/onnx/OnnxFacts.h"
#include "passes/version/Work.h"

#include "mlir/IR/TypeUtilities.h"

using dycc::codegen::LaunchWork;
using dycc::dyn::ExprAttr;

namespace dycc::halide {
namespace {

class VersionWork {
public:
  VersionWork(dyn::KernelOp kernel, dyn::VersionAttr version,
              const codegen::TargetInfo &target)
      : kernel(kernel), plan(version.getPlan()), target(target),
        products(rootsOf(kernel, onnx::Root::Product)) {}

  LaunchWork run(llvm::ArrayRef<Problem> problems, unsigned threads) {
    for (auto [problem, step] : llvm::zip_equal(problems, plan.getSteps()))
      addStep(problem, step);
    addElements();
    addBytes();
    addAliases();
    work.add("launch", ExprAttr::constant(kernel.getContext(), 1));
    work.kind = kind();
    ExprAttr count = ExprAttr::constant(kernel.getContext(), threads);
    for (LaunchWork::Amount &amount : work.amounts)
      amount.count = amount.count.substitute([&](llvm::StringRef name) {
        return name == threadsSymbol ? count : ExprAttr();
      });
    return work;
  }

private:
  void addStep(const Problem &problem, mlir::Attribute step) {
    if (const auto *conv = std::get_if<ConvolutionProblem>(&problem)) {
      addConvolution(*conv, step);
    } else if (const auto *window = std::get_if<WindowProblem>(&problem)) {
      addWindow(*window, step, resultDims());
    } else if (const auto *matrices = std::get_if<ProductProblem>(&problem)) {
      note(matrices->element.isFloat() ? "product" : "integer_product", 1);
      addWork(*matrices, mlir::cast<dyn::ProductPlanAttr>(step),
              batches(*matrices), plan.getVector(), target, work);
    } else {
      auto loops = mlir::cast<dyn::LoopsPlanAttr>(step);
      note(("loops_" + dyn::stringifyLoopsForm(loops.getForm())).str(), 3);
    }
  }

  void addConvolution(const ConvolutionProblem &problem, mlir::Attribute step) {
    std::string element = problem.element.isFloat() ? "" : "integer_";
    if (auto direct = mlir::dyn_cast<dyn::ConvolutionPlanAttr>(step)) {
      note((element + "convolution_" +
            dyn::stringifyConvolutionLoops(direct.getLoops()))
               .str(),
           1);
      addWork(problem, direct, plan.getVector(), target, work);
    } else if (auto winograd = mlir::dyn_cast<dyn::WinogradPlanAttr>(step)) {
      note("winograd", 1);
      addWork(problem, winograd, plan.getVector(), target, work);
    } else {
      addWindow(*problem.windows(), step, problem.output);
    }
  }

  void addWindow(const WindowProblem &problem, mlir::Attribute step,
                 const Dims &output) {
    auto depthwise = mlir::dyn_cast<dyn::DepthwisePlanAttr>(step);
    auto rows = mlir::dyn_cast<dyn::WindowPlanAttr>(step);
    note(depthwise ? "depthwise" : rows ? "window" : "loops_window", 2);
    if (output.size() < 3)
      return;
    if (depthwise)
      addWork(problem, depthwise, output, plan.getVector(), work);
    if (rows)
      addWork(problem, rows, output, plan.getVector(), work);
  }

  /// Products of matrices like this one that the operator is made of.
  ExprAttr batches(const ProductProblem &problem) {
    ExprAttr one = ExprAttr::mul(problem.rows, problem.columns);
    if (nextProduct == products.size())
      return ExprAttr::constant(kernel.getContext(), 1);
    mlir::Type result = products[nextProduct++]->getResult(0).getType();
    return ExprAttr::ceilDiv(
        dyn::getNumElements(result),
        ExprAttr::max(one, ExprAttr::constant(kernel.getContext(), 1)));
  }

  Dims resultDims() {
    llvm::ArrayRef<ExprAttr> dims = dyn::getDims(kernel.getResultType(0));
    return {dims.begin(), dims.end()};
  }

  /// What is no root, element by element.
  void addElements() {
    for (mlir::Operation &op : kernel.getBody().front().without_terminator()) {
      onnx::Root root = onnx::rootOf(&op);
      if (mlir::isa<dyn::SymbolicOp>(op) ||
          op.hasTrait<mlir::OpTrait::ConstantLike>() ||
          root == onnx::Root::Convolution || root == onnx::Root::Product)
        continue;
      bool isReduced = root == onnx::Root::Reduction;
      mlir::Value value = isReduced ? op.getOperand(0) : op.getResult(0);
      work.add(isReduced                                ? "reduced"
               : !onnx::has(&op, onnx::Fact::Pointwise) ? "moved"
               : onnx::has(&op, onnx::Fact::Cheap)      ? "cheap"
                                                        : "dear",
               dyn::getNumElements(value.getType()));
    }
    Dims dims = resultDims();
    if (!dims.empty())
      dims.pop_back();
    ExprAttr rows = ExprAttr::constant(kernel.getContext(), 1);
    for (ExprAttr dim : dims)
      rows = ExprAttr::mul(rows, dim);
    if (rank == kLoops)
      work.add("rows", rows);
  }

  /// What all of it is, and what of it no cache holds: how far a cache that
  /// cores share reaches is not known, so that it is one of two distances.
  void addBytes() {
    ExprAttr bytes = version::bytesOf(kernel);
    ExprAttr zero = ExprAttr::constant(kernel.getContext(), 0);
    constexpr int64_t kFar = 16;
    auto near = static_cast<int64_t>(target.l2Bytes);
    work.add("bytes", bytes);
    for (mlir::Type type : kernel.getBody().getArgumentTypes())
      if (dyn::LayoutAttr layout = dyn::getLayout(type);
          layout && layout.getKind() == dyn::LayoutKind::Panels)
        work.add("weights", dyn::getSizeInBytes(type));
    work.add("bytes_beyond_l2", ExprAttr::max(bytes.plus(-near), zero));
    work.add("bytes_far_beyond_l2",
             ExprAttr::max(bytes.plus(-kFar * near), zero));
  }

  /// Elements that neighbouring channels of an image in row-major order have in
  /// the same sets of a cache: their distance is a multiple of what one way of
  /// it holds, or of half of that. It matters where channels lie together on
  /// the other side.
  void addAliases() {
    llvm::SmallVector<mlir::Type> types(kernel.getBody().getArgumentTypes());
    llvm::append_range(types, kernel.getResultTypes());
    auto isBlocked = [](mlir::Type type) {
      dyn::LayoutAttr layout = dyn::getLayout(type);
      return layout && layout.getKind() == dyn::LayoutKind::ChannelsLast;
    };
    if (llvm::none_of(types, isBlocked))
      return;
    constexpr int64_t kWay = 4096;
    ExprAttr zero = ExprAttr::constant(kernel.getContext(), 0);
    for (mlir::Type type : types) {
      llvm::ArrayRef<ExprAttr> dims = dyn::getDims(type);
      if (dims.size() < 3 || dyn::getLayout(type))
        continue;
      ExprAttr distance = ExprAttr::constant(
          kernel.getContext(),
          dyn::getElementBytes(mlir::getElementTypeOrSelf(type)));
      for (ExprAttr dim : dims.drop_front(2))
        distance = ExprAttr::mul(distance, dim);
      for (auto [name, way] :
           {std::pair("aliased", kWay), std::pair("half_aliased", kWay / 2)}) {
        ExprAttr rest = ExprAttr::get(
            dyn::ExprKind::Mod,
            {distance, ExprAttr::constant(kernel.getContext(), way)});
        work.add(name,
                 ExprAttr::mul(ExprAttr::get(dyn::ExprKind::Eq, {rest, zero}),
                               dyn::getNumElements(type)));
      }
    }
  }

  /// A step of this kind, of which the least `order` names the kernel.
  void note(const std::string &name, int order) {
    count = order < rank ? 1 : count + (order == rank);
    if (order < rank)
      heaviest = name;
    rank = std::min(rank, order);
  }

  std::string kind() const {
    bool isChain = rank == 1 && count > 1;
    return heaviest.empty() ? "loops" : (isChain ? "chained_" : "") + heaviest;
  }

  static constexpr int kLoops = 3;

  dyn::KernelOp kernel;
  dyn::KernelPlanAttr plan;
  const codegen::TargetInfo &target;
  llvm::SmallVector<mlir::Operation *> products;
  size_t nextProduct = 0;
  LaunchWork work;
  std::string heaviest;
  int rank = kLoops + 1; ///< Of `heaviest`.
  int count = 0;         ///< Steps of that rank.
};

} // namespace

LaunchWork workOf(dyn::KernelOp kernel, dyn::VersionAttr version,
                  llvm::ArrayRef<Problem> problems,
                  const codegen::TargetInfo &target, unsigned threads) {
  return VersionWork(kernel, version, target).run(problems, threads);
}

} // namespace dycc::halide
