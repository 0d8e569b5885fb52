// The syntax of RE2 (without a table of Unicode), where whether a repetition is
// lazy and what a group captures make no difference: the whole of a text has to
// match.
#include "passes/shape/RegexSyntax.h"

#include "runtime/abi/Regex.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"

using llvm::StringRef;

namespace dycc::regex {
namespace {

constexpr int kMostRepetitions = 1000;
constexpr int kDeepest = 200;

struct Flags {
  bool ignoresCase = false, hasLines = false, dotIsAny = false;
};

class Parser {
public:
  explicit Parser(StringRef pattern) : rest(pattern) {}

  llvm::Expected<Node> parse() {
    Node node = alternatives();
    if (problem.empty() && !rest.empty())
      refuse("a group is closed that is not open");
    if (!problem.empty())
      return llvm::createStringError(problem);
    return node;
  }

private:
  /// Notes the first problem; nothing is left to read then.
  void refuse(StringRef why) {
    if (problem.empty())
      problem = why.str();
    rest = "";
  }

  Node alternatives();
  Node sequence();
  Node atom();
  Node group();
  bool readFlags();
  void repeat(Node &node, int least, int most);
  bool readCount(int &least, int &most);
  Node escape();
  Node bracket();
  bool readNamedClass(CharacterSet &set);
  CharacterSet bracketItem();
  uint32_t escapedCharacter();
  uint32_t hexadecimal();
  uint32_t octal(uint32_t first);
  uint32_t character();

  Node literal(uint32_t c) { return Node::ofSet(literalSet(c, c)); }
  CharacterSet literalSet(uint32_t first, uint32_t last);

