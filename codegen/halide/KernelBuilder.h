#ifndef DYCC_CODEGEN_HALIDE_KERNELBUILDER_H
#define DYCC_CODEGEN_HALIDE_KERNELBUILDER_H

#include "codegen/halide/Collapse.h"
#include "codegen/halide/KernelError.h"
#include "codegen/halide/Planner.h"
#include "codegen/halide/Tensor.h"
#include "codegen/halide/lowering/Prefetch.h"
#include "codegen/halide/roots/GroupShape.h"
#include "passes/fuse/RootChain.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace dycc::halide {

/// The loops that write a tensor: a result of the kernel, or an intermediate
/// that needs memory of its own. What a schedule is applied to.
struct Store {
  Halide::Func func; ///< One pure definition; dim 0 is the last axis.
  Dims dims;
  unsigned elementBytes; ///< The widest type of the kernel: sets the lanes.
  bool channelsLast;     ///< Axis 1 is innermost in memory.
  /// The axis of `func` that each axis of `dims` is; empty: the same.
  std::vector<int> places = {};

  int rank() const { return static_cast<int>(dims.size()); }
  /// The variable of a logical axis.
  Halide::Var axis(int a) const {
    return axisVar(places.empty() ? a : places[a], rank());
  }
  /// Logical axes, innermost in memory first.
  std::vector<int> memoryOrder() const;
};

/// Schedules the stages of a root inside the loops of `store`.
using ScheduleFunction = std::function<void(const Store &)>;

/// Places the stages of a root whose result is computed row by row, at a loop
/// over rows; what they keep is allocated at another one around it.
using PlaceFunction = std::function<void(const Halide::LoopLevel &row,
                                         const Halide::LoopLevel &task)>;

/// What has been defined of a chain of two roots.
class ChainBuilder {
public:
  virtual ~ChainBuilder() = default;
};

/// An operator with a reduction. Its result is inlined into the loops of the
/// kernel's result where those visit the same indices, else it gets memory.
struct Root {
  mlir::Value value;
  Tensor result;
  ScheduleFunction schedule;
  PlaceFunction place; ///< Of those that a chain may have inside.
  /// What the threads of a device's groups have of it; none: no group.
  std::vector<std::string> shared = {};
};

/// A packed weight; its memory has the dims of its layout. What lies in groups
/// is read as integers that hold one each.
struct PanelTensor {
  Halide::ImageParam memory;
  dyn::LayoutAttr layout;
  ElementType element;
  Dims dims;

  int64_t width() const { return layout.getWidth(); }
  bool isGrouped() const { return layout.getGroup() > 0; }
};

/// Values that a kernel computes once, and what stands for them in its
/// pipeline.
using Hoisted = std::vector<std::pair<Halide::Param<int32_t>, Halide::Expr>>;

/// A buffer by Halide's dims; strides in elements. Each dim starts at 0.
struct BufferShape {
  std::vector<Halide::Expr> strides, extents;
};

/// What a definition works with: the values of one kernel as Funcs, and the
/// kernel's symbols.
class KernelBuilder {
public:
  /// The loops run as `planner` says.
  KernelBuilder(dyn::KernelOp kernel, Planner &planner);

  /// How the next step, a root or loops that are no root's, shall run.
  mlir::Attribute plan(const Problem &problem) { return planner.next(problem); }
  template <typename PlanAttr>
  PlanAttr plan(const Problem &problem) {
    return mlir::cast_or_null<PlanAttr>(plan(problem));
  }
  /// Whether there are no plans: definitions are plain sums, loops Halide's
  /// own.
  bool isReference() const { return planner.isReference(); }
  /// Lets groups of about so many threads of a device share reductions.
  void shareReductions(int threads) { threadsOfGroup = threads; }
  /// 0: they are not shared.
  int groupThreads() const { return threadsOfGroup; }
  /// As the free function, in this kernel.
  GroupShape chooseGroup(const Dims &dims, llvm::ArrayRef<unsigned> order,
                         const std::vector<bool> &reduced) const {
    return halide::chooseGroup(threadsOfGroup, kernel, dims, order, reduced);
  }
  /// Elements of `bytes` in a vector.
  int lanes(unsigned bytes) const {
    return static_cast<int>(planner.vectorBytes() / bytes);
  }
  /// Operations that are worth handing to another thread; 0: none are.
  int taskOperations() const {
    return static_cast<int>(planner.taskOperations());
  }
  /// Iterations of `work` operations each that are worth a task.
  Halide::Expr perTask(const Halide::Expr &work) const;
  /// Spreads a loop over threads where a kernel does so.
  void parallel(Halide::Func func, const Halide::Var &loop) const;

