// Several machines in one artifact (docs/decisions/0015): which ones there are,
// and what all of them share.
#ifndef DYCC_CODEGEN_TARGET_DISPATCH_H
#define DYCC_CODEGEN_TARGET_DISPATCH_H

#include "codegen/target/TargetInfo.h"

namespace dycc::codegen {

/// The machines of these names ("x86-64-v3" or "v3"), the most able first,
/// whatever their order here; an empty triple is the host's. Fails on a name
/// that no machine or one of another architecture has, and on the same machine
/// twice.
llvm::Expected<std::vector<TargetInfo>>
dispatchTargets(llvm::StringRef triple, llvm::ArrayRef<std::string> names);

/// What code for all of `targets` may use: the features that each has.
TargetInfo commonTarget(llvm::ArrayRef<TargetInfo> targets);

/// The widths that panels may have which kernels of all `targets` read, as
/// TargetInfo::panelWidths(): a packed weight is stored once. Of one target,
/// all of its own.
std::vector<int64_t> commonPanelWidths(llvm::ArrayRef<TargetInfo> targets,
                                       unsigned elementBytes = 4);
/// The same for filters, as TargetInfo::filterWidths().
std::vector<int64_t> commonFilterWidths(llvm::ArrayRef<TargetInfo> targets,
                                        unsigned elementBytes = 4);
/// Channels of an image that lie together: whole vectors of each target.
int64_t commonChannelBlock(llvm::ArrayRef<TargetInfo> targets,
                           unsigned elementBytes = 4);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_TARGET_DISPATCH_H
