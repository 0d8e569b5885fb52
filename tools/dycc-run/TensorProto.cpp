#include "tools/dycc-run/TensorProto.h"

#include "tools/dycc-run/Npy.h"
#include "tools/model-test/proto_tensor.hpp"

#include <filesystem>

namespace dycc::run {

NamedTensor readTensorProto(const std::string &path) {
  std::error_code code; // Where there is no size readFile() says why.
  if (uintmax_t size = std::filesystem::file_size(path, code);
      !code && size > INT32_MAX)
    throw Refusal(fmt::format("'{}': is larger than 2 GB", path));
  std::string text = readFile(path);
  try {
    data::ProtoTensor read = data::readProtoTensor(text);
    HostTensor tensor(read.type, std::move(read.shape));
    if (tensor.isString())
      tensor.strings = std::move(read.strings);
    else
      tensor.bytes = std::move(read.bytes);
    return {std::move(read.name), std::move(tensor)};
  } catch (const data::BadTensor &error) {
    throw Refusal(fmt::format("'{}': {}", path, error.what()));
  }
}

} // namespace dycc::run
