// The runtime's operators on strings.
#include "test/unit/RuntimeOpsFixture.h"

#include <climits>
#include <cmath>
#include <limits>
#include <locale.h>

namespace dycc::test {
namespace {

using Texts = std::vector<std::string>;

struct RuntimeStringOps : RuntimeOps {
  rt::Strings &strings = session.context->strings;

  OpTensor empty(std::vector<int64_t> dims) {
    return OpTensor(DYCC_DTYPE_STRING, DYCC_HANDLE_BITS, std::move(dims));
  }
  OpTensor tensor(std::vector<int64_t> dims, const Texts &texts) {
    OpTensor result = empty(std::move(dims));
    for (int64_t i = 0; i < result.count(); ++i)
      result.set(i, strings.intern(texts[i].data(), texts[i].size()));
    return result;
  }
  Texts textsOf(const OpTensor &tensor) {
    Texts texts;
    for (int64_t i = 0; i < tensor.count(); ++i) {
      dycc_string string = strings.at(tensor.get<uint64_t>(i));
      texts.emplace_back(string.data, string.size);
    }
    return texts;
  }
  template <typename T>
  OpTensor numbers(const std::vector<T> &values) {
    OpTensor result = makeTensor<T>({int64_t(values.size())});
    for (size_t i = 0; i < values.size(); ++i)
      result.set<T>(int64_t(i), values[i]);
    return result;
  }
  template <typename T>
  Texts written(const std::vector<T> &values) {
    OpTensor x = numbers(values), y = empty({x.count()});
    EXPECT_EQ(call(dycc_op_number_to_string, {&x}, {&y}), DYCC_OK);
    return textsOf(y);
  }
  template <typename T>
  std::vector<T> read(const Texts &texts) {
    OpTensor x = tensor({int64_t(texts.size())}, texts);
    OpTensor y = makeTensor<T>({x.count()});
    EXPECT_EQ(call(dycc_op_string_to_number, {&x}, {&y}), DYCC_OK)
        << session.error();
    std::vector<T> values;
    for (int64_t i = 0; i < y.count(); ++i)
      values.push_back(y.get<T>(i));
    return values;
  }
  std::string refusal(const std::string &text, OpTensor y) {
    session.context->failure.status = DYCC_OK;
    OpTensor x = tensor({1}, {text});
    EXPECT_EQ(call(dycc_op_string_to_number, {&x}, {&y}), DYCC_MODEL_ERROR);
    return session.error();
  }
};

TEST_F(RuntimeStringOps, NumbersAsOnnxRuntimeWritesThem) {
  float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(
      written<float>({0, -0.0f, 1.5, 1 / 3.0f, 1e-5f, 123456789.0f, 1e20f,
                      1e-45f, NAN, inf, -inf, 16777217.0f}),
      (Texts{"0", "-0", "1.5", "0.33333334", "9.9999997e-06", "1.2345679e+08",
             "1e+20", "1.4012985e-45", "NaN", "INF", "-INF", "16777216"}));
  EXPECT_EQ(written<double>({0.1, 1 / 3.0}), (Texts{"0.1", "0.33333333"}));
  EXPECT_EQ(written<_Float16>({_Float16(0.1), _Float16(-65504), _Float16(6e-8),
                               _Float16(inf)}),
            (Texts{"0.099975586", "-65504", "5.9604645e-08", "INF"}));
  EXPECT_EQ(written<int8_t>({-128, 127}), (Texts{"-128", "127"}));
  EXPECT_EQ(written<int64_t>({INT64_MIN, 0}),
            (Texts{"-9223372036854775808", "0"}));
  EXPECT_EQ(written<uint64_t>({UINT64_MAX}), (Texts{"18446744073709551615"}));
  EXPECT_EQ(written<uint16_t>({65535}), (Texts{"65535"}));
}

TEST_F(RuntimeStringOps, NumbersAsOnnxRuntimeReadsThem) {
  EXPECT_EQ(read<float>({"1", " -1.5e2x", "+4", "INF", "-inf", "1,5"}),
            (std::vector<float>{1, -150, 4, INFINITY, -INFINITY, 1}));
  EXPECT_TRUE(std::isnan(read<double>({"nAn"})[0]));
  EXPECT_EQ(read<int64_t>({"1.9", "-1.9", "  7 ", "-9223372036854775808"}),
            (std::vector<int64_t>{1, -1, 7, INT64_MIN}));
  EXPECT_EQ(read<int8_t>({"300", "-129"}), (std::vector<int8_t>{44, 127}));
  EXPECT_EQ(read<uint64_t>({"18446744073709551615", "-1"}),
            (std::vector<uint64_t>{UINT64_MAX, UINT64_MAX}));
}

TEST_F(RuntimeStringOps, NarrowFloatsAreRounded) {
  for (double value : {65519.0, 65520.0, 1e-8, 2.9802322e-08, 2.98023224e-08,
                       4.4703484e-08, 6.1e-05, 0.1, -3.14159, 2049.0, 2051.0}) {
    std::string text = std::to_string(value);
    char exact[64];
    snprintf(exact, sizeof(exact), "%.17g", value);
    EXPECT_EQ(float(read<_Float16>({exact})[0]), float(_Float16(float(value))))
        << exact;
  }
  OpTensor x = tensor({2}, {"1.00390625", "nan"});
  OpTensor y(kDLBfloat, 16, {2});
  ASSERT_EQ(call(dycc_op_string_to_number, {&x}, {&y}), DYCC_OK);
  EXPECT_EQ(y.get<uint16_t>(0), 0x3f80); // Half a step: to even.
  OpTensor texts = empty({2});
  ASSERT_EQ(call(dycc_op_number_to_string, {&y}, {&texts}), DYCC_OK);
  EXPECT_EQ(textsOf(texts), (Texts{"1", "NaN"}));
}

TEST_F(RuntimeStringOps, WhatIsNoNumberIsNamed) {
  EXPECT_EQ(refusal("abc", makeTensor<float>({1})),
            "node 'node': element 0 is \"abc\", expects a number in the range "
            "of f32");
  for (const char *text : {"", " ", "1e400", "-"})
    EXPECT_NE(refusal(text, makeTensor<double>({1})), "") << text;
  for (const char *text : {"INF", "", "9223372036854775808", "+-1"})
    EXPECT_NE(refusal(text, makeTensor<int64_t>({1})), "") << text;
  EXPECT_NE(refusal("18446744073709551616", makeTensor<uint8_t>({1})), "");
}

TEST_F(RuntimeStringOps, NumbersKnowNoLocale) {
  const char *comma = nullptr;
  for (const char *name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"})
    comma = comma ? comma : setlocale(LC_NUMERIC, name);
  if (!comma)
    GTEST_SKIP() << "no locale with a comma is installed";
  EXPECT_EQ(written<float>({1.5}), (Texts{"1.5"}));
  EXPECT_EQ(read<float>({"1.5"}), (std::vector<float>{1.5}));
  char text[8];
  snprintf(text, sizeof(text), "%.1f", 1.5);
  EXPECT_STREQ(text, "1,5"); // The program's own is as it was.
  setlocale(LC_NUMERIC, "C");
}

TEST_F(RuntimeStringOps, ConcatBroadcasts) {
  OpTensor x = tensor({2, 1}, {"a", ""}), y = tensor({3}, {"1", "", "22"});
  OpTensor z = empty({2, 3});
  ASSERT_EQ(call(dycc_op_string_concat, {&x, &y}, {&z}), DYCC_OK);
  EXPECT_EQ(textsOf(z), (Texts{"a1", "a", "a22", "1", "", "22"}));
  EXPECT_EQ(z.get<uint64_t>(4), 0u);
  OpTensor scalar = tensor({}, {"s"}), all = empty({3});
  ASSERT_EQ(call(dycc_op_string_concat, {&scalar, &y}, {&all}), DYCC_OK);
  EXPECT_EQ(textsOf(all), (Texts{"s1", "s", "s22"}));
}

struct SplitCase {
  std::string text, delimiter;
  int64_t most;
  Texts pieces;
};

TEST_F(RuntimeStringOps, SplitsAsPythonDoes) {
  const SplitCase cases[] = {
      {"a.b.c", ".", INT64_MAX, {"a", "b", "c"}},
      {"a.b.c", ".", 1, {"a", "b.c"}},
      {"a.b.c", ".", 0, {"a.b.c"}},
      {".a.", ".", INT64_MAX, {"", "a", ""}},
      {"", ".", INT64_MAX, {""}},
      {"a--b", "--", INT64_MAX, {"a", "b"}},
      {"a---b", "--", INT64_MAX, {"a", "-b"}},
      {"  a \t b\n", "", INT64_MAX, {"a", "b"}},
      {" a  b  c ", "", 1, {"a", "b  c "}},
      {" a  b ", "", 0, {"a  b "}},
      {"   ", "", INT64_MAX, {}},
      {"", "", INT64_MAX, {}},
      {"x", "longer than it", INT64_MAX, {"x"}},
  };
  for (const SplitCase &c : cases) {
    OpTensor x = tensor({1}, {c.text}), delimiter = tensor({1}, {c.delimiter});
    OpTensor y = empty({1, 9}), z = makeTensor<int64_t>({1});
    ASSERT_EQ(call(dycc_op_string_split, {&x, &delimiter}, {&y, &z}, {c.most}),
              DYCC_OK);
    EXPECT_EQ(textsOf(y), c.pieces) << c.text;
    EXPECT_EQ(z.get<int64_t>(0), int64_t(c.pieces.size())) << c.text;
  }
}

TEST_F(RuntimeStringOps, SplitFillsUp) {
  OpTensor x = tensor({2, 1}, {"a b c", "d"}), delimiter = tensor({1}, {" "});
  OpTensor y = empty({2, 1, 5}), z = makeTensor<int64_t>({2, 1});
  ASSERT_EQ(call(dycc_op_string_split, {&x, &delimiter}, {&y, &z}, {INT64_MAX}),
            DYCC_OK);
  EXPECT_EQ(y.dims, (std::vector<int64_t>{2, 1, 3}));
  EXPECT_EQ(textsOf(y), (Texts{"a", "b", "c", "d", "", ""}));
}

TEST_F(RuntimeStringOps, NormalizerRemovesAndChangesCase) {
  auto normalized = [&](const Texts &texts, const Texts &stops, int64_t letters,
                        int64_t isSensitive) {
    OpTensor x = tensor({1, int64_t(texts.size())}, texts);
    OpTensor words = tensor({int64_t(stops.size())}, stops);
    OpTensor y = empty({1, int64_t(texts.size()) + 1});
    EXPECT_EQ(call(dycc_op_string_normalizer, {&x, &words}, {&y},
                   {letters, isSensitive}),
              DYCC_OK);
    EXPECT_EQ(y.dims[0], 1);
    return textsOf(y);
  };
  Texts x = {"Monday", "tuesday", "", "monday"};
  EXPECT_EQ(normalized(x, {}, DYCC_CASE_NONE, 0), x);
  EXPECT_EQ(normalized(x, {"monday"}, DYCC_CASE_NONE, 1),
            (Texts{"Monday", "tuesday", ""}));
  EXPECT_EQ(normalized(x, {"MONDAY"}, DYCC_CASE_UPPER, 0),
            (Texts{"TUESDAY", ""}));
  EXPECT_EQ(normalized({"a"}, {"a"}, DYCC_CASE_LOWER, 1), (Texts{""}));
  EXPECT_EQ(normalized({}, {"a"}, DYCC_CASE_LOWER, 1), (Texts{""}));
  EXPECT_EQ(normalized({"\u00c9t\u00e9 \u00e7a \u00fc\u00df \u0416\u0436 "
                        "\u03a3\u03c3 \u0131 \ufb01 \U00010428",
                        "\xff"
                        "a\xc3"},
                       {}, DYCC_CASE_UPPER, 0),
            (Texts{"\u00c9T\u00c9 \u00c7A \u00dc\u00df \u0416\u0416 "
                   "\u03a3\u03a3 I \ufb01 \U00010400",
                   "\xff"
                   "A\xc3"}));
  EXPECT_EQ(normalized({"\u023a\u00c9\u0130"}, {}, DYCC_CASE_LOWER, 0),
            (Texts{"\u2c65\u00e9i"}));
}

TEST_F(RuntimeStringOps, VectorizerCountsWhatThePoolHas) {
  // Unigrams 2, 3, 5, 4; bigrams 5 6, 7 8, 6 7.
  OpTensor pool = numbers<int64_t>({2, 3, 5, 4, 5, 6, 7, 8, 6, 7});
  OpTensor counts = numbers<int64_t>({4, 3}),
           indices = numbers<int64_t>({0, 1, 2, 3, 4, 5, 6}),
           none = numbers<float>({}),
           weights = numbers<float>({1, 2, 3, 4, 5, 6, 7});
  OpTensor x = makeTensor<int32_t>({2, 6});
  const int32_t elements[] = {1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8};
  for (int i = 0; i < 12; ++i)
    x.set<int32_t>(i, elements[i]);
  auto counted = [&](OpTensor &in, OpTensor &table, OpTensor &factors,
                     std::vector<int64_t> attributes) {
    OpTensor y = makeTensor<float>({2, 7});
    EXPECT_EQ(call(dycc_op_tf_idf, {&in, &table, &counts, &indices, &factors},
                   {&y}, attributes),
              DYCC_OK);
    std::vector<float> values;
    for (int64_t i = 0; i < y.count(); ++i)
      values.push_back(y.get<float>(i));
    return values;
  };
  EXPECT_EQ(counted(x, pool, none, {1, 2, 5, DYCC_TF}),
            (std::vector<float>{0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1}));
  EXPECT_EQ(counted(x, pool, none, {2, 2, 0, DYCC_TF}),
            (std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1}));
  EXPECT_EQ(counted(x, pool, weights, {1, 1, 5, DYCC_TFIDF}),
            (std::vector<float>{0, 6, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0}));
  EXPECT_EQ(counted(x, pool, weights, {1, 1, 5, DYCC_IDF}),
            (std::vector<float>{0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0}));
  OpTensor words = empty({2, 6}), dictionary = empty({10});
  auto wordOf = [&](int64_t number) {
    std::string text = "w" + std::to_string(number);
    return strings.intern(text.data(), text.size());
  };
  for (int i = 0; i < 12; ++i)
    words.set(i, wordOf(elements[i]));
  for (int64_t i = 0; i < 10; ++i)
    dictionary.set(i, wordOf(pool.get<int64_t>(i)));
  EXPECT_EQ(counted(words, dictionary, none, {1, 2, 5, DYCC_TF}),
            counted(x, pool, none, {1, 2, 5, DYCC_TF}));
}

TEST_F(RuntimeStringOps, UniqueSortsByBytes) {
  OpTensor x = tensor({5}, {"b", "a", "", "b", "ab"});
  auto unique = [&](int64_t sorted) {
    OpTensor y = empty({5}), first = makeTensor<int64_t>({5}),
             inverse = makeTensor<int64_t>({5}),
             counts = makeTensor<int64_t>({5});
    EXPECT_EQ(call(dycc_op_unique, {&x}, {&y, &first, &inverse, &counts},
                   {-1, sorted}),
              DYCC_OK);
    EXPECT_EQ(counts.get<int64_t>(sorted ? 3 : 0), 2);
    return textsOf(y);
  };
  EXPECT_EQ(unique(1), (Texts{"", "a", "ab", "b"}));
  EXPECT_EQ(unique(0), (Texts{"b", "a", "", "ab"}));
}

TEST_F(RuntimeStringOps, WithoutMemoryTheNodeIsNamed) {
  dycc_context_options options = {};
  options.heap_limit = 1;
  Session limited(kModel, 1, options);
  OpTensor x = numbers<float>({1}), y = empty({1});
  DyccOpTensor in = x.view(), out = y.view();
  EXPECT_EQ(dycc_op_number_to_string(&limited.context->frames[0], "node", &in,
                                     1, &out, 1, nullptr),
            DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(limited.error(), "node 'node': no memory for its strings");
}

} // namespace
} // namespace dycc::test
