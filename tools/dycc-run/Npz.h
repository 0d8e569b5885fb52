#ifndef DYCC_TOOLS_DYCC_RUN_NPZ_H
#define DYCC_TOOLS_DYCC_RUN_NPZ_H

#include "tools/dycc-run/TensorProto.h"

namespace dycc::run {

/// Reads all arrays of a file of numpy.savez(), in its order. One whose name
/// does not end in .npy is none. Throws a Refusal that names the path, and the
/// array, where the file is damaged or compressed.
std::vector<NamedTensor> readNpz(const std::string &path);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_NPZ_H
