// What is wrong, as a text for the user.
#ifndef DYDCA_CLIENT_FAILURE_H
#define DYDCA_CLIENT_FAILURE_H

#include <stdexcept>
#include <string>

namespace dydca {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// FFmpeg's text of an error code.
std::string reasonOf(int code);

/// A failure with FFmpeg's reason, where the code is one of an error.
void check(int code, const std::string &what);

} // namespace dydca

#endif // DYDCA_CLIENT_FAILURE_H
