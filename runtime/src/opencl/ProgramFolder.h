#ifndef DYCC_RUNTIME_SRC_OPENCL_PROGRAMFOLDER_H
#define DYCC_RUNTIME_SRC_OPENCL_PROGRAMFOLDER_H

#include "dycc/programs.h"

namespace dycc::rt::opencl {

/// Keeps each program in a file of the folder, whose name is the key. A file is
/// complete once it has its name. `folder` must outlive it.
dycc_program_cache folderCache(const char *folder);

} // namespace dycc::rt::opencl

#endif // DYCC_RUNTIME_SRC_OPENCL_PROGRAMFOLDER_H
