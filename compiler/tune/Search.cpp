#include "compiler/tune/Search.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>

using mlir::Attribute;

namespace dycc::tune {
namespace {

/// Of the time of the model: a subject that takes less gains nothing.
constexpr double kLeastShare = 0.01;
/// A gain that is worth an entry in a file.
constexpr double kLeastGain = 1.03;
/// What a plan may lose at one point.
constexpr double kMostLoss = 0.98;
/// What the whole model may seem to lose by plans that gain little.
constexpr double kMostModelLoss = 0.99;
/// By how much a plan has to be better than the best one before it.
constexpr double kLeastStep = 1.01;

/// Gains of a subject at the points where it ran.
std::vector<double> gainsOf(size_t subject, const Measurement &measured) {
  std::vector<double> gains;
  for (const std::vector<Pair> &point : measured.subjects)
    if (point[subject].before > 0 && point[subject].after > 0)
      gains.push_back(point[subject].gain());
  return gains;
}

double geometricMean(llvm::ArrayRef<double> gains) {
  double sum = 0;
  for (double gain : gains)
    sum += std::log(gain);
  return gains.empty() ? 1 : std::exp(sum / static_cast<double>(gains.size()));
}

double leastOf(llvm::ArrayRef<double> gains) {
  return gains.empty() ? 1 : *llvm::min_element(gains);
}

Pair sumOf(size_t subject, const Measurement &measured) {
  Pair sum;
  for (const std::vector<Pair> &point : measured.subjects)
    sum += point[subject];
  return sum;
}

double gainOf(llvm::ArrayRef<Pair> models) {
  std::vector<double> gains;
  for (const Pair &model : models)
    gains.push_back(model.gain());
  return geometricMean(gains);
}

} // namespace

std::optional<SearchResult> Search::run() {
  result.subjects.resize(chosen.size());
  if (!start())
    return std::nullopt;
  for (std::vector<Trial> round = nextRound(); !round.empty();
       round = nextRound()) {
    double began = world.now();
    tryAll(round);
    newPlans += std::max(0.0, world.now() - began - oneMeasurement);
  }
  // What is left behind the second time was measured together.
  if (confirm())
    confirm();
  return std::move(result);
}

/// The model against itself: what takes the time, and what is noise.
bool Search::start() {
  double began = world.now();
  std::optional<Measurement> measured = world.measure(chosen, false);
  if (!measured)
    return false;
  oneMeasurement = world.now() - began;
  result.models = measured->models;
  double all = 0;
  for (const Pair &model : measured->models)
    all += model.before;
  for (size_t i = 0; i < chosen.size(); ++i) {
    Pair seconds = sumOf(i, *measured);
    if (seconds.before < kLeastShare * all || seconds.before <= 0)
      continue;
    double noise = 0;
    for (double gain : gainsOf(i, *measured))
      noise = std::max(noise, std::abs(std::log(gain)));
    Subject subject{i, seconds.before,
                    std::max(kLeastGain, std::exp(2 * noise)), chosen[i]};
    subject.seen.insert(chosen[i]);
    subjects.push_back(std::move(subject));
  }
  llvm::stable_sort(subjects, [](const Subject &a, const Subject &b) {
    return a.seconds > b.seconds;
  });
  return true;
}

void Search::expand(Subject &subject, Attribute plan) {
  std::vector<Attribute> near = world.neighbours(subject.number, plan);
  for (Attribute other : llvm::reverse(near))
    if (subject.seen.insert(other).second)
      subject.open.push_back(other);
}

/// As many of the most expensive subjects as there is time for, with room to
/// measure all that was found.
std::vector<Search::Trial> Search::nextRound() {
  constexpr double guess = 0.5; // Seconds for a plan before the first one.
  double left = budget - world.now() - 4 * oneMeasurement;
  double each =
      result.tried ? newPlans / static_cast<double>(result.tried) : guess;
  double fitting = (left - oneMeasurement) / std::max(each, 1e-3);
  std::vector<Trial> trials;
  for (Subject &subject : subjects) {
    if (static_cast<double>(trials.size() + 1) > fitting)
      break;
    if (!subject.isExpanded)
      expand(subject, subject.best);
    subject.isExpanded = true;
    if (subject.open.empty())
      continue;
    trials.push_back({&subject, subject.open.back()});
    subject.open.pop_back();
  }
  return trials;
}

void Search::tryAll(llvm::ArrayRef<Trial> trials) {
  std::vector<Attribute> plans = chosen;
  for (const Trial &trial : trials)
    plans[trial.subject->number] = trial.plan;
  if (std::optional<Measurement> measured = world.measure(plans, false)) {
    result.tried += trials.size();
    for (const Trial &trial : trials)
      judge(trial, *measured);
    return;
  }
  if (trials.size() == 1) {
    ++result.tried;
    ++result.bad;
    return;
  }
  size_t half = trials.size() / 2;
  for (auto part : {trials.take_front(half), trials.drop_front(half)})
    if (world.now() < budget)
      tryAll(part);
}

bool Search::isFaster(const Subject &subject,
                      const Measurement &measured) const {
  std::vector<double> gains = gainsOf(subject.number, measured);
  return geometricMean(gains) >= subject.margin && leastOf(gains) >= kMostLoss;
}

void Search::judge(const Trial &trial, const Measurement &measured) {
  Subject &subject = *trial.subject;
  double gain = geometricMean(gainsOf(subject.number, measured));
  if (!isFaster(subject, measured) || gain < subject.gain * kLeastStep)
    return;
  subject.best = trial.plan;
  subject.gain = gain;
  expand(subject, trial.plan);
}

std::vector<Attribute> Search::bestPlans() const {
  std::vector<Attribute> plans = chosen;
  for (const Subject &subject : subjects)
    plans[subject.number] = subject.best;
  return plans;
}

bool Search::confirm() {
  std::vector<Attribute> plans = bestPlans();
  result.subjects.assign(chosen.size(), {});
  if (plans == chosen)
    return false;
  std::optional<Measurement> measured = world.measure(plans, true);
  // All together: they are of no use where that is not so.
  bool isGood = measured && gainOf(measured->models) >= kMostModelLoss;
  if (measured)
    result.models = measured->models;
  bool isLeft = false;
  for (Subject &subject : subjects) {
    if (subject.best == chosen[subject.number])
      continue;
    if (!isGood || !isFaster(subject, *measured)) {
      subject.best = chosen[subject.number];
      isLeft = true;
      continue;
    }
    result.subjects[subject.number] = {
        subject.best, sumOf(subject.number, *measured),
        geometricMean(gainsOf(subject.number, *measured))};
  }
  return isLeft;
}

} // namespace dycc::tune
