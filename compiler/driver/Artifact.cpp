#include "compiler/driver/Artifact.h"

#include "codegen/link/Link.h"
#include "compiler/driver/OutputFiles.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace dycc {
namespace {

/// A folder for objects that is gone with this.
class ObjectFolder {
public:
  ~ObjectFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }

  llvm::Error create() {
    if (std::error_code code =
            llvm::sys::fs::createUniqueDirectory("dycc", path))
      return llvm::createStringError("cannot make a temporary folder: " +
                                     code.message());
    return llvm::Error::success();
  }

  llvm::Expected<std::string> write(StringRef name, StringRef bytes) {
    SmallString<128> file(path);
    llvm::sys::path::append(file, name);
    std::error_code code;
    llvm::raw_fd_ostream stream(file, code);
    if (!code) {
      stream << bytes;
      stream.flush();
      code = stream.error();
      stream.clear_error();
    }
    if (code)
      return llvm::createStringError("cannot write '" + Twine(file) +
                                     "': " + code.message());
    return std::string(file);
  }

private:
  SmallString<128> path;
};

} // namespace

llvm::Error writeArtifact(const Artifact &artifact,
                          const CompileOptions &options) {
  ObjectFolder folder;
  if (llvm::Error error = folder.create())
    return error;
  link::LinkJob job;
  job.triple = llvm::Triple(artifact.triple);
  job.output = options.output;
  job.weightBytes = artifact.weightBytes;
  job.sanitize = options.sanitize;
  job.isFamily = artifact.isFamily;
  for (const auto &[index, object] : llvm::enumerate(artifact.objects)) {
    llvm::Expected<std::string> path =
        folder.write(std::to_string(index) + ".o", object);
    if (!path)
      return path.takeError();
    job.objects.push_back(std::move(*path));
  }
  for (const codegen::PackedWeight &weight : artifact.weights)
    job.weights.push_back({weight.bytes, static_cast<uint64_t>(weight.offset)});
  if (!options.name.empty())
    job.prefix = options.name;
  if (options.emit == EmitKind::Shared)
    return link::linkShared(job);
  return options.emit == EmitKind::Object ? link::linkObject(job)
                                          : link::linkStatic(job);
}

llvm::Error writeBeside(const CompileOptions &options, mlir::ModuleOp module,
                        const HeaderNames &names,
                        llvm::ArrayRef<std::string> files) {
  PeakFormula peak(module);
  for (const std::string &path : options.headers)
    if (llvm::Error error =
            writeText(renderHeaderFor(path, module, peak, names), path))
      return error;
  if (options.depfile.empty())
    return llvm::Error::success();
  return writeText(renderDepfile(options.output, files), options.depfile);
}

} // namespace dycc
