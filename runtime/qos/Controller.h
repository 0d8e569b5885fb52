// The state of a controller, and what its parts know of variants. Names that
// files share are as long as they are since they meet those of any program.
#ifndef DYCC_RUNTIME_QOS_CONTROLLER_H
#define DYCC_RUNTIME_QOS_CONTROLLER_H

#include "dycc/qos.h"
#include "runtime/qos/Load.h"

typedef struct Variant {
  double seconds; // Of the table.
  double quality;
  double correction; // What the table has wrong of it beside others.
  bool hasRun;
  uint32_t wait;   // Frames with head-room before it may run.
  uint32_t calm;   // Frames for which it has had head-room.
  double failedAt; // The level of load that it has failed at; 0: none.
} Variant;

struct dycc_qos {
  double deadline, interval; // Seconds; an interval of 0: no rate.
  uint32_t hold, count;
  bool ranksByTime; // No qualities were given.
  uint32_t current; // What runs while nothing is late.
  uint32_t running; // What the last choice was.
  uint32_t ran;     // Frames since `current` is what it is.
  bool hasMissed;   // It missed a deadline, not by accident.
  double waited;    // Of the last choice.
  Load load;
  // Frames that a faster variant runs since one was late: how many in a row,
  // how many frames ago, and the load to be prepared for, 0 where it is the
  // usual.
  uint32_t dip, sinceDip;
  double alarm;
  // The first frames behind a step up, which tell how the table is wrong.
  uint32_t probes;
  double probeSum, loadBefore, blame;
  Variant variants[]; // In the order of the table.
};

// Frames between two that are late by accident, in times of `hold`: what comes
// more often is load.
enum { kApart = 2 };

// Seconds of the table, corrected.
double dyccQosCostOf(const dycc_qos *controller, uint32_t variant);
uint32_t dyccQosFastestOf(const dycc_qos *controller);

// Whether a variant has enough of `left` seconds, and of the rate, to begin.
bool dyccQosHasHeadRoom(const dycc_qos *controller, uint32_t variant,
                        double left);

// Takes in what the frame of the last choice took.
void dyccQosLearn(dycc_qos *controller, double seconds);
// The current variant begins to run, under a load that is known; another one
// does, or enough of it is seen. The latter returns the load that was known, 0:
// none.
void dyccQosBeginProbing(dycc_qos *controller, double loadBefore);
double dyccQosEndProbing(dycc_qos *controller);

#endif // DYCC_RUNTIME_QOS_CONTROLLER_H
