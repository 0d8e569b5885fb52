#ifndef DYCC_TOOLS_DYCC_VARIANTS_H
#define DYCC_TOOLS_DYCC_VARIANTS_H

#include "tools/dycc/CommandLine.h"

namespace dycc {

/// Where there are several models, makes them the variants of a family, by the
/// names given or those of the files. What is wrong with that, or "".
std::string nameVariants(CommandLine &line);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_VARIANTS_H
