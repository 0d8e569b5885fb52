// The symbols of a body are renamed in order of appearance, and an extent that
// outside is an expression, like (H - 1) floordiv 2 + 1, is one symbol inside
// where the body uses its symbols in no other way: so the layers of a network
// that only differ in their resolution have equal bodies, and index arithmetic
// in the kernel starts from plain numbers. What the kernels' bounds inference
// cannot follow is one symbol in any case: the host program computes it.
#include "passes/fuse/CanonicalSymbols.h"

#include "dialects/dyn/Layout.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::fuse {
namespace {

/// Renames the symbols of one group.
class Renamer {
public:
  explicit Renamer(dyn::GroupOp group) : group(group) {}

  NamedSymbols run() {
    collect();
    for (unsigned index = 0; index < exprs.size(); ++index)
      bind(index);
    NamedSymbols named;
    apply(named.results);
    for (ExprAttr expr : bound)
      named.meanings.push_back(outside(expr));
    return named;
  }

private:
  MLIRContext *context() { return group.getContext(); }

  /// All expressions of the body, in a fixed order.
  void collect() {
    Block &body = group.getBody().front();
    auto addType = [&](Type type) {
      dyn::mapExtents(type, [&](ExprAttr expr) {
        exprs.push_back(expr);
        return expr;
      });
    };
    for (Type type : body.getArgumentTypes())
      addType(type);
    for (Operation &op : body) {
      if (auto symbolic = dyn_cast<dyn::SymbolicOp>(op))
        for (Attribute element : symbolic.getElements())
          exprs.push_back(cast<ExprAttr>(element));
      for (Value result : op.getResults())
        if (dyn::getValueAttr(result.getType()))
          addType(result.getType());
    }
    for (Type type : yieldedTypes())
      addType(type);
    for (ExprAttr expr : exprs)
      expr.forEachSymbol([&](StringRef name) {
        while (isCanonical(name))
          prefix += '\'';
      });
  }

  /// What the body yields, in the layouts that the results have.
  SmallVector<Type> yieldedTypes() {
    SmallVector<Type> types;
    for (auto [value, result] :
         llvm::zip(group.getYield()->getOperandTypes(), group.getResultTypes()))
      types.push_back(dyn::withLayout(value, dyn::getLayout(result)));
    return types;
  }

  bool isCanonical(StringRef symbol) const {
    return symbol.starts_with(prefix);
  }

  /// Whether only canonical symbols are left.
  bool isDone(ExprAttr expr) const {
    bool done = true;
    expr.forEachSymbol([&](StringRef name) { done &= isCanonical(name); });
    return done;
  }

  /// Whether a minimum or maximum is anywhere in `expr`.
  static bool hasLimit(ExprAttr expr) {
    return expr.getKind() == ExprKind::Min || expr.getKind() == ExprKind::Max ||
           llvm::any_of(expr.getOperands(), hasLimit);
  }

  /// A larger one, with the sums around it, is beyond the int32 of kernels.
  static constexpr int64_t kLargestDivisor = 1 << 30;

  /// Whether an integer `expr` has no bounds that follow from those of its
  /// operands in a simple way. Sums, products, quotients by a constant and one
  /// minimum or maximum have.
  static bool isOpaque(ExprAttr expr) {
    switch (expr.getKind()) {
    case ExprKind::Constant:
    case ExprKind::Symbol:
    case ExprKind::Unknown:
    case ExprKind::Add:
    case ExprKind::Mul:
      return false;
    case ExprKind::FloorDiv:
    case ExprKind::CeilDiv:
      return expr.getOperands()[1].asConstant().value_or(kLargestDivisor) >=
             kLargestDivisor;
    case ExprKind::Min:
    case ExprKind::Max:
      return llvm::any_of(expr.getOperands(), hasLimit);
    default:
      return !expr.isF32();
    }
  }

  /// The first of the largest opaque parts of `expr`, or null.
  static ExprAttr findOpaque(ExprAttr expr) {
    if (isOpaque(expr))
      return expr;
    for (ExprAttr operand : expr.getOperands())
      if (ExprAttr found = findOpaque(operand))
        return found;
    return {};
  }

