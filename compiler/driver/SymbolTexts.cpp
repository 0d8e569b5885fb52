// The compiler gives names to long extents (docs/decisions/0009), which no user
// has seen: a report says what they stand for, in place or once.
#include "compiler/driver/SymbolTexts.h"

#include "dialects/dyn/Values.h"
#include "dialects/onnx/OnnxTypes.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc {

/// Nodes of a definition that is written in place of its name.
static constexpr uint32_t kShort = 12;
/// Nodes of a term that is worth a name, if several sizes have it.
static constexpr uint32_t kLongTerm = 8;
static constexpr llvm::StringLiteral kFloorDiv = ") floordiv ";

/// The position of the bracket that `close` (a position) closes.
static size_t openingOf(StringRef text, size_t close) {
  int depth = 0;
  for (size_t i = close + 1; i-- > 0;) {
    depth += (text[i] == ')') - (text[i] == '(');
    if (depth == 0)
      return i;
  }
  return StringRef::npos;
}

/// Writes the quotient whose dividend ends at `close` as a ceiling, if it is
/// one. Returns where to go on.
static size_t writeCeiling(std::string &text, size_t close) {
  size_t end = close + kFloorDiv.size(), open = openingOf(text, close);
  StringRef divisor = StringRef(text).drop_front(end).take_while(llvm::isDigit);
  StringRef dividend = StringRef(text).slice(open + 1, close);
  int64_t number;
  if (open == StringRef::npos || divisor.getAsInteger(10, number) ||
      !dividend.consume_back(" + " + std::to_string(number - 1)))
    return end;
  bool isAtom = !dividend.contains(" + ") && !dividend.contains(" - ");
  std::string ceiling = (Twine("ceil(") + (isAtom ? "" : "(") + dividend +
                         (isAtom ? "" : ")") + " / " + divisor + ")")
                            .str();
  end += divisor.size();
  // A factor needs no brackets any more; a function does.
  if (open > 0 && text[open - 1] == '(' && text[end] == ')' &&
      (open == 1 || !llvm::isAlnum(text[open - 2])))
    --open, ++end;
  text.replace(open, end - open, ceiling);
  return open;
}

std::string withCeilings(StringRef expr) {
  std::string text = expr.str();
  for (size_t at = 0;
       (at = text.find(std::string_view(kFloorDiv), at)) != text.npos;)
    at = writeCeiling(text, at);
  return text;
}

SymbolTexts::SymbolTexts(ModuleOp module) {
  for (auto symbol : module.getOps<dyn::SymbolOp>()) {
    names.insert(symbol.getSymName());
    if (symbol.getDefinition())
      define(symbol.getSymName(), *symbol.getDefinition());
  }
  module.walk(
      [&](dyn::DefineOp op) { define(op.getSymbol(), op.getExpression()); });
}

/// Definitions come before their uses, so that one look at each is enough.
void SymbolTexts::define(StringRef name, ExprAttr definition) {
  definition = withoutShortNames(definition);
  definitions[name] = definition;
  if (definition.getWeight() <= kShort)
    shortOnes[name] = definition;
}

std::string SymbolTexts::str(Type type) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (Type element = getElementTypeOrSelf(type); isa<onnx::StringType>(element))
    os << "string";
  else
    os << element;
  if (!dyn::getValueAttr(type))
    return text + "?";
  return text + dyn::getDimsText(type, [&](ExprAttr dim) { return str(dim); });
}

std::vector<std::pair<std::string, ExprAttr>>
SymbolTexts::longNames(ArrayRef<ExprAttr> exprs) const {
  std::vector<std::pair<std::string, ExprAttr>> result;
  llvm::StringSet<> seen;
  SmallVector<ExprAttr> open(llvm::reverse(exprs));
  while (!open.empty())
    withoutShortNames(open.pop_back_val()).forEachSymbol([&](StringRef name) {
      ExprAttr definition = definitionOf(name);
      if (!definition || !seen.insert(name).second)
        return;
      result.push_back({name.str(), definition});
      open.push_back(definition);
    });
  return result;
}

/// The operands of a maximum, or the one size that it is.
static ArrayRef<ExprAttr> termsOf(const ExprAttr &size) {
  return size.getKind() == ExprKind::Max ? size.getOperands() : ArrayRef(size);
}

/// `term` as a factor and what it is a factor of.
static std::pair<int64_t, ExprAttr> splitFactor(ExprAttr term) {
  ArrayRef<ExprAttr> operands = term.getOperands();
  if (term.getKind() != ExprKind::Mul || !operands.front().isConstant())
    return {1, term};
  ExprAttr rest = operands[1];
  for (ExprAttr operand : operands.drop_front(2))
    rest = ExprAttr::mul(rest, operand);
  return {operands.front().getValue(), rest};
}

CommonTerms::CommonTerms(const SymbolTexts &texts, ArrayRef<ExprAttr> sizes)
    : texts(texts) {
  llvm::MapVector<ExprAttr, unsigned> counts;
  for (ExprAttr size : sizes) {
    size = texts.withoutShortNames(size);
    for (ExprAttr term : termsOf(size))
      ++counts[splitFactor(term).second];
  }
  unsigned number = 0;
  for (auto [term, count] : counts) {
    if (count < 2 || term.getWeight() < kLongTerm)
      continue;
    std::string name;
    do
      name = "t" + std::to_string(number++);
    while (!texts.isFree(name));
    nameOf[term] = ExprAttr::symbol(term.getContext(), name);
  }
}

ExprAttr CommonTerms::shorten(ExprAttr size) const {
  size = texts.withoutShortNames(size);
  ExprAttr result;
  for (ExprAttr term : termsOf(size)) {
    auto [factor, rest] = splitFactor(term);
    if (ExprAttr name = nameOf.lookup(rest))
      term = name.times(factor);
    result = result ? ExprAttr::max(result, term) : term;
  }
  return result;
}

ExprAttr CommonTerms::inTerms(ExprAttr expr) const {
  if (expr.getKind() != ExprKind::Add)
    return expr;
  ExprAttr sum = ExprAttr::constant(expr.getContext(), 0);
  for (ExprAttr term : expr.getOperands())
    sum = ExprAttr::add(sum, shorten(term));
  return sum;
}

std::vector<std::pair<std::string, ExprAttr>> CommonTerms::definitions() const {
  std::vector<std::pair<std::string, ExprAttr>> result;
  for (auto [term, name] : nameOf)
    result.push_back({name.getSymbol().str(), term});
  return result;
}

} // namespace dycc
