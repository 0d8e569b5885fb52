// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @concat_adds
func.func @concat_adds(%x: tensor<?x?xf32> {dyn.dims = ["N", "W"]}, %y: tensor<?x3xf32> {dyn.dims = ["N", 3]}) -> tensor<*xf32> {
  // CHECK: onnx.Concat {{.+}} #dyn.value<[N, W + 3]>>
  %z = onnx.Concat %x, %y {axis = -1 : i64} : (tensor<?x?xf32>, tensor<?x3xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @shuffles
func.func @shuffles(%x: tensor<?x8x?x?xf32> {dyn.dims = ["N", 8, "H", "W"]}) -> tensor<*xf32> {
  // CHECK: onnx.DepthToSpace {{.+}} -> tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>>
  %d = onnx.DepthToSpace %x {blocksize = 2 : i64} : (tensor<?x8x?x?xf32>) -> tensor<*xf32>
  // CHECK: onnx.SpaceToDepth {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
  %s = onnx.SpaceToDepth %d {blocksize = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Transpose {{.+}} -> tensor<?x?x?x8xf32, #dyn.value<[N, H, W, 8]>>
  %t = onnx.Transpose %s {perm = array<i64: 0, 2, 3, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Flatten {{.+}} -> tensor<?x?xf32, #dyn.value<[H * N, 8 * W]>>
  %f = onnx.Flatten %t {axis = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return %f : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @slices
func.func @slices(%x: tensor<?x?xf32> {dyn.dims = ["N", "W"]}) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  %one = onnx.Constant dense<1> : tensor<1xi64>
  %two = onnx.Constant dense<2> : tensor<1xi64>
  %minus = onnx.Constant dense<-1> : tensor<1xi64>
  %end = onnx.Constant dense<9223372036854775807> : tensor<1xi64>
  %begin = onnx.Constant dense<-9223372036854775807> : tensor<1xi64>
  // All but the first: at an extent of 0 there is nothing to leave out.
  // CHECK: onnx.Slice {{.+}} #dyn.value<[N, W - min(1, W)]>>
  %a = onnx.Slice %x, %one, %end, %one {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>} : (tensor<?x?xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  // Every second one.
  // CHECK: onnx.Slice {{.+}} #dyn.value<[(N + 1) floordiv 2, W]>>
  %b = onnx.Slice %x, %zero, %end, %zero, %two {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<?x?xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  // Backwards.
  // CHECK: onnx.Slice {{.+}} #dyn.value<[N, W]>>
  %c = onnx.Slice %x, %minus, %begin, %one, %minus {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<?x?xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  return %a, %b, %c : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
}

// -----

dyn.symbol @W in [4, 64] multiple 2
// CHECK-LABEL: func.func @splits_and_pads
func.func @splits_and_pads(%x: tensor<?x?xf32> {dyn.dims = ["N", "W"]}) -> tensor<*xf32> {
  // CHECK: onnx.Split {{.+}} -> (tensor<?x?xf32, #dyn.value<[N, W floordiv 2]>>, tensor<?x?xf32, #dyn.value<[N, W floordiv 2]>>)
  %a:2 = onnx.Split %x {axis = 1 : i64, num_outputs = 2 : i64} : (tensor<?x?xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %pads = onnx.Constant dense<[0, 1, 0, 2]> : tensor<4xi64>
  // CHECK: onnx.Pad {{.+}} #dyn.value<[N, W floordiv 2 + 3]>>
  %p = onnx.Pad %a#0, %pads {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<*xf32>, tensor<4xi64>) -> tensor<*xf32>
  %r = onnx.Constant dense<[2, 1]> : tensor<2xi64>
  // CHECK: onnx.Tile {{.+}} #dyn.value<[2 * N, W floordiv 2 + 3]>>
  %t = onnx.Tile %p, %r : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %t : tensor<*xf32>
}

// -----

dyn.symbol @H in [0, 4096]
// CHECK-LABEL: func.func @resizes
func.func @resizes(%x: tensor<1x3x?xf32> {dyn.dims = [1, 3, "H"]}) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
  %twice = onnx.Constant dense<[1.0, 1.0, 2.0]> : tensor<3xf32>
  %quarter = onnx.Constant dense<[1.0, 1.0, 0.25]> : tensor<3xf32>
  %odd = onnx.Constant dense<[1.0, 1.0, 0.3]> : tensor<3xf32>
  // CHECK: onnx.Resize {{.+}} #dyn.value<[1, 3, 2 * H]>>
  %a = onnx.Resize %x, %twice {operandSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<1x3x?xf32>, tensor<3xf32>) -> tensor<*xf32>
  // CHECK: onnx.Resize {{.+}} #dyn.value<[1, 3, H floordiv 4]>>
  %b = onnx.Resize %x, %quarter {operandSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<1x3x?xf32>, tensor<3xf32>) -> tensor<*xf32>
  // A scale that f32 does not hold rounds as it does at run time.
  // CHECK: onnx.Resize {{.+}} #dyn.value<[1, 3, to_int(f32_floor(f32_mul(to_f32(H), f32(3.0e-01))))]>>
  %c = onnx.Resize %x, %odd {operandSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<1x3x?xf32>, tensor<3xf32>) -> tensor<*xf32>
  // A crop moves what is read, the scales alone give the extents.
  %roi = onnx.Constant dense<[0.0, 0.0, 0.25, 1.0, 1.0, 0.75]> : tensor<6xf32>
  // CHECK: onnx.Resize {{.+}} #dyn.value<[1, 3, 2 * H]>>
  %d = onnx.Resize %x, %roi, %twice {coordinate_transformation_mode = "tf_crop_and_resize", operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<1x3x?xf32>, tensor<6xf32>, tensor<3xf32>) -> tensor<*xf32>
  return %a, %b, %c : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @products
func.func @products(%x: tensor<?x?x64xf32> {dyn.dims = ["N", "S", 64]}, %w: tensor<64x32xf32>) -> tensor<*xf32> {
  // CHECK: onnx.MatMul {{.+}} -> tensor<?x?x32xf32, #dyn.value<[N, S, 32]>>
  %q = onnx.MatMul %x, %w : (tensor<?x?x64xf32>, tensor<64x32xf32>) -> tensor<*xf32>
  // CHECK: onnx.Einsum {{.+}} -> tensor<?x?x?xf32, #dyn.value<[N, S, S]>>
  %s = onnx.Einsum %q, %q {equation = "bik, bjk -> bij"} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %axes = onnx.Constant dense<-1> : tensor<1xi64>
  // CHECK: onnx.ReduceMax {{.+}} -> tensor<?x?x1xf32, #dyn.value<[N, S, 1]>>
  %m = onnx.ReduceMax %s, %axes : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
  // CHECK: onnx.Sub {{.+}} -> tensor<?x?x?xf32, #dyn.value<[N, S, S]>>
  %d = onnx.Sub %s, %m : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %d : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @recurrent
func.func @recurrent(%x: tensor<?x?x10xf32> {dyn.dims = ["T", "N", 10]}, %w: tensor<2x32x10xf32>, %r: tensor<2x32x8xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: onnx.LSTM {{.+}} -> (tensor<?x2x?x8xf32, #dyn.value<[T, 2, N, 8]>>, tensor<2x?x8xf32, #dyn.value<[2, N, 8]>>)
  %y:2 = onnx.LSTM %x, %w, %r {direction = "bidirectional", hidden_size = 8 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 0>} : (tensor<?x?x10xf32>, tensor<2x32x10xf32>, tensor<2x32x8xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y#0, %y#1 : tensor<*xf32>, tensor<*xf32>
}
