#include "codegen/halide/cpu/FixedKernel.h"

#include "dialects/dyn/Layout.h"

#include "mlir/IR/AttrTypeSubElements.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::halide {
namespace {

using Values = llvm::StringMap<ExprAttr>;

/// Numbers that `when` says symbols are.
Values fixedBy(ExprAttr when) {
  SmallVector<ExprAttr> terms;
  if (when && when.getKind() == ExprKind::And)
    llvm::append_range(terms, when.getOperands());
  else if (when)
    terms.push_back(when);
  Values values;
  for (ExprAttr term : terms) {
    if (term.getKind() != ExprKind::Eq)
      continue;
    ExprAttr left = term.getOperands()[0], right = term.getOperands()[1];
    if (left.getKind() == ExprKind::Symbol && right.isConstant())
      values[left.getSymbol()] = right;
  }
  return values;
}

void substitute(dyn::KernelOp kernel, const Values &values) {
  auto fixed = [&](ExprAttr expr) {
    return expr.substitute([&](StringRef name) { return values.lookup(name); });
  };
  AttrTypeReplacer replacer;
  replacer.addReplacement(fixed);
  // What is known of an extent and what the type says are the same.
  replacer.addReplacement([&](RankedTensorType type) -> std::optional<Type> {
    if (!dyn::getValueAttr(type))
      return std::nullopt;
    return dyn::mapExtents(type, fixed);
  });
  replacer.recursivelyReplaceElementsIn(kernel, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
}

} // namespace

ExprAttr whenFixed(dyn::KernelOp kernel, ArrayRef<int64_t> values) {
  MLIRContext *context = kernel.getContext();
  SmallVector<ExprAttr> terms;
  for (auto [symbol, value] : llvm::zip_equal(
           kernel.getSymbols().getAsRange<dyn::KernelSymbolAttr>(), values))
    terms.push_back(ExprAttr::get(
        ExprKind::Eq, {ExprAttr::symbol(context, symbol.getSymbol()),
                       ExprAttr::constant(context, value)}));
  return ExprAttr::get(ExprKind::And, terms);
}

FixedKernel::FixedKernel(dyn::KernelOp kernel, ExprAttr when)
    : original(kernel) {
  Values values = fixedBy(when);
  if (values.empty())
    return;
  made = cast<dyn::KernelOp>(kernel->clone());
  made.removeVersionsAttr();
  substitute(made, values);
}

} // namespace dycc::halide
