#ifndef DYCC_TOOLS_DYCC_CALIBRATE_CALIBRATION_H
#define DYCC_TOOLS_DYCC_CALIBRATE_CALIBRATION_H

#include "compiler/tune/PriceFit.h"
#include "tools/dycc-calibrate/Problems.h"
#include "tools/dycc-calibrate/Subject.h"
#include "tools/dycc-calibrate/Workshop.h"

#include <memory>

namespace dycc::calibrate {

/// Prices from what was measured of some problems, judged by that of others.
class Calibration {
public:
  /// Plans the problems, whose models `workshop` has.
  Calibration(const Workshop &workshop, const std::vector<Problem> &problems);

  /// The prices that problems which are not held out give. Whole runs are
  /// predicted by the last ones.
  tune::MachineFile fit(const std::string &machine, unsigned threads);

  /// How well `file`, the last one, predicts what was held out, as a table.
  std::string report(const tune::MachineFile &file) const;

  /// Every run and every launch, predicted and measured, as JSON.
  std::string samples(const tune::MachineFile &file) const;

private:
  /// A run of a problem.
  struct Run {
    const Problem *problem;
    const Extents *point;
    Subject *subject;
    std::vector<Launch> launches;
    double seconds; ///< Of the run as a whole, measured.
  };

  void addRuns(const Workshop &workshop, const Problem &problem);
  void price(const tune::MachineFile &file);
  /// What a whole run takes beyond its fastest launches, as a factor.
  double wholeOverParts() const;
  std::vector<tune::TimePair> launchesOf(const tune::MachineFile &file,
                                         bool isHeldOut,
                                         const std::string &kind) const;

  std::vector<std::unique_ptr<Subject>> subjects;
  std::vector<Run> runs;
};

} // namespace dycc::calibrate

#endif // DYCC_TOOLS_DYCC_CALIBRATE_CALIBRATION_H