  /// Gives `expr`, or else its parts, a canonical name.
  void bind(unsigned index) {
    if (!isDone(exprs[index]) && isInteger(exprs[index]) &&
        bindWhole(exprs[index]))
      return;
    while (ExprAttr opaque = findOpaque(exprs[index]))
      substitute(opaque);
    bindSymbols(exprs[index]);
  }

  /// Whether `expr` is a larger expression that a symbol can stand for.
  static bool isInteger(ExprAttr expr) {
    return expr.getKind() != ExprKind::Symbol && !expr.isF32();
  }

  void bindSymbols(ExprAttr expr) {
    SmallVector<ExprAttr> symbols;
    expr.forEachSymbol([&](StringRef name) {
      if (!isCanonical(name))
        symbols.push_back(ExprAttr::symbol(context(), name));
    });
    for (ExprAttr symbol : symbols)
      substitute(symbol);
  }

  /// Takes a larger expression for one symbol if its own symbols then occur
  /// nowhere else.
  bool bindWhole(ExprAttr expr) {
    llvm::SmallDenseSet<ExprAttr> inside;
    expr.forEachSymbol([&](StringRef name) {
      inside.insert(ExprAttr::symbol(context(), name));
    });
    ExprAttr name = nextName();
    for (ExprAttr other : exprs) {
      bool occurs = false;
      other.replace(expr, name).forEachSymbol([&](StringRef symbol) {
        occurs |= inside.contains(ExprAttr::symbol(context(), symbol));
      });
      if (occurs)
        return false;
    }
    substitute(expr);
    return true;
  }

  /// Provisional names cannot clash with a symbol of the model.
  ExprAttr nextName() {
    return ExprAttr::symbol(context(), prefix + std::to_string(bound.size()));
  }

  void substitute(ExprAttr expr) {
    ExprAttr name = nextName();
    bound.push_back(expr);
    for (ExprAttr &other : exprs)
      other = other.replace(expr, name);
  }

  /// 'n => sn; what a bound expression itself mentions goes back outside.
  void apply(SmallVectorImpl<Type> &results) {
    auto final = [&](ExprAttr expr) {
      return expr.substitute([&](StringRef name) -> ExprAttr {
        return ExprAttr::symbol(context(),
                                ("s" + name.drop_front(prefix.size())).str());
      });
    };
    unsigned next = 0;
    auto rename = [&](Type type) {
      return dyn::mapExtents(type,
                             [&](ExprAttr) { return final(exprs[next++]); });
    };
    SmallVector<Type> yielded = yieldedTypes(); // As they are.
    Block &body = group.getBody().front();
    for (BlockArgument argument : body.getArguments())
      argument.setType(rename(argument.getType()));
    for (Operation &op : body) {
      if (auto symbolic = dyn_cast<dyn::SymbolicOp>(op)) {
        SmallVector<Attribute> elements;
        for ([[maybe_unused]] Attribute element : symbolic.getElements())
          elements.push_back(final(exprs[next++]));
        symbolic.setElementsAttr(ArrayAttr::get(context(), elements));
      }
      for (Value result : op.getResults())
        if (dyn::getValueAttr(result.getType()))
          result.setType(rename(result.getType()));
    }
    llvm::append_range(results, llvm::map_range(yielded, rename));
  }

  /// An expression bound late may mention symbols bound before it.
  ExprAttr outside(ExprAttr expr) {
    return expr.substitute([&](StringRef name) -> ExprAttr {
      unsigned index = 0;
      if (!isCanonical(name) ||
          name.drop_front(prefix.size()).getAsInteger(10, index))
        return {};
      return outside(bound[index]);
    });
  }

  dyn::GroupOp group;
  SmallVector<ExprAttr> exprs; ///< Those of the body, as renamed so far.
  SmallVector<ExprAttr> bound; ///< What 'n stands for, by n.
  /// Of provisional names, longer where a symbol of the model begins so.
  std::string prefix = "'";
};

} // namespace

NamedSymbols nameSymbols(dyn::GroupOp group) { return Renamer(group).run(); }

} // namespace dycc::fuse
