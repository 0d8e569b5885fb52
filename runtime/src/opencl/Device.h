// A device and what all runs of a model have there: the weights, the programs.
#ifndef DYCC_RUNTIME_SRC_OPENCL_DEVICE_H
#define DYCC_RUNTIME_SRC_OPENCL_DEVICE_H

#include "runtime/src/opencl/Programs.h"

#include <stdint.h>

namespace dycc::rt::opencl {

/// What went wrong first; runs stop there.
struct Failure {
  dycc_status status;
  dycc_message message;

  /// Keeps the first one: OpenCL's function `what` failed with `error`.
  dycc_status set(const char *what, cl_int error);
};

class Device {
public:
  /// A device with these weights, the caller's where `options` have one; null,
  /// with a text and the status, where there is none.
  static Device *open(const dycc_model_options &options, const uint8_t *weights,
                      uint64_t weightBytes, dycc_status &status,
                      dycc_message *message);
  void close();

  const Library &api() const { return *library; }
  cl_context context() const { return clContext; }
  cl_device_id id() const { return clDevice; }
  cl_mem weights() const { return clWeights; }
  /// "Mali-G78".
  const char *name() const { return clName; }

  /// The program of a text, built at its first use; null where that fails.
  /// Thread rule: any.
  cl_program program(const char *text, Failure &failure);

private:
  struct Program {
    const char *text; ///< Its address: each lies in the model.
    cl_program program;
    Program *next;
  };
  bool find(dycc_status &status, dycc_message *message);
  bool findIn(cl_context callers, cl_device_id wanted, dycc_status &status,
              dycc_message *message);
  bool openContext(dycc_status &status, dycc_message *message);
  bool upload(const uint8_t *bytes, uint64_t count, dycc_status &status,
              dycc_message *message);
  cl_program build(const char *text, Failure &failure);
  void refuseBuild(cl_program program, Failure &failure);
  void lock();
  void unlock();

  const Library *library;
  cl_context clContext;
  cl_device_id clDevice;
  cl_mem clWeights;
  Program *programs;
  ProgramCache cache;
  char clName[120];
  uint8_t isLocked;
};

} // namespace dycc::rt::opencl

#endif // DYCC_RUNTIME_SRC_OPENCL_DEVICE_H
