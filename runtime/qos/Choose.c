// Which variant runs: down at once, up with head-room and patience.
#include "runtime/qos/Controller.h"

// Deviations of the load that a time has room for: few while it runs, more
// before it does. What is between them keeps variants from going to and fro.
static const double kNoise = 1.5, kMoreNoise = 3;
static const double kRoom = 0.95;
// A variant that has never run may be that much faster than the table says.
static const double kHope = 0.7;
// A variant that runs for so many times its patience has not failed.
static const uint32_t kProven = 16;
// Patience grows to so many times `hold`.
static const uint32_t kPatience = 64;
// Frames that run a faster variant after an alarm.
static const uint32_t kLook = 2;

// Whether frames of this cost keep to `left` seconds and the rate.
static bool keeps(const dycc_qos *controller, double cost, double left,
                  double deviations, double room) {
  const Load *load = &controller->load;
  if (cost * (load->mean + deviations * load->deviation) > left * room)
    return false;
  return controller->interval == 0 ||
         cost * load->mean <= controller->interval * room;
}

static bool isKept(const dycc_qos *controller, uint32_t variant, double left) {
  return keeps(controller, dyccQosCostOf(controller, variant), left, kNoise, 1);
}

// The part of a variant's cost that it may turn out to take.
static double hopeOf(const dycc_qos *controller, uint32_t variant) {
  return controller->variants[variant].hasRun ? 1 : kHope;
}

bool dyccQosHasHeadRoom(const dycc_qos *controller, uint32_t variant,
                        double left) {
  double cost =
      dyccQosCostOf(controller, variant) * hopeOf(controller, variant);
  return keeps(controller, cost, left, kMoreNoise, kRoom);
}

static bool isBetter(const dycc_qos *controller, uint32_t a, uint32_t b) {
  const Variant *x = &controller->variants[a], *y = &controller->variants[b];
  return x->quality > y->quality ||
         (x->quality == y->quality &&
          dyccQosCostOf(controller, a) < dyccQosCostOf(controller, b));
}

// The best that is faster than the current one and is done in `left` seconds,
// under the load of an alarm too; where there is none, the fastest.
static uint32_t faster(const dycc_qos *controller, double left) {
  uint32_t best = dyccQosFastestOf(controller);
  double most = dyccQosCostOf(controller, controller->current);
  for (uint32_t i = 0; i < controller->count; ++i) {
    double cost = dyccQosCostOf(controller, i);
    if (cost < most && isKept(controller, i, left) &&
        cost * controller->alarm <= left && isBetter(controller, i, best))
      best = i;
  }
  return best;
}

// Where the one before has failed at once, the load is still that before it.
static void become(dycc_qos *controller, uint32_t variant, bool isUp) {
  double before = dyccQosEndProbing(controller);
  controller->current = variant;
  controller->ran = 0;
  controller->dip = 0;
  controller->alarm = 0;
  for (uint32_t i = 0; i < controller->count; ++i)
    controller->variants[i].calm = 0;
  dyccQosBeginProbing(controller, isUp ? controller->load.mean : before);
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

// The current variant, and what is slower, has to be waited for longer from now
// on; for shorter where it has done well for long.
static void fail(dycc_qos *controller) {
  Variant *failed = &controller->variants[controller->current];
  bool isProven = controller->ran / kProven >= failed->wait;
  failed->wait = isProven
                     ? larger(failed->wait / 2, controller->hold)
                     : smaller(failed->wait * 2, kPatience * controller->hold);
  double cost = dyccQosCostOf(controller, controller->current);
  for (uint32_t i = 0; i < controller->count; ++i) {
    Variant *v = &controller->variants[i];
    if (dyccQosCostOf(controller, i) < cost)
      continue;
    v->wait = larger(v->wait, failed->wait);
    v->failedAt = controller->load.level;
  }
}

static void descend(dycc_qos *controller, double left) {
  uint32_t next = faster(controller, left);
  if (next == controller->current)
    return;
  fail(controller);
  become(controller, next, /*isUp=*/false);
}

static void ascend(dycc_qos *controller, double left) {
  uint32_t best = controller->current;
  for (uint32_t i = 0; i < controller->count; ++i)
    if (isBetter(controller, i, best) &&
        controller->variants[i].calm >= controller->variants[i].wait &&
        dyccQosHasHeadRoom(controller, i, left))
      best = i;
  if (best == controller->current)
    return;
  // What it was chosen for is what its first frames are held against.
  controller->variants[best].correction *= hopeOf(controller, best);
  become(controller, best, /*isUp=*/true);
}

// A frame that begins late hurries: a faster variant has it done in time, and
// the one behind it is on time again. What hurries often is too slow.
static uint32_t hurry(dycc_qos *controller, double left) {
  bool looks = controller->alarm > 0 && controller->dip < kLook;
  if (!looks && isKept(controller, controller->current, left)) {
    controller->dip = 0;
    controller->alarm = 0;
    return controller->current;
  }
  bool isOften = controller->dip == 0
                     ? controller->sinceDip < kApart * controller->hold
                     : controller->dip > controller->hold;
  controller->sinceDip = 0;
  if (isOften) {
    descend(controller, left);
    return controller->current;
  }
  ++controller->dip;
  return faster(controller, left);
}

uint32_t dycc_qos_choose(dycc_qos *controller, double waited) {
  controller->waited = waited > 0 ? waited : 0;
  if (!controller->load.isKnown)
    return controller->running;
  double left = controller->deadline - controller->waited;
  if (controller->hasMissed ||
      !isKept(controller, controller->current, controller->deadline))
    descend(controller, controller->deadline);
  else if (controller->dip == 0 && controller->alarm == 0)
    ascend(controller, left);
  controller->hasMissed = false;
  controller->running = hurry(controller, left);
  return controller->running;
}

void dycc_qos_predict(const dycc_qos *controller, double *seconds) {
  double load = controller->load.isKnown ? controller->load.mean : 1;
  for (uint32_t i = 0; i < controller->count; ++i)
    seconds[i] = dyccQosCostOf(controller, i) * load;
}