  /// The symbolic shape that `value` has in this kernel.
  Dims dims(mlir::Value value) const { return collapse.dims(value); }
  static ElementType element(mlir::Value value);
  /// The name of the buffer of an input of the kernel.
  static std::string bufferName(mlir::Value input) {
    auto argument = mlir::cast<mlir::BlockArgument>(input);
    return "in" + std::to_string(argument.getArgNumber());
  }
  /// The value, which a block argument or an earlier operator defined.
  Tensor tensor(mlir::Value value) const;

  /// Operand by its position in ONNX; null where absent.
  static mlir::Value operandValue(mlir::Operation *op, unsigned position);
  static bool hasOperand(mlir::Operation *op, unsigned position) {
    return static_cast<bool>(operandValue(op, position));
  }
  Tensor operand(mlir::Operation *op, unsigned position) const;
  /// The same with elements as memory has them: read where they lie, or rounded
  /// to those.
  Tensor storedOperand(mlir::Operation *op, unsigned position) const;
  /// Whether an operand lies in memory, so that to read it is no work.
  bool isInMemory(mlir::Operation *op, unsigned position) const;
  /// Elements of an operand that steers the shape; none where it is absent.
  /// Throws where it is data.
  std::optional<Dims> steering(mlir::Operation *op, unsigned position) const;
  /// The packed form of an operand, where it has layout panels.
  std::optional<PanelTensor> panels(mlir::Operation *op,
                                    unsigned position) const;
  /// True where `value` is an input with channels innermost.
  bool isChannelsLast(mlir::Value value) const;

  /// A symbolic integer as int32, or a symbolic f32; of
  /// threadsSymbol, too.
  Halide::Expr expr(dyn::ExprAttr expr);
  /// Product of the extents, as int32.
  Halide::Expr product(llvm::ArrayRef<dyn::ExprAttr> dims);

  /// Defines result `number` of `op` by its elements.
  Tensor define(mlir::Operation *op,
                llvm::function_ref<Halide::Expr(const Index &)> element,
                unsigned number = 0);
  /// Makes an unnamed tensor of these dims.
  Tensor make(llvm::StringRef name, ElementType element, const Dims &dims,
              llvm::function_ref<Halide::Expr(const Index &)> value) const;
  void setTensor(mlir::Value value, const Tensor &tensor) {
    values[value] = tensor;
  }
  /// Declares result `number` of `op`, defined already, to be a root.
  void addRoot(mlir::Operation *op, ScheduleFunction schedule,
               unsigned number = 0, PlaceFunction place = {});
  /// Declares result 0 of `op`, defined already, to be a root that groups of a
  /// device's threads share: `schedule` gives it its launch, in which each
  /// thread has the Funcs `parts`.
  void addShared(mlir::Operation *op, std::vector<std::string> parts,
                 ScheduleFunction schedule);
  /// Whether a Func is what the launch of a shared root stores or sums up.
  bool isInShared(const std::string &func) const {
    return sharedFuncs.contains(func);
  }
  /// Gives memory to a tensor inside a definition and schedules its loops.
  void addInner(const Tensor &tensor, ScheduleFunction schedule);
  /// Completes result 0 of `op`, defined already, by writing to some of its
  /// elements: `update` adds definitions, with their schedule, to a Func of
  /// stored elements. It is the kernel's result itself where that is possible.
  using UpdateFunction = std::function<void(Halide::Func)>;
  void addUpdate(mlir::Operation *op, UpdateFunction update);
  /// Calls `action` once `value` is defined, before what reads it is.
  void whenDefined(mlir::Value value, std::function<void()> action) {
    actions[value] = std::move(action);
  }
  /// The two roots that the kernel computes row by row; null where it has none.
  const fuse::RootChain *chain() const {
    return foundChain ? &*foundChain : nullptr;
  }
  /// What the first root of the chain has left for the second one.
  ChainBuilder &firstOfChain() const { return *chainBuilder; }
  void setFirstOfChain(std::shared_ptr<ChainBuilder> first) {
    chainBuilder = std::move(first);
  }
  /// Places the roots between the two.
  void placeInner(const Halide::LoopLevel &row, const Halide::LoopLevel &task);

