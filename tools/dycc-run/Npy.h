#ifndef DYCC_TOOLS_DYCC_RUN_NPY_H
#define DYCC_TOOLS_DYCC_RUN_NPY_H

#include "tools/dycc-run/HostTensor.h"

namespace dycc::run {

/// Reads a file of numpy.save(), of any byte order and element order. bf16
/// has no name there: its files hold u16. Throws a Refusal that names the
/// path.
HostTensor readNpy(const std::string &path);

/// The same of what such a file holds; refusals name `path`.
HostTensor parseNpy(std::string_view file, const std::string &path);

/// Writes one that numpy.load() reads.
void writeNpy(const std::string &path, const HostTensor &tensor);

/// Bytes of a file; throws a Refusal that names the path.
std::string readFile(const std::string &path);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_NPY_H
