// The strings that a context knows, by their handles (runtime/abi/Strings.h).
#ifndef DYCC_RUNTIME_SRC_STRINGS_H
#define DYCC_RUNTIME_SRC_STRINGS_H

#include "runtime/src/Memory.h"

namespace dycc::rt {

/// Those of the model, and those of the run. Memory of the latter is from the
/// context's pool, which takes it back when they are forgotten.
/// Thread rule: the thread of the run.
class Strings {
public:
  /// `pool` and `allocator` have to outlive this; `limit` as in
  /// BlockPool::take().
  void init(const DyccModelDesc &desc, BlockPool &pool,
            const dycc_allocator &allocator, uint64_t limit);

  /// What a handle stands for: valid until forget(), with a 0 behind it.
  dycc_string at(uint64_t handle) const;

  /// What intern() and commit() return where there is no memory.
  static constexpr uint64_t kNone = UINT64_MAX;
  /// The handle of a string with these bytes, which are copied where it is new.
  uint64_t intern(const char *data, uint64_t size);
  /// Room for a string of `size` bytes, to be written and given to commit()
  /// before anything else is asked; null where there is no memory.
  char *room(uint64_t size);
  /// The handle of the string of `size` bytes, at most those asked for, that
  /// was written in room().
  uint64_t commit(uint64_t size);

  /// Forgets the run's strings: the pool has their memory.
  void forget();

private:
  struct Entry {
    dycc_string string;
    uint64_t hash;
  };
  void *take(uint64_t bytes);
  uint64_t find(const dycc_string &string, uint64_t hash) const;
  uint64_t add(const dycc_string &string, uint64_t hash);
  bool grow();

  const DyccModelDesc *desc;
  BlockPool *pool;
  const dycc_allocator *allocator;
  uint64_t limit;

  Entry *entries;           ///< `count` of `capacity`.
  uint32_t *slots;          ///< numSlots entries: index of an entry plus 1.
  uint32_t count, numSlots; ///< A power of two; 0: no table yet.
  char *chunk;              ///< Where the next string goes.
  uint64_t chunkBytes;      ///< What is left there.
  uint64_t nextChunkBytes;  ///< They grow, so that there are few.
};

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_STRINGS_H
