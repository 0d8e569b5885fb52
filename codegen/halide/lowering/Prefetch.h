#ifndef DYCC_CODEGEN_HALIDE_LOWERING_PREFETCH_H
#define DYCC_CODEGEN_HALIDE_LOWERING_PREFETCH_H

#include <Halide.h>
#include <functional>
#include <optional>

namespace dycc::halide {

/// Bytes that a cache fetches at once.
constexpr int lineBytes = 64;

/// Lines of a buffer that the caches are asked for, before they are used.
struct LinesAhead {
  /// A parameter of the kernel, or what the buffers below know by this name.
  std::string buffer;
  /// Position of the first one, by the buffer's dims; dims left out are 0. It
  /// may lie beyond the buffer.
  std::vector<Halide::Expr> first;
  Halide::Expr count = 1; ///< How many: a loop where that is no constant.
  int step = 0;           ///< Elements from one to the next.
  /// They will be written; else read, from the second-level cache.
  bool forWriting = false;
};

/// `value`, beside which lines are asked for: once per iteration of the
/// innermost loop that their position depends on, however many lanes and
/// unrolled copies it has. (Halide's own prefetch asks for all that an
/// iteration of a later step reads.)
Halide::Expr prefetching(Halide::Expr value, const LinesAhead &lines);

/// Where elements of a buffer lie.
struct BufferPlace {
  std::string parameter;
  std::vector<Halide::Expr> strides;
};
using FindBuffer =
    std::function<std::optional<BufferPlace>(const std::string &)>;

/// Has to be called for a pipeline that uses it. Requests for buffers that
/// `find` does not know are left out.
void addPrefetches(Halide::Pipeline &pipeline, FindBuffer find);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_PREFETCH_H
