// RUN: dycc-opt %s --split-input-file --dycc-place-transfers | FileCheck %s
// RUN: dycc-opt %s --split-input-file --dycc-place-transfers --remarks-filter=copy --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
!c = tensor<i1, #dyn.value<[]>>
dyn.symbol @N in [0, 64]
dyn.kernel @far(%p: !k) -> !k symbols [s0 in [0, 64]]
    attributes {versions = [#dyn.version<name = "device", plan = <vector = 16, task = 0, steps = [#dyn.device_plan<threads = 64, lanes = 4, rows = 4>]>>]} {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
dyn.kernel @near(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}

// The input is sent once, the result comes back once, and only where it is read.
// CHECK-LABEL: func.func @once(
// CHECK-SAME: %[[X:.+]]: tensor
// CHECK-NEXT: dyn.transfer %[[X]] to device where host
// CHECK-NEXT: %[[A:.+]] = dyn.launch @far(%[[X]])
// CHECK-NEXT: %[[B:.+]] = dyn.launch @far(%[[X]])
// CHECK-NEXT: %[[C:.+]] = dyn.launch @far(%[[B]])
// CHECK-NEXT: dyn.transfer %[[A]] to host :
// CHECK-NEXT: %[[D:.+]] = dyn.launch @near(%[[A]])
// CHECK-NEXT: %[[E:.+]] = dyn.launch @near(%[[A]])
// CHECK-NEXT: dyn.transfer %[[C]] to host where host
// CHECK-NEXT: dyn.transfer %[[D]] to device where device
// CHECK-NEXT: dyn.transfer %[[E]] to device where device
// CHECK-NEXT: return
// REMARK: remark: {{.*}}is sent to the device
// REMARK: remark: {{.*}}is brought to the host
func.func @once(%x: !t) -> (!t, !t, !t) {
  %a = dyn.launch @far(%x) symbols [N] : (!t) -> !t
  %b = dyn.launch @far(%x) symbols [N] : (!t) -> !t
  %c = dyn.launch @far(%b) symbols [N] : (!t) -> !t
  %d = dyn.launch @near(%a) symbols [N] : (!t) -> !t
  %e = dyn.launch @near(%a) symbols [N] : (!t) -> !t
  return %c, %d, %e : !t, !t, !t
}

// Under another name it is the same tensor.
// CHECK-LABEL: func.func @views(
// CHECK: dyn.transfer %arg0 to host where device
// CHECK: %[[A:.+]] = dyn.launch @near
// CHECK-NEXT: %[[V:.+]] = dyn.view %[[A]]
// CHECK-NEXT: dyn.transfer %[[A]] to device :
// CHECK-NEXT: dyn.launch @far(%[[V]])
func.func @views(%x: !t) -> !t {
  %a = dyn.launch @near(%x) symbols [N] : (!t) -> !t
  %v = dyn.view %a : !t -> !t
  %b = dyn.launch @far(%v) symbols [N] : (!t) -> !t
  return %b : !t
}

// What one branch makes on the host and the other one on the device is whole on
// the host, and sent to a caller on the device.
// CHECK-LABEL: func.func @mixed_result(
// CHECK: %[[R:.+]] = dyn.if
// CHECK: dyn.launch @near
// CHECK-NEXT: dyn.yield
// CHECK: %[[B:.+]] = dyn.launch @far
// CHECK-NEXT: dyn.transfer %[[B]] to host :
// CHECK-NEXT: dyn.yield
// CHECK: dyn.transfer %[[R]] to device where device
// CHECK-NEXT: return
func.func @mixed_result(%x: !t, %c: !c) -> !t {
  %r = dyn.if (%c : !c) -> !t then {
    %a = dyn.launch @near(%x) symbols [N] : (!t) -> !t
    dyn.yield %a : !t
  } else {
    %b = dyn.launch @far(%x) symbols [N] : (!t) -> !t
    dyn.yield %b : !t
  }
  return %r : !t
}

// What a branch gives is sent where the branch makes it; the condition stays.
// CHECK-LABEL: func.func @branches(
// CHECK-SAME: %[[X:.+]]: tensor{{.*}}, %[[C:.+]]: tensor<i1
// CHECK: dyn.if(%[[C]]
// CHECK: %[[A:.+]] = dyn.launch @near
// CHECK-NEXT: dyn.transfer %[[A]] to device
// CHECK-NEXT: dyn.yield
// CHECK: %[[B:.+]] = dyn.launch @far
// CHECK-NEXT: dyn.yield
// CHECK-NOT: dyn.transfer %[[C]]
func.func @branches(%x: !t, %c: !c) -> !t {
  %r = dyn.if (%c : !c) -> !t then {
    %a = dyn.launch @near(%x) symbols [N] : (!t) -> !t
    dyn.yield %a : !t
  } else {
    %b = dyn.launch @far(%x) symbols [N] : (!t) -> !t
    dyn.yield %b : !t
  }
  %s = dyn.launch @far(%r) symbols [N] : (!t) -> !t
  return %s : !t
}

// -----

// Without kernels for a device nothing is to be done.
!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @near(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
// CHECK-LABEL: func.func @processor
// CHECK-NOT: dyn.transfer
func.func @processor(%x: !t) -> !t {
  %a = dyn.launch @near(%x) symbols [N] : (!t) -> !t
  return %a : !t
}
