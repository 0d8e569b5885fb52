// Measures a compiled model on the command line.
#include "tools/dycc-bench/Bench.h"
#include "tools/dycc-run/Command.h"

using dycc::bench::Options;

/// What is said beside the table, not of two libraries.
static void addOutputOptions(CLI::App &app, Options &options,
                             CLI::Option &against) {
  app.add_flag("--profile", options.profile,
               "Print the time of each kernel over all that was measured");
  CLI::Option *shapes =
      app.add_option(
             "--profile-shapes", options.shapes,
             "Write at which shapes kernels ran, and for how long, to a "
             "file: dycc --profile-shapes makes versions for them")
          ->type_name("FILE.shapes");
  against.excludes(shapes);
  app.add_option("--trace", options.trace,
                 "Write a trace of one more run at each size to a file, as "
                 "JSON for ui.perfetto.dev")
      ->type_name("FILE.json");
  app.add_option("--json", options.json, "Write all to a file, as JSON")
      ->type_name("FILE.json");
}

static void addOptions(CLI::App &app, Options &options) {
  app.add_option("model", options.model, "The compiled model, a .so")
      ->required()
      ->type_name("FILE.so");
  app.add_option("--dim,--sweep", options.dims,
                 "NAME=VALUE, or NAME=LO..HI:STEP for all of these; symbols "
                 "without it are the middle of their range, or 64")
      ->allow_extra_args(false)
      ->type_name("DIM");
  app.add_option("--input,-i", options.fills,
                 "NAME=LO..HI or NAME=VALUE: what the elements of an input are "
                 "taken from (floats -1..1, integers 0..10); one with a "
                 "default has it otherwise")
      ->allow_extra_args(false)
      ->type_name("VALUES");
  CLI::Option *stream =
      app.add_option("--stream", options.stream,
                     "Also so many requests of random sizes out of the same")
          ->capture_default_str();
  CLI::Option *against =
      app.add_option("--against", options.against,
                     "Another library of the same model, which runs in turn "
                     "with this one: the ratio is its least time over this "
                     "one's")
          ->type_name("FILE.so")
          ->excludes(stream);
  app.add_option("--min-time", options.minTime, "Seconds to measure a size for")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--warm-up", options.warmUp, "Seconds before that")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of random inputs and sizes")
      ->capture_default_str();
  app.add_option("--threads", options.threads, "0: all processors")
      ->capture_default_str();
  app.add_flag("--processor-time", options.isProcessorTime,
               "Count how long the thread was on a processor, where other "
               "programs share that; with --threads 1");
  app.add_option("--machine", options.machine,
                 "Run the kernels for this machine, of a model for several "
                 "(dycc --dispatch); else those of the best")
      ->type_name("MACHINE");
  CLI::Option *variant =
      app.add_option("--variant", options.variant,
                     "Measure this variant, of a family (dycc with several "
                     "models); else the first")
          ->type_name("NAME");
  against->excludes(variant);
  addOutputOptions(app, options, *against);
}

int main(int argc, char **argv) {
  CLI::App app{"Measures a compiled model: first run, warm runs and memory at "
               "each size. Exit code 0: done; 1: model or data refused; 2: "
               "usage; 3: internal error.",
               "dycc-bench"};
  Options options;
  addOptions(app, options);
  return dycc::run::runCommand(app, argc, argv, [&] {
    dycc::bench::runBench(options);
    return true;
  });
}
