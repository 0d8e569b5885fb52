// Expressions as text. Sums and products are infix, `floordiv`, `ceildiv` and
// `truncdiv` bind like `*`; all else has the form of a function.
#include "dialects/dyn/ExprDetail.h"

#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstdlib>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

namespace {
/// A kind that is written as a function, and its number of operands.
struct Function {
  llvm::StringLiteral name;
  ExprKind kind;
  unsigned arity; ///< 0: one or more.
};
} // namespace

constexpr Function kFunctions[] = {
    {"min", ExprKind::Min, 0},
    {"max", ExprKind::Max, 0},
    {"ite", ExprKind::Ite, 3},
    {"eq", ExprKind::Eq, 2},
    {"lt", ExprKind::Lt, 2},
    {"le", ExprKind::Le, 2},
    {"not", ExprKind::Not, 1},
    {"and", ExprKind::And, 0},
    {"or", ExprKind::Or, 0},
    {"f32_from_bits", ExprKind::F32FromBits, 1},
    {"to_f32", ExprKind::IntToF32, 1},
    {"f32_add", ExprKind::F32Add, 2},
    {"f32_sub", ExprKind::F32Sub, 2},
    {"f32_mul", ExprKind::F32Mul, 2},
    {"f32_div", ExprKind::F32Div, 2},
    {"f32_floor", ExprKind::F32Floor, 1},
    {"f32_ceil", ExprKind::F32Ceil, 1},
    {"f32_round", ExprKind::F32Round, 1},
    {"f32_sqrt", ExprKind::F32Sqrt, 1},
    {"f32_min", ExprKind::F32Min, 2},
    {"f32_max", ExprKind::F32Max, 2},
    {"to_int", ExprKind::F32ToInt, 1},
    {"f32_to_bits", ExprKind::F32ToBits, 1},
};

static std::optional<ExprKind> infixKind(StringRef word) {
  return llvm::StringSwitch<std::optional<ExprKind>>(word)
      .Case("floordiv", ExprKind::FloorDiv)
      .Case("ceildiv", ExprKind::CeilDiv)
      .Case("truncdiv", ExprKind::TruncDiv)
      .Case("mod", ExprKind::Mod)
      .Case("truncmod", ExprKind::TruncMod)
      .Default(std::nullopt);
}

static const Function *findFunction(StringRef name) {
  for (const Function &function : kFunctions)
    if (function.name == name)
      return &function;
  return nullptr;
}

