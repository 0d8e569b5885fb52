// RUN: dycc-opt %s --verify-roundtrip | FileCheck %s

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
// CHECK: plan = <vector = 16, task = 0, steps = [#dyn.device_plan<threads = 64, lanes = 4, rows = 4>]>
dyn.kernel @far(%p: !k) -> !k symbols [s0 in [0, 64]]
    attributes {versions = [#dyn.version<name = "device", plan = <vector = 16, task = 0, steps = [#dyn.device_plan<threads = 64, lanes = 4, rows = 4>]>>]} {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
// CHECK-LABEL: func.func @transfer(
func.func @transfer(%x: !t) {
  // CHECK: dyn.transfer %{{.+}} to device : tensor<?xf32, #dyn.value<[N]>>
  dyn.transfer %x to device : !t
  // CHECK: dyn.transfer %{{.+}} to host : tensor<?xf32, #dyn.value<[N]>>
  dyn.transfer %x to host : !t
  // CHECK: dyn.transfer %{{.+}} to host where device : tensor<?xf32, #dyn.value<[N]>>
  dyn.transfer %x to host where device : !t
  return
}
