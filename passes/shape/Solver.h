#ifndef DYCC_PASSES_SHAPE_SOLVER_H
#define DYCC_PASSES_SHAPE_SOLVER_H

#include "dialects/dyn/DynOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"
#include <deque>
#include <memory>

namespace dycc::shape {

using dyn::ExprAttr;
using dyn::ExprKind;
using dyn::Interval;
using Exprs = llvm::SmallVector<ExprAttr, 4>;

/// Tensors with more elements than this have no symbolic elements.
constexpr int64_t kMaxElements = 64;
/// Extents are indexed by 32 bits in kernels and by int64_t on the host.
constexpr Interval kExtentRange{0, 2147483647};

/// Of a module in which propagation stops where ONNX's own shape inference does
/// (`dycc-limit-propagation`).
constexpr llvm::StringLiteral kLimitedPropagation = "dyn.limited_propagation";

/// Something that a node relies on and that an input can break.
struct Requirement {
  mlir::Operation *op;
  ExprAttr condition;
  std::string message; ///< With one `%d` for each of `values`.
  Exprs values;

  /// The condition and the values.
  Exprs allExprs() const {
    Exprs exprs(values);
    exprs.push_back(condition);
    return exprs;
  }
};

/// A symbol that the solver met or made.
struct SymbolInfo {
  std::string name;
  Interval range;
  int64_t multiple = 1;
  bool execution = false;
  bool isNew = false; ///< No `dyn.symbol` declares it yet.
  ExprAttr bound;     ///< At least its value, over input symbols, or null.
  mlir::Block *scope = nullptr; ///< Where an execution symbol is defined.
};

/// An element of a tensor that is read while the model runs.
struct Read {
  mlir::Value source;
  int64_t index;
  std::string symbol;
};

/// What a rank hangs on: the condition of an If, or whether an axis that is
/// squeezed where its extent is 1 goes.
using RankChoice = std::pair<mlir::Operation *, unsigned>;
using Choices = llvm::DenseMap<RankChoice, bool>;
struct Decision {
  ExprAttr predicate; ///< Holds where the choice is true.
  bool choice;
};

/// Finds the symbolic shape of every value of a function, and the elements of
/// small integer tensors. Operators add what they know by their
/// `ShapeTransferOpInterface`; sweeps over the function repeat until nothing
/// changes. The IR is only read.
class Solver {
public:
  explicit Solver(mlir::func::FuncOp function);
  /// A solver that tries whether some ranks can be: it reports nothing, and
  /// `choices` stand for the conditions.
  Solver(mlir::func::FuncOp function, Choices choices);

  /// Runs to the fixed point. Fails after a diagnostic for each bad node.
  mlir::LogicalResult solve();

  //===--- State
  //-----------------------------------------------------------===//

  /// The extents of `value`; null where the rank is unknown, and for the
  /// absent operand.
  const Exprs *dims(mlir::Value value) const;
  /// The elements of `value` in row-major order, each possibly Unknown; null
  /// where nothing is known.
  const Exprs *elements(mlir::Value value) const;
  /// What is known of `value` from now on.
  void setDims(mlir::Value value, llvm::ArrayRef<ExprAttr> dims);
  void setElements(mlir::Value value, llvm::ArrayRef<ExprAttr> elements);
  /// As setDims(), but only for what is unknown: for rules that run backward.
  /// What is known there was known without the facts that came after it.
  void fillDims(mlir::Value value, llvm::ArrayRef<ExprAttr> dims);
  /// From now on `argument` has no elements: they differ from one trip of a
  /// loop to the next. Says whether that is new.
  bool widenElements(mlir::Value argument);
  bool isWidened(mlir::Value argument) const {
    return widened.contains(argument);
  }

  //===--- Expressions
  //-----------------------------------------------------===//

  mlir::MLIRContext *getContext() const { return context; }
  ExprAttr constant(int64_t value) const;
  ExprAttr unknown() const;
  ExprAttr simplify(ExprAttr expr);
  /// The same, as a name where that is short and the expression is not: what
  /// is built from it stays short, too.
  ExprAttr shorten(ExprAttr expr);
  bool isEqual(ExprAttr a, ExprAttr b);
  bool isAtMost(ExprAttr a, ExprAttr b);
  bool isNotEqual(ExprAttr a, ExprAttr b);
  Interval range(ExprAttr expr);
  /// At least `expr`, over input symbols, or null.
  ExprAttr upperBound(ExprAttr expr);

  /// An f32 without what is behind the point. Where it is computed from
  /// integers that f32 holds up to a limit, `op` expects them to be below the
  /// limit, and the result is an integer expression.
  ExprAttr truncate(mlir::Operation *op, ExprAttr f32);

  //===--- Facts that nodes rely on
  //----------------------------------------===//

