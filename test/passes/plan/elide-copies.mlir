// RUN: dycc-opt %s --dycc-elide-copies | FileCheck %s
// RUN: dycc-opt %s --dycc-elide-copies --dycc-plan-memory | FileCheck %s --check-prefix=PLAN

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
// PLAN-SAME: dyn.arena = [#dyn.expr<32 * N>]
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
