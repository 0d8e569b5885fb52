#ifndef DYCC_COMPILER_IMPORT_SKELETON_H
#define DYCC_COMPILER_IMPORT_SKELETON_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace dycc::import {

/// Tensors with at least this many bytes of `raw_data` leave it in the file.
inline constexpr size_t bulkThreshold = 1024;
/// How deep messages may nest; a level of subgraphs takes three.
inline constexpr unsigned maxMessageDepth = 96;

/// Returns the serialised ModelProto `model` without its bulk data: in place of
/// a long `raw_data` a tensor has the fields `bulk_offset` and `bulk_length`,
/// counted in bytes of `model`.
///
/// Protobuf would copy every weight to the heap; so they stay where they are,
/// in the mapped file. Fails where the wire format is broken.
llvm::Expected<std::string> makeSkeleton(llvm::StringRef model);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_SKELETON_H
