// RUN: dycc-opt %s --dycc-elide-dequantizations --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @a_pair_of_one_scheme_cancels
// CHECK-SAME: (%[[Q:.+]]: tensor<?x8xui8>)
// CHECK-NOT: Linear
// CHECK: return %[[Q]]
func.func @a_pair_of_one_scheme_cancels(%q: tensor<?x8xui8>) -> tensor<?x8xui8> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %z = onnx.Constant dense<7> : tensor<ui8>
  %f = onnx.DequantizeLinear %q, %s, %z : (tensor<?x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x8xf32>
  %y = onnx.QuantizeLinear %f, %s, %z : (tensor<?x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x8xui8>
  return %y : tensor<?x8xui8>
}

// -----

// Another scale, another point and another type are other schemes.
// CHECK-LABEL: func.func @other_schemes_are_kept
// CHECK-COUNT-3: onnx.QuantizeLinear
func.func @other_schemes_are_kept(%q: tensor<?x8xui8>) -> (tensor<?x8xui8>, tensor<?x8xui8>, tensor<?x8xi8>) {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %t = onnx.Constant dense<0.2> : tensor<f32>
  %z = onnx.Constant dense<7> : tensor<ui8>
  %i = onnx.Constant dense<7> : tensor<i8>
  %f = onnx.DequantizeLinear %q, %s, %z : (tensor<?x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x8xf32>
  %a = onnx.QuantizeLinear %f, %t, %z : (tensor<?x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x8xui8>
  %b = onnx.QuantizeLinear %f, %s : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xui8>
  %c = onnx.QuantizeLinear %f, %s, %i : (tensor<?x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x8xi8>
  return %a, %b, %c : tensor<?x8xui8>, tensor<?x8xui8>, tensor<?x8xi8>
}

// -----

// Steps of such a scale overflow; one that the run knows may be anything.
// CHECK-LABEL: func.func @scales_that_may_lose_steps_are_kept
// CHECK-COUNT-2: onnx.QuantizeLinear
func.func @scales_that_may_lose_steps_are_kept(%q: tensor<?x8xui8>, %t: tensor<f32>) -> (tensor<?x8xui8>, tensor<?x8xui8>) {
  %s = onnx.Constant dense<1.0e38> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s : (tensor<?x8xui8>, tensor<f32>) -> tensor<?x8xf32>
  %a = onnx.QuantizeLinear %f, %s : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xui8>
  %g = onnx.DequantizeLinear %q, %t : (tensor<?x8xui8>, tensor<f32>) -> tensor<?x8xf32>
  %b = onnx.QuantizeLinear %g, %t : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xui8>
  return %a, %b : tensor<?x8xui8>, tensor<?x8xui8>
}

// -----

// CHECK-LABEL: func.func @integers_are_moved
// CHECK-SAME: (%[[Q:.+]]: tensor<?x8x4xi8>
// CHECK: %[[T:.+]] = onnx.Transpose %[[Q]] {perm = array<i64: 0, 2, 1>} : (tensor<?x8x4xi8>) -> tensor<?x4x8xi8>
// CHECK: %[[R:.+]] = onnx.Reshape %[[T]], %{{.+}} : (tensor<?x4x8xi8>, tensor<2xi64>) -> tensor<?x32xi8>
// CHECK: %[[S:.+]]:2 = onnx.Split %[[R]], %{{.+}} -> (tensor<?x16xi8>, tensor<?x16xi8>)
// CHECK: %[[C:.+]] = onnx.Concat %[[S]]#1, %[[S]]#0
// CHECK-NOT: Linear
// CHECK: return %[[C]]
func.func @integers_are_moved(%q: tensor<?x8x4xi8>, %shape: tensor<2xi64>, %split: tensor<2xi64>) -> tensor<?x32xi8> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %z = onnx.Constant dense<-3> : tensor<i8>
  %f = onnx.DequantizeLinear %q, %s, %z : (tensor<?x8x4xi8>, tensor<f32>, tensor<i8>) -> tensor<?x8x4xf32>
  %t = onnx.Transpose %f {perm = array<i64: 0, 2, 1>} : (tensor<?x8x4xf32>) -> tensor<?x4x8xf32>
  %r = onnx.Reshape %t, %shape : (tensor<?x4x8xf32>, tensor<2xi64>) -> tensor<?x32xf32>
  %a, %b = onnx.Split %r, %split {axis = 1 : i64} : (tensor<?x32xf32>, tensor<2xi64>) -> (tensor<?x16xf32>, tensor<?x16xf32>)
  %c = onnx.Concat %b, %a {axis = 1 : i64} : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x32xf32>
  %y = onnx.QuantizeLinear %c, %s, %z : (tensor<?x32xf32>, tensor<f32>, tensor<i8>) -> tensor<?x32xi8>
  return %y : tensor<?x32xi8>
}

// -----

// CHECK-LABEL: func.func @joined_values_of_two_schemes_are_kept
// CHECK: onnx.Concat %{{.+}} -> tensor<?x16xf32>
func.func @joined_values_of_two_schemes_are_kept(%p: tensor<?x8xui8>, %q: tensor<?x8xui8>) -> tensor<?x16xui8> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %t = onnx.Constant dense<0.2> : tensor<f32>
  %f = onnx.DequantizeLinear %p, %s : (tensor<?x8xui8>, tensor<f32>) -> tensor<?x8xf32>
  %g = onnx.DequantizeLinear %q, %t : (tensor<?x8xui8>, tensor<f32>) -> tensor<?x8xf32>
  %c = onnx.Concat %f, %g {axis = 1 : i64} : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x16xf32>
  %y = onnx.QuantizeLinear %c, %s : (tensor<?x16xf32>, tensor<f32>) -> tensor<?x16xui8>
  return %y : tensor<?x16xui8>
}

// -----

// What floats are read for stays as it is.
// CHECK-LABEL: func.func @floats_are_moved_for_who_reads_them
// CHECK: %[[F:.+]] = onnx.DequantizeLinear
// CHECK-NOT: Linear
// CHECK: onnx.Transpose %[[F]]
// CHECK-NEXT: onnx.Exp
func.func @floats_are_moved_for_who_reads_them(%q: tensor<?x8xui8>) -> tensor<8x?xf32> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s : (tensor<?x8xui8>, tensor<f32>) -> tensor<?x8xf32>
  %t = onnx.Transpose %f {perm = array<i64: 1, 0>} : (tensor<?x8xf32>) -> tensor<8x?xf32>
  %y = onnx.Exp %t : (tensor<8x?xf32>) -> tensor<8x?xf32>
  return %y : tensor<8x?xf32>
}

// -----

// CHECK-LABEL: func.func @products_have_moved_integers
// CHECK-SAME: (%[[Q:.+]]: tensor<8x?xui8>
// CHECK: %[[T:.+]] = onnx.Transpose %[[Q]]
// CHECK: %[[F:.+]] = onnx.DequantizeLinear %[[T]]
// CHECK: onnx.MatMul %[[F]], %arg1
func.func @products_have_moved_integers(%q: tensor<8x?xui8>, %w: tensor<8x2xf32>) -> tensor<?x2xf32> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s : (tensor<8x?xui8>, tensor<f32>) -> tensor<8x?xf32>
  %t = onnx.Transpose %f {perm = array<i64: 1, 0>} : (tensor<8x?xf32>) -> tensor<?x8xf32>
  %y = onnx.MatMul %t, %w : (tensor<?x8xf32>, tensor<8x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// 0 is the zero point; -0.5 is five steps of 0.1 below it.
// CHECK-LABEL: func.func @padding_is_quantised
// CHECK-SAME: (%[[Q:.+]]: tensor<?x8xui8>, %[[P:.+]]: tensor<4xi64>)
// CHECK: %[[Z:.+]] = onnx.Constant dense<7> : tensor<ui8>
// CHECK: %[[V:.+]] = onnx.Constant dense<2> : tensor<ui8>
// CHECK: onnx.Pad %[[Q]], %[[P]], %[[V]]
// CHECK: onnx.Pad %[[Q]], %[[P]] {{.*}}mode = "edge"
// CHECK-NOT: Linear
// CHECK: return
func.func @padding_is_quantised(%q: tensor<?x8xui8>, %p: tensor<4xi64>) -> (tensor<?x?xui8>, tensor<?x?xui8>, tensor<?x?xui8>) {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %z = onnx.Constant dense<7> : tensor<ui8>
  %v = onnx.Constant dense<-0.5> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s, %z : (tensor<?x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x8xf32>
  %a = onnx.Pad %f, %p {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x8xf32>, tensor<4xi64>) -> tensor<?x?xf32>
  %b = onnx.Pad %f, %p, %v {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x8xf32>, tensor<4xi64>, tensor<f32>) -> tensor<?x?xf32>
  %c = onnx.Pad %f, %p {mode = "edge", operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x8xf32>, tensor<4xi64>) -> tensor<?x?xf32>
  %x = onnx.QuantizeLinear %a, %s, %z : (tensor<?x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x?xui8>
  %y = onnx.QuantizeLinear %b, %s, %z : (tensor<?x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x?xui8>
  %w = onnx.QuantizeLinear %c, %s, %z : (tensor<?x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x?xui8>
  return %x, %y, %w : tensor<?x?xui8>, tensor<?x?xui8>, tensor<?x?xui8>
}

// -----

// CHECK-LABEL: func.func @padding_between_steps_is_kept
// CHECK: onnx.Pad %{{.+}} -> tensor<?x?xf32>
func.func @padding_between_steps_is_kept(%q: tensor<?x8xui8>, %p: tensor<4xi64>) -> tensor<?x?xui8> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %v = onnx.Constant dense<0.25> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s : (tensor<?x8xui8>, tensor<f32>) -> tensor<?x8xf32>
  %b = onnx.Pad %f, %p, %v {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x8xf32>, tensor<4xi64>, tensor<f32>) -> tensor<?x?xf32>
  %y = onnx.QuantizeLinear %b, %s : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xui8>
  return %y : tensor<?x?xui8>
}

// -----

// CHECK-LABEL: func.func @the_largest_step_is_of_the_largest_number
// CHECK: onnx.MaxPool %arg0 {{.+}} -> tensor<?x8x?x?xui8>
// CHECK-NOT: Linear
// CHECK: return
func.func @the_largest_step_is_of_the_largest_number(%q: tensor<?x8x?x?xui8>) -> tensor<?x8x?x?xui8> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s : (tensor<?x8x?x?xui8>, tensor<f32>) -> tensor<?x8x?x?xf32>
  %m = onnx.MaxPool %f {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<?x8x?x?xf32>) -> tensor<?x8x?x?xf32>
  %y = onnx.QuantizeLinear %m, %s : (tensor<?x8x?x?xf32>, tensor<f32>) -> tensor<?x8x?x?xui8>
  return %y : tensor<?x8x?x?xui8>
}

// -----

// Nothing is in a window of padding, and what a float has there no step has.
// CHECK-LABEL: func.func @windows_of_padding_are_kept
// CHECK-COUNT-2: onnx.MaxPool %{{.+}} -> tensor<?x8x?x?xf32>
func.func @windows_of_padding_are_kept(%q: tensor<?x8x?x?xui8>) -> (tensor<?x8x?x?xui8>, tensor<?x8x?x?xui8>) {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s : (tensor<?x8x?x?xui8>, tensor<f32>) -> tensor<?x8x?x?xf32>
  %m = onnx.MaxPool %f {kernel_shape = array<i64: 2, 2>, pads = array<i64: 2, 0, 0, 0>} : (tensor<?x8x?x?xf32>) -> tensor<?x8x?x?xf32>
  %n = onnx.MaxPool %f {dilations = array<i64: 2, 2>, kernel_shape = array<i64: 2, 2>, pads = array<i64: 1, 0, 0, 0>} : (tensor<?x8x?x?xf32>) -> tensor<?x8x?x?xf32>
  %x = onnx.QuantizeLinear %m, %s : (tensor<?x8x?x?xf32>, tensor<f32>) -> tensor<?x8x?x?xui8>
  %y = onnx.QuantizeLinear %n, %s : (tensor<?x8x?x?xf32>, tensor<f32>) -> tensor<?x8x?x?xui8>
  return %x, %y : tensor<?x8x?x?xui8>, tensor<?x8x?x?xui8>
}

// -----

// CHECK-LABEL: func.func @a_nearest_pixel_is_one_of_the_image
// CHECK: onnx.Resize %arg0, %{{.+}} -> tensor<?x8x?x?xui8>
// CHECK: onnx.Resize %{{.+}} {{.*}}mode = "linear"{{.*}} -> tensor<?x8x?x?xf32>
func.func @a_nearest_pixel_is_one_of_the_image(%q: tensor<?x8x?x?xui8>, %c: tensor<4xf32>) -> (tensor<?x8x?x?xui8>, tensor<?x8x?x?xui8>) {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %f = onnx.DequantizeLinear %q, %s : (tensor<?x8x?x?xui8>, tensor<f32>) -> tensor<?x8x?x?xf32>
  %m = onnx.Resize %f, %c {mode = "nearest", operandSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<?x8x?x?xf32>, tensor<4xf32>) -> tensor<?x8x?x?xf32>
  %n = onnx.Resize %f, %c {mode = "linear", operandSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<?x8x?x?xf32>, tensor<4xf32>) -> tensor<?x8x?x?xf32>
  %x = onnx.QuantizeLinear %m, %s : (tensor<?x8x?x?xf32>, tensor<f32>) -> tensor<?x8x?x?xui8>
  %y = onnx.QuantizeLinear %n, %s : (tensor<?x8x?x?xf32>, tensor<f32>) -> tensor<?x8x?x?xui8>
  return %x, %y : tensor<?x8x?x?xui8>, tensor<?x8x?x?xui8>
}
