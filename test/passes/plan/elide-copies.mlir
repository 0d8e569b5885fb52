// RUN: dycc-opt %s --split-input-file --dycc-elide-copies | FileCheck %s
// RUN: dycc-opt %s --split-input-file --dycc-elide-copies --dycc-plan-memory | FileCheck %s --check-prefix=PLAN

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!y = tensor<?x4xf32, #dyn.value<[2 * N, 4]>>
!c = tensor<?x4xf32, #dyn.value<[2 * s0, 4]>>
!w = tensor<?x8xf32, #dyn.value<[N, 8]>>
dyn.symbol @N in [0, 64]

// Both operands are computed in the output's memory.
// CHECK-LABEL: func.func @rows
// CHECK: dyn.join(%{{.+}}, %{{.+}}) :
// PLAN-LABEL: func.func @rows
// PLAN-SAME: slots [32 * N]
// PLAN: kernel "relu" {places = [#dyn.place<joined, 0>]}
// PLAN: kernel "relu" {places = [#dyn.place<joined, 1>]}
// PLAN: dyn.join{{.*}} {places = [#dyn.place<output, 0>]}
func.func @rows(%x: !t, %z: !t) -> !y {
  %a = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %b = dyn.group(%z) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %y = dyn.group(%a, %b) symbols [N] kernel "concat" : (!t, !t) -> !y {
  ^bb0(%p: !k, %q: !k):
    %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, !k) -> !c
    dyn.yield %s : !c
  }
  return %y : !y
}

// Between the operands another kernel needs memory.
// CHECK-LABEL: func.func @far_apart
// CHECK-NOT: dyn.join
func.func @far_apart(%x: !t, %z: !t) -> (!y, !t) {
  %a = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %c = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %b = dyn.group(%z) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %y = dyn.group(%a, %b) symbols [N] kernel "concat" : (!t, !t) -> !y {
  ^bb0(%p: !k, %q: !k):
    %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, !k) -> !c
    dyn.yield %s : !c
  }
  return %y, %c : !y, !t
}

// Columns interleave; an input of the model is where it is; what is an output
// has memory of its own.
// CHECK-LABEL: func.func @copied
// CHECK-NOT: dyn.join
func.func @copied(%x: !t) -> (!w, !y, !t) {
  %a = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %b = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %w = dyn.group(%a, %b) symbols [N] kernel "columns" : (!t, !t) -> !w {
  ^bb0(%p: !k, %q: !k):
    %s = onnx.Concat %p, %q {axis = 1 : i64} : (!k, !k) -> tensor<?x8xf32, #dyn.value<[s0, 8]>>
    dyn.yield %s : tensor<?x8xf32, #dyn.value<[s0, 8]>>
  }
  %y = dyn.group(%x, %b) symbols [N] kernel "concat" : (!t, !t) -> !y {
  ^bb0(%p: !k, %q: !k):
    %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, !k) -> !c
    dyn.yield %s : !c
  }
  return %w, %y, %b : !w, !y, !t
}

// -----

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!e = tensor<?x4xf32, #dyn.value<[min(N, e), 4]>>
!y = tensor<?x4xf32, #dyn.value<[N + min(N, e), 4]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e in [0, 64] execution

// An extent that was read before either operand is computed.
// CHECK-LABEL: func.func @known_by_then
// CHECK: dyn.join
func.func @known_by_then(%x: !t, %z: !e, %n: tensor<1xi64, #dyn.value<[1]>>) -> !y {
  dyn.read %n[0] as @e : tensor<1xi64, #dyn.value<[1]>>
  %a = dyn.group(%z) symbols [min(N, e)] kernel "relu" : (!e) -> !e {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %b = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %y = dyn.group(%a, %b) symbols [min(N, e), N] kernel "concat" : (!e, !t) -> !y {
  ^bb0(%p: !k, %q: tensor<?x4xf32, #dyn.value<[s1, 4]>>):
    %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, tensor<?x4xf32, #dyn.value<[s1, 4]>>) -> tensor<?x4xf32, #dyn.value<[s0 + s1, 4]>>
    dyn.yield %s : tensor<?x4xf32, #dyn.value<[s0 + s1, 4]>>
  }
  return %y : !y
}

// The same where the second operand is there before the extent of the first.
// CHECK-LABEL: func.func @known_too_late
// CHECK-NOT: dyn.join
func.func @known_too_late(%x: !t, %z: !e, %n: tensor<1xi64, #dyn.value<[1]>>) -> !y {
  %b = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  dyn.read %n[0] as @e : tensor<1xi64, #dyn.value<[1]>>
  %a = dyn.group(%z) symbols [min(N, e)] kernel "relu" : (!e) -> !e {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %y = dyn.group(%a, %b) symbols [min(N, e), N] kernel "concat" : (!e, !t) -> !y {
  ^bb0(%p: !k, %q: tensor<?x4xf32, #dyn.value<[s1, 4]>>):
    %s = onnx.Concat %p, %q {axis = 0 : i64} : (!k, tensor<?x4xf32, #dyn.value<[s1, 4]>>) -> tensor<?x4xf32, #dyn.value<[s0 + s1, 4]>>
    dyn.yield %s : tensor<?x4xf32, #dyn.value<[s0 + s1, 4]>>
  }
  return %y : !y
}