static const Function &functionOf(ExprKind kind) {
  for (const Function &function : kFunctions)
    if (function.kind == kind)
      return function;
  llvm_unreachable("every kind is infix, a leaf or a function");
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static bool isBareName(StringRef name) {
  if (infixKind(name) || findFunction(name) || name == "f32" ||
      name == "f32_bits")
    return false;
  if (!llvm::isAlpha(name.front()) && name.front() != '_')
    return false;
  return llvm::all_of(name, [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.';
  });
}

static bool isUtf8(StringRef text) {
  const llvm::UTF8 *begin = text.bytes_begin();
  return llvm::isLegalUTF8String(&begin, text.bytes_end());
}

/// Letters of all languages stay as they are; bytes that are no text do not.
static void printSymbol(StringRef name, raw_ostream &os) {
  if (isBareName(name)) {
    os << name;
    return;
  }
  bool isText = isUtf8(name);
  os << '"';
  for (const char &c : name)
    if (isText && !llvm::isASCII(c))
      os << c;
    else
      llvm::printEscapedString(StringRef(&c, 1), os);
  os << '"';
}

static void printF32(float value, raw_ostream &os) {
  if (!std::isfinite(value)) {
    os << "f32_bits(" << llvm::bit_cast<uint32_t>(value) << ')';
    return;
  }
  // As few digits as tell it apart; the lexer wants a point in every float.
  std::string text;
  for (int digits = 1; digits <= 8; ++digits) {
    text.clear();
    llvm::raw_string_ostream(text)
        << llvm::format("%.*e", digits, double(value));
    if (std::strtof(text.c_str(), nullptr) == value)
      break;
  }
  os << "f32(" << text << ')';
}

static bool isInfixDivision(ExprKind kind) {
  return kind == ExprKind::FloorDiv || kind == ExprKind::CeilDiv ||
         kind == ExprKind::TruncDiv;
}

/// `expr` where an operator stands beside it.
static void printFactor(ExprAttr expr, raw_ostream &os) {
  ExprKind kind = expr.getKind();
  bool isSum = kind == ExprKind::Add || kind == ExprKind::Mul ||
               (expr.isConstant() && expr.getValue() < 0);
  if (!isSum && !isInfixDivision(kind)) {
    expr.print(os);
    return;
  }
  os << '(';
  expr.print(os);
  os << ')';
}

static void printDivision(ExprAttr expr, raw_ostream &os) {
  printFactor(expr.getOperands()[0], os);
  switch (expr.getKind()) {
  case ExprKind::FloorDiv:
    os << " floordiv ";
    break;
  case ExprKind::CeilDiv:
    os << " ceildiv ";
    break;
  default:
    os << " truncdiv ";
  }
  printFactor(expr.getOperands()[1], os);
}

static void printTerm(const Term &term, bool isFirst, raw_ostream &os) {
  int64_t coefficient = term.coefficient;
  bool negative = coefficient < 0;
  if (isFirst)
    os << (negative ? "-" : "");
  else
    os << (negative ? " - " : " + ");
  uint64_t magnitude = negative ? -uint64_t(coefficient) : coefficient;
  if (magnitude != 1 || term.isConstant()) {
    os << magnitude << (term.isConstant() ? "" : " * ");
  } else if (term.factors.size() == 1) {
    ExprAttr factor = term.factors.front();
    if (isInfixDivision(factor.getKind()))
      return printDivision(factor, os);
  }
  llvm::interleave(
      term.factors, os, [&](ExprAttr factor) { printFactor(factor, os); },
      " * ");
}

static void printSum(ExprAttr expr, raw_ostream &os) {
  bool isFirst = true;
  for (const Term &term : termsOf(expr)) {
    printTerm(term, isFirst, os);
    isFirst = false;
  }
}

void ExprAttr::print(raw_ostream &os) const {
  switch (getKind()) {
  case ExprKind::Constant:
    os << getValue();
    return;
  case ExprKind::Symbol:
    return printSymbol(getSymbol(), os);
  case ExprKind::Unknown:
    os << '?';
    return;
  case ExprKind::F32Constant:
    return printF32(getFloat(), os);
  case ExprKind::Add:
  case ExprKind::Mul:
    return printSum(*this, os);
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
    return printDivision(*this, os);
  default:
    os << functionOf(getKind()).name << '(';
    llvm::interleaveComma(getOperands(), os,
                          [&](ExprAttr operand) { operand.print(os); });
    os << ')';
  }
}

std::string ExprAttr::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  print(os);
  return text;
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

/// Parentheses in each other: each takes stack.
constexpr unsigned kMaxDepth = 2048;

namespace {
/// Recursive descent; each function returns null after a diagnostic.
class ExprParser {
public:
  explicit ExprParser(AsmParser &parser)
      : parser(parser), context(parser.getContext()) {}

  ExprAttr parseSum();

private:
  ExprAttr parseTerm(bool negative);
  ExprAttr parseFactor(bool &negative);
  ExprAttr parseInteger(const llvm::APInt &magnitude, bool &negative);
  ExprAttr parseFunction(const Function &function, SMLoc location);
  ExprAttr parseF32Constant();
  ExprAttr parseF32Bits();
  ExprAttr fail(SMLoc location, const Twine &message) {
    parser.emitError(location) << message;
    return {};
  }

  AsmParser &parser;
  MLIRContext *context;
  unsigned depth = 0;
};
} // namespace

ExprAttr ExprParser::parseInteger(const llvm::APInt &magnitude,
                                  bool &negative) {
  SMLoc location = parser.getCurrentLocation();
  // A literal after `+` or `*` brings its own sign: `H + -1`.
  llvm::APInt value = magnitude.sext(magnitude.getBitWidth() + 1);
  if (negative)
    value.negate();
  negative = false;
  if (!value.isSignedIntN(64))
    return fail(location, "expected an integer of 64 bits");
  return ExprAttr::constant(context, value.getSExtValue());
}

ExprAttr ExprParser::parseF32Constant() {
  double value;
  if (parser.parseLParen() || parser.parseFloat(value) || parser.parseRParen())
    return {};
  return ExprAttr::constantF32(context, float(value));
}

ExprAttr ExprParser::parseF32Bits() {
  uint32_t bits;
  if (parser.parseLParen() || parser.parseInteger(bits) || parser.parseRParen())
    return {};
  return ExprAttr::constantF32(context, llvm::bit_cast<float>(bits));
}

static bool takesF32(const Function &function) {
  return function.kind > ExprKind::IntToF32;
}

ExprAttr ExprParser::parseFunction(const Function &function, SMLoc location) {
  SmallVector<ExprAttr> operands;
  auto parseOperand = [&]() -> ParseResult {
    operands.push_back(parseSum());
    return success(operands.back() != nullptr);
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseOperand))
    return {};
  if (operands.empty() || (function.arity && operands.size() != function.arity))
    return fail(location, Twine("'") + function.name + "' expects " +
                              (function.arity ? Twine(function.arity)
                                              : Twine("one or more")) +
                              " operands, got " + Twine(operands.size()));
  bool comparesF32 = function.kind >= ExprKind::Eq &&
                     function.kind <= ExprKind::Le && operands[0].isF32();
  for (auto [index, operand] : llvm::enumerate(operands)) {
    bool wantsF32 = takesF32(function) || comparesF32;
    if (function.kind == ExprKind::Ite && index > 0)
      wantsF32 = operands[1].isF32();
    if (!operand.isUnknown() && operand.isF32() != wantsF32)
      return fail(location, Twine("'") + function.name + "' expects " +
                                (wantsF32 ? "an f32" : "an integer") +
                                " as operand " + Twine(index));
  }
  return ExprAttr::get(function.kind, operands);
}

