#include "tools/dycc-bench/Pairs.h"

#include "tools/dycc-bench/JsonFile.h"
#include "tools/dycc-bench/Points.h"
#include "tools/dycc-bench/Times.h"
#include "tools/dycc-run/Profile.h"

namespace dycc::bench {
namespace {

using nlohmann::json;
using run::Artifact;
using run::Inputs;

/// One of the two libraries.
struct Side {
  Side(const std::string &path, const Options &options)
      : artifact(path, options.threads, options.machine),
        profile(artifact.info()) {}

  void run(Inputs &inputs, bool isProfiled) {
    seconds.push_back(artifact.run(inputs, isProfiled ? &profile : nullptr));
  }
  /// Of the runs at this size.
  json times() const {
    Times all(seconds);
    return {{"runs", all.count()},
            {"min", all.least()},
            {"p50", all.percentile(50)}};
  }

  Artifact artifact;
  run::Profile profile;
  std::vector<double> seconds;
};

/// Whether two models have the same inputs and symbols, in the same order.
bool isAlike(const dycc_model_info &a, const dycc_model_info &b) {
  if (a.num_inputs != b.num_inputs || a.num_symbols != b.num_symbols)
    return false;
  for (uint32_t i = 0; i < a.num_inputs; ++i)
    if (std::string(a.inputs[i].name) != b.inputs[i].name)
      return false;
  for (uint32_t i = 0; i < a.num_symbols; ++i)
    if (std::string(a.symbols[i].name) != b.symbols[i].name)
      return false;
  return true;
}

class Pairs {
public:
  explicit Pairs(const Options &options)
      : options(options), one(options.model, options),
        other(options.against, options),
        points(one.artifact.info(), options.dims) {
    if (!isAlike(one.artifact.info(), other.artifact.info()))
      throw run::Refusal(fmt::format(
          "'{}': expects the inputs and symbols of '{}', got others",
          options.against, options.model));
  }

  void run() {
    fmt::print("model {}\n", one.artifact.info().name);
    fmt::print("{:>10} {:>10} {:>7} {:>7}  size\n", "min ms", "against",
               "ratio", "pairs");
    for (const Point &point : points.all())
      measure(point);
    if (options.profile)
      printKernels();
    if (!options.json.empty())
      write();
  }

private:
  /// Pairs of runs until `wanted` seconds have passed, and at least `fewest`.
  void repeat(Inputs &inputs, double wanted, size_t fewest, bool isProfiled) {
    one.seconds.clear();
    other.seconds.clear();
    double sum = 0;
    for (size_t pair = 0; pair < fewest || sum < wanted; ++pair) {
      Side *sides[] = {&one, &other};
      for (size_t turn : {pair % 2, 1 - pair % 2}) {
        sides[turn]->run(inputs, isProfiled);
        sum += sides[turn]->seconds.back();
      }
    }
  }

  void measure(const Point &point) {
    constexpr size_t fewest = 3;
    Inputs inputs =
        makeInputs(one.artifact, point, options.fills, options.seed);
    repeat(inputs, options.warmUp, 1, /*isProfiled=*/false);
    repeat(inputs, options.minTime, fewest, options.profile);
    double mine = Times(one.seconds).least();
    double others = Times(other.seconds).least();
    fmt::print("{:10.3f} {:10.3f} {:7.3f} {:7}  {}\n", mine * 1e3, others * 1e3,
               others / mine, one.seconds.size(), points.text(point));
    std::fflush(stdout);
    json row = one.times();
    row["against"] = other.times();
    for (size_t i = 0; i < point.size(); ++i)
      row["symbols"][one.artifact.info().symbols[i].name] = point[i];
    sizes.push_back(row);
  }

  /// Kernels of this library beside those of the same name.
  void printKernels() const {
    const dycc_model_info &mine = one.artifact.info();
    const dycc_model_info &others = other.artifact.info();
    fmt::print("{:>10} {:>10} {:>7}  kernel: nodes\n", "min us", "against",
               "ratio");
    for (uint32_t i = 0; i < mine.num_kernels; ++i)
      for (uint32_t k = 0; k < others.num_kernels; ++k) {
        double a = one.profile.least(i), b = other.profile.least(k);
        if (a > 0 && b > 0 &&
            std::string(mine.kernels[i].name) == others.kernels[k].name)
          fmt::print("{:10.2f} {:10.2f} {:7.3f}  {}: {}\n", a * 1e6, b * 1e6,
                     b / a, mine.kernels[i].name, mine.kernels[i].nodes);
      }
  }

  void write() const {
    json all{{"model", one.artifact.info().name},
             {"threads", options.threads},
             {"unit", "s"},
             {"sizes", sizes}};
    if (options.profile) {
      all["profile"] = json::parse(one.profile.json());
      all["against_profile"] = json::parse(other.profile.json());
    }
    writeJson(all, options.json);
  }

  const Options &options;
  Side one, other;
  Points points;
  json sizes = json::array();
};

} // namespace

void runPairs(const Options &options) { Pairs(options).run(); }

} // namespace dycc::bench
