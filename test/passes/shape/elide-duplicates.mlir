// RUN: dycc-opt %s --pass-pipeline="builtin.module(func.func(dycc-elide-duplicates))" | FileCheck %s

dyn.symbol @N in [0, 100]
dyn.symbol @e0 in [0, 100] execution bound N
dyn.symbol @e1 in [0, 100] execution bound N
dyn.symbol @e2 in [0, 100] execution bound N

// CHECK-LABEL: func.func @equal_operations_become_one
func.func @equal_operations_become_one(%x: tensor<?xf32, #dyn.value<[N]>>) -> (tensor<?xf32, #dyn.value<[N]>>, tensor<?xf32, #dyn.value<[N]>>) {
  // CHECK: %[[Y:.+]] = onnx.Exp
  // CHECK-NOT: onnx
  // CHECK: return %[[Y]], %[[Y]]
  %y = onnx.Exp %x : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>>
  %z = onnx.Exp %x : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>>
  return %y, %z : tensor<?xf32, #dyn.value<[N]>>, tensor<?xf32, #dyn.value<[N]>>
}

// CHECK-LABEL: func.func @what_defines_a_used_extent_stays
func.func @what_defines_a_used_extent_stays(%x: tensor<?xf32, #dyn.value<[N]>>) -> tensor<2xi64, #dyn.value<[2]>> {
  // CHECK: onnx.NonZero {{.*}}e0
  // CHECK-NEXT: dyn.symbolic [1, e0]
  %n = onnx.NonZero %x : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, e0]>>
  %s = dyn.symbolic [1, e0] : tensor<2xi64, #dyn.value<[2]>>
  return %s : tensor<2xi64, #dyn.value<[2]>>
}

// CHECK-LABEL: func.func @what_defines_an_unused_extent_goes
func.func @what_defines_an_unused_extent_goes(%x: tensor<?xf32, #dyn.value<[N]>>) -> tensor<1xi64, #dyn.value<[1]>> {
  // CHECK-NOT: onnx.NonZero
  %n = onnx.NonZero %x : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, e1]>>
  %s = dyn.symbolic [N] : tensor<1xi64, #dyn.value<[1]>>
  return %s : tensor<1xi64, #dyn.value<[1]>>
}

// A branch's extent is defined where the branches meet.
// CHECK-LABEL: func.func @an_if_that_defines_a_used_extent_stays
func.func @an_if_that_defines_a_used_extent_stays(%c: tensor<i1, #dyn.value<[]>>, %x: tensor<?xf32, #dyn.value<[N]>>, %y: tensor<3xf32, #dyn.value<[3]>>) -> tensor<1xi64, #dyn.value<[1]>> {
  // CHECK: onnx.If
  // CHECK: dyn.symbolic [e2]
  %z = onnx.If %c : (tensor<i1, #dyn.value<[]>>) -> tensor<?xf32, #dyn.value<[e2]>> then {
    onnx.Yield %x : tensor<?xf32, #dyn.value<[N]>>
  } else {
    onnx.Yield %y : tensor<3xf32, #dyn.value<[3]>>
  }
  %s = dyn.symbolic [e2] : tensor<1xi64, #dyn.value<[1]>>
  return %s : tensor<1xi64, #dyn.value<[1]>>
}
