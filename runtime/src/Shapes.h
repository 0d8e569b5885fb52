// Questions about a model that need no context; as dycc_api says.
#ifndef DYCC_RUNTIME_SRC_SHAPES_H
#define DYCC_RUNTIME_SRC_SHAPES_H

#include "runtime/src/Model.h"

namespace dycc::rt {

dycc_status bind(const dycc_model *model, const int64_t *const *inputDims,
                 int64_t *symbols, dycc_message *message);
dycc_status inferShapes(const dycc_model *model,
                        const int64_t *const *inputDims,
                        int64_t *const *outputDims, uint8_t *const *exact,
                        dycc_message *message);
dycc_status peakBytes(const dycc_model *model, const int64_t *symbols,
                      uint32_t threads, dycc_peak *peak, dycc_message *message);
dycc_status estimateSeconds(const dycc_model *model, const int64_t *symbols,
                            double *seconds, dycc_message *message);
dycc_status liveBytes(const dycc_model *model, const int64_t *symbols,
                      int64_t *bytes, dycc_message *message);
dycc_status peakBytesIn(const dycc_model *model, const int64_t *lower,
                        const int64_t *upper, uint32_t threads, dycc_peak *peak,
                        dycc_message *message);

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_SHAPES_H
