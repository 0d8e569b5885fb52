// What a frame's time says of the load and of the table.
#include "runtime/qos/Controller.h"

// A load below this part of the one at which a variant has failed is another.
static const double kEased = 0.8;
// The share of what is unexpected behind a step that is the table's fault; the
// load has the rest. Of a variant that has not run before all of it is.
static const double kBlame = 0.5, kBlameFirst = 1;
static const uint32_t kProbes = 4;
// How much of the corrections each frame forgets: a variant that was wronged
// gets its chance again.
static const double kForget = 1.0 / 1024;

static double clamp(double value, double least, double most) {
  return value < least ? least : value > most ? most : value;
}

double dyccQosCostOf(const dycc_qos *controller, uint32_t variant) {
  const Variant *v = &controller->variants[variant];
  return v->seconds * v->correction;
}

uint32_t dyccQosFastestOf(const dycc_qos *controller) {
  uint32_t fastest = 0;
  for (uint32_t i = 1; i < controller->count; ++i)
    if (dyccQosCostOf(controller, i) < dyccQosCostOf(controller, fastest))
      fastest = i;
  return fastest;
}

// The current variant gets another correction. What it takes stays, so that the
// load, and what was noted of it, are others.
static void correct(dycc_qos *controller, double correction) {
  Variant *current = &controller->variants[controller->current];
  double factor = current->correction / correction;
  current->correction = correction;
  dyccQosScaleLoad(&controller->load, factor);
  for (uint32_t i = 0; i < controller->count; ++i)
    controller->variants[i].failedAt *= factor;
}

void dyccQosBeginProbing(dycc_qos *controller, double loadBefore) {
  const Variant *current = &controller->variants[controller->current];
  controller->probes = 0;
  controller->probeSum = 0;
  controller->loadBefore = loadBefore;
  controller->blame = current->hasRun ? kBlame : kBlameFirst;
}

double dyccQosEndProbing(dycc_qos *controller) {
  double before = controller->loadBefore;
  controller->loadBefore = 0;
  if (before == 0 || controller->probes == 0)
    return before;
  double mean = controller->probeSum / controller->probes;
  double factor = 1 + controller->blame * (clamp(mean / before, 0.5, 2) - 1);
  const Variant *v = &controller->variants[controller->current];
  correct(controller, clamp(v->correction * factor, 1.0 / 8, 8));
  return before;
}

static void forget(dycc_qos *controller) {
  for (uint32_t i = 0; i < controller->count; ++i) {
    Variant *v = &controller->variants[i];
    double correction = v->correction + kForget * (1 - v->correction);
    if (i == controller->current)
      correct(controller, correction);
    else
      v->correction = correction;
  }
}

static void probe(dycc_qos *controller, double sample) {
  if (controller->loadBefore == 0 || controller->running != controller->current)
    return;
  controller->probeSum += sample;
  if (++controller->probes == kProbes)
    dyccQosEndProbing(controller);
}

static void count(uint32_t *frames) {
  if (*frames < UINT32_MAX)
    ++*frames;
}

static void countCalm(dycc_qos *controller) {
  for (uint32_t i = 0; i < controller->count; ++i) {
    Variant *v = &controller->variants[i];
    if (dyccQosHasHeadRoom(controller, i, controller->deadline))
      count(&v->calm);
    else
      v->calm /= 2;
    double level = controller->load.level;
    if (level > v->failedAt && v->failedAt > 0)
      v->failedAt = level;
    if (level < kEased * v->failedAt) {
      v->failedAt = 0;
      v->wait = controller->hold;
    }
  }
}

// A frame that is late alone says little of the load: the next ones, which a
// faster variant runs, tell whether it was one of its kind. True where it may
// be.
static bool raiseAlarm(dycc_qos *controller, double sample) {
  bool isNew = controller->loadBefore > 0;
  if (isNew || controller->dip ||
      controller->sinceDip < kApart * controller->hold)
    return false;
  controller->alarm = sample;
  return true;
}

void dyccQosLearn(dycc_qos *controller, double seconds) {
  Variant *ran = &controller->variants[controller->running];
  double sample = seconds / dyccQosCostOf(controller, controller->running);
  bool isLate = seconds > controller->deadline - controller->waited;
  bool isKnown = controller->load.isKnown;
  ran->hasRun = true;
  count(&controller->ran);
  count(&controller->sinceDip);
  if (isLate && controller->running == controller->current) {
    if (isKnown && raiseAlarm(controller, sample))
      return;
    controller->hasMissed = true;
  }
  dyccQosAddSample(&controller->load, sample);
  probe(controller, sample);
  if (controller->loadBefore == 0)
    forget(controller);
  countCalm(controller);
}
