#include "codegen/kernels/WorkerPool.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dycc::codegen {
namespace {

using Task = std::function<std::string()>;

/// A forked process and the pipe that its error text comes through.
struct Worker {
  pid_t pid;
  int pipe;
  size_t task;
  std::chrono::steady_clock::time_point started;
};

std::string systemError(const char *what) {
  return std::string("expects ") + what +
         " to work, got: " + std::strerror(errno);
}

TaskEnd runTask(const Task &task) {
  try {
    return {task()};
  } catch (const std::exception &error) {
    return {error.what()[0] ? error.what() : "failed without a text", true};
  }
}

/// Exit codes of a child.
constexpr int kFailed = 1, kDefect = 2;

/// In the child: reports and ends without running the parent's destructors.
[[noreturn]] void runChild(const Task &task, int pipe) {
  // A crash here is the worker's alone: the parent reports it.
  for (int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
    std::signal(number, SIG_DFL);
  TaskEnd end = runTask(task);
  const char *next = end.error.data();
  size_t left = end.error.size();
  while (left > 0) {
    ssize_t written = ::write(pipe, next, left);
    if (written <= 0)
      break;
    next += written;
    left -= static_cast<size_t>(written);
  }
  ::_exit(end.isDefect ? kDefect : end.error.empty() ? 0 : kFailed);
}

/// Whether a signal comes from outside: no memory is left, or time is up.
bool isFromOutside(int number) {
  return number == SIGKILL || number == SIGTERM || number == SIGINT ||
         number == SIGXCPU || number == SIGXFSZ;
}

/// Waits for `worker` to end; adds what it did not say itself.
void reap(const Worker &worker, TaskEnd &end) {
  int status = waitFor(worker.pid);
  auto lasted = std::chrono::steady_clock::now() - worker.started;
  end.microseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(lasted).count());
  if (WIFSIGNALED(status)) {
    int number = WTERMSIG(status);
    end.error = "kernel compiler stopped by signal " + std::to_string(number) +
                " (" + strsignal(number) + ")";
    end.isDefect = !isFromOutside(number);
    return;
  }
  end.isDefect = WEXITSTATUS(status) == kDefect;
  if (WEXITSTATUS(status) != 0 && end.error.empty())
    end.error = "kernel compiler ended with status " +
                std::to_string(WEXITSTATUS(status));
}

class Pool {
public:
  Pool(llvm::ArrayRef<Task> tasks, const std::function<void(size_t)> &onEnd)
      : tasks(tasks), onEnd(onEnd), ends(tasks.size()) {}

  std::vector<TaskEnd> run(unsigned jobs) {
    size_t next = 0;
    while (next < tasks.size() || !workers.empty()) {
      while (next < tasks.size() && workers.size() < std::max(jobs, 1u))
        start(next++);
      collect();
    }
    return std::move(ends);
  }

private:
  void start(size_t task) {
    int pipe[2];
    if (::pipe(pipe) != 0) {
      ends[task].error = systemError("a pipe");
      return;
    }
    auto started = std::chrono::steady_clock::now();
    pid_t pid = ::fork();
    if (pid == 0) {
      ::close(pipe[0]);
      runChild(tasks[task], pipe[1]);
    }
    ::close(pipe[1]);
    if (pid < 0) {
      ends[task].error = systemError("a fork");
      ::close(pipe[0]);
      return;
    }
    workers.push_back({pid, pipe[0], task, started});
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
      ends[worker.task].error.append(buffer, static_cast<size_t>(count));
    if (count > 0 || (count < 0 && errno == EINTR))
      return true;
    ::close(worker.pipe);
    reap(worker, ends[worker.task]);
    ++ended;
    if (onEnd)
      onEnd(ended);
    return false;
  }

  llvm::ArrayRef<Task> tasks;
  const std::function<void(size_t)> &onEnd;
  std::vector<TaskEnd> ends;
  size_t ended = 0;
  std::vector<Worker> workers;
};

} // namespace

int waitFor(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::vector<TaskEnd> runWorkers(llvm::ArrayRef<Task> tasks, unsigned jobs,
                                const std::function<void(size_t)> &onEnd) {
  return Pool(tasks, onEnd).run(jobs);
}

} // namespace dycc::codegen
