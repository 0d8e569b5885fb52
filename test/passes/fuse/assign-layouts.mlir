// RUN: dycc-opt %s --dycc-assign-layouts="panel-widths=24,16 filter-widths=16,24 channel-block=8" | FileCheck %s
// RUN: dycc-opt %s --dycc-assign-layouts="panel-widths=24,16 filter-widths=16,24 channel-block=8 pairs-bf16" | FileCheck %s --check-prefix=PAIRS

!x = tensor<?x3x?x?xf32, #dyn.value<[N, 3, H, W]>>
!y = tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
!t = tensor<?x8x?x?xf32, #dyn.value<[N, 8, 2 * H, 2 * W]>>
!w = tensor<8x3x1x1xf32, #dyn.value<[8, 3, 1, 1]>>
!v = tensor<8x8x1x1xf32, #dyn.value<[8, 8, 1, 1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @H in [0, 64]
dyn.symbol @W in [0, 64]

// CHECK-LABEL: func.func @image_between_convolutions_is_channels_last
// CHECK: %[[P:.+]] = dyn.convert_layout %{{.+}} -> tensor<8x3x1x1xf32, #dyn.value<[8, 3, 1, 1], panels<16>>>
// CHECK: onnx.Conv %arg0, %[[P]] {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W], channels_last<8>>>
// CHECK: onnx.Relu {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W], channels_last<8>>>
// The last one is read by nobody but the caller.
// CHECK: %[[L:.+]] = onnx.Conv {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
// CHECK: return %[[L]]
func.func @image_between_convolutions_is_channels_last(%x: !x) -> !y {
  %w = onnx.Constant dense<1.0> : tensor<8x3x1x1xf32> -> !w
  %v = onnx.Constant dense<1.0> : tensor<8x8x1x1xf32> -> !v
  %a = onnx.Conv %x, %w : (!x, !w) -> !y
  %b = onnx.Relu %a : (!y) -> !y
  %c = onnx.Conv %b, %v : (!y, !v) -> !y
  return %c : !y
}

