#include "tools/dycc-bench/Bench.h"

#include "tools/dycc-bench/JsonFile.h"
#include "tools/dycc-bench/Pairs.h"
#include "tools/dycc-bench/Points.h"
#include "tools/dycc-bench/Times.h"
#include "tools/dycc-run/Command.h"
#include "tools/dycc-run/Profile.h"
#include "tools/dycc-run/ShapeRecorder.h"
#include "tools/dycc-run/Trace.h"

namespace dycc::bench {
namespace {

using nlohmann::json;
using run::Artifact;
using run::Inputs;

json timesOf(const Times &times) {
  return {{"runs", times.count()},
          {"min", times.least()},
          {"p50", times.percentile(50)},
          {"p90", times.percentile(90)},
          {"p99", times.percentile(99)}};
}

class Bench {
public:
  explicit Bench(const Options &options)
      : options(options), artifact(options.model, options.threads,
                                   options.machine, options.variant),
        points(artifact.info(), options.dims), profile(artifact.info()),
        shapes(artifact.info()) {
    if (options.profile)
      listeners.add(profile);
    if (!options.shapes.empty())
      listeners.add(shapes);
    if (!options.trace.empty())
      trace.emplace(artifact.info(), artifact.numThreads());
  }

  void run() {
    std::vector<Point> all = points.all();
    fmt::print("model {}\n", artifact.info().name);
    fmt::print("{:>10} {:>10} {:>10} {:>10} {:>10} {:>7} {:>10}  size\n",
               "first ms", "min", "p50", "p90", "p99", "runs", "peak MiB");
    for (const Point &point : all)
      measure(point);
    if (options.stream > 0)
      measureStream();
    if (options.profile)
      fmt::print("{}", profile.table());
    if (!options.json.empty())
      write();
    if (trace)
      run::writeText(options.trace, trace->text());
    if (!options.shapes.empty())
      run::writeText(options.shapes, shapes.text());
  }

private:
  /// Runs until `seconds` have passed; at least once where that is more than 0.
  std::vector<double> repeat(Inputs &inputs, double seconds, bool isMeasured) {
    constexpr size_t most = 1000000;
    std::vector<double> times;
    double sum = 0;
    while (sum < seconds && times.size() < most) {
      times.push_back(artifact.run(inputs, isMeasured ? listener() : nullptr));
      sum += times.back();
    }
    return times;
  }

  void measure(const Point &point) {
    Inputs inputs = makeInputs(artifact, point, options.fills, options.seed);
    dycc_peak peak = artifact.peakOf(inputs);
    double first = artifact.run(inputs);
    repeat(inputs, options.warmUp, /*isMeasured=*/false);
    Times times(repeat(inputs, options.minTime, /*isMeasured=*/true));
    if (trace)
      artifact.run(inputs, &*trace);
    fmt::print(
        "{:10.3f} {:10.3f} {:10.3f} {:10.3f} {:10.3f} {:7} {:10.2f}  {}\n",
        first * 1e3, times.least() * 1e3, times.percentile(50) * 1e3,
        times.percentile(90) * 1e3, times.percentile(99) * 1e3, times.count(),
        double(peak.bytes) / (1 << 20), points.text(point));
    std::fflush(stdout);
    json row = timesOf(times);
    row["first"] = first;
    row["peak_bytes"] = peak.bytes;
    row["peak_is_exact"] = peak.exact != 0;
    row["symbols"] = symbolsOf(point);
    sizes.push_back(row);
  }

  /// Of what is measured; null where nobody listens.
  run::Listener *listener() { return listeners.empty() ? nullptr : &listeners; }

  json symbolsOf(const Point &point) const {
    json result = json::object();
    for (size_t i = 0; i < point.size(); ++i)
      result[artifact.info().symbols[i].name] = point[i];
    return result;
  }

  /// Requests whose sizes are drawn anew each time, as a service gets them.
  void measureStream() {
    std::mt19937_64 engine(options.seed);
    std::vector<double> seconds;
    for (uint32_t i = 0; i < options.stream; ++i) {
      Inputs inputs = makeInputs(artifact, points.draw(engine), options.fills,
                                 options.seed);
      seconds.push_back(artifact.run(inputs, listener()));
    }
    Times times(std::move(seconds));
    fmt::print("{} requests of random sizes, seed {}: {:.3f} ms, each min "
               "{:.3f}, p50 {:.3f}, p90 {:.3f}, p99 {:.3f}\n",
               times.count(), options.seed, times.sum() * 1e3,
               times.least() * 1e3, times.percentile(50) * 1e3,
               times.percentile(90) * 1e3, times.percentile(99) * 1e3);
    stream = timesOf(times);
    stream["seconds"] = times.sum();
    stream["seed"] = options.seed;
  }

  void write() const {
    json all{{"model", artifact.info().name},
             {"metadata", json::parse(artifact.info().metadata, nullptr,
                                      /*allow_exceptions=*/false)},
             {"threads", options.threads},
             {"unit", "s"},
             {"sizes", sizes}};
    if (!stream.is_null())
      all["stream"] = stream;
    if (options.profile)
      all["profile"] = json::parse(profile.json());
    writeJson(all, options.json);
  }

  const Options &options;
  Artifact artifact;
  Points points;
  run::Profile profile;
  run::ShapeRecorder shapes;
  run::Listeners listeners;
  std::optional<run::Trace> trace;
  json sizes = json::array(), stream;
};

} // namespace

void runBench(const Options &options) {
  if (options.isProcessorTime && options.threads != 1)
    throw run::UsageError("--processor-time: expected --threads 1, whose time "
                          "it is");
  if (options.isProcessorTime)
    run::Clock::countThread();
  if (options.against.empty())
    Bench(options).run();
  else
    runPairs(options);
}

} // namespace dycc::bench
