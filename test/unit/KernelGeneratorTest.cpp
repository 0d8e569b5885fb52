// Operators whose elements follow from their index, and from lengths.
#include "KernelReference.h"

using namespace dycc::test;

namespace {

class KernelGenerator : public KernelTest {};

TEST_F(KernelGenerator, GeneratorsFollowTheirIndex) {
  auto kernels = compileAll(
      {{{},
        {"@i64[N]"},
        "%a = dyn.symbolic [A] : @i64[]\n%d = dyn.symbolic [-3] : @i64[]\n"
        "%r = Range(%a, %a, %d) : @i64[N]",
        "%r"},
       {{"@f32[]", "@f32[]"},
        {"@f32[N]"},
        "%r = Range(%0, %0, %1) : @f32[N]",
        "%r"},
       {{},
        {"@i64[N, A]"},
        "%s = dyn.symbolic [N, A] : @i64[2]\n%r = ConstantOfShape(%s) "
        "{value = dense<-7> : tensor<1xi64>} : @i64[N, A]",
        "%r"},
       {{"@f32[N, A]"},
        {"@i32[N, A]"},
        "%r = EyeLike(%0) {k = -1 : i64} : @i32[N, A]",
        "%r"},
       {{"@f32[2, N, A]", "@i64[]"},
        {"@f32[2, N, A]"},
        "%r = Trilu(%0, %1) : @f32[2, N, A]",
        "%r"},
       {{"@f32[2, N, A]"},
        {"@f32[2, N, A]"},
        "%k = dyn.symbolic [-1] : @i64[]\n"
        "%r = Trilu(%0, %k) {upper = 0 : i64} : @f32[2, N, A]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 6u);
  for (Place d : {Place{7, 19}, Place{1, 1}, Place{0, 4}, Place{40, 3}}) {
    Symbols symbols{{"N", d[0]}, {"A", d[1]}};
    Array x = Array::numbered({2, d[0], d[1]});
    Array y = Array::numbered(d);
    expectNear(kernels[0]->run(symbols, {})[0],
               build({d[0]}, [&](Place at) { return d[1] - 3.0 * at[0]; }), 0,
               0);
    expectNear(kernels[1]->run(symbols, {{2}, {0.25}})[0],
               build({d[0]}, [&](Place at) { return 2 + 0.25 * at[0]; }), 0, 0);
    expectNear(kernels[2]->run(symbols, {})[0],
               build(d, [](const Place &) { return -7; }), 0, 0);
    expectNear(kernels[3]->run(symbols, {y.values})[0],
               build(d, [](Place at) { return at[1] - at[0] == -1; }), 0, 0);
    expectNear(
        kernels[4]->run(symbols, {x.values, {2}})[0],
        build(x.dims, [&](Place at) { return at[2] - at[1] >= 2 ? x(at) : 0; }),
        0, 0);
    expectNear(kernels[5]->run(symbols, {x.values})[0],
               build(x.dims,
                     [&](Place at) { return at[2] - at[1] <= -1 ? x(at) : 0; }),
               0, 0);
  }
}

TEST_F(KernelGenerator, OneHotAndReverseSequence) {
  auto kernels =
      compileAll({{{"@i32[N]", "@f32[2]"},
                   {"@f32[D, N]"},
                   "%d = dyn.symbolic [D] : @i64[]\n"
                   "%r = OneHot(%0, %d, %1) {axis = 0 : i64} : @f32[D, N]",
                   "%r"},
                  {{"@f32[N, D, 3]", "@i64[N]"},
                   {"@f32[N, D, 3]"},
                   "%r = ReverseSequence(%0, %1) {batch_axis = 0 : i64, "
                   "time_axis = 1 : i64} : @f32[N, D, 3]",
                   "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (Place d : {Place{9, 5}, Place{1, 1}, Place{0, 3}, Place{3, 0}}) {
    Symbols symbols{{"N", d[0]}, {"D", d[1]}};
    Values hot = randomValues(d[0], -d[1] - 2, d[1] + 2, 6, true);
    expectNear(kernels[0]->run(symbols, {hot, {2, 5}})[0],
               build({d[1], d[0]},
                     [&](Place at) {
                       double h = hot[at[1]];
                       return (h < 0 ? h + d[1] : h) == at[0] ? 5 : 2;
                     }),
               0, 0);
    Array x = Array::numbered({d[0], d[1], 3});
    Values lengths = randomValues(d[0], 0, d[1] + 1, 7, true);
    expectNear(kernels[1]->run(symbols, {x.values, lengths})[0],
               build(x.dims,
                     [&](Place at) {
                       int64_t n = static_cast<int64_t>(lengths[at[0]]);
                       return x(
                           {at[0], at[1] < n ? n - 1 - at[1] : at[1], at[2]});
                     }),
               0, 0);
  }
}

} // namespace
