// RUN: dycc-opt %s --dycc-materialize-outputs | FileCheck %s

!t = tensor<?xf32, #dyn.value<[N]>>
dyn.symbol @N in [0, 64]

// CHECK-LABEL: func.func @returned_input_is_copied
// CHECK: %[[C:.+]] = dyn.group(%arg0)
// CHECK-NEXT: ^bb0(%[[A:.+]]: tensor
// CHECK-NEXT: dyn.yield %[[A]]
// CHECK: return %[[C]]
func.func @returned_input_is_copied(%x: !t) -> !t {
  return %x : !t
}

// CHECK-LABEL: func.func @computed_output_is_kept
// CHECK-COUNT-1: dyn.group
// CHECK-NOT: dyn.group
func.func @computed_output_is_kept(%x: !t) -> !t {
  %y = dyn.group(%x) : (!t) -> !t {
  ^bb0(%a: !t):
    %r = onnx.Relu %a : (!t) -> !t
    dyn.yield %r : !t
  }
  return %y : !t
}
