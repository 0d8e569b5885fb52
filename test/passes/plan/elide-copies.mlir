// RUN: dycc-opt %s --split-input-file --dycc-elide-copies | FileCheck %s
// RUN: dycc-opt %s --split-input-file --dycc-elide-copies --dycc-plan-memory | FileCheck %s --check-prefix=PLAN

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!y = tensor<?x4xf32, #dyn.value<[2 * N, 4]>>
!c = tensor<?x4xf32, #dyn.value<[2 * s0, 4]>>
!w = tensor<?x8xf32, #dyn.value<[N, 8]>>
dyn.symbol @N in [0, 64]
dyn.kernel @relu(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
dyn.kernel @concat(%p: !k, %q: !k) -> !c symbols [s0 in [0, 64]] {
  %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, !k) -> !c
  dyn.yield %s : !c
}
dyn.kernel @columns(%p: !k, %q: !k) -> tensor<?x8xf32, #dyn.value<[s0, 8]>> symbols [s0 in [0, 64]] {
  %s = onnx.Concat %p, %q {axis = 1 : i64} : (!k, !k) -> tensor<?x8xf32, #dyn.value<[s0, 8]>>
  dyn.yield %s : tensor<?x8xf32, #dyn.value<[s0, 8]>>
}

// Both operands are computed in the output's memory.
// CHECK-LABEL: func.func @rows
// CHECK: dyn.join(%{{.+}}, %{{.+}}) :
// PLAN-LABEL: func.func @rows
// PLAN-SAME: slots [32 * N]
// PLAN: dyn.launch @relu({{.*}} {places = [#dyn.place<joined, 0>]}
// PLAN: dyn.launch @relu({{.*}} {places = [#dyn.place<joined, 1>]}
// PLAN: dyn.join{{.*}} {places = [#dyn.place<output, 0>]}
func.func @rows(%x: !t, %z: !t) -> !y {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.launch @relu(%z) symbols [N] : (!t) -> !t
  %y = dyn.launch @concat(%a, %b) symbols [N] : (!t, !t) -> !y
  return %y : !y
}

// Between the operands another kernel needs memory.
// CHECK-LABEL: func.func @far_apart
// CHECK-NOT: dyn.join
func.func @far_apart(%x: !t, %z: !t) -> (!y, !t) {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %c = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.launch @relu(%z) symbols [N] : (!t) -> !t
  %y = dyn.launch @concat(%a, %b) symbols [N] : (!t, !t) -> !y
  return %y, %c : !y, !t
}

// Columns interleave; an input of the model is where it is; what is an output
// has memory of its own.
// CHECK-LABEL: func.func @copied
// CHECK-NOT: dyn.join
func.func @copied(%x: !t) -> (!w, !y, !t) {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %w = dyn.launch @columns(%a, %b) symbols [N] : (!t, !t) -> !w
  %y = dyn.launch @concat(%x, %b) symbols [N] : (!t, !t) -> !y
  return %w, %y, %b : !w, !y, !t
}

// -----

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!e = tensor<?x4xf32, #dyn.value<[min(N, e), 4]>>
!y = tensor<?x4xf32, #dyn.value<[N + min(N, e), 4]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e in [0, 64] execution
dyn.kernel @relu(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
dyn.kernel @concat(%p: !k, %q: tensor<?x4xf32, #dyn.value<[s1, 4]>>) -> tensor<?x4xf32, #dyn.value<[s0 + s1, 4]>> symbols [s0 in [0, 64], s1 in [0, 64]] {
  %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, tensor<?x4xf32, #dyn.value<[s1, 4]>>) -> tensor<?x4xf32, #dyn.value<[s0 + s1, 4]>>
  dyn.yield %s : tensor<?x4xf32, #dyn.value<[s0 + s1, 4]>>
}

// An extent that was read before either operand is computed.
// CHECK-LABEL: func.func @known_by_then
// CHECK: dyn.join
func.func @known_by_then(%x: !t, %z: !e, %n: tensor<1xi64, #dyn.value<[1]>>) -> !y {
  dyn.read %n[0] as @e : tensor<1xi64, #dyn.value<[1]>>
  %a = dyn.launch @relu(%z) symbols [min(N, e)] : (!e) -> !e
  %b = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %y = dyn.launch @concat(%a, %b) symbols [min(N, e), N] : (!e, !t) -> !y
  return %y : !y
}

// The same where the second operand is there before the extent of the first.
// CHECK-LABEL: func.func @known_too_late
// CHECK-NOT: dyn.join
func.func @known_too_late(%x: !t, %z: !e, %n: tensor<1xi64, #dyn.value<[1]>>) -> !y {
  %b = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  dyn.read %n[0] as @e : tensor<1xi64, #dyn.value<[1]>>
  %a = dyn.launch @relu(%z) symbols [min(N, e)] : (!e) -> !e
  %y = dyn.launch @concat(%a, %b) symbols [min(N, e), N] : (!e, !t) -> !y
  return %y : !y
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
!y = tensor<?xf32, #dyn.value<[2 * N]>>
!c = tensor<?xf32, #dyn.value<[2 * s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @relu(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
dyn.kernel @concat(%p: !k, %q: !k) -> !c symbols [s0 in [0, 64]] {
  %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, !k) -> !c
  dyn.yield %s : !c
}

// A kernel that nothing launches any more is none of the model's.
// CHECK: dyn.kernel @relu
// CHECK-NOT: dyn.kernel @concat
// CHECK-LABEL: func.func @last_launch
func.func @last_launch(%x: !t, %z: !t) -> !y {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.launch @relu(%z) symbols [N] : (!t) -> !t
  %y = dyn.launch @concat(%a, %b) symbols [N] : (!t, !t) -> !y
  return %y : !y
}