// A block of one channel would be padding but for one element, and its rows lie
// as those of any other image.
// CHECK-LABEL: func.func @one_channel_is_plain
// CHECK: %[[M:.+]] = onnx.Conv {{.+}} -> tensor<?x1x?x?xf32, #dyn.value<[N, 1, H, W]>>
// CHECK: %[[A:.+]] = onnx.Conv {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W], channels_last<8>>>
// CHECK: onnx.Mul %[[A]], %[[M]] : {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W], channels_last<8>>>
func.func @one_channel_is_plain(%x: !x) -> !y {
  %u = onnx.Constant dense<1.0> : tensor<1x3x1x1xf32> -> tensor<1x3x1x1xf32, #dyn.value<[1, 3, 1, 1]>>
  %w = onnx.Constant dense<1.0> : tensor<8x3x1x1xf32> -> !w
  %v = onnx.Constant dense<1.0> : tensor<8x8x1x1xf32> -> !v
  %m = onnx.Conv %x, %u : (!x, tensor<1x3x1x1xf32, #dyn.value<[1, 3, 1, 1]>>) -> tensor<?x1x?x?xf32, #dyn.value<[N, 1, H, W]>>
  %a = onnx.Conv %x, %w : (!x, !w) -> !y
  %b = onnx.Mul %a, %m : (!y, tensor<?x1x?x?xf32, #dyn.value<[N, 1, H, W]>>) -> !y
  %c = onnx.Conv %b, %v : (!y, !v) -> !y
  return %c : !y
}

// Channels that move into rows and columns stay innermost for who reads blocks of them.
// CHECK-LABEL: func.func @shuffled_image_is_channels_last
// CHECK: onnx.Conv {{.+}} -> tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W], channels_last<8>>>
// CHECK: onnx.DepthToSpace {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, 2 * H, 2 * W], channels_last<8>>>
func.func @shuffled_image_is_channels_last(%x: !x) -> !t {
  %w = onnx.Constant dense<1.0> : tensor<32x3x1x1xf32> -> tensor<32x3x1x1xf32, #dyn.value<[32, 3, 1, 1]>>
  %v = onnx.Constant dense<1.0> : tensor<8x8x1x1xf32> -> !v
  %a = onnx.Conv %x, %w : (!x, tensor<32x3x1x1xf32, #dyn.value<[32, 3, 1, 1]>>) -> tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W]>>
  %b = onnx.DepthToSpace %a {blocksize = 2} : (tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W]>>) -> !t
  %c = onnx.Conv %b, %v : (!t, !v) -> !t
  return %c : !t
}

// Where nobody does, the convolution before them writes rows.
// CHECK-LABEL: func.func @shuffled_result_is_plain
// CHECK: onnx.Conv {{.+}} -> tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W]>>
// CHECK: onnx.DepthToSpace {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, 2 * H, 2 * W]>>
func.func @shuffled_result_is_plain(%x: !x) -> !t {
  %w = onnx.Constant dense<1.0> : tensor<32x3x1x1xf32> -> tensor<32x3x1x1xf32, #dyn.value<[32, 3, 1, 1]>>
  %a = onnx.Conv %x, %w : (!x, tensor<32x3x1x1xf32, #dyn.value<[32, 3, 1, 1]>>) -> tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W]>>
  %b = onnx.DepthToSpace %a {blocksize = 2} : (tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W]>>) -> !t
  return %b : !t
}

// Two channels would be padding for the most part of a block.
// CHECK-LABEL: func.func @few_channels_are_plain
// CHECK: onnx.Conv {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
// CHECK: onnx.DepthToSpace {{.+}} -> tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>>
func.func @few_channels_are_plain(%x: !x) -> tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>> {
  %w = onnx.Constant dense<1.0> : tensor<8x3x1x1xf32> -> !w
  %a = onnx.Conv %x, %w : (!x, !w) -> !y
  %b = onnx.DepthToSpace %a {blocksize = 2} : (!y) -> tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>>
  %c = onnx.Relu %b : (tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>>) -> tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>>
  return %c : tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>>
}

// CHECK-LABEL: func.func @view_reads_a_plain_tensor
// CHECK: %[[C:.+]] = onnx.Conv
// CHECK: %[[Q:.+]] = dyn.convert_layout %[[C]]
// CHECK: dyn.view %[[Q]]
func.func @view_reads_a_plain_tensor(%x: !x) -> (tensor<?xf32, #dyn.value<[8 * H * N * W]>>, !y) {
  %w = onnx.Constant dense<1.0> : tensor<8x3x1x1xf32> -> !w
  %a = onnx.Conv %x, %w : (!x, !w) -> !y
  %v = dyn.view %a : !y -> tensor<?xf32, #dyn.value<[8 * H * N * W]>>
  %b = onnx.Relu %a : (!y) -> !y
  return %v, %b : tensor<?xf32, #dyn.value<[8 * H * N * W]>>, !y
}

// CHECK-LABEL: func.func @integers_lie_in_groups
// CHECK: %[[P:.+]] = dyn.convert_layout %{{.+}} -> tensor<8x3xi8, #dyn.value<[8, 3], panels<16, group 4>>>
// CHECK: onnx.MatMulInteger %arg0, %[[P]]
func.func @integers_lie_in_groups(%x: tensor<?x8xui8, #dyn.value<[N, 8]>>) -> tensor<?x3xi32, #dyn.value<[N, 3]>> {
  %w = onnx.Constant dense<1> : tensor<8x3xi8> -> tensor<8x3xi8, #dyn.value<[8, 3]>>
  %a = onnx.MatMulInteger %x, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x8xui8, #dyn.value<[N, 8]>>, tensor<8x3xi8, #dyn.value<[8, 3]>>) -> tensor<?x3xi32, #dyn.value<[N, 3]>>
  return %a : tensor<?x3xi32, #dyn.value<[N, 3]>>
}

// Integers of four bits, two of a column in a byte; scales in panels of as many columns. Each
// product has what it dequantises to itself.
// CHECK-LABEL: func.func @right_sides_are_dequantised_for_each_product
// CHECK-DAG: %[[S:.+]] = dyn.convert_layout %{{.+}} -> tensor<2x3xf32, #dyn.value<[2, 3], panels<16>>>
// CHECK-DAG: %[[Q:.+]] = dyn.convert_layout %{{.+}} -> tensor<8x3xui4, #dyn.value<[8, 3], panels<16, group 2>>>
// CHECK: %[[A:.+]] = onnx.DequantizeLinear %[[Q]], %[[S]], %[[P:.+]] {
// CHECK: onnx.MatMul %arg0, %[[A]]
// CHECK: %[[B:.+]] = onnx.DequantizeLinear %[[Q]], %[[S]], %[[P]] {
// CHECK: onnx.Gemm %arg0, %[[B]]
func.func @right_sides_are_dequantised_for_each_product(%x: tensor<?x8xf32, #dyn.value<[N, 8]>>) -> (tensor<?x3xf32, #dyn.value<[N, 3]>>, tensor<?x3xf32, #dyn.value<[N, 3]>>) {
  %q = onnx.Constant dense<1> : tensor<8x3xui4> -> tensor<8x3xui4, #dyn.value<[8, 3]>>
  %s = onnx.Constant dense<0.5> : tensor<2x3xf32> -> tensor<2x3xf32, #dyn.value<[2, 3]>>
  %p = onnx.Constant dense<7> : tensor<ui4> -> tensor<ui4, #dyn.value<[]>>
  %w = onnx.DequantizeLinear %q, %s, %p {axis = 0 : i64, block_size = 4 : i64} : (tensor<8x3xui4, #dyn.value<[8, 3]>>, tensor<2x3xf32, #dyn.value<[2, 3]>>, tensor<ui4, #dyn.value<[]>>) -> tensor<8x3xf32, #dyn.value<[8, 3]>>
  %a = onnx.MatMul %x, %w : (tensor<?x8xf32, #dyn.value<[N, 8]>>, tensor<8x3xf32, #dyn.value<[8, 3]>>) -> tensor<?x3xf32, #dyn.value<[N, 3]>>
  %b = onnx.Gemm %x, %w : (tensor<?x8xf32, #dyn.value<[N, 8]>>, tensor<8x3xf32, #dyn.value<[8, 3]>>) -> tensor<?x3xf32, #dyn.value<[N, 3]>>
  return %a, %b : tensor<?x3xf32, #dyn.value<[N, 3]>>, tensor<?x3xf32, #dyn.value<[N, 3]>>
}

// The sums are an image; five channels are a group and one in another.
// CHECK-LABEL: func.func @filters_of_integers_lie_in_groups
// CHECK: %[[P:.+]] = dyn.convert_layout %{{.+}} -> tensor<16x5x1x1xi8, #dyn.value<[16, 5, 1, 1], panels<16, group 4>>>
// CHECK: onnx.ConvInteger %arg0, %[[P]] {{.+}} -> tensor<?x16x?x?xi32, #dyn.value<[N, 16, H, W], channels_last<8>>>
func.func @filters_of_integers_lie_in_groups(%x: tensor<?x5x?x?xui8, #dyn.value<[N, 5, H, W]>>) -> tensor<?x16x?x?xi32, #dyn.value<[N, 16, H, W]>> {
  %w = onnx.Constant dense<1> : tensor<16x5x1x1xi8> -> tensor<16x5x1x1xi8, #dyn.value<[16, 5, 1, 1]>>
  %a = onnx.ConvInteger %x, %w {onnx.padded_with_point, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x5x?x?xui8, #dyn.value<[N, 5, H, W]>>, tensor<16x5x1x1xi8, #dyn.value<[16, 5, 1, 1]>>) -> tensor<?x16x?x?xi32, #dyn.value<[N, 16, H, W]>>
  %b = onnx.Relu %a : (tensor<?x16x?x?xi32, #dyn.value<[N, 16, H, W]>>) -> tensor<?x16x?x?xi32, #dyn.value<[N, 16, H, W]>>
  return %b : tensor<?x16x?x?xi32, #dyn.value<[N, 16, H, W]>>
}

// A filter for one channel sums up nothing that lies together.
// CHECK-LABEL: func.func @filters_of_a_channel_each_lie_alone
// CHECK: dyn.convert_layout %{{.+}} -> tensor<16x1x3x3xi8, #dyn.value<[16, 1, 3, 3], panels<16>>>
func.func @filters_of_a_channel_each_lie_alone(%x: tensor<?x16x?x?xui8, #dyn.value<[N, 16, H, W]>>) -> tensor<?x16x?x?xi32, #dyn.value<[N, 16, H - 2, W - 2]>> {
  %w = onnx.Constant dense<1> : tensor<16x1x3x3xi8> -> tensor<16x1x3x3xi8, #dyn.value<[16, 1, 3, 3]>>
  %a = onnx.ConvInteger %x, %w {group = 16 : i64, onnx.padded_with_point, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x16x?x?xui8, #dyn.value<[N, 16, H, W]>>, tensor<16x1x3x3xi8, #dyn.value<[16, 1, 3, 3]>>) -> tensor<?x16x?x?xi32, #dyn.value<[N, 16, H - 2, W - 2]>>
  return %a : tensor<?x16x?x?xi32, #dyn.value<[N, 16, H - 2, W - 2]>>
}

// Sixteen channels per panel would leave half of the second one empty.
// CHECK-LABEL: func.func @filters_waste_little
// CHECK: dyn.convert_layout %{{.+}} panels<24>>>
func.func @filters_waste_little(%x: !x) -> tensor<?x24x?x?xf32, #dyn.value<[N, 24, H, W]>> {
  %w = onnx.Constant dense<1.0> : tensor<24x3x1x1xf32> -> tensor<24x3x1x1xf32, #dyn.value<[24, 3, 1, 1]>>
  %a = onnx.Conv %x, %w : (!x, tensor<24x3x1x1xf32, #dyn.value<[24, 3, 1, 1]>>) -> tensor<?x24x?x?xf32, #dyn.value<[N, 24, H, W]>>
  return %a : tensor<?x24x?x?xf32, #dyn.value<[N, 24, H, W]>>
}

// The parts of an image are images.
// CHECK-LABEL: func.func @parts_keep_the_order
// CHECK: onnx.Split {{.+}} -> (tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W], channels_last<8>>>, tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W], channels_last<8>>>)
func.func @parts_keep_the_order(%x: !x) -> (tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>, tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>) {
  %w = onnx.Constant dense<1.0> : tensor<8x3x1x1xf32> -> !w
  %s = onnx.Constant dense<4> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  %a = onnx.Conv %x, %w : (!x, !w) -> !y
  %b, %c = onnx.Split %a, %s {axis = 1 : i64} : (!y, tensor<2xi64, #dyn.value<[2]>>) -> (tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>, tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>)
  %d = onnx.Relu %b : (tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>) -> tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>
  %e = onnx.Relu %c : (tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>) -> tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>
  return %d, %e : tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>, tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, W]>>
}

// With dot products of bf16 matrices and filters have pairs of a column together; an odd depth,
// groups and a left side that is transposed have none.
// CHECK-LABEL: func.func @bf16_lies_in_pairs
// PAIRS-LABEL: func.func @bf16_lies_in_pairs
// CHECK: tensor<8x3xbf16, #dyn.value<[8, 3], panels<16>>>
// PAIRS: tensor<8x3xbf16, #dyn.value<[8, 3], panels<16, group 2>>>
// PAIRS: tensor<7x3xbf16, #dyn.value<[7, 3], panels<16>>>
func.func @bf16_lies_in_pairs(%x: tensor<?x8xbf16, #dyn.value<[N, 8]>>, %z: tensor<?x7xbf16, #dyn.value<[N, 7]>>) -> (tensor<?x3xbf16, #dyn.value<[N, 3]>>, tensor<?x3xbf16, #dyn.value<[N, 3]>>) {
  %w = onnx.Constant dense<1.0> : tensor<8x3xbf16> -> tensor<8x3xbf16, #dyn.value<[8, 3]>>
  %v = onnx.Constant dense<1.0> : tensor<7x3xbf16> -> tensor<7x3xbf16, #dyn.value<[7, 3]>>
  %a = onnx.MatMul %x, %w : (tensor<?x8xbf16, #dyn.value<[N, 8]>>, tensor<8x3xbf16, #dyn.value<[8, 3]>>) -> tensor<?x3xbf16, #dyn.value<[N, 3]>>
  %b = onnx.Gemm %z, %v : (tensor<?x7xbf16, #dyn.value<[N, 7]>>, tensor<7x3xbf16, #dyn.value<[7, 3]>>) -> tensor<?x3xbf16, #dyn.value<[N, 3]>>
  return %a, %b : tensor<?x3xbf16, #dyn.value<[N, 3]>>, tensor<?x3xbf16, #dyn.value<[N, 3]>>
}

// PAIRS-LABEL: func.func @filters_of_bf16_lie_in_pairs
// PAIRS: tensor<16x4x1x1xbf16, #dyn.value<[16, 4, 1, 1], panels<16, group 2>>>
// PAIRS: tensor<16x2x1x1xbf16, #dyn.value<[16, 2, 1, 1], panels<16>>>
func.func @filters_of_bf16_lie_in_pairs(%x: tensor<?x4x?x?xbf16, #dyn.value<[N, 4, H, W]>>) -> (tensor<?x16x?x?xbf16, #dyn.value<[N, 16, H, W]>>, tensor<?x16x?x?xbf16, #dyn.value<[N, 16, H, W]>>) {
  %w = onnx.Constant dense<1.0> : tensor<16x4x1x1xbf16> -> tensor<16x4x1x1xbf16, #dyn.value<[16, 4, 1, 1]>>
  %v = onnx.Constant dense<1.0> : tensor<16x2x1x1xbf16> -> tensor<16x2x1x1xbf16, #dyn.value<[16, 2, 1, 1]>>
  %a = onnx.Conv %x, %w : (tensor<?x4x?x?xbf16, #dyn.value<[N, 4, H, W]>>, tensor<16x4x1x1xbf16, #dyn.value<[16, 4, 1, 1]>>) -> tensor<?x16x?x?xbf16, #dyn.value<[N, 16, H, W]>>
  %b = onnx.Conv %x, %v {group = 2 : i64} : (tensor<?x4x?x?xbf16, #dyn.value<[N, 4, H, W]>>, tensor<16x2x1x1xbf16, #dyn.value<[16, 2, 1, 1]>>) -> tensor<?x16x?x?xbf16, #dyn.value<[N, 16, H, W]>>
  return %a, %b : tensor<?x16x?x?xbf16, #dyn.value<[N, 16, H, W]>>, tensor<?x16x?x?xbf16, #dyn.value<[N, 16, H, W]>>
}
