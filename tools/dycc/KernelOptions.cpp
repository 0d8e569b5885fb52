#include "tools/dycc/KernelOptions.h"

#include "tools/command-line/Values.h"

#include <fmt/format.h>

namespace dycc {

void addKernelOptions(CLI::App &app, CompileOptions &options) {
  const std::vector<std::pair<std::string, dyn::WinogradUse>> winograd{
      {"off", dyn::WinogradUse::Off},
      {"safe", dyn::WinogradUse::Safe},
      {"fast", dyn::WinogradUse::Fast}};
  app.add_option("--winograd", options.winograd,
                 "Convolutions of 3 x 3 taps by Winograd's filtering: off; "
                 "safe: where errors stay within 2e-5 of the result's largest "
                 "value (default); fast: wherever that is faster")
      ->transform(CLI::Transformer(winograd))
      ->option_text(cli::textOf(cli::namesOf(winograd)));
}

void addPrecisionOptions(CLI::App &app, CommandLine &line) {
  CompileOptions &options = line.compile;
  auto *precision = app.add_option(
      "--precision", options.precision,
      "What the f32 of a model is stored in, weights and what kernels give: "
      "sums are f32, inputs and outputs keep their types");
  cli::oneOf(precision, {"f32", "f16", "bf16"});
  app.add_option("--keep-f32", options.keepF32,
                 "Nodes that stay f32: names of nodes or operators, * stands "
                 "for any letters")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NODE,...")
      ->needs(precision);
  app.add_option("--precision-exceptions", options.exceptions,
                 "File of other nodes that stay f32, as --max-error finds "
                 "them: with it, where they are written")
      ->type_name("FILE.json")
      ->needs(precision);
  auto *error = app.add_option(
      "--max-error", line.budget.maxError,
      "Run the model with --calibrate and leave nodes in f32, so that no "
      "output is further from that in f32, of its largest value");
  auto *data = app.add_option(
      "--calibrate", line.budget.data,
      "Samples of inputs: a folder of .npz files, or of folders with "
      "NAME.npy, or input_0.pb and so on");
  error->option_text("NUMBER")->needs(precision)->needs(data);
  data->type_name("FOLDER")->needs(error);
}

void addPlanOptions(CLI::App &app, CompileOptions &options) {
  app.add_option("--plans", options.plans,
                 "File of plans for kernels, as --tune writes it")
      ->allow_extra_args(false)
      ->type_name("FILE");
  app.add_option("--machine", options.machineFile,
                 "File of what kernels take on the machine, as dycc-calibrate "
                 "writes it: what the library estimates follows from it")
      ->type_name("FILE.json");
  app.add_option("--profile-shapes", options.shapes,
                 "File of shapes that dycc-run or dycc-bench --profile-shapes "
                 "has recorded: kernels get versions for those that took most "
                 "time")
      ->type_name("FILE.shapes");
  auto *tune = app.add_option(
      "--tune", options.tune,
      "Look for faster plans by running the model on this machine, compile "
      "with them and add them to this file; kernels that it has plans for "
      "keep these");
  tune->type_name("FILE");
  app.add_option("--tune-at", options.tuneAt,
                 "Extents to run at, NAME=NUMBER,...; one that is not named is "
                 "the middle of its declared range, else 64")
      ->allow_extra_args(false)
      ->type_name("EXTENTS")
      ->needs(tune);
  app.add_option("--tune-input", options.tuneInputs,
                 "NAME=LO..HI or NAME=VALUE: what the elements of an input are "
                 "taken from (floats -1..1, integers 0..10)")
      ->allow_extra_args(false)
      ->type_name("VALUES")
      ->needs(tune);
  app.add_option("--tune-seconds", options.tuneSeconds,
                 "Time that this may take")
      ->check(CLI::PositiveNumber)
      ->option_text(fmt::format("SECONDS={}", options.tuneSeconds))
      ->needs(tune);
  app.add_option("--tune-threads", options.tuneThreads,
                 "Threads to run on, 0: all processors")
      ->option_text(fmt::format("COUNT={}", options.tuneThreads))
      ->needs(tune);
}

} // namespace dycc
