// What one core can do at most: fused multiply-adds on registers alone, and the
// same on operands that are loaded from the first-level cache. A library, so
// that the benchmark can time both in turn with what it measures.

// The tile is one of rows by vectors, as products have it.
#if defined(__AVX512F__)
#define LANES 16
#define ROWS 6
#define VECTORS 4
#elif defined(__AVX2__)
#define LANES 8
#define ROWS 4
#define VECTORS 3
#else
#define LANES 4
#define ROWS 6
#define VECTORS 4
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

// Steps of one tile: all that it reads takes 18 KiB at most.
#define STEPS 64
#define TILES 1600

static vector panel[STEPS][VECTORS];
static float rows[ROWS][STEPS];

/// One run of a matrix product whose operands lie in the first-level cache;
/// dycc_bench_tile_work() says how many operations it is.
void dycc_bench_tile_run(void) {
  for (int step = 0; step < STEPS; ++step) {
    for (int i = 0; i < VECTORS; ++i)
      panel[step][i] = (vector){0} + scale;
    for (int row = 0; row < ROWS; ++row)
      rows[row][step] = shift;
  }
  vector sum[ROWS][VECTORS] = {0};
  for (int tile = 0; tile < TILES; ++tile)
#pragma clang loop unroll(disable)
    for (int step = 0; step < STEPS; ++step) {
#pragma clang loop unroll(full)
      for (int row = 0; row < ROWS; ++row) {
        vector x = rows[row][step] - (vector){0}; // A plain load.
#pragma clang loop unroll(full)
        for (int i = 0; i < VECTORS; ++i)
          sum[row][i] =
              __builtin_elementwise_fma(x, panel[step][i], sum[row][i]);
      }
    }
  vector total = {0};
  for (int row = 0; row < ROWS; ++row)
    for (int i = 0; i < VECTORS; ++i)
      total += sum[row][i];
  for (int i = 0; i < LANES; ++i)
    sink = sink + total[i];
}

double dycc_bench_tile_work(void) {
  return 2.0 * LANES * VECTORS * ROWS * STEPS * TILES;
}

double dycc_bench_peak_work(void) { return 2.0 * LANES * CHAINS * TRIPS; }
