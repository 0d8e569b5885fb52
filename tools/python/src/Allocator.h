// Memory of a context from an object of Python.
#ifndef DYCC_TOOLS_PYTHON_ALLOCATOR_H
#define DYCC_TOOLS_PYTHON_ALLOCATOR_H

#include "dycc/runtime.h"

#include <nanobind/nanobind.h>

namespace dycc::python {

/// A dycc_allocator over allocate(bytes, alignment) and release(address, bytes,
/// alignment) of `object`. What allocate() raises is reported as an exception
/// that nobody can catch, and is no memory to the model.
/// Thread rule: any; the functions take the interpreter's lock.
class Allocator {
public:
  explicit Allocator(const nanobind::object &object);
  Allocator(const Allocator &) = delete;

  const dycc_allocator *table() const { return &functions; }

private:
  static void *allocate(void *user, uint64_t bytes, uint64_t alignment);
  static void release(void *user, void *memory, uint64_t bytes,
                      uint64_t alignment);

  nanobind::object allocateMethod, releaseMethod;
  dycc_allocator functions;
};

} // namespace dycc::python

#endif // DYCC_TOOLS_PYTHON_ALLOCATOR_H
