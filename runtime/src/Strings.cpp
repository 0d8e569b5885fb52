#include "runtime/src/Strings.h"

#include "runtime/abi/Strings.h"

namespace dycc::rt {

constexpr uint64_t kFirstChunkBytes = 1024;
constexpr uint64_t kMostChunkBytes = uint64_t(1) << 20;
/// Indices of entries have 32 bits.
constexpr uint32_t kMostStrings = uint32_t(1) << 30;

template <typename String>
static bool isEqual(const String &a, const dycc_string &b) {
  return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

void Strings::init(const DyccModelDesc &model, BlockPool &memory,
                   const dycc_allocator &from, uint64_t mostBytes) {
  desc = &model;
  pool = &memory;
  allocator = &from;
  limit = mostBytes;
  forget();
}

void Strings::forget() {
  entries = nullptr;
  slots = nullptr;
  count = numSlots = 0;
  chunk = nullptr;
  chunkBytes = 0;
  nextChunkBytes = kFirstChunkBytes;
}

dycc_string Strings::at(uint64_t handle) const {
  if (handle == 0)
    return {"", 0};
  if (handle > desc->numStrings)
    return entries[handle - desc->numStrings - 1].string;
  const DyccString &constant = desc->strings[handle - 1];
  return {constant.data, constant.size};
}

void *Strings::take(uint64_t bytes) {
  return pool->take(*allocator, bytes, limit);
}

/// The handle of an equal string; 0 where there is none.
uint64_t Strings::find(const dycc_string &string, uint64_t hash) const {
  uint32_t mask = desc->numStringSlots - 1;
  for (uint32_t i = uint32_t(hash); desc->numStringSlots; ++i) {
    uint32_t handle = desc->stringSlots[i & mask];
    if (!handle)
      break;
    if (isEqual(desc->strings[handle - 1], string))
      return handle;
  }
  for (uint32_t i = uint32_t(hash); numSlots; ++i) {
    uint32_t number = slots[i & (numSlots - 1)];
    if (!number)
      break;
    const Entry &entry = entries[number - 1];
    if (entry.hash == hash && isEqual(entry.string, string))
      return uint64_t(desc->numStrings) + number;
  }
  return 0;
}

/// Makes place for more entries, in memory that is twice as large.
bool Strings::grow() {
  uint32_t larger = numSlots ? 2 * numSlots : 64;
  if (larger / 2 > kMostStrings)
    return false;
  auto *moved = static_cast<Entry *>(take(larger / 2 * sizeof(Entry)));
  if (!moved)
    return false;
  auto *table = static_cast<uint32_t *>(take(larger * sizeof(uint32_t)));
  if (!table) {
    pool->give(moved);
    return false;
  }
  memset(table, 0, larger * sizeof(uint32_t));
  for (uint32_t n = 0; n < count; ++n) {
    moved[n] = entries[n];
    uint32_t i = uint32_t(moved[n].hash);
    while (table[i & (larger - 1)])
      ++i;
    table[i & (larger - 1)] = n + 1;
  }
  if (entries) {
    pool->give(entries);
    pool->give(slots);
  }
  entries = moved;
  slots = table;
  numSlots = larger;
  return true;
}

/// `string` is a new one, with memory that stays.
uint64_t Strings::add(const dycc_string &string, uint64_t hash) {
  if (count == numSlots / 2 && !grow())
    return kNone;
  uint32_t i = uint32_t(hash);
  while (slots[i & (numSlots - 1)])
    ++i;
  entries[count] = {string, hash};
  slots[i & (numSlots - 1)] = ++count;
  return uint64_t(desc->numStrings) + count;
}

char *Strings::room(uint64_t size) {
  if (size < chunkBytes)
    return chunk;
  if (size >= kMaxBytes)
    return nullptr;
  // A large string gets a chunk of its own size.
  uint64_t bytes = size < nextChunkBytes ? nextChunkBytes : size + 1;
  auto *larger = static_cast<char *>(take(bytes));
  if (!larger)
    return nullptr;
  if (nextChunkBytes < kMostChunkBytes)
    nextChunkBytes *= 2;
  chunk = larger;
  chunkBytes = bytes;
  return chunk;
}

uint64_t Strings::commit(uint64_t size) {
  if (size == 0)
    return 0;
  dycc_string string = {chunk, size};
  uint64_t hash = dycc_hash_string(chunk, size);
  if (uint64_t known = find(string, hash))
    return known;
  uint64_t handle = add(string, hash);
  if (handle == kNone)
    return kNone;
  chunk[size] = 0;
  chunk += size + 1;
  chunkBytes -= size + 1;
  return handle;
}

uint64_t Strings::intern(const char *data, uint64_t size) {
  if (size == 0)
    return 0;
  uint64_t hash = dycc_hash_string(data, size);
  if (uint64_t known = find({data, size}, hash))
    return known;
  char *copy = room(size);
  if (!copy)
    return kNone;
  memcpy(copy, data, size);
  return commit(size);
}

} // namespace dycc::rt
