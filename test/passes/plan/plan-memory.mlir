// RUN: dycc-opt %s --dycc-plan-memory="in-place=false" | FileCheck %s
// RUN: dycc-opt %s --dycc-plan-memory="reuse=false" | FileCheck %s --check-prefix=APART

!t = tensor<?xf32, #dyn.value<[N]>>
dyn.symbol @N in [0, 64]
dyn.kernel @k(%p: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [0, 64]] {
  dyn.yield %p : tensor<?xf32, #dyn.value<[s0]>>
}
dyn.kernel @k2(%p: tensor<2xf32, #dyn.value<[2]>>, %q: tensor<2xf32, #dyn.value<[2]>>) -> tensor<2xf32, #dyn.value<[2]>> {
  %r = onnx.Add %p, %q : (tensor<2xf32, #dyn.value<[2]>>, tensor<2xf32, #dyn.value<[2]>>) -> tensor<2xf32, #dyn.value<[2]>>
  dyn.yield %r : tensor<2xf32, #dyn.value<[2]>>
}

// The third value takes the slot of the first.
// CHECK-LABEL: func.func @chain_needs_two_slots
// CHECK-SAME: dyn.memory = #dyn.memory<slots [4 * N, 4 * N], outputs [slot 1], pointers 0, unbounded 0, weights 0>
// CHECK: {places = [#dyn.place<arena, 0>]}
// CHECK: {places = [#dyn.place<arena, 1>]}
// CHECK: {places = [#dyn.place<arena, 0>]}
// CHECK: {places = [#dyn.place<output, 0>]}
// APART-LABEL: func.func @chain_needs_two_slots
// APART-SAME: slots [4 * N, 4 * N, 4 * N, 4 * N]
func.func @chain_needs_two_slots(%x: !t) -> !t {
  %a = dyn.launch @k(%x) symbols [N] : (!t) -> !t
  %b = dyn.launch @k(%a) symbols [N] : (!t) -> !t
  %c = dyn.launch @k(%b) symbols [N] : (!t) -> !t
  %d = dyn.launch @k(%c) symbols [N] : (!t) -> !t
  return %d : !t
}

// CHECK-LABEL: func.func @weights_are_placed_once
// CHECK-SAME: weights 64>
// CHECK: onnx.Constant {{.*}}dyn.place = #dyn.place<weights, 0>
// CHECK: onnx.Constant {{.*}}dyn.place = #dyn.place<weights, 0>
func.func @weights_are_placed_once(%x: tensor<2xf32, #dyn.value<[2]>>) -> tensor<2xf32, #dyn.value<[2]>> {
  %w = onnx.Constant dense<[1.0, 2.0]> : tensor<2xf32> -> tensor<2xf32, #dyn.value<[2]>>
  %v = onnx.Constant dense<[1.0, 2.0]> : tensor<2xf32> -> tensor<2xf32, #dyn.value<[2]>>
  %d = dyn.launch @k2(%w, %v) : (tensor<2xf32, #dyn.value<[2]>>, tensor<2xf32, #dyn.value<[2]>>) -> tensor<2xf32, #dyn.value<[2]>>
  return %d : tensor<2xf32, #dyn.value<[2]>>
}
