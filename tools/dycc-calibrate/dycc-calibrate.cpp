// Measures what work takes on this machine, for dycc --machine.
#include "compiler/driver/Diagnostics.h"
#include "tools/dycc-calibrate/Calibration.h"
#include "tools/dycc-run/Command.h"
#include "tools/dycc-run/HostTensor.h"

#include <chrono>
#include <fmt/format.h>
#include <thread>

using namespace dycc;
using namespace dycc::calibrate;

namespace {

struct Options {
  std::string output, folder, samples;
  double seconds = 300;
  unsigned threads = 1, passes = 2;
  std::vector<std::string> only;
};

void addOptions(CLI::App &app, Options &options) {
  app.add_option("machine", options.output,
                 "File to write, for --machine of dycc and dycc-predict")
      ->required()
      ->type_name("FILE.json");
  app.add_option("--measurements", options.folder,
                 "Folder of what is measured, to go on with (default: the "
                 "file's name with .measured behind it)")
      ->type_name("FOLDER");
  app.add_option("--seconds", options.seconds,
                 "Time that measuring may take; called again, it goes on")
      ->check(CLI::PositiveNumber)
      ->option_text(fmt::format("SECONDS={}", options.seconds));
  app.add_option("--passes", options.passes,
                 "How often all is measured; the least times count")
      ->check(CLI::PositiveNumber)
      ->option_text(fmt::format("COUNT={}", options.passes));
  app.add_option("--threads", options.threads,
                 "Threads that models run on, 0: all processors")
      ->option_text(fmt::format("COUNT={}", options.threads));
  app.add_option("--samples", options.samples,
                 "Write each run and each launch, predicted and measured, "
                 "into this file too")
      ->type_name("FILE.json");
  app.add_option("--only", options.only,
                 "Measure the networks whose names begin so alone")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME,...");
}

std::vector<Problem> chosen(const Options &options) {
  std::vector<Problem> all = problems();
  if (options.only.empty())
    return all;
  llvm::erase_if(all, [&](const Problem &problem) {
    return llvm::none_of(options.only, [&](llvm::StringRef name) {
      return llvm::StringRef(problem.name).starts_with(name);
    });
  });
  if (all.empty())
    throw run::UsageError("--only: no network has such a name");
  return all;
}

/// Whether all is measured before time is over.
bool measure(const Workshop &workshop, const std::vector<Problem> &list,
             const Options &options) {
  auto start = std::chrono::steady_clock::now();
  size_t done = 0, all = 0;
  for (unsigned pass = 0; pass < options.passes; ++pass)
    for (const Problem &problem : list)
      for (const Extents &point : problem.points) {
        std::chrono::duration<double> passed =
            std::chrono::steady_clock::now() - start;
        bool isThere = workshop.isMeasured(problem, point, pass);
        if (!isThere && passed.count() < options.seconds)
          workshop.measure(problem, point, pass);
        done += isThere || passed.count() < options.seconds;
        ++all;
      }
  if (done < all)
    fmt::print("measured {} of {} runs: call it again to go on\n", done, all);
  return done == all;
}

bool calibrateMachine(Options options) {
  if (options.threads == 0)
    options.threads = std::max(1u, std::thread::hardware_concurrency());
  std::string machine = codegen::TargetInfo::host().title();
  std::string folder =
      options.folder.empty() ? options.output + ".measured" : options.folder;
  std::vector<Problem> list = chosen(options);
  Workshop workshop(folder, machine, options.threads);
  for (const Problem &problem : list)
    workshop.write(problem);
  if (!measure(workshop, list, options))
    return true;
  Calibration calibration(workshop, list);
  tune::MachineFile file = calibration.fit(machine, options.threads);
  run::writeText(options.output, file.text());
  if (!options.samples.empty())
    run::writeText(options.samples, calibration.samples(file));
  fmt::print("machine {}, {} thread{}\n{}", machine, options.threads,
             options.threads == 1 ? "" : "s", calibration.report(file));
  return true;
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app{"dycc-calibrate measures what kernels take on this machine, and "
               "says how well "
               "that predicts others. Exit code 0: done, or time is over; 1: "
               "refused; 2: usage; 3: internal error.",
               "dycc-calibrate"};
  Options options;
  addOptions(app, options);
  return run::runCommand(app, argc, argv,
                         [&] { return calibrateMachine(options); });
}
