#include "Qos.h"
#include "Model.h"

#include "dycc/qos.hpp"

#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace dycc::python {
namespace {

template <typename T>
T valueOf(dycc::Result<T> result) {
  if (!result)
    throw StatusError{result.failure().status == DYCC_OUT_OF_MEMORY
                          ? "DYCC_OUT_OF_MEMORY"
                          : "DYCC_INVALID_ARGUMENT",
                      result.failure().text};
  return std::move(result).value();
}

void check(const dycc::Result<void> &result) {
  if (!result)
    throw StatusError{"DYCC_INVALID_ARGUMENT", result.failure().text};
}

QosController create(const std::vector<double> &seconds,
                     const std::vector<double> &quality, double deadline,
                     double frameRate, uint32_t hold) {
  std::vector<dycc_qos_variant> variants;
  for (size_t i = 0; i < seconds.size(); ++i)
    variants.push_back({seconds[i], quality.at(i)});
  dycc_qos_options options{};
  options.deadline = deadline;
  options.frame_rate = frameRate;
  options.hold = hold;
  return valueOf(QosController::create(options, variants));
}

} // namespace

void bindQos(nb::module_ &m) {
  nb::class_<QosController>(m, "QosController")
      .def(
          "__init__",
          [](QosController *place, const std::vector<double> &seconds,
             const std::vector<double> &quality, double deadline,
             double frameRate, uint32_t hold) {
            new (place) QosController(
                create(seconds, quality, deadline, frameRate, hold));
          },
          nb::arg("seconds"), nb::arg("quality"), nb::arg("deadline"),
          nb::arg("frame_rate"), nb::arg("hold"))
      .def("choose", &QosController::choose, nb::arg("waited"))
      .def(
          "report",
          [](QosController &controller, double seconds) {
            check(controller.report(seconds));
          },
          nb::arg("seconds"))
      .def(
          "update",
          [](QosController &controller, const std::vector<double> &seconds) {
            check(controller.update(seconds));
          },
          nb::arg("seconds"))
      .def("predict", &QosController::predict);
}

} // namespace dycc::python
