#include "dialects/dyn/DynDevice.h"

using namespace mlir;

#include "dialects/dyn/DynDeviceEnums.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/dyn/DynDeviceOps.cpp.inc"

namespace dycc::dyn {

DevicePlanAttr getDevicePlan(VersionAttr version) {
  if (!version || version.getPlan().getSteps().size() != 1)
    return {};
  return dyn_cast<DevicePlanAttr>(version.getPlan().getSteps()[0]);
}

bool hasDeviceVersion(KernelOp kernel) {
  for (unsigned i = 0; i < kernel.getNumVersions(); ++i)
    if (getDevicePlan(kernel.getVersion(i)))
      return true;
  return false;
}

} // namespace dycc::dyn