  /// The store of the kernel's result, without its Func, where that is result 0
  /// of `op` and nothing else is.
  std::optional<Store> resultOf(mlir::Operation *op);

  /// Says that result 0 of `op` visits the same indices as its operands of
  /// equal shape.
  void markPointwise(mlir::Operation *op);

  /// Defines the body, its results and their schedules.
  Halide::Pipeline build();
  /// Inputs and symbols in the order of the kernel's parameters.
  std::vector<Halide::Argument> arguments() const;

  /// All buffers by name: the layouts fix their shapes, so a kernel reads
  /// nothing of a buffer but its pointer.
  const std::map<std::string, BufferShape> &bufferShapes() const {
    return shapes;
  }
  void setShape(const std::string &name, BufferShape shape) {
    shapes[name] = std::move(shape);
  }
  /// Says what the axes of a Func are that is no buffer, as those of its
  /// tensor.
  void setExtents(const Halide::Func &func, const Dims &dims) {
    funcDims[func.name()] = dims;
  }
  /// The extents of a buffer's Func, or of one that setExtents knows; none of
  /// others.
  std::vector<Halide::Expr> extentsOf(const Halide::Func &func);
  /// `value`, a function of the kernel's symbols that is at least 1, under a
  /// name: computed once, and an extent that bounds inference takes as it is.
  /// (It loses the sign of what it sees through.)
  Halide::Expr hoist(const std::string &name, const Halide::Expr &value);
  const Hoisted &hoisted() const { return hoistedValues; }

  /// Says what memory of a Func takes at most, where the extents of its axes do
  /// not show it.
  void limitScratch(const Halide::Func &func, int64_t bytes) {
    scratchLimits[func.name()] = bytes;
  }
  const std::map<std::string, int64_t> &getScratchLimits() const {
    return scratchLimits;
  }

  /// Lets definitions speak of the buffer that a schedule will store to.
  void setAlias(const std::string &alias, const std::string &buffer) {
    aliases[alias] = buffer;
  }
  /// A buffer by its name or its alias.
  std::optional<BufferPlace> findBuffer(const std::string &name) const;

  /// `index` of a tensor of shape `to`, for reading `from` with broadcasting.
  Index broadcast(const Dims &from, const Dims &to, const Index &index);

private:
  void declareSymbols();
  Halide::Expr countThreads();
  void declareInputs();
  void defineBody();
  Halide::Func defineResult(unsigned number);
  void scheduleAll(llvm::ArrayRef<Halide::Func> results);
  void schedulePrimary(const Root &root, Store store);
  void scheduleReference(llvm::ArrayRef<Halide::Func> results);
  void scheduleShared(llvm::ArrayRef<Halide::Func> results);
  Store resultStore(unsigned number, Halide::Func func);
  void findChain();
  /// Says that `op`, a transposition, has the axes of its operand's root in
  /// other places, where loops of rows can store so.
  void markMoved(mlir::Operation *op);
  /// Whether the loops of the chain take in the root.
  bool isInner(const Root &root) const;
  /// The root that the loops of the single result can take in.
  Root *primaryRoot();
  unsigned widestElement() const;

  dyn::KernelOp kernel;
  Planner &planner;
  Collapse collapse;
  llvm::MapVector<llvm::StringRef, Halide::Param<int32_t>> symbols;
  std::vector<Halide::ImageParam> inputs;
  llvm::DenseMap<mlir::Value, Tensor> values;
  llvm::DenseMap<mlir::Value, PanelTensor> packed;
  /// The root whose indices a value shares, and in which places it has the
  /// axes of that root, where these are others.
  llvm::DenseMap<mlir::Value, mlir::Value> pointwiseOf;
  llvm::DenseMap<mlir::Value, std::vector<int>> placesOf;
  std::vector<Root> roots;
  std::map<std::string, BufferShape> shapes;
  std::map<std::string, Dims> funcDims;
  std::map<std::string, std::string> aliases;
  Hoisted hoistedValues;
  int threadsOfGroup = 0;
  std::set<std::string> sharedFuncs;
  Halide::Expr threadCount; ///< Undefined: nothing depends on it.
  std::map<std::string, int64_t> scratchLimits;
  /// Updates of values that are results of the kernel and nothing else.
  llvm::DenseMap<mlir::Value, UpdateFunction> updates;
  llvm::DenseMap<mlir::Value, std::function<void()>> actions;
  std::optional<fuse::RootChain> foundChain;
  std::shared_ptr<ChainBuilder> chainBuilder;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_KERNELBUILDER_H
