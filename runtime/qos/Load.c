#include "runtime/qos/Load.h"

// What a new sample weighs, as networks smooth round-trip times.
static const double kMean = 1.0 / 8, kDeviation = 1.0 / 16, kLevel = 1.0 / 64;
// So many deviations above the mean are no noise: the load has risen.
static const double kRise = 6;
// A sample counts at most so many times in the level, which has to stay where
// it is under rare frames of any length.
static const double kMost = 4;

static double distance(double a, double b) { return a < b ? b - a : a - b; }

void dyccQosAddSample(Load *load, double sample) {
  if (!load->isKnown) {
    Load first = {true, sample, sample / 4, sample};
    *load = first;
    return;
  }
  bool hasRisen = sample > load->mean + kRise * load->deviation;
  double away = distance(sample, load->mean);
  load->mean = hasRisen ? sample : load->mean + kMean * (sample - load->mean);
  load->deviation += kDeviation * (away - load->deviation);
  double most = kMost * load->level;
  load->level += kLevel * ((sample < most ? sample : most) - load->level);
}

void dyccQosScaleLoad(Load *load, double factor) {
  load->mean *= factor;
  load->deviation *= factor;
  load->level *= factor;
}
