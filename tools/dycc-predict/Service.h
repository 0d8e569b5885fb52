#ifndef DYCC_TOOLS_DYCC_PREDICT_SERVICE_H
#define DYCC_TOOLS_DYCC_PREDICT_SERVICE_H

#include "compiler/driver/Compile.h"

#include <iosfwd>

namespace dycc::predict {

/// Answers requests, a line of JSON each, with a line of JSON, until `in` ends:
/// * {"load": "model.onnx", "dims": ["H=16..1080"]}: {"model": 0, "symbols":
///   ["H", "W"], "machine": "...", "measured": true, "weight_bytes": 1234}
/// * {"model": 0, "at": {"H": 270, "W": 480}}: {"seconds": 0.0123,
///   "arena_bytes": 1234}
/// * {"drop": 0}: {}
/// What is wrong is {"error": "..."}. `options` are those of each model.
void serve(const CompileOptions &options, std::istream &in, std::ostream &out);

} // namespace dycc::predict

#endif // DYCC_TOOLS_DYCC_PREDICT_SERVICE_H
