// Runs a compiled model on the command line.
#include "tools/dycc-run/Command.h"
#include "tools/dycc-run/Session.h"

using namespace dycc::run;

static void addOptions(CLI::App &app, Options &options) {
  app.add_option("model", options.model, "The compiled model, a .so")
      ->required()
      ->type_name("FILE.so");
  app.add_option("--input,-i", options.inputs,
                 "NAME=@FILE.npy, or NAME=1x3x64x64xf32: random elements; "
                 "NAME=1x8xi64:0..100 within bounds, NAME=i64:3 all the same; "
                 "strings also NAME=@FILE.json or NAME=[\"a\",\"b\"]")
      ->allow_extra_args(false)
      ->type_name("NAME=@FILE.npy");
  app.add_option("--data", options.data,
                 "Folder of an ONNX test data set: input_0.pb, output_0.pb "
                 "and so on, or with NAME.npy, or an .npz file with arrays "
                 "of these names; outputs are compared")
      ->type_name("FOLDER");
  app.add_option("--output,-o", options.outputs,
                 "NAME=@FILE.npy: write the output; strings also @FILE.json")
      ->allow_extra_args(false)
      ->type_name("NAME=@FILE.npy");
  app.add_option("--expect,-e", options.expected,
                 "NAME=@FILE.npy: compare the output")
      ->allow_extra_args(false)
      ->type_name("NAME=@FILE.npy");
  app.add_option("--rtol", options.tolerance.rtol,
                 "Tolerance relative to the expected element")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--atol", options.tolerance.atol,
                 "Absolute tolerance (default: 1e-4 of the largest expected "
                 "element)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--seed", options.seed, "Of random inputs")
      ->capture_default_str();
  app.add_option("--threads", options.threads, "0: all processors")
      ->capture_default_str();
  app.add_option("--machine", options.machine,
                 "Run the kernels for this machine, of a model for several "
                 "(dycc --dispatch); else those of the best")
      ->type_name("MACHINE");
  app.add_option("--variant", options.variant,
                 "Run this variant, of a family (dycc with several models); "
                 "else the first")
      ->type_name("NAME");
}

/// How often it runs, and what is told of the model and its runs.
static void addRunOptions(CLI::App &app, Options &options) {
  app.add_option("--repeat", options.repeat, "Run so often and print times")
      ->check(CLI::Range(1u, 1000000u))
      ->capture_default_str();
  app.add_flag("--profile", options.profile,
               "Print the time of each kernel, summed over all runs");
  app.add_option("--profile-json", options.profileFile,
                 "Write the same to a file, as JSON")
      ->type_name("FILE.json");
  app.add_option("--profile-shapes", options.shapeFile,
                 "Write at which shapes kernels ran, and for how long, to a "
                 "file: dycc --profile-shapes makes versions for them")
      ->type_name("FILE.shapes");
  app.add_option("--trace", options.traceFile,
                 "Write when what ran on which thread to a file, as JSON for "
                 "ui.perfetto.dev")
      ->type_name("FILE.json");
  app.add_flag("--describe", options.describe,
               "Print inputs, outputs, symbols; with inputs also peak bytes");
}

int main(int argc, char **argv) {
  CLI::App app{"Runs a compiled model. Exit code 0: done; 1: model or data "
               "refused, or an output differs; 2: usage; 3: internal error.",
               "dycc-run"};
  Options options;
  addOptions(app, options);
  addRunOptions(app, options);
  return runCommand(app, argc, argv, [&] { return runSession(options); });
}
