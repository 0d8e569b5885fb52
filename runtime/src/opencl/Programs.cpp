#include "runtime/src/opencl/Programs.h"

#include "runtime/src/opencl/ProgramFolder.h"

#include <stdlib.h>
#include <string.h>

namespace dycc::rt::opencl {
namespace {

/// Before a binary: it is taken only where all of this fits, since drivers need
/// not survive what is damaged.
struct Header {
  char magic[8];
  uint64_t key[2];
  uint64_t bytes, checksum;
};
constexpr char kMagic[8] = {'d', 'y', 'c', 'c', 'c', 'l', '0', '1'};

/// FNV-1a.
uint64_t hash(uint64_t before, const void *data, size_t bytes) {
  const auto *byte = static_cast<const unsigned char *>(data);
  for (size_t i = 0; i < bytes; ++i)
    before = (before ^ byte[i]) * 0x100000001b3u;
  return before;
}
constexpr uint64_t kBegin[2] = {0xcbf29ce484222325u, 0x84222325cbf29ce4u};

void writeHex(char *to, uint64_t value) {
  for (int i = 16; i-- > 0; value >>= 4)
    to[i] = "0123456789abcdef"[value & 15];
}

} // namespace

void ProgramCache::init(const dycc_model_options &options,
                        const Library &functions, cl_context owner,
                        cl_device_id of) {
  library = &functions;
  context = owner;
  device = of;
  if (options.program_cache)
    cache = *options.program_cache;
  else if (options.program_folder)
    cache = folderCache(options.program_folder);
  const cl_device_info facts[] = {CL_DEVICE_NAME, CL_DEVICE_VENDOR,
                                  CL_DEVICE_VERSION, CL_DRIVER_VERSION};
  for (int half = 0; half < 2; ++half)
    deviceHash[half] = kBegin[half];
  for (cl_device_info fact : facts) {
    char text[256] = {};
    library->GetDeviceInfo(device, fact, sizeof(text) - 1, text, nullptr);
    for (uint64_t &half : deviceHash) // The 0 too: it is an end.
      half = hash(half, text, strlen(text) + 1);
  }
}

ProgramCache::Key ProgramCache::keyOf(const char *text) const {
  Key key = {{}, "dycc-"};
  for (int half = 0; half < 2; ++half) {
    uint64_t options =
        hash(deviceHash[half], kBuildOptions, sizeof(kBuildOptions));
    key.bits[half] = hash(options, text, strlen(text));
    writeHex(key.name + 5 + 16 * half, key.bits[half]);
  }
  return key;
}

cl_program ProgramCache::load(const char *text) const {
  if (!cache.load)
    return nullptr;
  Key key = keyOf(text);
  uint64_t bytes = cache.load(cache.user, key.name, nullptr, 0);
  auto *data = static_cast<unsigned char *>(
      bytes > sizeof(Header) ? malloc(bytes) : nullptr);
  if (!data)
    return nullptr;
  Header header = {};
  if (cache.load(cache.user, key.name, data, bytes) == bytes)
    memcpy(&header, data, sizeof(header));
  uint64_t length = bytes - sizeof(header);
  bool isGood =
      !memcmp(header.magic, kMagic, sizeof(kMagic)) &&
      !memcmp(header.key, key.bits, sizeof(key.bits)) &&
      header.bytes == length &&
      header.checksum == hash(kBegin[0], data + sizeof(header), length);
  cl_program made = isGood ? build(data + sizeof(header), length) : nullptr;
  free(data);
  return made;
}

cl_program ProgramCache::build(const unsigned char *binary,
                               size_t bytes) const {
  cl_int status = CL_SUCCESS, error = CL_SUCCESS;
  cl_program made = library->CreateProgramWithBinary(
      context, 1, &device, &bytes, &binary, &status, &error);
  if (made && !error && !status)
    error = library->BuildProgram(made, 1, &device, kBuildOptions, nullptr,
                                  nullptr);
  if (!made || (!error && !status))
    return made;
  library->ReleaseProgram(made);
  return nullptr;
}

void ProgramCache::store(const char *text, cl_program program) const {
  size_t length = 0;
  if (!cache.store ||
      library->GetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof(length),
                              &length, nullptr) ||
      !length)
    return;
  auto *data = static_cast<unsigned char *>(malloc(sizeof(Header) + length));
  if (!data)
    return;
  unsigned char *binary = data + sizeof(Header);
  if (!library->GetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof(binary),
                               &binary, nullptr)) {
    Key key = keyOf(text);
    Header header = {{}, {key.bits[0], key.bits[1]}, length, 0};
    memcpy(header.magic, kMagic, sizeof(kMagic));
    header.checksum = hash(kBegin[0], binary, length);
    memcpy(data, &header, sizeof(header));
    cache.store(cache.user, key.name, data, sizeof(Header) + length);
  }
  free(data);
}

} // namespace dycc::rt::opencl
