#ifndef DYCC_TOOLS_DYCC_RUN_TENSORPROTO_H
#define DYCC_TOOLS_DYCC_RUN_TENSORPROTO_H

#include "tools/dycc-run/HostTensor.h"

namespace dycc::run {

/// A tensor of an ONNX test data set.
struct NamedTensor {
  std::string name; ///< May be empty.
  HostTensor tensor;
};

/// Reads a serialized TensorProto (ONNX's input_0.pb). Throws a Refusal that
/// names the path.
NamedTensor readTensorProto(const std::string &path);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_TENSORPROTO_H
