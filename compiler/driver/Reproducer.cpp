// What runs after a crash only writes bytes that were made before it.
#include "compiler/driver/Reproducer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"

#include <algorithm>
#include <csignal>
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

extern "C" void onCrash(int) {
  writeOut();
  ::_exit(3);
}

/// Only what is a defect here: that a disk is full or time is up is not. On a
/// stack of its own, since the other may be what has run out.
void installHandler() {
  static char stack[1 << 16];
  stack_t alternate = {stack, 0, sizeof(stack)};
  ::sigaltstack(&alternate, nullptr);
  struct sigaction action = {};
  action.sa_handler = onCrash;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  for (int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
    ::sigaction(number, &action, nullptr);
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
  installHandler();
}

void noteStage(llvm::StringRef stage) {
  size_t length = std::min(stage.size(), sizeof(prepared.stage) - 1);
  llvm::copy(stage.take_front(length), prepared.stage);
  prepared.stage[length] = 0;
}

void writeReproducer(llvm::StringRef details) {
  llvm::SmallVector<llvm::StringRef> lines;
  details.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines)
    prepared.script += "# " + line.str() + "\n";
  writeOut();
}

} // namespace dycc
