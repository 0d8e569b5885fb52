#include "tools/dycc-bench/JsonFile.h"

#include "tools/dycc-run/HostTensor.h"

#include <fstream>

namespace dycc::bench {

void writeJson(const nlohmann::json &value, const std::string &path) {
  std::ofstream file(path, std::ios::binary);
  // Names may be any bytes.
  file << value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
       << "\n";
  file.close();
  if (!file)
    throw run::Refusal("cannot write '" + path + "'");
}

} // namespace dycc::bench
