// Options that say something of a model, which several programs have.
#ifndef DYCC_TOOLS_COMMAND_LINE_MODELOPTIONS_H
#define DYCC_TOOLS_COMMAND_LINE_MODELOPTIONS_H

#include "compiler/driver/Compile.h"

#include <CLI/CLI.hpp>

namespace dycc::cli {

/// What its extents are.
inline void addExtentOptions(CLI::App &app, CompileOptions &compile) {
  app.add_option("--dim", compile.dims,
                 "Range of a dim: NAME=LO..HI or NAME=LO..HI%MULTIPLE")
      ->type_name("DIM");
  app.add_option("--input-shape", compile.inputShapes,
                 "Shape of an input: NAME:DIMxDIMx...")
      ->type_name("SHAPE");
}

} // namespace dycc::cli

#endif // DYCC_TOOLS_COMMAND_LINE_MODELOPTIONS_H
