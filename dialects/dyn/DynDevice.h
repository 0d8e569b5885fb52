#ifndef DYCC_DIALECTS_DYN_DYNDEVICE_H
#define DYCC_DIALECTS_DYN_DYNDEVICE_H

#include "dialects/dyn/DynOps.h"

#include "dialects/dyn/DynDeviceEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/dyn/DynDeviceAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialects/dyn/DynDeviceOps.h.inc"

namespace dycc::dyn {

/// The plan of a version that a device runs; null: the processor does.
DevicePlanAttr getDevicePlan(VersionAttr version);

/// Whether a device runs the kernel, on a machine that has one: of a machine's
/// versions all are for a device, or none is.
bool hasDeviceVersion(KernelOp kernel);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_DYNDEVICE_H
