// The quality-of-service controller in C++17, over its C interface
// (dycc/qos.h).
#ifndef DYCC_QOS_HPP
#define DYCC_QOS_HPP

#include "dycc/qos.h"
#include "dycc/result.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace dycc {

/// Which variant the next frame runs. Thread rule: one call at a time.
///
///     dycc_qos_options options{};
///     options.frame_rate = 30;
///     auto controller = dycc::QosController::create(options,
///     variants).value(); family.select(context,
///     controller.choose(waited)).value();
///     ... run, and measure it ...
///     controller.report(seconds).value();
class QosController {
public:
  /// `options.size` is set here. Refuses what dycc_qos_create() does.
  static Result<QosController>
  create(dycc_qos_options options,
         const std::vector<dycc_qos_variant> &variants) {
    options.size = sizeof(options);
    dycc_message message{};
    dycc_qos *made = nullptr;
    if (dycc_status status =
            dycc_qos_create(&options, variants.data(),
                            std::uint32_t(variants.size()), &made, &message))
      return Failure{status, message.text};
    return QosController(made, variants.size());
  }

  /// The variant of the frame that begins now, so many seconds after it was
  /// due.
  std::uint32_t choose(double waited = 0) {
    return dycc_qos_choose(handle.get(), waited);
  }

  /// What that frame took, waiting aside.
  Result<void> report(double seconds) {
    dycc_message message{};
    if (dycc_status status = dycc_qos_report(handle.get(), seconds, &message))
      return Failure{status, message.text};
    return {};
  }

  /// Other times of the variants, at other extents: as many as there are.
  Result<void> update(const std::vector<double> &seconds) {
    dycc_message message{};
    if (seconds.size() != count)
      return Failure{DYCC_INVALID_ARGUMENT,
                     "got times of " + std::to_string(seconds.size()) +
                         " variants, expects " + std::to_string(count)};
    if (dycc_status status =
            dycc_qos_update(handle.get(), seconds.data(), &message))
      return Failure{status, message.text};
    return {};
  }

  /// What a frame of each variant is thought to take now.
  std::vector<double> predict() const {
    std::vector<double> seconds(count);
    dycc_qos_predict(handle.get(), seconds.data());
    return seconds;
  }

private:
  struct Destroy {
    void operator()(dycc_qos *made) const { dycc_qos_destroy(made); }
  };
  QosController(dycc_qos *made, std::size_t count)
      : handle(made), count(count) {}

  std::unique_ptr<dycc_qos, Destroy> handle;
  std::size_t count;
};

} // namespace dycc

#endif // DYCC_QOS_HPP
