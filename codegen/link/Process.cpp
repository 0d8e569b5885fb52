#include "codegen/link/Process.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace dycc::link {

static Expected<std::string> findTool(const LinkJob &job, StringRef tool) {
  std::string versioned = (tool + "-22").str();
  std::string own = ownFolder() + "/bin";
  SmallVector<StringRef> folders(job.toolDirs.begin(), job.toolDirs.end());
  if (!job.onlyToolDirs)
    folders.append({own, DYCC_LLVM_TOOLS_DIR});
  for (StringRef name : {StringRef(versioned), tool})
    if (auto found = sys::findProgramByName(name, folders))
      return *found;
  for (StringRef name : {StringRef(versioned), tool})
    if (auto found = sys::findProgramByName(name); found && !job.onlyToolDirs)
      return *found;
  std::string looked = join(folders, "', '");
  return createStringError("cannot find '%s' in '%s'%s", tool.str().c_str(),
                           looked.c_str(),
                           job.onlyToolDirs ? "" : " or in PATH");
}

/// What a tool printed, cut to a length that a person reads.
static std::string readLog(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return "";
  StringRef text = (*buffer)->getBuffer().trim();
  return text.substr(0, 4000).str();
}

Error runTool(const LinkJob &job, StringRef tool,
              std::vector<std::string> arguments, StringRef folder) {
  auto program = findTool(job, tool);
  if (!program)
    return program.takeError();
  SmallVector<StringRef> argv = {*program};
  argv.append(arguments.begin(), arguments.end());
  SmallString<128> log(folder);
  sys::path::append(log, "log");
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log),
                                          StringRef(log)};
  std::string problem;
  int status =
      sys::ExecuteAndWait(*program, argv, std::nullopt, redirects,
                          /*SecondsToWait=*/0, /*MemoryLimit=*/0, &problem);
  if (status == 0)
    return Error::success();
  std::string printed = readLog(log);
  return createStringError("'%s' failed with status %d%s%s%s%s",
                           program->c_str(), status,
                           problem.empty() ? "" : ": ", problem.c_str(),
                           printed.empty() ? "" : ": ", printed.c_str());
}

Expected<WorkFolder> WorkFolder::create(const LinkJob &job) {
  auto refuse = [&job](std::error_code code) {
    return createStringError(code, "cannot write '%s': %s", job.output.c_str(),
                             code.message().c_str());
  };
  if (sys::fs::is_directory(job.output))
    return refuse(std::make_error_code(std::errc::is_a_directory));
  // Moving the result there would replace a device or a pipe by a file.
  if (sys::fs::exists(job.output) && !sys::fs::is_regular_file(job.output))
    return createStringError("cannot write '%s': expects a regular file",
                             job.output.c_str());
  SmallString<128> path;
  sys::fs::createUniquePath(job.output + ".tmp-%%%%%%%%", path,
                            /*MakeAbsolute=*/false);
  if (std::error_code code =
          sys::fs::create_directory(path, /*IgnoreExisting=*/false))
    return refuse(code);
  return WorkFolder(path.str().str());
}

WorkFolder::~WorkFolder() {
  if (!folder.empty())
    sys::fs::remove_directories(folder);
}

std::string WorkFolder::file(StringRef name) const {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

Error WorkFolder::publish(StringRef name, const LinkJob &job) const {
  if (std::error_code code = sys::fs::rename(file(name), job.output))
    return createStringError(code, "cannot write '%s': %s", job.output.c_str(),
                             code.message().c_str());
  return Error::success();
}

} // namespace dycc::link
