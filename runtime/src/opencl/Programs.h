// What a driver has built of programs, kept from process to process: by the
// caller, or in a folder.
#ifndef DYCC_RUNTIME_SRC_OPENCL_PROGRAMS_H
#define DYCC_RUNTIME_SRC_OPENCL_PROGRAMS_H

#include "dycc/programs.h"
#include "runtime/src/opencl/Library.h"

namespace dycc::rt::opencl {

class ProgramCache {
public:
  /// For programs of one device.
  void init(const dycc_model_options &options, const Library &library,
            cl_context context, cl_device_id device);

  /// The program of a text, built; null where none is kept that this device's
  /// driver takes.
  cl_program load(const char *text) const;
  /// Keeps a program that was built of the text, where that is possible.
  void store(const char *text, cl_program program) const;

private:
  /// Of text and device: 128 bits, and the name that they are kept under.
  struct Key {
    uint64_t bits[2];
    char name[40];
  };
  Key keyOf(const char *text) const;
  cl_program build(const unsigned char *binary, size_t bytes) const;

  dycc_program_cache cache; ///< Without functions: there is none.
  const Library *library;
  cl_context context;
  cl_device_id device;
  uint64_t deviceHash[2];
};

} // namespace dycc::rt::opencl

#endif // DYCC_RUNTIME_SRC_OPENCL_PROGRAMS_H
