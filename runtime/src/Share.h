#ifndef DYCC_RUNTIME_SRC_SHARE_H
#define DYCC_RUNTIME_SRC_SHARE_H

#include <stdint.h>

namespace dycc::rt {

/// The indices of a parallel loop that one of its shards still has, neighbours
/// of each other. Its shard takes them from the front, so that what lies
/// together stays in one processor's caches; whoever has none left takes from
/// the back of another's, where that shard comes last. Any thread may take.
class Share {
public:
  /// The indices from `begin` up to `end`. Only while nobody takes.
  void set(uint32_t begin, uint32_t end) { range = pack(begin, end); }
  /// Give -1 where none is left.
  int64_t takeFirst() {
    return take([](uint32_t &begin, uint32_t &) { return begin++; });
  }
  int64_t takeLast() {
    return take([](uint32_t &, uint32_t &end) { return --end; });
  }

private:
  static uint64_t pack(uint32_t begin, uint32_t end) {
    return uint64_t(end) << 32 | begin;
  }

  template <typename Change>
  int64_t take(Change change) {
    uint64_t seen = __atomic_load_n(&range, __ATOMIC_RELAXED);
    for (;;) {
      auto begin = uint32_t(seen), end = uint32_t(seen >> 32);
      if (begin >= end)
        return -1;
      uint32_t index = change(begin, end);
      if (__atomic_compare_exchange_n(&range, &seen, pack(begin, end),
                                      /*weak=*/false, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED))
        return index;
    }
  }

  uint64_t range;
};

/// Gives each of `shards` shares, of which `at(i)` is one, about as many of
/// `size` indices.
template <typename At>
void shareOut(At at, uint64_t shards, uint64_t size) {
  for (uint64_t i = 0; i < shards; ++i)
    at(uint32_t(i))
        .set(uint32_t(size * i / shards), uint32_t(size * (i + 1) / shards));
}

/// What shard `index` of `shards` does next: an index of its own share, else
/// one of another's; -1 where none is left.
template <typename At>
int64_t takeNext(At at, uint32_t shards, uint32_t index) {
  int64_t next = at(index).takeFirst();
  for (uint32_t i = 1; i < shards && next < 0; ++i)
    next = at((index + i) % shards).takeLast();
  return next;
}

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_SHARE_H
