// Who reads a Func, and whether at the place that is being computed.
#ifndef DYCC_CODEGEN_HALIDE_OPENCL_DEVICEREADERS_H
#define DYCC_CODEGEN_HALIDE_OPENCL_DEVICEREADERS_H

#include <Halide.h>
#include <map>
#include <string>
#include <vector>

namespace dycc::halide {

/// A Func that reads another one.
struct Reader {
  std::string name;
  /// Each of its elements needs the element of the same index and no other.
  bool isSame;

  bool operator==(const Reader &) const = default;
};

/// The Funcs of a pipeline that have loops of their own, those that read before
/// those that are read.
struct ReaderGraph {
  std::vector<Halide::Func> funcs;
  std::map<std::string, std::vector<Reader>> readers;
};

ReaderGraph findReaders(const Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_DEVICEREADERS_H
