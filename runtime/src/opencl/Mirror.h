// Where the host's memory has its image on the device: the arena, the weights,
// tensors of the caller and what runs take beyond the arena. An address of the
// host is the name of both; which of them holds a value the compiler knows.
#ifndef DYCC_RUNTIME_SRC_OPENCL_MIRROR_H
#define DYCC_RUNTIME_SRC_OPENCL_MIRROR_H

#include "runtime/src/opencl/Device.h"

namespace dycc::rt::opencl {

/// A place on the device.
struct Place {
  cl_mem memory; ///< Null: there is none.
  uint64_t offset;
};

class Mirror {
public:
  /// What a piece of host memory is.
  /// Device: of the caller, on the device.
  enum class Kind : uint8_t { Arena, Weights, Caller, Loose, Device };

  void init(Device &device) { this->device = &device; }
  void close();

  /// Begins a run: forgets all memory but keeps that of the device for it.
  void begin();
  /// Notes memory of the host; what overlaps is one piece. False where there is
  /// no memory for that.
  bool add(Kind kind, const void *host, uint64_t bytes);
  /// Notes that memory of the host stands for the caller's at this place.
  bool addDevice(const void *host, uint64_t bytes, Place place);
  /// Forgets the piece that starts here, whose memory is given back.
  void drop(const void *host);

  /// Whether an address has an image, and of what kind.
  const Kind *find(const void *host, uint64_t bytes) const;
  /// The image, taken from the device at the first use.
  Place place(const void *host, uint64_t bytes, Failure &failure);

private:
  struct Piece {
    const uint8_t *host;
    uint64_t bytes;
    cl_mem memory; ///< Null until it is used; kept for later runs.
    uint64_t capacity;
    uint64_t offset; ///< Of the piece in its memory.
    Kind kind;

    bool holds(const uint8_t *address, uint64_t length) const {
      return address >= host && address + length <= host + bytes;
    }
    bool overlaps(const uint8_t *address, uint64_t length) const {
      return address < host + bytes && host < address + length;
    }
  };
  Piece *findPiece(const void *host, uint64_t bytes) const;
  void dropPiece(uint32_t index);
  bool provide(Piece &piece, Failure &failure);
  void release(Piece &piece);

  Device *device;
  Piece *pieces;
  uint32_t count, most;
};

} // namespace dycc::rt::opencl

#endif // DYCC_RUNTIME_SRC_OPENCL_MIRROR_H
