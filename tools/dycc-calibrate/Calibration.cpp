#include "tools/dycc-calibrate/Calibration.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

namespace dycc::calibrate {

using tune::MachineFile;

Calibration::Calibration(const Workshop &workshop,
                         const std::vector<Problem> &problems) {
  for (const Problem &problem : problems) {
    subjects.push_back(std::make_unique<Subject>(workshop.modelOf(problem),
                                                 workshop.numThreads()));
    addRuns(workshop, problem);
  }
}

void Calibration::addRuns(const Workshop &workshop, const Problem &problem) {
  Subject &subject = *subjects.back();
  for (const Extents &point : problem.points) {
    Run run{&problem, &point, &subject, {}, workshop.secondsOf(problem, point)};
    // Of all passes the fastest.
    std::map<std::pair<std::string, std::vector<int64_t>>, Launch> fastest;
    for (const std::string &path : workshop.launchesOf(problem, point))
      for (const tune::RecordedShape &shape : subject.read(path))
        if (auto launch = subject.launchOf(shape);
            launch && launch->nanoseconds > 0) {
          Launch &known =
              fastest.try_emplace({shape.function, shape.symbols}, *launch)
                  .first->second;
          known.nanoseconds = std::min(known.nanoseconds, launch->nanoseconds);
        }
    for (auto &[place, launch] : fastest)
      run.launches.push_back(std::move(launch));
    runs.push_back(std::move(run));
  }
}

/// A fit of the launches of one kind.
static MachineFile::Prices
fitKind(const std::vector<const Launch *> &launches) {
  std::set<std::string> names;
  for (const Launch *launch : launches)
    for (const auto &[name, count] : launch->counts)
      names.insert(name);
  std::vector<tune::PriceSample> samples;
  for (const Launch *launch : launches) {
    tune::PriceSample &sample =
        samples.emplace_back(tune::PriceSample{{}, launch->nanoseconds});
    for (const std::string &name : names) {
      auto count = launch->counts.find(name);
      sample.counts.push_back(count == launch->counts.end() ? 0
                                                            : count->second);
    }
  }
  constexpr double kPicoseconds = 1000;
  MachineFile::Prices prices;
  std::vector<double> fitted = tune::fitPrices(samples);
  for (auto [name, price] : llvm::zip_equal(names, fitted))
    prices[name] = price * kPicoseconds;
  return prices;
}

MachineFile Calibration::fit(const std::string &machine, unsigned threads) {
  std::map<std::string, std::vector<const Launch *>> kinds;
  for (const Run &run : runs)
    if (!run.problem->isHeldOut)
      for (const Launch &launch : run.launches)
        kinds[launch.kind].push_back(&launch);
  MachineFile file;
  file.machine = machine;
  file.threads = threads;
  for (const auto &[kind, launches] : kinds)
    file.prices[kind] = fitKind(launches);
  price(file);
  double factor = wholeOverParts();
  for (auto &[kind, prices] : file.prices)
    for (auto &[name, price] : prices)
      price *= factor;
  price(file);
  return file;
}

/// Nanoseconds of a launch.
static double priceOf(const MachineFile &file, const Launch &launch) {
  double total = 0;
  auto prices = file.prices.find(launch.kind);
  if (prices == file.prices.end())
    return 0;
  for (const auto &[name, count] : launch.counts)
    if (auto price = prices->second.find(name); price != prices->second.end())
      total += count * price->second / 1000;
  return total;
}

void Calibration::price(const MachineFile &file) {
  for (auto &subject : subjects)
    subject->price(file);
}

double Calibration::wholeOverParts() const {
  std::vector<double> ratios;
  for (const Run &run : runs)
    if (!run.problem->isHeldOut)
      if (double parts = run.subject->predict(textsOf(*run.point)); parts > 0)
        ratios.push_back(run.seconds / parts);
  if (ratios.empty())
    return 1;
  llvm::sort(ratios);
  return ratios[ratios.size() / 2];
}

std::vector<tune::TimePair>
Calibration::launchesOf(const MachineFile &file, bool isHeldOut,
                        const std::string &kind) const {
  std::vector<tune::TimePair> times;
  for (const Run &run : runs)
    if (run.problem->isHeldOut == isHeldOut)
      for (const Launch &launch : run.launches)
        if (kind.empty() || launch.kind == kind)
          times.push_back({priceOf(file, launch), launch.nanoseconds});
  return times;
}

static std::string lineOf(const std::string &name,
                          const std::vector<tune::TimePair> &times) {
  tune::Accuracy accuracy = tune::accuracyOf(times);
  if (accuracy.count == 0)
    return fmt::format("{:<34} {:>6}\n", name, 0);
  return fmt::format("{:<34} {:>6} {:>7.1f}% {:>7.1f}% {:>+7.1f}% {:>7.3f}\n",
                     name, accuracy.count, accuracy.median * 100,
                     accuracy.p90 * 100, accuracy.bias * 100, accuracy.rank);
}

std::string Calibration::report(const MachineFile &file) const {
  std::string text = fmt::format("{:<34} {:>6} {:>8} {:>8} {:>8} {:>7}\n",
                                 "predicted against measured", "count",
                                 "median", "p90", "bias", "rank");
  for (bool isHeldOut : {false, true}) {
    const char *what = isHeldOut ? ", held out" : ", fitted";
    std::vector<tune::TimePair> whole;
    for (const Run &run : runs)
      if (run.problem->isHeldOut == isHeldOut)
        whole.push_back(
            {run.subject->predict(textsOf(*run.point)), run.seconds});
    text += lineOf(std::string("networks") + what, whole);
    text +=
        lineOf(std::string("kernels") + what, launchesOf(file, isHeldOut, ""));
  }
  for (const auto &[kind, prices] : file.prices)
    text += lineOf("  " + kind, launchesOf(file, /*isHeldOut=*/true, kind));
  return text;
}

std::string Calibration::samples(const MachineFile &file) const {
  using nlohmann::json;
  json list = json::array();
  for (const Run &run : runs) {
    json launches = json::array();
    for (const Launch &launch : run.launches)
      launches.push_back({{"kernel", launch.kernel},
                          {"kind", launch.kind},
                          {"amounts", launch.counts},
                          {"predicted_ns", priceOf(file, launch)},
                          {"measured_ns", launch.nanoseconds}});
    list.push_back({{"network", run.problem->name},
                    {"held_out", run.problem->isHeldOut},
                    {"at", textsOf(*run.point)},
                    {"predicted_s", run.subject->predict(textsOf(*run.point))},
                    {"measured_s", run.seconds},
                    {"launches", launches}});
  }
  return list.dump(1) + "\n";
}

} // namespace dycc::calibrate
