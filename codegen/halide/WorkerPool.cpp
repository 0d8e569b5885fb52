#include "codegen/halide/WorkerPool.h"

#include "llvm/Support/Signals.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dycc::halide {
namespace {

using Task = std::function<std::string()>;

/// A forked process and the pipe that its error text comes through.
struct Worker {
  pid_t pid;
  int pipe;
  size_t task;
};

std::string systemError(const char *what) {
  return std::string("expects ") + what +
         " to work, got: " + std::strerror(errno);
}

std::string runTask(const Task &task) {
  try {
    return task();
  } catch (const std::exception &error) {
    return error.what()[0] ? error.what() : "failed without a text";
  }
}

/// In the child: reports and ends without running the parent's destructors.
[[noreturn]] void runChild(const Task &task, int pipe) {
  // A crash here is the worker's alone: the parent reports it.
  llvm::sys::unregisterHandlers();
  std::string error = runTask(task);
  const char *next = error.data();
  size_t left = error.size();
  while (left > 0) {
    ssize_t written = ::write(pipe, next, left);
    if (written <= 0)
      break;
    next += written;
    left -= static_cast<size_t>(written);
  }
  ::_exit(error.empty() ? 0 : 1);
}

/// Waits for `worker` to end; adds what it did not say itself to `error`.
void reap(const Worker &worker, std::string &error) {
  int status = 0;
  while (::waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    error = "kernel compiler stopped by signal " +
            std::to_string(WTERMSIG(status)) + " (" +
            strsignal(WTERMSIG(status)) + ")";
  else if (WEXITSTATUS(status) != 0 && error.empty())
    error = "kernel compiler ended with status " +
            std::to_string(WEXITSTATUS(status));
}

class Pool {
public:
  explicit Pool(llvm::ArrayRef<Task> tasks)
      : tasks(tasks), errors(tasks.size()) {}

  std::vector<std::string> run(unsigned jobs) {
    size_t next = 0;
    while (next < tasks.size() || !workers.empty()) {
      while (next < tasks.size() && workers.size() < std::max(jobs, 1u))
        start(next++);
      collect();
    }
    return std::move(errors);
  }

private:
  void start(size_t task) {
    int ends[2];
    if (::pipe(ends) != 0) {
      errors[task] = systemError("a pipe");
      return;
    }
    pid_t pid = ::fork();
    if (pid == 0) {
      ::close(ends[0]);
      runChild(tasks[task], ends[1]);
    }
    ::close(ends[1]);
    if (pid < 0) {
      errors[task] = systemError("a fork");
      ::close(ends[0]);
      return;
    }
    workers.push_back({pid, ends[0], task});
  }

  /// Reads what has come; ends the workers whose pipe is closed.
  void collect() {
    std::vector<pollfd> files;
    for (const Worker &worker : workers)
      files.push_back({worker.pipe, POLLIN, 0});
    if (files.empty() || ::poll(files.data(), files.size(), -1) < 0)
      return;
    for (size_t i = files.size(); i-- > 0;)
      if (files[i].revents != 0 && !readSome(workers[i]))
        workers.erase(workers.begin() + static_cast<ptrdiff_t>(i));
  }

  bool readSome(const Worker &worker) {
    char buffer[4096];
    ssize_t count = ::read(worker.pipe, buffer, sizeof(buffer));
    if (count > 0)
      errors[worker.task].append(buffer, static_cast<size_t>(count));
    if (count > 0 || (count < 0 && errno == EINTR))
      return true;
    ::close(worker.pipe);
    reap(worker, errors[worker.task]);
    return false;
  }

  llvm::ArrayRef<Task> tasks;
  std::vector<std::string> errors;
  std::vector<Worker> workers;
};

} // namespace

std::vector<std::string> runWorkers(llvm::ArrayRef<Task> tasks, unsigned jobs) {
  return Pool(tasks).run(jobs);
}

} // namespace dycc::halide
