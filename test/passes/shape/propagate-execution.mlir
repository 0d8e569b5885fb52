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

// -----

// What is not 0 in a mask and in its inverse is all of it.
// CHECK-LABEL: func.func @counts_of_a_mask_and_its_inverse_add_up
func.func @counts_of_a_mask_and_its_inverse_add_up(%m: tensor<?xi1> {dyn.dims = ["N"]}) -> tensor<*xi64> {
  // CHECK: onnx.NonZero {{.+}} -> tensor<1x?xi64, #dyn.value<[1, e0]>>
  %a = onnx.NonZero %m : (tensor<?xi1>) -> tensor<*xi64>
  %n = onnx.Not %m : (tensor<?xi1>) -> tensor<*xi1>
  %c = onnx.Cast %n {to = 6 : i64} : (tensor<*xi1>) -> tensor<*xi32>
  // CHECK: onnx.NonZero {{.+}} -> tensor<1x?xi64, #dyn.value<[1, e1]>>
  %b = onnx.NonZero %c : (tensor<*xi32>) -> tensor<*xi64>
  // CHECK: onnx.Concat {{.+}} -> tensor<1x?xi64, #dyn.value<[1, N]>>
  %z = onnx.Concat %a, %b {axis = 1 : i64} : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  return %z : tensor<*xi64>
}

// -----

// CHECK-LABEL: func.func @counts_of_two_masks_do_not
func.func @counts_of_two_masks_do_not(%m: tensor<?xi1> {dyn.dims = ["N"]}, %k: tensor<?xi1> {dyn.dims = ["N"]}) -> tensor<*xi64> {
  %a = onnx.NonZero %m : (tensor<?xi1>) -> tensor<*xi64>
  %n = onnx.Not %k : (tensor<?xi1>) -> tensor<*xi1>
  %b = onnx.NonZero %n : (tensor<*xi1>) -> tensor<*xi64>
  // CHECK: onnx.Concat {{.+}} -> tensor<1x?xi64, #dyn.value<[1, e0 + e1]>>
  %z = onnx.Concat %a, %b {axis = 1 : i64} : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  return %z : tensor<*xi64>
}

// -----

