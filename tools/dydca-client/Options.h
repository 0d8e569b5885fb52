// The command line.
#ifndef DYDCA_CLIENT_OPTIONS_H
#define DYDCA_CLIENT_OPTIONS_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace dydca {

struct Options {
  std::string low, bits, output;
  bool show = false, help = false;
  uint32_t threads = 0;
  size_t ahead = 4; ///< Pictures in each of the two queues.
};

extern const char usage[];

/// Fails where it is not understood, or nothing is asked for.
Options parse(int count, char **words);

} // namespace dydca

#endif // DYDCA_CLIENT_OPTIONS_H