  StringRef rest;
  Flags flags;
  int depth = 0;
  std::string problem;
};

Node Parser::alternatives() {
  if (++depth > kDeepest)
    refuse("groups lie deeper than 200 in each other");
  Node node = sequence();
  while (rest.consume_front("|")) {
    if (node.kind != Node::Alternatives) {
      Node whole;
      whole.kind = Node::Alternatives;
      whole.children.push_back(std::move(node));
      node = std::move(whole);
    }
    node.children.push_back(sequence());
  }
  --depth;
  return node;
}

Node Parser::sequence() {
  Node node;
  node.kind = Node::Sequence;
  bool isRepeated = false; // The last child is.
  while (!rest.empty() && rest.front() != '|' && rest.front() != ')') {
    int least = 0, most = -1;
    bool repeats = true;
    StringRef before = rest;
    if (rest.consume_front("+"))
      least = 1;
    else if (rest.consume_front("?"))
      most = 1;
    else if (!rest.consume_front("*"))
      repeats = readCount(least, most);
    if (!repeats) {
      if (rest.empty())
        break; // After a problem.
      rest = before;
      node.children.push_back(atom());
      isRepeated = false;
      continue;
    }
    if (node.children.empty() || node.children.back().kind == Node::Empty) {
      refuse("there is nothing before a repetition");
      break;
    }
    if (isRepeated) {
      refuse("a repetition is repeated");
      break;
    }
    rest.consume_front("?");
    repeat(node.children.back(), least, most);
    isRepeated = true;
  }
  return node;
}

void Parser::repeat(Node &node, int least, int most) {
  Node repetition;
  repetition.kind = Node::Repetition;
  repetition.least = least;
  repetition.most = most;
  repetition.children.push_back(std::move(node));
  node = std::move(repetition);
}

/// Reads {n}, {n,} or {n,m}; what is none of them is text.
bool Parser::readCount(int &least, int &most) {
  StringRef text = rest;
  auto readNumber = [&](int &number) {
    StringRef digits = text.take_while(llvm::isDigit);
    text = text.drop_front(digits.size());
    number = kMostRepetitions + 1;
    if (!digits.empty() && digits.size() <= 6)
      (void)digits.getAsInteger(10, number);
    return !digits.empty();
  };
  if (!text.consume_front("{") || !readNumber(least))
    return false;
  most = least;
  if (text.consume_front(",") && !readNumber(most))
    most = -1;
  if (!text.consume_front("}"))
    return false;
  rest = text;
  if (least > kMostRepetitions || most > kMostRepetitions ||
      (most >= 0 && most < least)) {
    refuse("a number of repetitions is not in order or above 1000");
    return false;
  }
  return true;
}

Node Parser::atom() {
  if (rest.consume_front("("))
    return group();
  if (rest.consume_front("["))
    return bracket();
  if (rest.consume_front(".")) {
    CharacterSet others;
    if (!flags.dotIsAny)
      others.add('\n', '\n');
    return Node::ofSet(others.complement());
  }
  if (rest.consume_front("^"))
    return Node::assertion(flags.hasLines ? DYCC_REGEX_BEGIN_LINE
                                          : DYCC_REGEX_BEGIN_TEXT);
  if (rest.consume_front("$"))
    return Node::assertion(flags.hasLines ? DYCC_REGEX_END_LINE
                                          : DYCC_REGEX_END_TEXT);
  if (rest.front() == '\\')
    return escape();
  return literal(character());
}

/// Behind its opening bracket.
Node Parser::group() {
  Flags outer = flags;
  if (rest.consume_front("?P<") || rest.consume_front("?<")) {
    StringRef name =
        rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    rest = rest.drop_front(name.size());
    if (name.empty() || !rest.consume_front(">"))
      refuse("a group has no name of letters, digits and '_'");
  } else if (rest.consume_front("?")) {
    bool isGroup = readFlags();
    if (!isGroup) // For what follows.
      return Node();
  }
  Node node = alternatives();
  if (problem.empty() && !rest.consume_front(")"))
    refuse("a group is not closed");
  flags = outer;
  return node;
}

/// Reads "i-m:" or "i-m)"; true where a group follows.
bool Parser::readFlags() {
  bool value = true;
  while (!rest.empty()) {
    char c = rest.front();
    rest = rest.drop_front();
    if (c == ':' || c == ')')
      return c == ':';
    if (c == '-' && value)
      value = false;
    else if (c == 'i')
      flags.ignoresCase = value;
    else if (c == 'm')
      flags.hasLines = value;
    else if (c == 's')
      flags.dotIsAny = value;
    else if (c != 'U')
      break;
  }
  refuse("the flags of a group are none of i, m, s and U");
  return false;
}

CharacterSet Parser::literalSet(uint32_t first, uint32_t last) {
  CharacterSet set;
  set.add(first, last);
  if (flags.ignoresCase) {
    if (set.isBeyondAscii())
      refuse("(?i) changes the case of letters of ASCII alone");
    set.addOtherCase();
  }
  return set;
}

uint32_t Parser::character() {
  auto *from = reinterpret_cast<const llvm::UTF8 *>(rest.begin());
  llvm::UTF32 code = 0;
  if (llvm::convertUTF8Sequence(
          &from, reinterpret_cast<const llvm::UTF8 *>(rest.end()), &code,
          llvm::strictConversion) != llvm::conversionOK) {
    refuse("it is no UTF-8");
    return 0;
  }
  rest = rest.drop_front(reinterpret_cast<const char *>(from) - rest.begin());
  return code;
}

Node Parser::escape() {
  rest = rest.drop_front();
  int place = llvm::StringSwitch<int>(rest.take_front())
                  .Case("A", DYCC_REGEX_BEGIN_TEXT)
                  .Case("z", DYCC_REGEX_END_TEXT)
                  .Case("b", DYCC_REGEX_WORD_BOUNDARY)
                  .Case("B", DYCC_REGEX_NO_WORD_BOUNDARY)
                  .Default(-1);
  if (place >= 0) {
    rest = rest.drop_front();
    return Node::assertion(place);
  }
  if (rest.consume_front("Q")) {
    Node text;
    text.kind = Node::Sequence;
    while (!rest.empty() && !rest.consume_front("\\E"))
      text.children.push_back(literal(character()));
    return text;
  }
  CharacterSet set = rest.empty() ? CharacterSet() : classOf(rest.front());
  if (set.ranges.empty())
    return literal(escapedCharacter());
  rest = rest.drop_front();
  return Node::ofSet(set);
}

uint32_t Parser::hexadecimal() {
  StringRef digits;
  if (rest.consume_front("{")) {
    digits = rest.take_until([](char c) { return c == '}'; });
    rest = rest.drop_front(digits.size());
    rest.consume_front("}");
  } else {
    digits = rest.take_front(2);
    rest = rest.drop_front(digits.size());
    digits = digits.size() == 2 ? digits : "";
  }
  uint32_t code = 0;
  if (digits.empty() || digits.getAsInteger(16, code) || code > kLast)
    refuse("an escape is of no character");
  return code;
}

uint32_t Parser::octal(uint32_t first) {
  uint32_t code = first;
  for (int i = 0;
       i < 2 && !rest.empty() && rest.front() >= '0' && rest.front() <= '7';
       ++i) {
    code = code * 8 + (rest.front() - '0');
    rest = rest.drop_front();
  }
  return code;
}

/// Behind the backslash.
uint32_t Parser::escapedCharacter() {
  if (rest.empty())
    return refuse("it ends with a backslash"), 0;
  char c = rest.front();
  if (static_cast<unsigned char>(c) >= 0x80)
    return refuse("an escape is of no character"), 0;
  rest = rest.drop_front();
  if (!llvm::isAlnum(c))
    return uint32_t(c);
  bool isOctal = c == '0' || (c >= '1' && c <= '7' && !rest.empty() &&
                              rest.front() >= '0' && rest.front() <= '7');
  if (isOctal)
    return octal(uint32_t(c - '0'));
  constexpr StringRef letters = "afnrtv", controls = "\a\f\n\r\t\v";
  if (size_t at = letters.find(c); at != StringRef::npos)
    return uint32_t(controls[at]);
  switch (c) {
  case 'x':
    return hexadecimal();
  case 'p':
  case 'P':
    return refuse("\\p has no table of Unicode here"), 0;
  default:
    return refuse("\\" + std::string(1, c) + " is no escape"), 0;
  }
}

bool Parser::readNamedClass(CharacterSet &set) {
  size_t end = rest.find(":]");
  if (!rest.starts_with("[:") || end == StringRef::npos)
    return false;
  StringRef name = rest.slice(2, end);
  rest = rest.drop_front(end + 2);
  bool isNegated = name.consume_front("^");
  set = namedClass(name);
  if (set.ranges.empty())
    refuse("[:" + name.str() + ":] is no class");
  if (flags.ignoresCase)
    set.addOtherCase();
  if (isNegated)
    set = set.complement();
  return true;
}

/// A character, a range or a class in brackets.
CharacterSet Parser::bracketItem() {
  CharacterSet set;
  if (readNamedClass(set))
    return set;
  auto readOne = [&] {
    return rest.consume_front("\\") ? escapedCharacter() : character();
  };
  if (rest.size() > 1 && rest.front() == '\\')
    set = classOf(rest[1]);
  if (!set.ranges.empty()) {
    rest = rest.drop_front(2);
    return set;
  }
  uint32_t first = readOne(), last = first;
  if (rest.size() > 1 && rest.front() == '-' && rest[1] != ']') {
    rest = rest.drop_front();
    last = readOne();
    if (problem.empty() && last < first)
      refuse("a range of characters ends before it begins");
  }
  return literalSet(first, last);
}

/// Behind its opening bracket.
Node Parser::bracket() {
  bool isNegated = rest.consume_front("^");
  CharacterSet set;
  bool isFirst = true; // A closing bracket there is a character.
  while (!rest.empty() && (isFirst || rest.front() != ']')) {
    set.add(bracketItem());
    isFirst = false;
  }
  if (problem.empty() && !rest.consume_front("]"))
    refuse("a bracket is not closed");
  set.normalize();
  return Node::ofSet(isNegated ? set.complement() : set);
}

} // namespace

llvm::Expected<Node> parse(StringRef pattern) {
  return Parser(pattern).parse();
}

} // namespace dycc::regex
