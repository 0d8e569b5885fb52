#ifndef DYCC_TOOLS_DYCC_APART_H
#define DYCC_TOOLS_DYCC_APART_H

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace dycc {

/// Gets the name of what runs next.
using Note = std::function<void(const char *)>;

/// Runs `body` in a process of its own and returns what it does, an object:
/// what crashes there ends there. Nothing where it throws or crashes, with the
/// text or how what ran next ended in `problem`. The caller has one thread.
std::optional<nlohmann::json>
runApart(const std::function<nlohmann::json(const Note &)> &body,
         std::string &problem);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_APART_H
