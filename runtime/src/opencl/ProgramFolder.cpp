#include "runtime/src/opencl/ProgramFolder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace dycc::rt::opencl {
namespace {

/// "FOLDER/KEY", and with `suffix` behind it; null where there is no memory.
char *pathOf(const void *folder, const char *key, const char *suffix = "") {
  const auto *name = static_cast<const char *>(folder);
  size_t bytes = strlen(name) + strlen(key) + strlen(suffix) + 2;
  auto *path = static_cast<char *>(malloc(bytes));
  if (path)
    snprintf(path, bytes, "%s/%s%s", name, key, suffix);
  return path;
}

uint64_t load(void *folder, const char *key, void *data, uint64_t capacity) {
  char *path = pathOf(folder, key);
  FILE *file = path ? fopen(path, "rb") : nullptr;
  free(path);
  if (!file)
    return 0;
  long bytes = fseek(file, 0, SEEK_END) ? 0 : ftell(file);
  uint64_t length = bytes > 0 ? uint64_t(bytes) : 0;
  if (length && length <= capacity) {
    if (fseek(file, 0, SEEK_SET) || fread(data, 1, length, file) != length)
      length = 0;
  }
  fclose(file);
  return length;
}

bool write(const char *path, const void *data, uint64_t bytes) {
  FILE *file = fopen(path, "wb");
  if (!file)
    return false;
  bool isWhole = fwrite(data, 1, bytes, file) == bytes;
  return !fclose(file) && isWhole;
}

/// Under another name first, of this process and call: who reads it has all.
void store(void *folder, const char *key, const void *data, uint64_t bytes) {
  static int count;
  char suffix[32];
  snprintf(suffix, sizeof(suffix), ".%d.%d", int(getpid()),
           __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED));
  char *made = pathOf(folder, key, suffix), *path = pathOf(folder, key);
  if (made && path && (!write(made, data, bytes) || rename(made, path)))
    remove(made);
  free(made);
  free(path);
}

} // namespace

dycc_program_cache folderCache(const char *folder) {
  return {load, store, const_cast<char *>(folder)};
}

} // namespace dycc::rt::opencl
