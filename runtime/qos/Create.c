// Making a controller: what it is given is checked here alone.
#include "runtime/qos/Controller.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const uint32_t kHold = 30;

// A finite number above 0; false for NaN.
static bool isTime(double seconds) {
  return seconds > 0 && seconds - seconds == 0;
}
static bool isTimeOrZero(double seconds) {
  return seconds == 0 || isTime(seconds);
}

static dycc_status refuse(dycc_message *message, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (message)
    vsnprintf(message->text, sizeof(message->text), format, arguments);
  va_end(arguments);
  return DYCC_INVALID_ARGUMENT;
}

static dycc_status checkOptions(const dycc_qos_options *options,
                                dycc_message *message) {
  if (!options)
    return refuse(message, "options is null");
  if (options->size < sizeof(*options))
    return refuse(message, "options.size is %u, expects at least %zu",
                  options->size, sizeof(*options));
  if (!isTimeOrZero(options->deadline))
    return refuse(message, "deadline is %g, expects seconds above 0, or 0",
                  options->deadline);
  if (!isTimeOrZero(options->frame_rate))
    return refuse(message,
                  "frame_rate is %g, expects frames per second above 0, or 0",
                  options->frame_rate);
  if (options->deadline == 0 && options->frame_rate == 0)
    return refuse(message, "expects a deadline or a frame_rate, got neither");
  if (options->hold > 1000000)
    return refuse(message, "hold is %u, expects at most 1000000 frames",
                  options->hold);
  return DYCC_OK;
}

static dycc_status checkTime(double seconds, uint32_t variant,
                             dycc_message *message) {
  return isTime(seconds)
             ? DYCC_OK
             : refuse(message, "variant %u: seconds is %g, expects more than 0",
                      variant, seconds);
}

static dycc_status checkVariants(const dycc_qos_variant *variants,
                                 uint32_t count, dycc_message *message) {
  if (count < 1)
    return refuse(message, "got no variants, expects at least one");
  if (!variants)
    return refuse(message, "variants is null");
  for (uint32_t i = 0; i < count; ++i) {
    dycc_status status = checkTime(variants[i].seconds, i, message);
    if (status != DYCC_OK)
      return status;
    if (variants[i].quality - variants[i].quality != 0)
      return refuse(message, "variant %u: quality is %g, expects a number", i,
                    variants[i].quality);
  }
  return DYCC_OK;
}

static void rankByTime(dycc_qos *controller) {
  for (uint32_t i = 0; controller->ranksByTime && i < controller->count; ++i)
    controller->variants[i].quality = controller->variants[i].seconds;
}

static void setVariants(dycc_qos *controller,
                        const dycc_qos_variant *variants) {
  controller->ranksByTime = true;
  for (uint32_t i = 0; i < controller->count; ++i) {
    Variant *variant = &controller->variants[i];
    variant->seconds = variants[i].seconds;
    variant->quality = variants[i].quality;
    variant->correction = 1;
    variant->wait = controller->hold;
    if (variant->quality != variants[0].quality)
      controller->ranksByTime = false;
  }
  rankByTime(controller);
}

dycc_status dycc_qos_create(const dycc_qos_options *options,
                            const dycc_qos_variant *variants, uint32_t count,
                            dycc_qos **controller, dycc_message *message) {
  if (!controller)
    return refuse(message, "controller is null");
  dycc_status status = checkOptions(options, message);
  if (status == DYCC_OK)
    status = checkVariants(variants, count, message);
  if (status != DYCC_OK)
    return status;
  dycc_qos *made = calloc(1, sizeof(*made) + count * sizeof(Variant));
  if (!made) {
    refuse(message, "no memory for a controller of %u variants", count);
    return DYCC_OUT_OF_MEMORY;
  }
  made->interval = options->frame_rate > 0 ? 1 / options->frame_rate : 0;
  made->deadline = options->deadline > 0 ? options->deadline : made->interval;
  made->hold = options->hold ? options->hold : kHold;
  made->count = count;
  made->sinceDip = UINT32_MAX;
  setVariants(made, variants);
  made->current = made->running = dyccQosFastestOf(made);
  *controller = made;
  return DYCC_OK;
}

void dycc_qos_destroy(dycc_qos *controller) { free(controller); }

dycc_status dycc_qos_update(dycc_qos *controller, const double *seconds,
                            dycc_message *message) {
  if (!controller || !seconds)
    return refuse(message, "%s is null", controller ? "seconds" : "controller");
  for (uint32_t i = 0; i < controller->count; ++i) {
    dycc_status status = checkTime(seconds[i], i, message);
    if (status != DYCC_OK)
      return status;
  }
  for (uint32_t i = 0; i < controller->count; ++i)
    controller->variants[i].seconds = seconds[i];
  rankByTime(controller);
  if (!controller->load.isKnown)
    controller->current = controller->running = dyccQosFastestOf(controller);
  return DYCC_OK;
}

dycc_status dycc_qos_report(dycc_qos *controller, double seconds,
                            dycc_message *message) {
  if (!controller)
    return refuse(message, "controller is null");
  if (!isTime(seconds))
    return refuse(message,
                  "the frame took %g seconds, expects a finite number above 0",
                  seconds);
  dyccQosLearn(controller, seconds);
  return DYCC_OK;
}
