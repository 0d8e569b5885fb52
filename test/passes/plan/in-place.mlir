// RUN: dycc-opt %s --dycc-plan-memory --split-input-file | FileCheck %s
// RUN: dycc-opt %s --dycc-plan-memory="in-place=false" --split-input-file | FileCheck %s --check-prefix=OFF

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!r = tensor<4xf32, #dyn.value<[4]>>
dyn.symbol @N in [0, 64]
dyn.kernel @add(%p: !k, %q: !r) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Add %p, %q : (!k, !r) -> !k
  dyn.yield %s : !k
}
dyn.kernel @relu(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}

// Of three chained values each is the last use of the one before: one slot.
// CHECK-LABEL: func.func @element_wise
// CHECK-SAME: slots [16 * N]
// CHECK: dyn.launch @add({{.*}} {places = [#dyn.place<arena, 0>]}
// CHECK: dyn.launch @relu({{.*}} {places = [#dyn.place<arena, 0>]}
// OFF-LABEL: func.func @element_wise
// OFF-SAME: slots [16 * N, 16 * N], outputs [slot 0], pointers
func.func @element_wise(%x: !t, %b: !r) -> !t {
  %a = dyn.launch @add(%x, %b) symbols [N] : (!t, !r) -> !t
  %c = dyn.launch @relu(%a) symbols [N] : (!t) -> !t
  %d = dyn.launch @relu(%c) symbols [N] : (!t) -> !t
  return %d : !t
}

// -----

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!r = tensor<4xf32, #dyn.value<[4]>>
dyn.symbol @N in [0, 64]
dyn.kernel @add(%p: !k, %q: !r) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Add %p, %q : (!k, !r) -> !k
  dyn.yield %s : !k
}
dyn.kernel @both(%p: !k, %q: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Add %p, %q : (!k, !k) -> !k
  dyn.yield %s : !k
}

// A row that each row of the result needs, and an operand that a later group
// reads, stay.
// CHECK-LABEL: func.func @broadcast_and_later_use
// CHECK: dyn.launch @add({{.*}} {places = [#dyn.place<arena, 0>]}
// CHECK: dyn.launch @add({{.*}} {places = [#dyn.place<arena, 1>]}
// CHECK: dyn.launch @both({{.*}} {places = [#dyn.place<output, 0>]}
func.func @broadcast_and_later_use(%x: !t, %b: !r) -> !t {
  %a = dyn.launch @add(%x, %b) symbols [N] : (!t, !r) -> !t
  %c = dyn.launch @add(%a, %b) symbols [N] : (!t, !r) -> !t
  %d = dyn.launch @both(%a, %c) symbols [N] : (!t, !t) -> !t
  return %d : !t
}

// -----

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!m = tensor<4x4xf32, #dyn.value<[4, 4]>>
dyn.symbol @N in [0, 64]
dyn.kernel @relu(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
dyn.kernel @product(%p: !k, %q: !m, %r: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.MatMul %p, %q : (!k, !m) -> !k
  %t = onnx.Add %s, %r : (!k, !k) -> !k
  dyn.yield %t : !k
}
dyn.kernel @both(%p: !k, %q: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.MatMul %p, %q : (!k, !k) -> !k
  dyn.yield %s : !k
}

// What a product reads goes everywhere; what is added to it stays in place.
// CHECK-LABEL: func.func @epilogue
// CHECK: dyn.launch @relu({{.*}} {places = [#dyn.place<arena, 0>]}
// CHECK: dyn.launch @relu({{.*}} {places = [#dyn.place<arena, 1>]}
// CHECK: dyn.launch @product({{.*}} {places = [#dyn.place<arena, 1>]}
func.func @epilogue(%x: !t, %w: !m) -> !t {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %c = dyn.launch @product(%a, %w, %b) symbols [N] : (!t, !m, !t) -> !t
  %d = dyn.launch @both(%c, %x) symbols [N] : (!t, !t) -> !t
  return %d : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
!i = tensor<1xi64, #dyn.value<[1]>>
!u = tensor<1xf32, #dyn.value<[1]>>
dyn.symbol @N in [0, 64]
dyn.kernel @scatter(%p: !k, %q: !i, %r: !u) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.ScatterElements %p, %q, %r : (!k, !i, !u) -> !k
  dyn.yield %s : !k
}
dyn.kernel @relu(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
dyn.kernel @both(%p: !k, %q: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Add %p, %q : (!k, !k) -> !k
  dyn.yield %s : !k
}

// A donated cache takes its next state; an input that is read later does not,
// nor does one whose bytes are as many but of another order.
// CHECK-LABEL: func.func @donated
// CHECK-SAME: outputs [slot {{[0-9]+}} or input 0, slot {{[0-9]+}}]
func.func @donated(%cache: !t, %at: !i, %new: !u, %x: !t) -> (!t, !t) {
  %a = dyn.launch @scatter(%cache, %at, %new) symbols [N] : (!t, !i, !u) -> !t
  %b = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %c = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %d = dyn.launch @both(%b, %c) symbols [N] : (!t, !t) -> !t
  return %a, %d : !t, !t
}
