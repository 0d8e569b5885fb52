#include "codegen/kernels/KernelServer.h"

#include "codegen/kernels/Channel.h"
#include "codegen/kernels/KernelCache.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <sys/socket.h>
#include <unistd.h>

using namespace mlir;

namespace dycc::codegen {
namespace {

constexpr uint64_t kOneMore = 1; ///< Sent as each request ends.

/// The other end, in the process of its own.
class Server {
public:
  Server(const Backend &backend, int file)
      : backend(backend), channel(file),
        context(registry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }

  /// Serves until nobody asks any more.
  void serve() {
    while (std::optional<uint64_t> jobs = channel.readNumber()) {
      if (!readRequests())
        return;
      std::vector<std::function<std::string()>> tasks;
      for (const KernelRequest &request : requests)
        tasks.push_back([&] { return compile(request); });
      auto onEnd = [&](size_t) { channel.writeNumber(kOneMore); };
      for (const TaskEnd &end :
           runWorkers(tasks, static_cast<unsigned>(*jobs), onEnd)) {
        channel.writeNumber(end.isDefect);
        channel.writeText(end.error);
        channel.writeNumber(end.microseconds);
      }
    }
  }

private:
  static DialectRegistry registry() {
    DialectRegistry registry;
    registry.insert<dyn::DynDialect, onnx::OnnxDialect>();
    return registry;
  }

  bool readRequests() {
    requests.clear();
    std::optional<uint64_t> count = channel.readNumber();
    for (uint64_t i = 0; count && i < *count; ++i) {
      KernelRequest &request = requests.emplace_back();
      std::optional<uint64_t> version = channel.readNumber();
      if (!version || !channel.readText(request.path) ||
          !channel.readText(request.bytecode))
        return false;
      request.version = static_cast<unsigned>(*version);
    }
    return count.has_value();
  }

  /// Runs in a worker.
  std::string compile(const KernelRequest &request) {
    Block block;
    dyn::KernelOp kernel = read(request, block);
    KernelFile file(request.path);
    std::string object = file.temporary(".o"), text;
    try {
      llvm::raw_string_ostream(text)
          << backend.compile(kernel, request.version, object);
    } catch (const PlanError &error) {
      return "version '" + kernel.getFunctionName(request.version) +
             "': " + error.what();
    } catch (const IndexError &error) {
      return error.what();
    }
    return file.publish(text, object);
  }

  dyn::KernelOp read(const KernelRequest &request, Block &block) {
    ParserConfig config(&context, /*verifyAfterParse=*/false);
    llvm::MemoryBufferRef bytes(request.bytecode, "kernel");
    if (failed(readBytecodeFile(bytes, &block, config)))
      std::abort(); // The same program wrote it.
    return cast<dyn::KernelOp>(block.front());
  }

  const Backend &backend;
  Channel channel;
  MLIRContext context;
  std::vector<KernelRequest> requests;
};

} // namespace

KernelRequest KernelRequest::get(dyn::KernelOp kernel, unsigned version,
                                 StringRef path) {
  KernelRequest request{{}, version, path.str()};
  llvm::raw_string_ostream stream(request.bytecode);
  if (failed(writeBytecodeToFile(kernel, stream)))
    std::abort(); // Versions of the format are all that may be refused.
  return request;
}

KernelServer::KernelServer(const Backend &backend) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
    return;
  pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    Server(backend, ends[1]).serve();
    ::_exit(0);
  }
  ::close(ends[1]);
  channel = ends[0];
}

KernelServer::~KernelServer() {
  if (channel >= 0)
    ::close(channel);
  if (pid > 0)
    waitFor(pid);
}

std::vector<TaskEnd>
KernelServer::run(llvm::ArrayRef<KernelRequest> requests, unsigned jobs,
                  const std::function<void(size_t)> &onEnd) {
  Channel server(channel);
  server.writeNumber(jobs);
  server.writeNumber(requests.size());
  for (const KernelRequest &request : requests) {
    server.writeNumber(request.version);
    server.writeText(request.path);
    server.writeText(request.bytecode);
  }
  for (size_t ended = 0; ended < requests.size(); ++ended) {
    if (!server.readNumber())
      break;
    if (onEnd)
      onEnd(ended + 1);
  }
  std::vector<TaskEnd> ends;
  for (size_t i = 0; i < requests.size(); ++i) {
    TaskEnd &end = ends.emplace_back();
    std::optional<uint64_t> isDefect = server.readNumber();
    end.isDefect = isDefect.value_or(0) != 0;
    if (!isDefect || !server.readText(end.error))
      end.error = "kernel compiler is gone";
    end.microseconds = server.readNumber().value_or(0);
  }
  return ends;
}

} // namespace dycc::codegen
