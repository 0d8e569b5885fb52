// What one core can do at most: fused multiply-adds on registers alone. A
// library, so that the benchmark can time it in turn with what it measures.

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

// The factors come from memory, so that nothing is known at compile time.
static volatile float scale = 0.999f, shift = 0.001f;
static volatile float sink;

/// One run; dycc_bench_peak_work() says how many operations it is.
void dycc_bench_peak_run(void) {
  vector sum[CHAINS], a = (vector){0} + scale, b = (vector){0} + shift;
  for (int i = 0; i < CHAINS; ++i)
    sum[i] = b * (float)i;
  for (int trip = 0; trip < TRIPS; ++trip) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; ++i)
      sum[i] = __builtin_elementwise_fma(sum[i], a, b);
  }
  vector total = sum[0];
  for (int i = 1; i < CHAINS; ++i)
    total += sum[i];
  for (int i = 0; i < LANES; ++i)
    sink = sink + total[i];
}

double dycc_bench_peak_work(void) { return 2.0 * LANES * CHAINS * TRIPS; }
