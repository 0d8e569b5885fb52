// RUN: dycc-opt %s --dycc-expand-functions --split-input-file | FileCheck %s

// What the zero point adds to the sum of a channel is taken off.
// CHECK-LABEL: func.func @constant_filters_of_bytes
// CHECK-SAME: (%[[X:.+]]: tensor<?x2x?xui8>, %[[Z:.+]]: tensor<ui8>)
func.func @constant_filters_of_bytes(%x: tensor<?x2x?xui8>, %z: tensor<ui8>) -> tensor<*xi32> {
  %w = onnx.Constant dense<[[[1, 2], [3, 4]], [[0, -1], [-128, 127]]]> : tensor<2x2x2xi8> -> tensor<2x2x2xi8>
  // CHECK: onnx.Constant
  // CHECK: %[[W:.+]] = onnx.Constant dense<{{.+}}> : tensor<2x2x2xi8>
  // CHECK: %[[S:.+]] = onnx.Constant dense<{{\[}}[10], [-2]]> : tensor<2x1xi32>
  // CHECK: %[[P:.+]] = onnx.Cast %[[Z]] {to = 6 : i64}
  // CHECK: %[[Q:.+]] = onnx.Cast %[[P]] {to = 2 : i64}
  // CHECK: %[[I:.+]] = onnx.ConvInteger %[[X]], %[[W]], %[[Q]] {onnx.padded_with_point, operandSegmentSizes = array<i32: 1, 1, 1, 0>, pads = array<i64: 1, 2>}
  // CHECK: %[[M:.+]] = onnx.Mul %[[P]], %[[S]]
  // CHECK: %[[Y:.+]] = onnx.Sub %[[I]], %[[M]]
  // CHECK: return %[[Y]]
  %y = onnx.ConvInteger %x, %w, %z {operandSegmentSizes = array<i32: 1, 1, 1, 0>, pads = array<i64: 1, 2>} : (tensor<?x2x?xui8>, tensor<2x2x2xi8>, tensor<ui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// Those without their zero point are of s8; images of s8 become u8, padded with 128.
// CHECK-LABEL: func.func @signed_images
func.func @signed_images(%x: tensor<?x2x?xi8>) -> tensor<*xi32> {
  %w = onnx.Constant dense<[[[200], [100]]]> : tensor<1x2x1xui8> -> tensor<1x2x1xui8>
  %wz = onnx.Constant dense<[130]> : tensor<1xui8> -> tensor<1xui8>
  // CHECK-DAG: %[[W:.+]] = onnx.Constant dense<{{\[\[}}[70], [-30]]]> : tensor<1x2x1xi8>
  // CHECK-DAG: %[[H:.+]] = onnx.Constant dense<128> : tensor<i32>
  // CHECK: %[[A:.+]] = onnx.Add %{{.+}}, %[[H]]
  // CHECK: %[[X:.+]] = onnx.Cast %[[A]] {to = 2 : i64}
  // CHECK: %[[P:.+]] = onnx.Cast %[[H]] {to = 2 : i64}
  // CHECK: %[[I:.+]] = onnx.ConvInteger %[[X]], %[[W]], %[[P]]
  // CHECK: %[[M:.+]] = onnx.Mul %[[H]]
  // CHECK: onnx.Sub %[[I]], %[[M]]
  %y = onnx.ConvInteger %x, %w, %wz {operandSegmentSizes = array<i32: 1, 1, 0, 1>} : (tensor<?x2x?xi8>, tensor<1x2x1xui8>, tensor<1xui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// Filters of a channel each read it as it is; groups of four channels are u8.
// CHECK-LABEL: func.func @signed_images_in_groups
func.func @signed_images_in_groups(%x: tensor<?x8x?xi8>, %z: tensor<i8>) -> (tensor<*xi32>, tensor<*xi32>) {
  %w = onnx.Constant dense<1> : tensor<8x1x3xi8> -> tensor<8x1x3xi8>
  // CHECK: %[[P:.+]] = onnx.Cast %arg1 {to = 6 : i64}
  // CHECK: %[[Z:.+]] = onnx.Cast %[[P]] {to = 3 : i64}
  // CHECK: %[[I:.+]] = onnx.ConvInteger %arg0, %{{.+}}, %[[Z]] {group = 8 : i64, onnx.padded_with_point
  // CHECK: onnx.Mul %[[P]]
  // CHECK: onnx.Sub %[[I]]
  %a = onnx.ConvInteger %x, %w, %z {group = 8 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x8x?xi8>, tensor<8x1x3xi8>, tensor<i8>) -> tensor<*xi32>
  %v = onnx.Constant dense<1> : tensor<8x4x3xi8> -> tensor<8x4x3xi8>
  // CHECK: %[[U:.+]] = onnx.Cast %{{.+}} {to = 2 : i64}
  // CHECK: onnx.ConvInteger %[[U]], %{{.+}} {group = 2 : i64, onnx.padded_with_point
  %b = onnx.ConvInteger %x, %v, %z {group = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x8x?xi8>, tensor<8x4x3xi8>, tensor<i8>) -> tensor<*xi32>
  return %a, %b : tensor<*xi32>, tensor<*xi32>
}

// -----

// So is what is sums of bytes already.
// CHECK-LABEL: func.func @sums_of_bytes_stay
func.func @sums_of_bytes_stay(%x: tensor<?x1x?xui8>, %z: tensor<ui8>) -> tensor<*xi32> {
  %w = onnx.Constant dense<1> : tensor<1x1x2xi8> -> tensor<1x1x2xi8>
  // CHECK: %[[I:.+]] = onnx.ConvInteger
  // CHECK: return %[[I]]
  %y = onnx.ConvInteger %x, %w, %z {onnx.padded_with_point, operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x1x?xui8>, tensor<1x1x2xi8>, tensor<ui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// 2^16 products are the most that i32 holds whatever the image is.
// CHECK-LABEL: func.func @too_many_products
func.func @too_many_products(%x: tensor<?x65537x?xui8>) -> tensor<*xi32> {
  %w = onnx.Constant dense<1> : tensor<1x65537x1xi8> -> tensor<1x65537x1xi8>
  // CHECK-NOT: onnx.ConvInteger
  // CHECK: onnx.Conv %{{.+}} {onnx.exact_sums}
  %y = onnx.ConvInteger %x, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x65537x?xui8>, tensor<1x65537x1xi8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// Weights that s8 does not hold. 2 * 4 * 255 * 255 is below 2^24.
// CHECK-LABEL: func.func @small_sums_are_of_f32
func.func @small_sums_are_of_f32(%x: tensor<?x2x?xui8>, %z: tensor<ui8>) -> tensor<*xi32> {
  %w = onnx.Constant dense<255> : tensor<3x2x4xui8> -> tensor<3x2x4xui8>
  // CHECK: %[[X:.+]] = onnx.Cast %{{.+}} {to = 1 : i64} : (tensor<?x2x?xui8>) -> tensor<*xf32>
  // CHECK: %[[Z:.+]] = onnx.Cast %{{.+}} {to = 1 : i64} : (tensor<ui8>) -> tensor<*xf32>
  // CHECK: %[[S:.+]] = onnx.Sub %[[X]], %[[Z]]
  // CHECK: %[[W:.+]] = onnx.Cast %{{.+}} {to = 1 : i64} : (tensor<3x2x4xui8>) -> tensor<*xf32>
  // CHECK: %[[Y:.+]] = onnx.Conv %[[S]], %[[W]] {onnx.exact_sums, pads = array<i64: 1, 2>}
  // CHECK: onnx.Cast %[[Y]] {to = 6 : i64}
  %y = onnx.ConvInteger %x, %w, %z {operandSegmentSizes = array<i32: 1, 1, 1, 0>, pads = array<i64: 1, 2>} : (tensor<?x2x?xui8>, tensor<3x2x4xui8>, tensor<ui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// 62 * 9 * 128 * 255 is above 2^24. Groups that are no whole dot products have
// floats.
// CHECK-LABEL: func.func @large_sums_are_of_f64
func.func @large_sums_are_of_f64(%x: tensor<?x124x?x?xui8>) -> tensor<*xi32> {
  %w = onnx.Constant dense<-128> : tensor<4x62x3x3xi8> -> tensor<4x62x3x3xi8>
  // CHECK: %[[Y:.+]] = onnx.Conv %{{.+}} {group = 2 : i64, onnx.exact_sums} : (tensor<*xf64>, tensor<*xf64>) -> tensor<*xf64>
  // CHECK: onnx.Cast %[[Y]] {to = 6 : i64}
  %y = onnx.ConvInteger %x, %w {group = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x124x?x?xui8>, tensor<4x62x3x3xi8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// The zero point of the weights takes part in the bound: 62 * 9 * 2 * 255.
// CHECK-LABEL: func.func @weights_near_their_zero_point
func.func @weights_near_their_zero_point(%x: tensor<?x124x?x?xui8>) -> tensor<*xi32> {
  %w = onnx.Constant dense<-128> : tensor<4x62x3x3xi8> -> tensor<4x62x3x3xi8>
  %z = onnx.Constant dense<-126> : tensor<4xi8> -> tensor<4xi8>
  // CHECK: %[[Z:.+]] = onnx.Reshape %{{.+}} : (tensor<4xi8>, tensor<4xi64>)
  // CHECK: onnx.Conv %{{.+}} {group = 2 : i64, onnx.exact_sums} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y = onnx.ConvInteger %x, %w, %z {group = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 1>} : (tensor<?x124x?x?xui8>, tensor<4x62x3x3xi8>, tensor<4xi8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// Without weights nothing bounds the sums: they wrap as i32 does.
// CHECK-LABEL: func.func @weights_of_the_run
func.func @weights_of_the_run(%x: tensor<?x2x?xui8>, %w: tensor<3x2x4xi8>) -> tensor<*xi32> {
  // CHECK: %[[Y:.+]] = onnx.Conv %{{.+}} : (tensor<*xf64>, tensor<*xf64>) -> tensor<*xf64>
  // CHECK: %[[L:.+]] = onnx.Cast %[[Y]] {to = 7 : i64}
  // CHECK: onnx.Cast %[[L]] {to = 6 : i64}
  %y = onnx.ConvInteger %x, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x2x?xui8>, tensor<3x2x4xi8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// CHECK-LABEL: func.func @a_zero_point_of_unknown_rank_stays
func.func @a_zero_point_of_unknown_rank_stays(%x: tensor<?x2x?xui8>, %w: tensor<3x2x4xi8>, %z: tensor<*xui8>) -> tensor<*xi32> {
  // CHECK-NOT: onnx.Conv
  // CHECK: onnx.ConvInteger
  %y = onnx.ConvInteger %x, %w, %z {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x2x?xui8>, tensor<3x2x4xi8>, tensor<*xui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// Rounded to even, moved, limited; a scale per channel.
// CHECK-LABEL: func.func @quantised_convolution
func.func @quantised_convolution(%x: tensor<?x2x?x?xui8>, %s: tensor<f32>, %z: tensor<ui8>, %ws: tensor<3xf32>, %ys: tensor<1xf32>, %yz: tensor<i8>) -> tensor<*xi8> {
  %w = onnx.Constant dense<127> : tensor<3x2x4x4xi8> -> tensor<3x2x4x4xi8>
  %wz = onnx.Constant dense<0> : tensor<i8> -> tensor<i8>
  %b = onnx.Constant dense<[1, -2, 3]> : tensor<3xi32> -> tensor<3xi32>
  // CHECK: %[[I:.+]] = onnx.ConvInteger
  // CHECK: %[[B:.+]] = onnx.Reshape %{{.+}} : (tensor<3xi32>, tensor<3xi64>)
  // CHECK: %[[Z:.+]] = onnx.Mul
  // CHECK: %[[C:.+]] = onnx.Sub %[[B]], %[[Z]]
  // CHECK: %[[SUM:.+]] = onnx.Add %[[I]], %[[C]]
  // CHECK: %[[WS:.+]] = onnx.Reshape %{{.+}} : (tensor<3xf32>, tensor<3xi64>)
  // CHECK: %[[P:.+]] = onnx.Mul %{{.+}}, %[[WS]]
  // CHECK: %[[F:.+]] = onnx.Div %[[P]]
  // CHECK: %[[E:.+]] = onnx.Cast %[[SUM]] {to = 1 : i64}
  // CHECK: %[[M:.+]] = onnx.Mul %[[E]], %[[F]]
  // CHECK: %[[L:.+]] = onnx.Clip %[[M]]
  // CHECK: %[[R:.+]] = onnx.Round %[[L]]
  // CHECK: %[[A:.+]] = onnx.Add %[[R]]
  // CHECK: %[[C:.+]] = onnx.Clip %[[A]]
  // CHECK: onnx.Cast %[[C]] {to = 3 : i64}
  %y = onnx.QLinearConv %x, %s, %z, %w, %ws, %wz, %ys, %yz, %b : (tensor<?x2x?x?xui8>, tensor<f32>, tensor<ui8>, tensor<3x2x4x4xi8>, tensor<3xf32>, tensor<i8>, tensor<1xf32>, tensor<i8>, tensor<3xi32>) -> tensor<*xi8>
  return %y : tensor<*xi8>
}

// -----

// A bias that f32 does not hold is added in f64.
// CHECK-LABEL: func.func @large_bias
func.func @large_bias(%x: tensor<?x2x?xui8>, %s: tensor<f32>, %z: tensor<ui8>) -> tensor<*xui8> {
  %w = onnx.Constant dense<200> : tensor<2x1x4xui8> -> tensor<2x1x4xui8>
  %wz = onnx.Constant dense<0> : tensor<ui8> -> tensor<ui8>
  %b = onnx.Constant dense<16777217> : tensor<2xi32> -> tensor<2xi32>
  // CHECK: onnx.Conv %{{.+}} : (tensor<*xf64>, tensor<*xf64>, tensor<*xf64>) -> tensor<*xf64>
  %y = onnx.QLinearConv %x, %s, %z, %w, %s, %wz, %s, %z, %b {group = 2 : i64} : (tensor<?x2x?xui8>, tensor<f32>, tensor<ui8>, tensor<2x1x4xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>, tensor<2xi32>) -> tensor<*xui8>
  return %y : tensor<*xui8>
}

// -----

// CHECK-LABEL: func.func @quantised_product
func.func @quantised_product(%a: tensor<?x4xui8>, %as: tensor<?xf32>, %az: tensor<?xui8>, %b: tensor<4x?xi8>, %bs: tensor<?xf32>, %bz: tensor<?xi8>, %ys: tensor<f32>, %yz: tensor<ui8>) -> tensor<?x?xui8> {
  // CHECK: %[[S:.+]] = onnx.MatMul %{{.+}} : (tensor<*xi32>, tensor<*xi32>) -> tensor<*xi32>
  // CHECK: %[[R:.+]] = onnx.Cast %[[S]] {to = 1 : i64}
  // CHECK: %[[M:.+]] = onnx.Mul %[[R]]
  // CHECK: %[[L:.+]] = onnx.Clip %[[M]]
  // CHECK: onnx.Round %[[L]]
  %y = onnx.QLinearMatMul %a, %as, %az, %b, %bs, %bz, %ys, %yz : (tensor<?x4xui8>, tensor<?xf32>, tensor<?xui8>, tensor<4x?xi8>, tensor<?xf32>, tensor<?xi8>, tensor<f32>, tensor<ui8>) -> tensor<?x?xui8>
  return %y : tensor<?x?xui8>
}

// -----

// CHECK-LABEL: func.func @products_of_floats_of_eight_bits_stay
func.func @products_of_floats_of_eight_bits_stay(%a: tensor<?x4xf8E5M2>, %s: tensor<f32>, %z: tensor<f8E5M2>) -> tensor<*xf8E5M2> {
  // CHECK: onnx.QLinearMatMul
  %y = onnx.QLinearMatMul %a, %s, %z, %a, %s, %z, %s, %z : (tensor<?x4xf8E5M2>, tensor<f32>, tensor<f8E5M2>, tensor<?x4xf8E5M2>, tensor<f32>, tensor<f8E5M2>, tensor<f32>, tensor<f8E5M2>) -> tensor<*xf8E5M2>
  return %y : tensor<*xf8E5M2>
}

// -----

// Weights of four bits have whole bytes, and scales one per block.
// CHECK-LABEL: func.func @blocks_of_four_bits
func.func @blocks_of_four_bits() -> tensor<*xf32> {
  %w = onnx.Constant dense<[[-8, 7], [1, 2], [3, 4], [5, -1]]> : tensor<4x2xi4> -> tensor<4x2xi4>
  %s = onnx.Constant dense<0.5> : tensor<2x2xf32> -> tensor<2x2xf32>
  // CHECK: %[[W:.+]] = onnx.Constant dense<{{\[}}[-8, 7], [1, 2], [3, 4], [5, -1]]> : tensor<4x2xi8>
  // CHECK: %[[SPLIT:.+]] = onnx.Reshape %[[W]]
  // CHECK: %[[U:.+]] = onnx.Unsqueeze
  // CHECK: %[[F:.+]] = onnx.Cast %[[SPLIT]]
  // CHECK: %[[M:.+]] = onnx.Mul %[[F]], %[[U]]
  // CHECK: onnx.Reshape %[[M]]
  %y = onnx.DequantizeLinear %w, %s {axis = 0 : i64, block_size = 2 : i64} : (tensor<4x2xi4>, tensor<2x2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @four_bits_of_the_run
func.func @four_bits_of_the_run(%w: tensor<4x2xui4>, %s: tensor<f32>) -> tensor<*xf32> {
  // CHECK: %[[F:.+]] = onnx.Cast %arg0 {to = 1 : i64} : (tensor<4x2xui4>) -> tensor<*xf32>
  // CHECK: onnx.Mul %[[F]], %arg1
  %y = onnx.DequantizeLinear %w, %s : (tensor<4x2xui4>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @converted_constant_of_two_bits
func.func @converted_constant_of_two_bits() -> tensor<*xf32> {
  %w = onnx.Constant dense<[0, 1, 2, 3]> : tensor<4xui2> -> tensor<4xui2>
  // CHECK: %[[W:.+]] = onnx.Constant dense<[0, 1, 2, 3]> : tensor<4xui8>
  // CHECK: onnx.Cast %[[W]] {to = 1 : i64}
  %y = onnx.Cast %w {to = 1 : i64} : (tensor<4xui2>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @constant_of_two_bits_to_four
func.func @constant_of_two_bits_to_four() -> tensor<*xi4> {
  %w = onnx.Constant dense<[0, 1, 2, 3]> : tensor<4xui2> -> tensor<4xui2>
  // CHECK: onnx.Cast %{{.+}} {to = 22 : i64} : (tensor<4xui8>) -> tensor<*xi4>
  %y = onnx.Cast %w {to = 22 : i64} : (tensor<4xui2>) -> tensor<*xi4>
  return %y : tensor<*xi4>
}

// -----

// The quotient is rounded by the operator's own attribute, and its zero point is 0.
// CHECK-LABEL: func.func @to_floats_of_eight_bits
func.func @to_floats_of_eight_bits(%x: tensor<?xf32>, %s: tensor<f8E8M0FNU>, %z: tensor<f8E5M2>) -> tensor<*xf8E5M2> {
  // CHECK: %[[S:.+]] = onnx.Cast %arg1 {to = 1 : i64}
  // CHECK: %[[Q:.+]] = onnx.Div %arg0, %[[S]]
  // CHECK: onnx.Cast %[[Q]] {saturate = 0 : i64, to = 19 : i64} : (tensor<*xf32>) -> tensor<*xf8E5M2>
  %y = onnx.QuantizeLinear %x, %s, %z {saturate = 0 : i64} : (tensor<?xf32>, tensor<f8E8M0FNU>, tensor<f8E5M2>) -> tensor<*xf8E5M2>
  return %y : tensor<*xf8E5M2>
}

// -----

// CHECK-LABEL: func.func @to_floats_of_four_bits
func.func @to_floats_of_four_bits(%x: tensor<?xf32>, %s: tensor<f32>, %z: tensor<f4E2M1FN>) -> tensor<*xf4E2M1FN> {
  // CHECK: %[[Z:.+]] = onnx.Cast %arg2 {to = 1 : i64}
  // CHECK: %[[Q:.+]] = onnx.Div %arg0, %arg1
  // CHECK: %[[M:.+]] = onnx.Add %[[Q]], %[[Z]]
  // CHECK: onnx.Cast %[[M]] {to = 23 : i64} : (tensor<*xf32>) -> tensor<*xf4E2M1FN>
  %y = onnx.QuantizeLinear %x, %s, %z : (tensor<?xf32>, tensor<f32>, tensor<f4E2M1FN>) -> tensor<*xf4E2M1FN>
  return %y : tensor<*xf4E2M1FN>
}

// -----

// Limits come first, so that Round has small numbers; a zero point of 0 moves nothing.
// CHECK-LABEL: func.func @limits_before_rounding
// CHECK-SAME: (%[[X:.+]]: tensor<?xf32>, %[[S:.+]]: tensor<f32>)
func.func @limits_before_rounding(%x: tensor<?xf32>, %s: tensor<f32>) -> tensor<*xui8> {
  %z = onnx.Constant dense<0> : tensor<ui8> -> tensor<ui8>
  // CHECK: %[[D:.+]] = onnx.Div %[[X]], %[[S]]
  // CHECK: %[[LOW:.+]] = onnx.Constant dense<0.000000e+00>
  // CHECK: %[[HIGH:.+]] = onnx.Constant dense<2.550000e+02>
  // CHECK: %[[C:.+]] = onnx.Clip %[[D]], %[[LOW]], %[[HIGH]]
  // CHECK: %[[R:.+]] = onnx.Round %[[C]]
  // CHECK: onnx.Cast %[[R]] {to = 2 : i64}
  %y = onnx.QuantizeLinear %x, %s, %z : (tensor<?xf32>, tensor<f32>, tensor<ui8>) -> tensor<*xui8>
  return %y : tensor<*xui8>
}

// -----

// A zero point that the model says is taken off the limits.
// CHECK-LABEL: func.func @limits_of_a_known_point
// CHECK: onnx.Constant dense<-2.550000e+02>
// CHECK: onnx.Constant dense<0.000000e+00>
// CHECK: %[[C:.+]] = onnx.Clip
// CHECK: %[[R:.+]] = onnx.Round %[[C]]
// CHECK: %[[A:.+]] = onnx.Add %[[R]]
// CHECK: onnx.Cast %[[A]] {to = 3 : i64}
func.func @limits_of_a_known_point(%x: tensor<?xf32>, %s: tensor<f32>) -> tensor<*xi8> {
  %z = onnx.Constant dense<127> : tensor<i8> -> tensor<i8>
  %y = onnx.QuantizeLinear %x, %s, %z : (tensor<?xf32>, tensor<f32>, tensor<i8>) -> tensor<*xi8>
  return %y : tensor<*xi8>
}

// -----

// CHECK-LABEL: func.func @as_integers_of_two_bits
func.func @as_integers_of_two_bits(%x: tensor<?xf32>, %s: tensor<f32>, %z: tensor<i2>) -> tensor<*xi2> {
  // CHECK: onnx.Constant dense<-2.000000e+00>
  // CHECK: onnx.Constant dense<1.000000e+00>
  // CHECK: %[[C:.+]] = onnx.Clip
  // CHECK: onnx.Cast %[[C]] {to = 26 : i64} : (tensor<*xf32>) -> tensor<*xi2>
  %y = onnx.QuantizeLinear %x, %s, %z : (tensor<?xf32>, tensor<f32>, tensor<i2>) -> tensor<*xi2>
  return %y : tensor<*xi2>
}

// -----

// Blocks of floats of six bits, which no operator moves.
// CHECK-LABEL: func.func @blocks_of_six_bits
func.func @blocks_of_six_bits() -> tensor<*xf32> {
  %w = onnx.Constant dense<1.0> : tensor<4x2xf6E3M2FN> -> tensor<4x2xf6E3M2FN>
  %s = onnx.Constant dense<2.0> : tensor<2x2xf8E8M0FNU> -> tensor<2x2xf8E8M0FNU>
  // CHECK: %[[F:.+]] = onnx.Cast %{{.+}} {to = 1 : i64} : (tensor<4x2xf6E3M2FN>) -> tensor<*xf32>
  // CHECK: onnx.Reshape %[[F]]
  // CHECK: onnx.Cast %{{.+}} {to = 1 : i64} : (tensor<2x2xf8E8M0FNU>) -> tensor<*xf32>
  %y = onnx.DequantizeLinear %w, %s {axis = 0 : i64, block_size = 2 : i64} : (tensor<4x2xf6E3M2FN>, tensor<2x2xf8E8M0FNU>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @like_a_float_of_eight_bits
func.func @like_a_float_of_eight_bits(%x: tensor<?xf32>, %t: tensor<1xf8E8M0FNU>) -> tensor<*xf8E8M0FNU> {
  // CHECK: onnx.Cast %arg0 {round_mode = "nearest", saturate = 0 : i64, to = 24 : i64} : (tensor<?xf32>) -> tensor<*xf8E8M0FNU>
  %y = onnx.CastLike %x, %t {round_mode = "nearest", saturate = 0 : i64} : (tensor<?xf32>, tensor<1xf8E8M0FNU>) -> tensor<*xf8E8M0FNU>
  return %y : tensor<*xf8E8M0FNU>
}

// -----

// CHECK-LABEL: func.func @what_is_divided_has_the_precision_of_the_scale
func.func @what_is_divided_has_the_precision_of_the_scale(%x: tensor<?xf32>, %s: tensor<f16>, %z: tensor<i8>) -> tensor<*xi8> {
  // CHECK: %[[HALF:.+]] = onnx.Cast %arg0 {to = 10 : i64}
  // CHECK: %[[WIDE:.+]] = onnx.Cast %[[HALF]] {to = 1 : i64}
  // CHECK: onnx.Div %[[WIDE]]
  %y = onnx.QuantizeLinear %x, %s, %z : (tensor<?xf32>, tensor<f16>, tensor<i8>) -> tensor<*xi8>
  return %y : tensor<*xi8>
}
