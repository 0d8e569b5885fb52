#include "Call.h"

#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace dycc::python {

void Call::run() {
  nb::gil_scoped_release release;
  std::lock_guard lock(mutex);
  number = 0;
  arguments.reset();
  number = model.lend(arguments.inputs(), arguments.outputs(), options);
}

nb::tuple Call::results() {
  std::vector<Result> results;
  std::vector<Shape> shapes;
  {
    nb::gil_scoped_release release;
    std::lock_guard lock(mutex);
    if (!number)
      throw StatusError{"DYCC_INVALID_ARGUMENT",
                        "there is no run with results"};
    results = model.copyLent(number, arguments.outputs(), arguments.missing());
    shapes = arguments.shapes();
  }
  nb::list arrays;
  for (Result &result : results)
    arrays.append(arrayOf(std::move(result)));
  return nb::make_tuple(arrays, shapes);
}

} // namespace dycc::python
