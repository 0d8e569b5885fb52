// How much slower the machine is than the table of variants says. One factor
// for all variants: they share the processor that others want too.
#ifndef DYCC_RUNTIME_QOS_LOAD_H
#define DYCC_RUNTIME_QOS_LOAD_H

#include <stdbool.h>

typedef struct Load {
  bool isKnown;
  double mean;      // Rises at once, falls slowly.
  double deviation; // The mean distance from it.
  double level; // The mean of a long time, in which single frames are little.
} Load;

// Takes in that a frame took `sample` times its time of the table.
void dyccQosAddSample(Load *load, double sample);

// The load where all times of the table are divided by `factor`.
void dyccQosScaleLoad(Load *load, double factor);

#endif // DYCC_RUNTIME_QOS_LOAD_H