/// Takes the sign into an integer and then clears `negative`.
ExprAttr ExprParser::parseFactor(bool &negative) {
  SMLoc location = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalQuestion()))
    return ExprAttr::unknown(context);
  if (succeeded(parser.parseOptionalLParen())) {
    ExprAttr inner = parseSum();
    return inner && succeeded(parser.parseRParen()) ? inner : ExprAttr();
  }
  std::string quoted;
  if (succeeded(parser.parseOptionalString(&quoted)))
    return quoted.empty() ? fail(location, "expected a symbol, got \"\"")
                          : ExprAttr::symbol(context, quoted);
  StringRef word;
  if (succeeded(parser.parseOptionalKeyword(&word))) {
    if (word == "f32")
      return parseF32Constant();
    if (word == "f32_bits")
      return parseF32Bits();
    if (const Function *function = findFunction(word))
      return parseFunction(*function, location);
    return ExprAttr::symbol(context, word);
  }
  llvm::APInt magnitude;
  OptionalParseResult integer = parser.parseOptionalInteger(magnitude);
  if (!integer.has_value())
    return fail(location, "expected a symbolic expression");
  return failed(*integer) ? ExprAttr() : parseInteger(magnitude, negative);
}

ExprAttr ExprParser::parseTerm(bool negative) {
  SMLoc location = parser.getCurrentLocation();
  ExprAttr result = parseFactor(negative);
  while (result) {
    ExprKind kind = ExprKind::Mul;
    StringRef word;
    if (failed(parser.parseOptionalStar())) {
      if (failed(parser.parseOptionalKeyword(
              &word, {"floordiv", "ceildiv", "truncdiv", "mod", "truncmod"})))
        break;
      kind = *infixKind(word);
    }
    bool positive = false;
    ExprAttr factor = parseFactor(positive);
    if (!factor)
      return {};
    if (result.isF32() || factor.isF32())
      return fail(location, "expected integers beside an operator, got f32");
    result = ExprAttr::get(kind, {result, factor});
  }
  if (result && negative && result.isF32())
    return fail(location, "expected integers beside an operator, got f32");
  return result && negative ? result.times(-1) : result;
}

ExprAttr ExprParser::parseSum() {
  SMLoc location = parser.getCurrentLocation();
  if (++depth > kMaxDepth)
    return fail(location, "expected a less deeply nested expression");
  ExprAttr sum = parseTerm(succeeded(parser.parseOptionalMinus()));
  while (sum) {
    bool minus = succeeded(parser.parseOptionalMinus());
    if (!minus && failed(parser.parseOptionalPlus()))
      break;
    ExprAttr term = parseTerm(minus);
    if (!term)
      return {};
    if (sum.isF32() || term.isF32())
      return fail(location, "expected integers beside an operator, got f32");
    sum = ExprAttr::add(sum, term);
  }
  --depth;
  return sum;
}

ExprAttr dycc::dyn::parseExpr(AsmParser &parser) {
  return ExprParser(parser).parseSum();
}