  /// Reports that `op` cannot be, once for each op.
  void fail(mlir::Operation *op, const llvm::Twine &message);
  /// From here on `condition` may be relied on. Fails where it is known to be
  /// false. `message` has a `%d` for each of `values`.
  void expect(mlir::Operation *op, ExprAttr condition,
              const llvm::Twine &message, llvm::ArrayRef<ExprAttr> values);
  /// From here on `a == b` may be relied on: it holds by what the operators
  /// mean, and needs no check.
  void assumeEqual(ExprAttr a, ExprAttr b);
  /// Expects `a == b` and gives the simpler one of them; `what` names the
  /// extents, e.g. "equal channels".
  ExprAttr unify(mlir::Operation *op, ExprAttr a, ExprAttr b,
                 const llvm::Twine &what);
  /// The extent of `a` and `b` broadcast together.
  ExprAttr broadcast(mlir::Operation *op, ExprAttr a, ExprAttr b);
  Exprs broadcast(mlir::Operation *op, llvm::ArrayRef<ExprAttr> a,
                  llvm::ArrayRef<ExprAttr> b);
  /// `extent`, expected not to be negative.
  ExprAttr extent(mlir::Operation *op, ExprAttr extent);

  //===--- Values that only execution knows
  //--------------------------------===//

  /// The elements of an operand that steers the shape of `op`. Those that are
  /// unknown become execution symbols, integers within `range`; an f32 is
  /// expected to be finite. Null where the number of elements is unknown, or
  /// they have another type.
  const Exprs *steering(mlir::Operation *op, mlir::Value value,
                        Interval range = {-2147483648, 2147483647});
  /// The execution symbol that stands for an extent of a result of `op`, which
  /// is in [0, `bound`]. The same one whenever it is asked for.
  ExprAttr defineDim(mlir::Value result, unsigned axis, ExprAttr bound,
                     mlir::Block *scope = nullptr);
  /// That symbol where defineDim() made it before, else null.
  ExprAttr definedDim(mlir::Value result, unsigned axis) const {
    return definedDims.lookup({result, int64_t(axis)});
  }
  /// Notes that `count` elements of `source` are not 0, or (`isInverted`) are;
  /// and that both counts together are all of them.
  void relateCounts(mlir::Value source, bool isInverted, ExprAttr count,
                    ExprAttr all);
  /// Whether all symbols of `expr` are defined where `block` is run.
  bool isVisible(ExprAttr expr, mlir::Block *block) const;

  //===--- Regions
  //---------------------------------------------------------===//

  /// Runs the rules of all ops in `block`. What they rely on is forgotten
  /// afterwards: the block may not be run.
  void solveBlock(mlir::Block &block);
  /// Solves the body of a loop anew: what an earlier round found may be wrong.
  void solveBody(mlir::Block &body);
  /// Solves without a diagnostic while it lives: what is known of a loop's
  /// body is not yet what holds for every trip.
  class Quiet {
  public:
    explicit Quiet(Solver &solver) : solver(solver), outer(solver.quiet) {
      solver.quiet = true;
    }
    ~Quiet() { solver.quiet = outer; }

  private:
    Solver &solver;
    bool outer;
  };
  bool isQuiet() const { return quiet; }

  //===--- Values with two ranks -----------------------------------------===//

  /// What is tried where `predicate`, which may be Unknown or null, says
  /// nothing else.
  std::optional<bool> choose(RankChoice place, ExprAttr predicate);
  /// What choose() has given.
  std::optional<Decision> decisionOf(RankChoice place) const;
  bool isDecidedBy(llvm::StringRef name, Interval within,
                   ExprAttr condition) const;
  /// "; '--dim H=1' or '--dim H=2..9' would decide it" where one input symbol
  /// that is 1, or is not, makes `condition` a constant; else nothing.
  /// `condition` may be null.
  std::string dimThatDecides(ExprAttr condition) const;
  /// Notes a value that has one rank or another by `predicate`, which is
  /// Unknown or null where only execution knows it. The error `message` unless
  /// this solver only tries.
  void addConflict(RankChoice place, ExprAttr predicate,
                   const llvm::Twine &message);
  /// The first such value and its predicate.
  const std::optional<std::pair<RankChoice, ExprAttr>> &getConflict() const {
    return conflict;
  }

  //===--- Results
  //---------------------------------------------------------===//

  llvm::ArrayRef<Requirement> getRequirements() const { return requirements; }
  const std::deque<SymbolInfo> &getSymbols() const { return symbols; }
  /// What a symbol is another name of, or null.
  ExprAttr definitionOf(llvm::StringRef name) const;
  llvm::ArrayRef<Read> getReads() const { return reads; }
  bool hasRead(mlir::Value source) const {
    return readSources.contains(source);
  }

private:
  struct State {
    std::optional<Exprs> dims, elements;
  };
  /// What may be relied on at a point of the function.
  struct Assumptions {
    dyn::SymbolFacts facts;
    llvm::SmallVector<std::pair<ExprAttr, ExprAttr>, 4> equal;
  };

