#include "tools/dycc/Apart.h"

#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dycc {
namespace {

using nlohmann::json;

/// What a body is told to have thrown.
constexpr const char *kThrown = "thrown";

void writeAll(int file, const std::string &text) {
  for (size_t at = 0; at < text.size();) {
    ssize_t count = write(file, text.data() + at, text.size() - at);
    if (count <= 0)
      return;
    at += size_t(count);
  }
}

std::string readAll(int file) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = read(file, buffer, sizeof(buffer))) != 0;)
    if (count > 0)
      text.append(buffer, size_t(count));
    else if (errno != EINTR)
      break;
  return text;
}

[[noreturn]] void beChild(int file,
                          const std::function<json(const Note &)> &body) {
  // The compiler takes a crash for its own.
  for (int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV})
    std::signal(signal, SIG_DFL);
  json told;
  try {
    told = body(
        [&](const char *what) { writeAll(file, std::string(what) + "\n"); });
  } catch (const std::exception &error) {
    told = {{kThrown, error.what()}};
  }
  // Names may be any bytes.
  writeAll(file, told.dump(-1, ' ', false, json::error_handler_t::replace));
  _exit(0);
}

/// The last line: an object, or what ran.
std::string lastOf(std::string text) {
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text.substr(text.find_last_of('\n') + 1);
}

} // namespace

std::optional<json> runApart(const std::function<json(const Note &)> &body,
                             std::string &problem) {
  int ends[2];
  if (pipe(ends) != 0) {
    problem = "no pipe";
    return std::nullopt;
  }
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    beChild(ends[1], body);
  }
  close(ends[1]);
  std::string last = child < 0 ? "" : lastOf(readAll(ends[0]));
  close(ends[0]);
  if (child < 0) {
    problem = "no process to run it in";
    return std::nullopt;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  json told = json::parse(last, nullptr, /*allow_exceptions=*/false);
  if (told.is_object() && !told.contains(kThrown))
    return told;
  problem = told.is_object()
                ? told[kThrown].get<std::string>()
                : fmt::format("the {} ended with {} {}", last,
                              WIFSIGNALED(status) ? "signal" : "exit code",
                              WIFSIGNALED(status) ? WTERMSIG(status)
                                                  : WEXITSTATUS(status));
  return std::nullopt;
}

} // namespace dycc
