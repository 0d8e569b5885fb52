#include "Allocator.h"

namespace nb = nanobind;

namespace dycc::python {

Allocator::Allocator(const nb::object &object)
    : allocateMethod(object.attr("allocate")),
      releaseMethod(object.attr("release")),
      functions{allocate, release, this} {}

void *Allocator::allocate(void *user, uint64_t bytes, uint64_t alignment) {
  nb::gil_scoped_acquire lock;
  try {
    nb::object address =
        static_cast<Allocator *>(user)->allocateMethod(bytes, alignment);
    if (address.is_none())
      return nullptr;
    return reinterpret_cast<void *>(nb::cast<uintptr_t>(address));
  } catch (nb::python_error &error) {
    error.discard_as_unraisable("dycc.Allocator.allocate");
  } catch (const nb::cast_error &) {
    PyErr_SetString(PyExc_TypeError,
                    "allocate() expects to return an address or None");
    PyErr_WriteUnraisable(static_cast<Allocator *>(user)->allocateMethod.ptr());
  }
  return nullptr;
}

void Allocator::release(void *user, void *memory, uint64_t bytes,
                        uint64_t alignment) {
  nb::gil_scoped_acquire lock;
  try {
    static_cast<Allocator *>(user)->releaseMethod(
        reinterpret_cast<uintptr_t>(memory), bytes, alignment);
  } catch (nb::python_error &error) {
    error.discard_as_unraisable("dycc.Allocator.release");
  }
}

} // namespace dycc::python
