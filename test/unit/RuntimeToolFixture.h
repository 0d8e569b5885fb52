// What tests of dycc-run's parts have in common.
#ifndef DYCC_TEST_UNIT_RUNTIMETOOLFIXTURE_H
#define DYCC_TEST_UNIT_RUNTIMETOOLFIXTURE_H

#include "tools/dycc-run/HostTensor.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace dycc::run {

inline DLDataType typeOf(const char *name) { return *parseType(name); }

/// A file that goes with the test.
struct TemporaryFile {
  std::string path =
      testing::TempDir() + "dycc-tool-" + std::to_string(getpid()) + ".bin";
  explicit TemporaryFile(std::string_view text = "") {
    std::ofstream(path, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
};

template <typename F>
std::string refusalOf(F function) {
  try {
    function();
  } catch (const std::runtime_error &error) {
    return error.what();
  }
  return "";
}

/// A file of version 1 with this dictionary and data.
inline std::string makeNpy(const std::string &dictionary,
                           const std::string &data) {
  std::string text("\x93NUMPY\x01\x00", 8);
  text += char(dictionary.size());
  text += '\0';
  return text + dictionary + data;
}

} // namespace dycc::run

#endif // DYCC_TEST_UNIT_RUNTIMETOOLFIXTURE_H
