// RUN: dycc-opt %s --dycc-plan-memory --split-input-file | FileCheck %s
// RUN: dycc-opt %s --dycc-plan-memory="in-place=false" --split-input-file | FileCheck %s --check-prefix=OFF

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!r = tensor<4xf32, #dyn.value<[4]>>
dyn.symbol @N in [0, 64]

// Of three chained values each is the last use of the one before: one slot.
// CHECK-LABEL: func.func @element_wise
// CHECK-SAME: slots [16 * N]
// CHECK: kernel "add" {places = [#dyn.place<arena, 0>]}
// CHECK: kernel "relu" {places = [#dyn.place<arena, 0>]}
// OFF-LABEL: func.func @element_wise
// OFF-SAME: slots [16 * N, 16 * N], outputs [slot 0], pointers
func.func @element_wise(%x: !t, %b: !r) -> !t {
  %a = dyn.group(%x, %b) symbols [N] kernel "add" : (!t, !r) -> !t {
  ^bb0(%p: !k, %q: !r):
    %s = onnx.Add %p, %q : (!k, !r) -> !k
    dyn.yield %s : !k
  }
  %c = dyn.group(%a) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %d = dyn.group(%c) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  return %d : !t
}

// -----

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!r = tensor<4xf32, #dyn.value<[4]>>
dyn.symbol @N in [0, 64]

// A row that each row of the result needs, and an operand that a later group
// reads, stay.
// CHECK-LABEL: func.func @broadcast_and_later_use
// CHECK: kernel "add" {places = [#dyn.place<arena, 0>]}
// CHECK: kernel "add" {places = [#dyn.place<arena, 1>]}
// CHECK: kernel "both" {places = [#dyn.place<output, 0>]}
func.func @broadcast_and_later_use(%x: !t, %b: !r) -> !t {
  %a = dyn.group(%x, %b) symbols [N] kernel "add" : (!t, !r) -> !t {
  ^bb0(%p: !k, %q: !r):
    %s = onnx.Add %p, %q : (!k, !r) -> !k
    dyn.yield %s : !k
  }
  %c = dyn.group(%a, %b) symbols [N] kernel "add" : (!t, !r) -> !t {
  ^bb0(%p: !k, %q: !r):
    %s = onnx.Add %p, %q : (!k, !r) -> !k
    dyn.yield %s : !k
  }
  %d = dyn.group(%a, %c) symbols [N] kernel "both" : (!t, !t) -> !t {
  ^bb0(%p: !k, %q: !k):
    %s = onnx.Add %p, %q : (!k, !k) -> !k
    dyn.yield %s : !k
  }
  return %d : !t
}

// -----

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!m = tensor<4x4xf32, #dyn.value<[4, 4]>>
dyn.symbol @N in [0, 64]

// What a product reads goes everywhere; what is added to it stays in place.
// CHECK-LABEL: func.func @epilogue
// CHECK: kernel "relu" {places = [#dyn.place<arena, 0>]}
// CHECK: kernel "relu" {places = [#dyn.place<arena, 1>]}
// CHECK: kernel "product" {places = [#dyn.place<arena, 1>]}
func.func @epilogue(%x: !t, %w: !m) -> !t {
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
  %c = dyn.group(%a, %w, %b) symbols [N] kernel "product" : (!t, !m, !t) -> !t {
  ^bb0(%p: !k, %q: !m, %r: !k):
    %s = onnx.MatMul %p, %q : (!k, !m) -> !k
    %t = onnx.Add %s, %r : (!k, !k) -> !k
    dyn.yield %t : !k
  }
  %d = dyn.group(%c, %x) symbols [N] kernel "both" : (!t, !t) -> !t {
  ^bb0(%p: !k, %q: !k):
    %s = onnx.MatMul %p, %q : (!k, !k) -> !k
    dyn.yield %s : !k
  }
  return %d : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
!i = tensor<1xi64, #dyn.value<[1]>>
!u = tensor<1xf32, #dyn.value<[1]>>
dyn.symbol @N in [0, 64]

// A donated cache takes its next state; an input that is read later does not,
// nor does one whose bytes are as many but of another order.
// CHECK-LABEL: func.func @donated
// CHECK-SAME: outputs [slot {{[0-9]+}} or input 0, slot {{[0-9]+}}]
func.func @donated(%cache: !t, %at: !i, %new: !u, %x: !t) -> (!t, !t) {
  %a = dyn.group(%cache, %at, %new) symbols [N] kernel "scatter" : (!t, !i, !u) -> !t {
  ^bb0(%p: !k, %q: !i, %r: !u):
    %s = onnx.ScatterElements %p, %q, %r : (!k, !i, !u) -> !k
    dyn.yield %s : !k
  }
  %b = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %c = dyn.group(%x) symbols [N] kernel "relu" : (!t) -> !t {
  ^bb0(%p: !k):
    %s = onnx.Relu %p : (!k) -> !k
    dyn.yield %s : !k
  }
  %d = dyn.group(%b, %c) symbols [N] kernel "both" : (!t, !t) -> !t {
  ^bb0(%p: !k, %q: !k):
    %s = onnx.Add %p, %q : (!k, !k) -> !k
    dyn.yield %s : !k
  }
  return %a, %d : !t, !t
}
