// Regular expressions: what the compiler makes of a pattern, as the runtime
// follows it.
#include "passes/shape/RegexProgram.h"
#include "test/unit/RuntimeOpsFixture.h"

#include <regex>

namespace dycc::test {
namespace {

struct Regex : RuntimeOps {
  rt::Strings &strings = session.context->strings;

  /// Which of the texts match as a whole, as a string of 0 and 1.
  std::string matches(const std::string &pattern,
                      const std::vector<std::string> &texts) {
    auto words = compileRegex(pattern);
    if (!words)
      return llvm::toString(words.takeError());
    OpTensor program = makeTensor<int32_t>({int64_t(words->size())});
    for (size_t i = 0; i < words->size(); ++i)
      program.set<int32_t>(int64_t(i), (*words)[i]);
    OpTensor x(DYCC_DTYPE_STRING, DYCC_HANDLE_BITS, {int64_t(texts.size())});
    for (size_t i = 0; i < texts.size(); ++i)
      x.set(int64_t(i), strings.intern(texts[i].data(), texts[i].size()));
    OpTensor y = makeTensor<bool>({x.count()});
    EXPECT_EQ(call(dycc_op_regex_full_match, {&x, &program}, {&y}), DYCC_OK);
    std::string result;
    for (int64_t i = 0; i < y.count(); ++i)
      result += y.get<uint8_t>(i) ? '1' : '0';
    return result;
  }
  std::string refusal(const std::string &pattern) {
    auto words = compileRegex(pattern);
    return words ? "none" : llvm::toString(words.takeError());
  }
};

TEST_F(Regex, OperatorsOfRe2) {
  EXPECT_EQ(matches("", {"", "a"}), "10");
  EXPECT_EQ(matches("a|bc|", {"", "a", "bc", "b"}), "1110");
  EXPECT_EQ(matches("(ab)*c+?d?", {"c", "ababccd", "abd", "abcdd"}), "1100");
  EXPECT_EQ(matches("a{2}b{1,}c{0,2}", {"aab", "abc", "aabbcc", "aabccc"}),
            "1010");
  EXPECT_EQ(matches("a{,2}|{|a{x}", {"a{,2}", "{", "a{x}", "aa"}), "1110");
  EXPECT_EQ(matches("(a*)*|(b?)+", {"", "aaa", "bb", "ab"}), "1110");
  EXPECT_EQ(matches("(?P<first>a)(?<second>b)(?:c)", {"abc", "ab"}), "10");
  EXPECT_EQ(matches("\\Qa.b\\E.|\\.\\*\\_", {"a.bc", "axbc", ".*_"}), "101");
}

TEST_F(Regex, CharactersAndClasses) {
  EXPECT_EQ(matches("...", {"abc", "\u00e9\u4e2d\U00010428", "ab\n", "ab\xff",
                            "abcd"}),
            "11000");
  EXPECT_EQ(matches("(?s).", {"\n", "\xff"}), "10");
  EXPECT_EQ(matches("[a-c\\d_-]+", {"a1-_", "d", ""}), "100");
  EXPECT_EQ(matches("[]a]|[^]a]", {"]", "a", "\n", "\u4e2d"}), "1111");
  EXPECT_EQ(matches("[\\-\\]\\x41-\\x{43}\\n]", {"-", "]", "B", "\n", "D"}),
            "11110");
  EXPECT_EQ(matches("[[:alpha:]][[:^digit:]][[:punct:]]", {"ab!", "a1!"}),
            "10");
  EXPECT_EQ(matches("\\w\\W\\s\\S\\d\\D", {"_- x0a", "_- x0"}), "10");
  EXPECT_EQ(matches("[^\\w\\s]", {"-", "a", " "}), "100");
  EXPECT_EQ(
      matches("[\u00e0-\u00fc]\\101\\0\\12", {std::string("\u00e9A\0\n", 5)}),
      "1");
  EXPECT_EQ(matches("\\a\\f\\r\\t\\v", {"\a\f\r\t\v"}), "1");
  EXPECT_EQ(matches("[a\\E-]", {"a"}), "\\E is no escape");
}

TEST_F(Regex, CaseIsIgnoredWhereAsked) {
  EXPECT_EQ(matches("(?i)aB[x-z]", {"Abx", "aBY", "abw"}), "110");
  EXPECT_EQ(matches("a(?i:b)c", {"aBc", "aBC"}), "10");
  EXPECT_EQ(matches("((?i)a)b(?i)c(?-i)d", {"AbCd", "ABcd", "abcD"}), "100");
  EXPECT_EQ(matches("(?i)k[s]", {"\u212a\u017f", "Ks"}), "11");
  EXPECT_EQ(matches("(?i)[^a]", {"A", "b"}), "01");
}

TEST_F(Regex, PlacesInTheText) {
  EXPECT_EQ(matches("^a$|\\Ab\\z", {"a", "b", "a\n"}), "110");
  EXPECT_EQ(matches("a^b|a$b", {"ab"}), "0");
  EXPECT_EQ(matches("(?m)a$\\n^b", {"a\nb"}), "1");
  EXPECT_EQ(matches("a$\\n^b", {"a\nb"}), "0");
  EXPECT_EQ(matches("\\ba\\b.\\bb\\B.", {"a bc", "a b "}), "10");
  EXPECT_EQ(matches("^*a", {"a"}), "1");
}

TEST_F(Regex, CasesOfTheOperator) {
  EXPECT_EQ(matches("www\\.[\\w.-]+\\.\\bcom\\b",
                    {"www.google.com", "www.facebook.com", "www.bbc.co.uk"}),
            "110");
  EXPECT_EQ(matches("(\\W|^)[\\w.\\-]{0,25}@(yahoo|gmail)\\.com(\\W|$)",
                    {"account@gmail.com", "account@hotmail.com", "not email",
                     "account2@yahoo.com"}),
            "1001");
}

TEST_F(Regex, TimeIsLinear) {
  std::string text(30000, 'a');
  EXPECT_EQ(matches("(a*)*b", {text, text + "b"}), "01");
  EXPECT_EQ(matches("(a?){500}a{500}", {std::string(500, 'a')}), "1");
}

TEST_F(Regex, RandomOnesAgreeWithTheStandardLibrary) {
  auto pick = [&](const std::vector<std::string> &parts) {
    return parts[random() % parts.size()];
  };
  std::function<std::string(int)> make = [&](int depth) {
    std::string pattern;
    for (int n = int(random() % 3) + 1; n-- > 0;) {
      std::string atom =
          depth > 0 && random() % 3 == 0
              ? "(" + make(depth - 1) + ")"
              : pick({"a", "b", ".", "[ab]", "[^a]", "\\w", "-", "\\W"});
      pattern +=
          atom + pick({"", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}"});
      pattern += pick({"", "", "", "", "", "|", "\\b", "\\B", "^", "$"});
    }
    return pattern;
  };
  std::vector<std::string> texts = {""};
  for (int i = 0; i < 40; ++i) {
    std::string text;
    for (int n = int(random() % 6); n > 0; --n)
      text += pick({"a", "b", "-", "a"});
    texts.push_back(text);
  }
  for (int i = 0; i < 500; ++i) {
    std::string pattern = make(1), expected;
    std::regex reference(pattern);
    for (const std::string &text : texts)
      expected += std::regex_match(text, reference) ? '1' : '0';
    ASSERT_EQ(matches(pattern, texts), expected) << pattern;
  }
}

TEST_F(Regex, WhatIsNoPatternIsExplained) {
  EXPECT_EQ(refusal("(a"), "a group is not closed");
  EXPECT_EQ(refusal("a)"), "a group is closed that is not open");
  EXPECT_EQ(refusal("[a"), "a bracket is not closed");
  EXPECT_EQ(refusal("[b-a]"), "a range of characters ends before it begins");
  EXPECT_EQ(refusal("[[:vowel:]]"), "[:vowel:] is no class");
  EXPECT_EQ(refusal("*a"), "there is nothing before a repetition");
  EXPECT_EQ(refusal("(?i)*"), "there is nothing before a repetition");
  EXPECT_EQ(refusal("a**"), "a repetition is repeated");
  EXPECT_EQ(refusal("a{2}{3}"), "a repetition is repeated");
  EXPECT_EQ(refusal("a{2,1}"),
            "a number of repetitions is not in order or above 1000");
  EXPECT_EQ(refusal("a{1001}"),
            "a number of repetitions is not in order or above 1000");
  EXPECT_EQ(refusal("(?<>a)"),
            "a group has no name of letters, digits and '_'");
  EXPECT_EQ(refusal("(?=a)"), "the flags of a group are none of i, m, s and U");
  EXPECT_EQ(refusal("\\pL"), "\\p has no table of Unicode here");
  EXPECT_EQ(refusal("\\1"), "\\1 is no escape");
  EXPECT_EQ(refusal("\\x{110000}"), "an escape is of no character");
  EXPECT_EQ(refusal("\\x4"), "an escape is of no character");
  EXPECT_EQ(refusal("\\\u00e9"), "an escape is of no character");
  EXPECT_EQ(refusal("a\\"), "it ends with a backslash");
  EXPECT_EQ(refusal("\xff"), "it is no UTF-8");
  EXPECT_EQ(refusal("(?i)\u00e9"),
            "(?i) changes the case of letters of ASCII alone");
  EXPECT_EQ(refusal(std::string(300, '(') + std::string(300, ')')),
            "groups lie deeper than 200 in each other");
  for (const char *pattern : {"((a{1000}){1000}){1000}", "((){1000}){1000}"})
    EXPECT_EQ(refusal(pattern),
              "with its repetitions it is longer than 20000 instructions");
}

} // namespace
} // namespace dycc::test
