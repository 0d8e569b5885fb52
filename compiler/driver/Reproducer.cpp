// What runs after a crash only writes bytes that were made before it.
#include "compiler/driver/Reproducer.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"

#include <algorithm>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace dycc {
namespace {

struct Prepared {
  std::string path, script, message;
  char stage[32] = "start";
};
Prepared prepared;

/// A word of a POSIX shell.
std::string quote(llvm::StringRef word) {
  std::string text = "'";
  for (char c : word)
    text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

void writeAll(int file, llvm::StringRef text) {
  while (!text.empty()) {
    ssize_t written = ::write(file, text.data(), text.size());
    if (written <= 0)
      return;
    text = text.drop_front(static_cast<size_t>(written));
  }
}

void writeOut() {
  int file = ::open(prepared.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0755);
  if (file >= 0) {
    writeAll(file,
             "#!/bin/sh\n# dycc (LLVM " LLVM_VERSION_STRING ") failed in: ");
    writeAll(file, prepared.stage);
    writeAll(file, prepared.script);
    ::close(file);
  }
  writeAll(2, "error: internal error in ");
  writeAll(2, prepared.stage);
  writeAll(2, file >= 0 ? prepared.message
                        : "; its reproducer cannot be written\n");
}

void onCrash(void *) {
  writeOut();
  ::_exit(3);
}

} // namespace

void prepareReproducer(llvm::ArrayRef<const char *> arguments,
                       llvm::StringRef path) {
  prepared.path = path.str();
  llvm::SmallString<128> folder;
  llvm::sys::fs::current_path(folder);
  prepared.script = "\ncd " + quote(folder) + " && exec";
  for (const char *argument : arguments)
    prepared.script += " " + quote(argument);
  prepared.script += " --dump-stages " + quote(path.str() + ".stages") + "\n";
  prepared.message = "; '" + prepared.path + "' repeats it\n";
  llvm::sys::AddSignalHandler(onCrash, nullptr);
}

void noteStage(llvm::StringRef stage) {
  size_t length = std::min(stage.size(), sizeof(prepared.stage) - 1);
  std::copy_n(stage.data(), length, prepared.stage);
  prepared.stage[length] = 0;
}

void writeReproducer() { writeOut(); }

} // namespace dycc
