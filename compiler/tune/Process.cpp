#include "compiler/tune/Process.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace dycc::tune {

std::string inFolder(StringRef folder, StringRef name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

/// The first line of a file, "" where there is none.
static std::string firstLine(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().split('\n').first.str() : "";
}

Expected<std::string> findProgram(StringRef name, StringRef duty) {
  std::string self = sys::fs::getMainExecutable(
      nullptr, reinterpret_cast<void *>(&findProgram));
  std::string path = inFolder(sys::path::parent_path(self), name);
  if (!sys::fs::can_execute(path))
    return createStringError("cannot find '" + path + "', which " + duty);
  return path;
}

Error runProgram(ArrayRef<std::string> arguments, unsigned limit,
                 const std::string &log) {
  sys::fs::remove(log); // That of another run.
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(""),
                                          StringRef(log)};
  std::string problem;
  int status = sys::ExecuteAndWait(
      arguments.front(),
      SmallVector<StringRef>(arguments.begin(), arguments.end()), std::nullopt,
      redirects, limit, /*MemoryLimit=*/0, &problem);
  if (status == 0)
    return Error::success();
  std::string said = firstLine(log);
  if (said.empty() || status < 0)
    said = sys::path::filename(arguments.front()).str() + " ended: " +
           (problem.empty() ? "status " + std::to_string(status) : problem);
  return createStringError(said);
}

} // namespace dycc::tune
