// A quality-of-service controller: which variant of a model the next frame
// runs, so that frames are in time and as good as the machine allows. It knows
// no family and has no clock: variants are a table of times, and the caller
// says what frames took. docs/qos.md explains its rules.
//
// Link with libdycc_qos.a (dycc::qos of find_package(dycc)), plain C.
// Thread rule of all functions: one call at a time per controller.
#ifndef DYCC_QOS_H
#define DYCC_QOS_H

#include "dycc/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dycc_qos dycc_qos;

/// What is known of a variant beforehand.
typedef struct dycc_qos_variant {
  /// What a frame takes, above 0: measured, or an estimate as that of
  /// dycc_variant_cost. Only how variants compare has to be about right.
  double seconds;
  /// On any scale, the more the better. Equal for all: the slower the better.
  double quality;
} dycc_qos_variant;

/// What frames have to keep. Zero is the default of each.
typedef struct dycc_qos_options {
  uint32_t size; ///< sizeof(dycc_qos_options).
  uint32_t hold; ///< Frames with head-room before a better variant; 0: 30.
  /// Seconds from when a frame is due until it has to be done; 0: the time
  /// between two frames.
  double deadline;
  double frame_rate; ///< Frames per second; 0: no rate, and then a deadline.
} dycc_qos_options;

/// Makes a controller of `count` variants, which are copied. DYCC_OK,
/// DYCC_INVALID_ARGUMENT, DYCC_OUT_OF_MEMORY (it takes memory here alone).
dycc_status dycc_qos_create(const dycc_qos_options *options,
                            const dycc_qos_variant *variants, uint32_t count,
                            dycc_qos **controller, dycc_message *message);

/// Frees it; NULL is fine.
void dycc_qos_destroy(dycc_qos *controller);

/// The variant that the frame now to begin runs, an index of the table.
/// `waited`: seconds since the frame was due. A frame that is past its deadline
/// is the caller's to drop. The first frame is of the fastest variant.
uint32_t dycc_qos_choose(dycc_qos *controller, double waited);

/// The frame of the last choice took so many seconds, waiting aside. DYCC_OK;
/// DYCC_INVALID_ARGUMENT, and no effect, where that is no finite number above
/// 0.
dycc_status dycc_qos_report(dycc_qos *controller, double seconds,
                            dycc_message *message);

/// Other times of the variants, at other extents of the input: what was learnt
/// of the machine stays. DYCC_OK; DYCC_INVALID_ARGUMENT, and no effect.
dycc_status dycc_qos_update(dycc_qos *controller, const double *seconds,
                            dycc_message *message);

/// What a frame of each variant is thought to take now, by what was reported;
/// before the first report the times of the table.
void dycc_qos_predict(const dycc_qos *controller, double *seconds);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_QOS_H
