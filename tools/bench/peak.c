// Measures what one core can do at most: fused multiply-adds on registers
// alone. Prints GFLOP/s, the best of several short runs: a neighbour can only
// make it slower.
#include <stdio.h>
#include <time.h>

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif
// Enough chains to hide the latency of two units (2 x 4 cycles), and few
// enough to stay in 16 registers with the two factors.
#define CHAINS 12
// Half a millisecond: short enough to fall between two interruptions.
#define TRIPS 200000

typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// The factors come from memory, so that nothing is known at compile time.
static volatile float scale = 0.999f, shift = 0.001f;
static volatile float sink;

static double run(void) {
  vector sum[CHAINS], a = (vector){0} + scale, b = (vector){0} + shift;
  for (int i = 0; i < CHAINS; ++i)
    sum[i] = b * (float)i;
  double began = seconds();
  for (int trip = 0; trip < TRIPS; ++trip) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; ++i)
      sum[i] = __builtin_elementwise_fma(sum[i], a, b);
  }
  double took = seconds() - began;
  vector total = sum[0];
  for (int i = 1; i < CHAINS; ++i)
    total += sum[i];
  for (int i = 0; i < LANES; ++i)
    sink = sink + total[i];
  return 2.0 * LANES * CHAINS * TRIPS / took * 1e-9;
}

int main(void) {
  double best = 0;
  for (int i = 0; i < 300; ++i) {
    double now = run();
    best = now > best ? now : best;
  }
  printf("%.2f\n", best);
  return 0;
}
