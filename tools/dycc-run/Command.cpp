#include "tools/dycc-run/Command.h"

#include "tools/dycc-run/HostTensor.h"

#include <fstream>

namespace dycc::run {

/// Of a long text, such as a list of all inputs, the beginning.
static int fail(const CLI::App &app, int code, std::string text) {
  constexpr size_t longest = 380;
  if (text.size() > longest)
    text.replace(longest - 4, text.npos, " ...");
  fmt::print(stderr, "{}: error: {}\n", app.get_name(), text);
  return code;
}

int runCommand(CLI::App &app, int argc, char **argv,
               const std::function<bool()> &body) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return body() ? 0 : 1;
  } catch (const UsageError &error) {
    return fail(app, 2, error.what());
  } catch (const Refusal &error) {
    return fail(app, 1, error.what());
  } catch (const std::exception &error) {
    return fail(app, 3, error.what());
  }
}

void writeText(const std::string &path, const std::string &text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file)
    throw Refusal("cannot write '" + path + "'");
}

} // namespace dycc::run
