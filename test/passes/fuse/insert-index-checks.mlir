// RUN: dycc-opt %s --dycc-insert-index-checks | FileCheck %s

!x = tensor<?x4xf32, #dyn.value<[N, 4]>>
!i = tensor<?xi64, #dyn.value<[K]>>
!y = tensor<?x4xf32, #dyn.value<[K, 4]>>
dyn.symbol @N in [2, 64]
dyn.symbol @K in [0, 64]

// CHECK-LABEL: func.func @unknown_indices_are_checked
// CHECK: dyn.runtime "check_indices"(%arg1) with [1, 1, N] : (tensor<?xi64, #dyn.value<[K]>>) -> ()
// CHECK-NEXT: onnx.Gather
func.func @unknown_indices_are_checked(%x: !x, %i: !i) -> !y {
  %y = onnx.Gather %x, %i : (!x, !i) -> !y
  return %y : !y
}

// CHECK-LABEL: func.func @constants_in_range_are_not
// CHECK-NOT: check_indices
// CHECK: onnx.Gather
func.func @constants_in_range_are_not(%x: !x) -> tensor<2x4xf32, #dyn.value<[2, 4]>> {
  %i = onnx.Constant dense<[1, -1]> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  %y = onnx.Gather %x, %i : (!x, tensor<2xi64, #dyn.value<[2]>>) -> tensor<2x4xf32, #dyn.value<[2, 4]>>
  return %y : tensor<2x4xf32, #dyn.value<[2, 4]>>
}

// The ranks say how long the tuples are, where the extent is a symbol.
// CHECK-LABEL: func.func @tuples_of_a_symbolic_length_are_checked
// CHECK: dyn.runtime "check_indices"(%arg1) with [2, 1, N, 4] :
func.func @tuples_of_a_symbolic_length_are_checked(%x: !x, %i: tensor<3x?xi64, #dyn.value<[3, K]>>, %u: tensor<3xf32, #dyn.value<[3]>>) -> !x {
  %y = onnx.ScatterND %x, %i, %u : (!x, tensor<3x?xi64, #dyn.value<[3, K]>>, tensor<3xf32, #dyn.value<[3]>>) -> !x
  return %y : !x
}

// Numbers of images do not count from the end.
!image = tensor<?x3x8x8xf32, #dyn.value<[N, 3, 8, 8]>>
!cells = tensor<?x3x2x2xf32, #dyn.value<[K, 3, 2, 2]>>
// CHECK-LABEL: func.func @regions_name_their_images
// CHECK: dyn.runtime "check_indices"(%arg2) with [1, 0, N] :
// CHECK-NEXT: onnx.RoiAlign
func.func @regions_name_their_images(%x: !image, %r: tensor<?x4xf32, #dyn.value<[K, 4]>>, %i: !i) -> !cells {
  %y = onnx.RoiAlign %x, %r, %i {output_height = 2 : i64, output_width = 2 : i64} : (!image, tensor<?x4xf32, #dyn.value<[K, 4]>>, !i) -> !cells
  return %y : !cells
}

// CHECK-LABEL: func.func @regions_begin_with_their_images
// CHECK: %[[N:.+]] = onnx.Gather %arg1, %{{.+}} {axis = 1 : i64}
// CHECK: %[[I:.+]] = onnx.Cast %[[N]] {to = 7 : i64}
// CHECK: dyn.runtime "check_indices"(%[[I]]) with [1, 0, N] :
// CHECK-NEXT: onnx.MaxRoiPool
func.func @regions_begin_with_their_images(%x: !image, %r: tensor<?x5xf32, #dyn.value<[K, 5]>>) -> !cells {
  %y = onnx.MaxRoiPool %x, %r {pooled_shape = array<i64: 2, 2>} : (!image, tensor<?x5xf32, #dyn.value<[K, 5]>>) -> !cells
  return %y : !cells
}