// Start and limit are computed from one number: the number is what is read.
// CHECK-LABEL: func.func @numbers_are_read_where_they_come_from
func.func @numbers_are_read_where_they_come_from(%table: tensor<?xi64> {dyn.dims = ["P"]}, %i: tensor<i64>) -> tensor<*xi64> {
  %four = onnx.Constant dense<4> : tensor<i64>
  %one = onnx.Constant dense<1> : tensor<i64>
  // CHECK: %[[Y:.+]] = onnx.Gather
  // CHECK-NEXT: dyn.read %[[Y]][0] as @e0
  // CHECK-NOT: dyn.read
  %y = onnx.Gather %table, %i : (tensor<?xi64>, tensor<i64>) -> tensor<*xi64>
  %end = onnx.Add %y, %four : (tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
  // CHECK: onnx.Range {{.+}} -> tensor<4xi64, #dyn.value<[4]>>
  %r = onnx.Range %y, %end, %one : (tensor<*xi64>, tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
  return %r : tensor<*xi64>
}

// -----

// Axes that the data decides: the rank is known, and where the 1 is.
// CHECK-LABEL: func.func @reduced_axes_are_read
func.func @reduced_axes_are_read(%x: tensor<?x7xf32> {dyn.dims = ["N", 7]}, %axes: tensor<1xi64>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: dyn.read %arg1[0] as @e0
  // CHECK: onnx.ReduceSum {{.+}} -> tensor<?x?xf32, #dyn.value<[ite(or(eq(e0, -2), eq(e0, 0)), 1, N), ite(or(eq(e0, -1), eq(e0, 1)), 1, 7)]>>
  %k = onnx.ReduceSum %x, %axes : (tensor<?x7xf32>, tensor<1xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceMax {{.+}} -> tensor<?xf32, #dyn.value<[ite(and(eq(not(or(eq(e0, -2), eq(e0, 0))), 0), not(or(eq(e0, -1), eq(e0, 1)))), 7, ite(or(eq(e0, -2), eq(e0, 0)), 1, N))]>>
  %d = onnx.ReduceMax %x, %axes {keepdims = 0 : i64} : (tensor<?x7xf32>, tensor<1xi64>) -> tensor<*xf32>
  return %k, %d : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @unsqueezed_axes_are_read
func.func @unsqueezed_axes_are_read(%x: tensor<?xf32> {dyn.dims = ["N"]}, %axes: tensor<1xi64>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: dyn.read %arg1[0] as @e0
  // CHECK: onnx.Unsqueeze {{.+}} -> tensor<?x?xf32, #dyn.value<[ite(or(eq(e0, -2), eq(e0, 0)), 1, N), ite(or(eq(e0, -1), eq(e0, 1)), 1, ite(eq(not(or(eq(e0, -2), eq(e0, 0))), 0), N, 1))]>>
  %u = onnx.Unsqueeze %x, %axes : (tensor<?xf32>, tensor<1xi64>) -> tensor<*xf32>
  // CHECK: onnx.Squeeze {{.+}} -> tensor<?xf32, #dyn.value<[
  %s = onnx.Squeeze %u, %axes : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
  return %u, %s : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @sliced_and_padded_axes_are_read
func.func @sliced_and_padded_axes_are_read(%x: tensor<?x7xf32> {dyn.dims = ["N", 7]}, %axes: tensor<1xi64>, %step: tensor<1xi64>, %pads: tensor<2xi64>) -> (tensor<*xf32>, tensor<*xf32>) {
  %b = onnx.Constant dense<1> : tensor<1xi64>
  %e = onnx.Constant dense<5> : tensor<1xi64>
  // CHECK: dyn.define [ite(or(eq(e0, -2), eq(e0, 0)), ite(lt(0, e1), {{.+}}] as @e2
  // CHECK: onnx.Slice {{.+}} -> tensor<?x?xf32, #dyn.value<[e2, ite(or(eq(e0, -1), eq(e0, 1)), ite(lt(0, e1), 4 ceildiv max(1, e1), 0), 7)]>>
  %s = onnx.Slice %x, %b, %e, %axes, %step {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<?x7xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  // CHECK: onnx.Pad {{.+}} -> tensor<?x?xf32, #dyn.value<[N + ite(or(eq(e0, -2), eq(e0, 0)), e3 + e4, 0), ite(or(eq(e0, -1), eq(e0, 1)), e3 + e4, 0) + 7]>>
  %p = onnx.Pad %x, %pads, %axes {operandSegmentSizes = array<i32: 1, 1, 0, 1>} : (tensor<?x7xf32>, tensor<2xi64>, tensor<1xi64>) -> tensor<*xf32>
  return %s, %p : tensor<*xf32>, tensor<*xf32>
}

// -----

// Exporters write the largest number for "up to the end".
// CHECK: dyn.symbol @e0 in [-9223372036854775808, 9223372036854775807] execution
// CHECK: dyn.symbol @e1 in [-2147483648, 2147483647] execution
// CHECK-LABEL: func.func @bounds_of_a_slice_are_limited
func.func @bounds_of_a_slice_are_limited(%x: tensor<?xf32> {dyn.dims = ["N"]}, %end: tensor<1xi64>) -> tensor<*xf32> {
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  // CHECK: dyn.read %arg1[0] as @e0
  // CHECK: dyn.define [max(-2147483648, min(2147483647, e0))] as @e1
  %y = "onnx.Slice"(%x, %zero, %end) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<?xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Another reader wants the number as it is.
// CHECK-LABEL: func.func @bounds_of_more_than_a_slice_are_not_limited
func.func @bounds_of_more_than_a_slice_are_not_limited(%x: tensor<?xf32> {dyn.dims = ["N"]}, %end: tensor<1xi64>) -> (tensor<*xf32>, tensor<*xf32>) {
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  // CHECK: dyn.read %arg1[0] as @e0
  // CHECK-NOT: dyn.define
  // CHECK: onnx.Expand
  %y = "onnx.Slice"(%x, %zero, %end) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<?xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  %one = onnx.Constant dense<1.0> : tensor<1xf32>
  %z = onnx.Expand %one, %end : (tensor<1xf32>, tensor<1xi64>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}
