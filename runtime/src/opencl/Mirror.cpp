#include "runtime/src/opencl/Mirror.h"

#include "runtime/abi/Memory.h"

#include <stdlib.h>
#include <string.h>

namespace dycc::rt::opencl {

void Mirror::release(Piece &piece) {
  bool isOthers =
      piece.kind == Kind::Device || piece.memory == device->weights();
  if (piece.memory && !isOthers)
    device->api().ReleaseMemObject(piece.memory);
  piece.memory = nullptr;
  piece.capacity = 0;
}

void Mirror::close() {
  for (uint32_t i = 0; i < most; ++i)
    release(pieces[i]);
  free(pieces);
}

void Mirror::begin() {
  for (uint32_t i = 0; i < count; ++i)
    if (pieces[i].kind == Kind::Device)
      release(pieces[i]);
  count = 0;
}

bool Mirror::addDevice(const void *host, uint64_t bytes, Place place) {
  if (!add(Kind::Loose, host, bytes))
    return false;
  Piece &piece = pieces[count - 1];
  release(piece); // What an earlier run had of the device.
  piece.memory = place.memory;
  piece.offset = place.offset;
  piece.kind = Kind::Device;
  return true;
}

bool Mirror::add(Kind kind, const void *host, uint64_t bytes) {
  const auto *begin = static_cast<const uint8_t *>(host);
  for (uint32_t i = 0; i < count && kind == Kind::Caller; ++i) {
    Piece &piece = pieces[i];
    if (piece.kind != kind || !piece.overlaps(begin, bytes))
      continue;
    const uint8_t *end = begin + bytes, *pieceEnd = piece.host + piece.bytes;
    begin = begin < piece.host ? begin : piece.host;
    bytes = uint64_t((end > pieceEnd ? end : pieceEnd) - begin);
    dropPiece(i);
    return add(kind, begin, bytes);
  }
  if (count == most) {
    uint32_t more = most ? 2 * most : 16;
    auto *larger = static_cast<Piece *>(realloc(pieces, more * sizeof(Piece)));
    if (!larger)
      return false;
    memset(larger + most, 0, (more - most) * sizeof(Piece));
    pieces = larger;
    most = more;
  }
  Piece &piece = pieces[count++];
  if (piece.memory == device->weights())
    piece.memory = nullptr;
  piece.host = begin;
  piece.bytes = bytes;
  piece.offset = 0;
  piece.kind = kind;
  return true;
}

void Mirror::drop(const void *host) {
  for (uint32_t i = 0; i < count; ++i)
    if (pieces[i].host == host)
      return dropPiece(i);
}

/// Its memory on the device is kept, behind those that are left.
void Mirror::dropPiece(uint32_t index) {
  Piece dropped = pieces[index];
  memmove(pieces + index, pieces + index + 1,
          (count - index - 1) * sizeof(Piece));
  pieces[--count] = dropped;
}

/// The newest first: what lay at an address before may be left of it.
Mirror::Piece *Mirror::findPiece(const void *host, uint64_t bytes) const {
  for (uint32_t i = count; i-- > 0;)
    if (pieces[i].holds(static_cast<const uint8_t *>(host), bytes))
      return &pieces[i];
  return nullptr;
}

const Mirror::Kind *Mirror::find(const void *host, uint64_t bytes) const {
  const Piece *piece = findPiece(host, bytes);
  return piece ? &piece->kind : nullptr;
}

bool Mirror::provide(Piece &piece, Failure &failure) {
  if (piece.kind == Kind::Weights) {
    release(piece);
    piece.memory = device->weights();
    return true;
  }
  if (piece.kind == Kind::Device)
    return true;
  if (piece.memory && piece.capacity >= piece.bytes)
    return true;
  release(piece);
  // A kernel may read so much of a tensor without elements.
  uint64_t bytes =
      piece.bytes < DYCC_NOTHING_BYTES ? DYCC_NOTHING_BYTES : piece.bytes;
  cl_int error = CL_SUCCESS;
  piece.memory = device->api().CreateBuffer(
      device->context(), CL_MEM_READ_WRITE, bytes, nullptr, &error);
  if (!piece.memory) {
    failure.set("clCreateBuffer", error);
    return false;
  }
  piece.capacity = bytes;
  return true;
}

Place Mirror::place(const void *host, uint64_t bytes, Failure &failure) {
  Piece *piece = findPiece(host, bytes);
  if (!piece || !provide(*piece, failure))
    return {nullptr, 0};
  return {piece->memory,
          piece->offset +
              uint64_t(static_cast<const uint8_t *>(host) - piece->host)};
}

} // namespace dycc::rt::opencl
