#ifndef DYCC_TOOLS_DYCC_CALIBRATE_WORKSHOP_H
#define DYCC_TOOLS_DYCC_CALIBRATE_WORKSHOP_H

#include "tools/dycc-calibrate/Problems.h"

namespace dycc::calibrate {

/// A folder of measurements, made in passes far enough apart that what else the
/// machine did in one is over in another. What is there is not measured again,
/// so that an end at any time costs one measurement.
class Workshop {
public:
  /// Makes the folder where there is none. Throws a Refusal where what is in
  /// it is of another machine, number of threads or version of dycc.
  Workshop(std::string folder, const std::string &machine, unsigned threads);

  unsigned numThreads() const { return threads; }
  /// Path of the ONNX file of a problem.
  std::string modelOf(const Problem &problem) const;
  /// Paths of the launches that were recorded at a point, one of each pass.
  std::vector<std::string> launchesOf(const Problem &problem,
                                      const Extents &point) const;

  bool isMeasured(const Problem &problem, const Extents &point,
                  unsigned pass) const;
  /// Writes the ONNX file.
  void write(const Problem &problem) const;
  /// Compiles the problem where that was not done, and runs it.
  void measure(const Problem &problem, const Extents &point,
               unsigned pass) const;
  /// Seconds of a run without a listener: the least of all passes.
  double secondsOf(const Problem &problem, const Extents &point) const;

private:
  std::string path(const std::string &name) const;
  std::string path(const Problem &problem, const Extents &point, unsigned pass,
                   const char *ending) const;
  double secondsIn(const std::string &file) const;
  void call(std::vector<std::string> arguments) const;

  std::string folder;
  unsigned threads;
  std::string compiler, bench; ///< The programs.
};

/// "H=16", "W=24".
std::vector<std::string> textsOf(const Extents &point);

} // namespace dycc::calibrate

#endif // DYCC_TOOLS_DYCC_CALIBRATE_WORKSHOP_H
