// RUN: dycc-opt %s --dycc-lower-views | FileCheck %s

dyn.symbol @N in [0, 64]

// CHECK-LABEL: func.func @reshape_becomes_view
func.func @reshape_becomes_view(%x: tensor<?x4xf32, #dyn.value<[N, 4]>>) -> tensor<?xf32, #dyn.value<[4 * N]>> {
  %s = dyn.symbolic [4 * N] : tensor<1xi64, #dyn.value<[1]>>
  // CHECK-NOT: dyn.symbolic
  // CHECK: %[[V:.+]] = dyn.view %{{.+}} : tensor<?x4xf32, #dyn.value<[N, 4]>> -> tensor<?xf32, #dyn.value<[4 * N]>>
  // CHECK-NOT: onnx.Reshape
  %y = onnx.Reshape %x, %s : (tensor<?x4xf32, #dyn.value<[N, 4]>>, tensor<1xi64, #dyn.value<[1]>>) -> tensor<?xf32, #dyn.value<[4 * N]>>
  // CHECK: return %[[V]]
  return %y : tensor<?xf32, #dyn.value<[4 * N]>>
}

// CHECK-LABEL: func.func @identity_is_gone
func.func @identity_is_gone(%x: tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>> {
  %y = onnx.Identity %x : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>>
  // CHECK-NEXT: return %arg0
  return %y : tensor<?xf32, #dyn.value<[N]>>
}

// CHECK-LABEL: func.func @transpose_is_kept
func.func @transpose_is_kept(%x: tensor<?x4xf32, #dyn.value<[N, 4]>>) -> tensor<4x?xf32, #dyn.value<[4, N]>> {
  // CHECK: onnx.Transpose
  %y = onnx.Transpose %x {perm = array<i64: 1, 0>} : (tensor<?x4xf32, #dyn.value<[N, 4]>>) -> tensor<4x?xf32, #dyn.value<[4, N]>>
  return %y : tensor<4x?xf32, #dyn.value<[4, N]>>
}
