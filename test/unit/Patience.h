#ifndef DYCC_TEST_UNIT_PATIENCE_H
#define DYCC_TEST_UNIT_PATIENCE_H

#include <chrono>
#include <cstdlib>

namespace dycc::test {

/// `seconds`, as often as DYCC_TEST_PATIENCE says: builds with sanitizers are
/// several times slower.
inline std::chrono::duration<double> timeLimit(double seconds) {
  const char *factor = std::getenv("DYCC_TEST_PATIENCE");
  return std::chrono::duration<double>(
      seconds * (factor ? std::strtod(factor, nullptr) : 1.0));
}

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_PATIENCE_H