  State &stateOf(mlir::Value value);
  /// The definition of a symbol of which all is known that follows from it, or
  /// null: definitionOf() without those of limitDim().
  ExprAttr knownDefinitionOf(llvm::StringRef name) const;
  /// Where propagation is limited: `extent` of axis `axis` of `value`, an
  /// expression, as a symbol of which nothing is known.
  ExprAttr limitDim(mlir::Value value, unsigned axis, ExprAttr extent);
  /// Where propagation is limited: `element` of `value` where it is a constant
  /// or read, else Unknown.
  ExprAttr limitElement(mlir::Value value, int64_t index, ExprAttr element);
  void declareSymbols();
  void seedReads();
  void seedArguments();
  void seedArgument(unsigned index);
  ExprAttr argumentDim(unsigned index, unsigned axis, mlir::Attribute name);
  SymbolInfo &declare(SymbolInfo info);
  /// The range of an execution symbol, which what is found later may change.
  void setRange(SymbolInfo &info, Interval range);
  void define(llvm::StringRef name, ExprAttr definition);
  /// Finds values of all names anew: they hold where the ranges of what is
  /// named do.
  void probeNames(dyn::SymbolFacts &facts) const;
  ExprAttr makeExecutionSymbol(Interval range, ExprAttr bound,
                               mlir::Block *scope);
  /// The symbol whose definition `expr` is: a new one where there is none.
  ExprAttr nameOf(ExprAttr expr);
  /// What names in `expr` stand for in their place, where that is not long.
  ExprAttr withoutNames(ExprAttr expr) const;
  /// The extents that `extent` is broadcast from; itself alone otherwise.
  llvm::SetVector<ExprAttr> broadcastFrom(ExprAttr extent) const;
  /// upperBound() of `expr` itself, though it may have a name.
  ExprAttr boundOver(ExprAttr expr);
  ExprAttr nameBroadcast(ExprAttr a, ExprAttr b);
  mlir::Block *innermostScope(ExprAttr expr) const;
  static ExprAttr readAs(mlir::Value source, ExprAttr symbol);
  ExprAttr readElement(mlir::Value value, int64_t index, Interval range);
  void expectFinite(mlir::Operation *op, ExprAttr element);
  void nameElements(mlir::Value value, Interval range);
  mlir::Block *scopeOf(ExprAttr symbol) const;
  bool isOneWith(ExprAttr a, ExprAttr b);
  void sweep();
  void runBlock(mlir::Block &block);
  void runOp(mlir::Operation &op);
  void runBackward(mlir::Block &block);
  void assume(ExprAttr condition);
  void chooseSubstitute(ExprAttr to, ExprAttr from);
  /// Whether a symbol of `expr` is known only while the model runs.
  bool hasExecution(ExprAttr expr) const;
  void narrow(ExprAttr lower, ExprAttr upper, bool strict);
  ExprAttr canonicalize(ExprAttr expr) const;
  void forgetSimplified() { simplified.clear(); }

  mlir::func::FuncOp function;
  mlir::MLIRContext *context;
  llvm::DenseMap<mlir::Value, std::unique_ptr<State>> states;
  Assumptions base, current;
  bool isLimited = false; ///< The module has kLimitedPropagation.
  /// Definitions of symbols of which nothing else is known.
  llvm::StringMap<ExprAttr> limited;
  llvm::DenseMap<ExprAttr, ExprAttr> simplified;
  /// The symbol of each definition.
  llvm::DenseMap<ExprAttr, ExprAttr> names;
  /// The definition that the extents of a broadcast have, in any order.
  llvm::DenseMap<mlir::ArrayAttr, ExprAttr> broadcasts;
  /// The extents that a name is broadcast from.
  llvm::DenseMap<ExprAttr, llvm::SetVector<ExprAttr>> broadcastMembers;
  std::deque<SymbolInfo> symbols;
  llvm::StringMap<SymbolInfo *> symbolByName;
  llvm::SmallVector<Requirement, 0> requirements;
  llvm::DenseMap<std::pair<mlir::Block *, ExprAttr>, unsigned> required;
  llvm::SmallVector<Read, 0> reads;
  llvm::DenseMap<std::pair<mlir::Value, int64_t>, ExprAttr> readElements;
  llvm::DenseSet<mlir::Value> readSources;
  llvm::DenseMap<std::pair<mlir::Value, int64_t>, ExprAttr> definedDims;
  llvm::DenseMap<std::pair<mlir::Value, int>, ExprAttr> counts;
  llvm::DenseSet<mlir::Operation *> failedOps;
  llvm::DenseSet<mlir::Value> widened;
  unsigned nextSymbol = 0;
  std::optional<Choices> choices;
  llvm::DenseMap<RankChoice, Decision> decisions;
  std::optional<std::pair<RankChoice, ExprAttr>> conflict;
  bool changed = false;
  bool quiet = false;
};

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_SOLVER_H
