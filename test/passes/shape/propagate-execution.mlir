// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file | FileCheck %s

// CHECK: dyn.symbol @e0 in [0, 2147483647] execution bound N * W
// CHECK-LABEL: func.func @nonzero_is_bounded
func.func @nonzero_is_bounded(%x: tensor<?x?xf32> {dyn.dims = ["N", "W"]}) -> tensor<*xi64> {
  // CHECK: onnx.NonZero {{.+}} -> tensor<2x?xi64, #dyn.value<[2, e0]>>
  %y = onnx.NonZero %x : (tensor<?x?xf32>) -> tensor<*xi64>
  // CHECK: onnx.Transpose {{.+}} -> tensor<?x2xi64, #dyn.value<[e0, 2]>>
  %t = onnx.Transpose %y {perm = array<i64: 1, 0>} : (tensor<*xi64>) -> tensor<*xi64>
  return %t : tensor<*xi64>
}

// -----

// CHECK: dyn.symbol @e0 in [0, 2147483647] execution bound N
// CHECK-LABEL: func.func @compress_is_bounded_by_the_axis
func.func @compress_is_bounded_by_the_axis(%x: tensor<?x4xf32> {dyn.dims = ["N", 4]}, %c: tensor<?xi1> {dyn.dims = ["M"]}) -> tensor<*xf32> {
  // CHECK: onnx.Compress {{.+}} -> tensor<?x4xf32, #dyn.value<[e0, 4]>>
  %y = onnx.Compress %x, %c {axis = 0 : i64} : (tensor<?x4xf32>, tensor<?xi1>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK: dyn.symbol @e0 in [0, 10] execution bound 10
// CHECK-LABEL: func.func @unique_results_share_the_count
func.func @unique_results_share_the_count(%x: tensor<10xf32>) -> (tensor<*xf32>, tensor<*xi64>) {
  // CHECK: onnx.Unique {{.+}} -> (tensor<?xf32, #dyn.value<[e0]>>, tensor<?xi64, #dyn.value<[e0]>>)
  %y, %i = onnx.Unique %x {resultSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<10xf32>) -> (tensor<*xf32>, tensor<*xi64>)
  return %y, %i : tensor<*xf32>, tensor<*xi64>
}

// -----

// CHECK: dyn.symbol @e0 in [0, 2147483647] execution bound C * N * min(5, B)
// CHECK-LABEL: func.func @boxes_are_bounded
func.func @boxes_are_bounded(%b: tensor<?x?x4xf32> {dyn.dims = ["N", "B", 4]}, %s: tensor<?x?x?xf32> {dyn.dims = ["N", "C", "B"]}) -> tensor<*xi64> {
  %m = onnx.Constant dense<5> : tensor<1xi64>
  // CHECK: onnx.NonMaxSuppression {{.+}} -> tensor<?x3xi64, #dyn.value<[e0, 3]>>
  %y = onnx.NonMaxSuppression %b, %s, %m {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<?x?x4xf32>, tensor<?x?x?xf32>, tensor<1xi64>) -> tensor<*xi64>
  return %y : tensor<*xi64>
}

// -----

// A number that the data decides is read once, however often it steers.
// CHECK: dyn.symbol @e0 in [0, 2147483647] execution
// CHECK-NOT: dyn.symbol @e1
// CHECK-LABEL: func.func @a_count_is_read_once
func.func @a_count_is_read_once(%x: tensor<?xf32> {dyn.dims = ["N"]}, %k: tensor<1xi64>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK-NEXT: dyn.read %arg1[0] as @e0
  // CHECK-NOT: dyn.read
  // CHECK: onnx.TopK {{.+}} #dyn.value<[e0]>>
  %v:2 = onnx.TopK %x, %k : (tensor<?xf32>, tensor<1xi64>) -> (tensor<*xf32>, tensor<*xi64>)
  // CHECK: onnx.ConstantOfShape {{.+}} -> tensor<?xf32, #dyn.value<[e0]>>
  %c = onnx.ConstantOfShape %k : (tensor<1xi64>) -> tensor<*xf32>
  // CHECK: onnx.Add {{.+}} -> tensor<?xf32, #dyn.value<[e0]>>
  %s = onnx.Add %v#0, %c : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %s, %c : tensor<*xf32>, tensor<*xf32>
}
