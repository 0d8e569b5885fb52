#ifndef DYCC_TOOLS_DYCC_BENCH_JSONFILE_H
#define DYCC_TOOLS_DYCC_BENCH_JSONFILE_H

#include <nlohmann/json.hpp>
#include <string>

namespace dycc::bench {

/// Writes `value` to the file `path`. Throws a Refusal where that fails.
void writeJson(const nlohmann::json &value, const std::string &path);

} // namespace dycc::bench

#endif // DYCC_TOOLS_DYCC_BENCH_JSONFILE_H
