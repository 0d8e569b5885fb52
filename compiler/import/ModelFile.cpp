#include "compiler/import/ModelFile.h"

#include "compiler/import/Skeleton.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace dycc::import {

/// Protobuf counts in int32.
static constexpr size_t maxMessageBytes = INT32_MAX;

Expected<ModelFile> ModelFile::parse(std::unique_ptr<MemoryBuffer> buffer,
                                     StringRef folder) {
  if (buffer->getBufferSize() == 0)
    return createStringError("the file is empty, expects an ONNX model");
  if (buffer->getBufferSize() > maxMessageBytes)
    return createStringError(
        "the file has " + Twine(buffer->getBufferSize()) +
        " bytes, an ONNX model has at most 2 GiB: save it with its weights as "
        "external data");
  ModelFile result;
  result.file = std::move(buffer);
  result.folder = folder.str();
  Expected<std::string> skeleton = makeSkeleton(result.file->getBuffer());
  if (!skeleton)
    return skeleton.takeError();
  result.parsed = std::make_unique<proto::ModelProto>();
  if (!result.parsed->ParseFromArray(skeleton->data(), skeleton->size()))
    return createStringError("no ONNX model: the protobuf is malformed");
  return result;
}

Expected<ModelFile> ModelFile::open(StringRef path) {
  // Without the terminator a file of whole pages is mapped too.
  auto buffer = path == "-"
                    ? MemoryBuffer::getSTDIN()
                    : MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot be read: " + buffer.getError().message());
  if (path == "-")
    return parse(std::move(*buffer), "");
  StringRef folder = sys::path::parent_path(path);
  return parse(std::move(*buffer), folder.empty() ? "." : folder);
}

Expected<FileRange> ModelFile::range(uint64_t offset, uint64_t length) const {
  size_t size = file->getBufferSize();
  if (offset > size || length > size - offset)
    return createStringError("bytes " + Twine(offset) + " to " +
                             Twine(offset + length) + " of a file of " +
                             Twine(size));
  return FileRange{{file->getBufferStart() + offset, size_t(length)}, file};
}

/// Whether `path` lies in `folder`; both are real paths.
static bool isInside(StringRef path, StringRef folder) {
  return path.consume_front(folder) &&
         (folder.ends_with("/") || path.starts_with("/"));
}

Expected<ModelFile::Buffer> ModelFile::openExternal(StringRef location) {
  auto refuse = [&](const Twine &reason) {
    return createStringError("external data \"" + location + "\" " + reason);
  };
  if (folder.empty())
    return refuse("of a model that has no folder");
  if (location.empty() || location.contains('\0'))
    return refuse("is no file name");
  if (sys::path::is_absolute(location))
    return refuse("is an absolute path, expects one in the model's folder");
  for (auto part = sys::path::begin(location); part != sys::path::end(location);
       ++part)
    if (*part == "..")
      return refuse("is a path with '..', expects one in the model's folder");

  SmallString<128> path(folder), real;
  sys::path::append(path, location);
  if (std::error_code error = sys::fs::real_path(path, real))
    return refuse("cannot be found: " + error.message());
  auto leadsInto = [&](StringRef allowed) {
    SmallString<128> root;
    return !sys::fs::real_path(allowed, root) && isInside(real, root);
  };
  if (!leadsInto(folder) && none_of(linkFolders, leadsInto))
    return refuse("is a link out of the model's folder, into '" +
                  sys::path::parent_path(real) +
                  "': pass --allow-symlinks DIR where you trust that folder");
  if (!sys::fs::is_regular_file(real))
    return refuse("is no regular file");
  // By whatever path or link: the data is mapped while the output is written.
  for (StringRef output : outputs)
    if (sys::fs::equivalent(real, output))
      return refuse("lies in the file '" + output +
                    "' that is to be written, expected another output");
  auto buffer = MemoryBuffer::getFile(real, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return refuse("cannot be read: " + buffer.getError().message());
  return Buffer(std::move(*buffer));
}

std::vector<std::string> ModelFile::externalFiles() const {
  std::vector<std::string> files;
  for (StringRef location : externals.keys()) {
    SmallString<128> path(folder);
    sys::path::append(path, location);
    files.push_back(path.str().str());
  }
  sort(files);
  return files;
}

Expected<FileRange> ModelFile::external(StringRef location, uint64_t offset,
                                        uint64_t length) {
  Buffer &buffer = externals[location];
  if (!buffer) {
    Expected<Buffer> opened = openExternal(location);
    if (!opened)
      return opened.takeError();
    buffer = *opened;
  }
  size_t size = buffer->getBufferSize();
  if (offset > size || length > size - offset)
    return createStringError("external data \"" + location + "\" has " +
                             Twine(size) + " bytes, expects " + Twine(length) +
                             " at offset " + Twine(offset));
  return FileRange{{buffer->getBufferStart() + offset, size_t(length)}, buffer};
}

} // namespace dycc::import
