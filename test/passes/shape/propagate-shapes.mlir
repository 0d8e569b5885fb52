// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file | FileCheck %s

// CHECK: dyn.symbol @N in [0, 2147483647]
// CHECK: dyn.symbol @H in [0, 2147483647]
// CHECK: dyn.symbol @x_3 in [0, 2147483647]
// CHECK-LABEL: func.func @named_and_unnamed_extents_become_symbols
// CHECK-SAME: tensor<?x3x?x?xf32, #dyn.value<[N, 3, H, x_3]>>
func.func @named_and_unnamed_extents_become_symbols(
    %x: tensor<?x3x?x?xf32> {onnx.name = "x", dyn.dims = ["N", 3, "H", unit]})
    -> tensor<*xf32> {
  // CHECK: onnx.Relu %{{.+}} -> tensor<?x3x?x?xf32, #dyn.value<[N, 3, H, x_3]>>
  %y = onnx.Relu %x : (tensor<?x3x?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

dyn.symbol @H in [16, 1080] multiple 4
// CHECK: dyn.symbol @H in [16, 1080] multiple 4
// CHECK-NOT: dyn.symbol @H
// CHECK-LABEL: func.func @facts_simplify
func.func @facts_simplify(%x: tensor<?xf32> {dyn.dims = ["H"]},
    %w: tensor<1x1x4xf32>) -> tensor<*xf32> {
  %axes = onnx.Constant dense<[0, 1]> : tensor<2xi64>
  %u = onnx.Unsqueeze %x, %axes : (tensor<?xf32>, tensor<2xi64>) -> tensor<*xf32>
  // CHECK: onnx.Conv {{.+}} #dyn.value<[1, 1, H floordiv 4]>>
  %c = onnx.Conv %u, %w {strides = array<i64: 4>} : (tensor<*xf32>, tensor<1x1x4xf32>) -> tensor<*xf32>
  // CHECK: onnx.ConvTranspose {{.+}} #dyn.value<[1, 1, H]>>
  %t = onnx.ConvTranspose %c, %w {strides = array<i64: 4>} : (tensor<*xf32>, tensor<1x1x4xf32>) -> tensor<*xf32>
  return %t : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @windows
func.func @windows(%x: tensor<?x8x?x?xf32> {dyn.dims = ["N", 8, "H", "W"]},
    %w: tensor<16x8x3x3xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Conv {{.+}} -> tensor<?x16x?x?xf32, #dyn.value<[N, 16, (H + 1) floordiv 2, W]>>
  %c = onnx.Conv %x, %w {strides = array<i64: 2, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<?x8x?x?xf32>, tensor<16x8x3x3xf32>) -> tensor<*xf32>
  // CHECK: onnx.MaxPool {{.+}} #dyn.value<[N, 16, (H + 1) floordiv 4, W floordiv 2]>>
  %p = onnx.MaxPool %c {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.AveragePool {{.+}} #dyn.value<[N, 16, (H + 1) floordiv 4, (W + 2) floordiv 4]>>
  %a = onnx.AveragePool %p {kernel_shape = array<i64: 3, 3>, strides = array<i64: 1, 2>, auto_pad = "SAME_UPPER"} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.GlobalAveragePool {{.+}} -> tensor<?x16x1x1xf32, #dyn.value<[N, 16, 1, 1]>>
  %g = onnx.GlobalAveragePool %a : (tensor<*xf32>) -> tensor<*xf32>
  return %g : tensor<*xf32>
}

// -----

// The chain that exporters write for a flatten keeps the batch.
// CHECK-LABEL: func.func @shape_chain
func.func @shape_chain(%x: tensor<?x4x?xf32> {dyn.dims = ["N", 4, "W"]}) -> tensor<*xf32> {
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  %rest = onnx.Constant dense<-1> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?x4x?xf32>) -> tensor<*xi64>
  %n = onnx.Gather %s, %zero : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %t = onnx.Concat %n, %rest {axis = 0 : i64} : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  // CHECK: onnx.Reshape {{.+}} -> tensor<?x?xf32, #dyn.value<[N, 4 * W]>>
  %y = onnx.Reshape %x, %t : (tensor<?x4x?xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Two names that are equal or of which one is 1: the result has one name,
// however often and in whatever order they meet.
// CHECK: dyn.symbol @d0 in [0, 2147483647] is ite(eq(N, 1), M, N)
// CHECK-NOT: dyn.symbol
// CHECK-LABEL: func.func @two_symbols_broadcast
func.func @two_symbols_broadcast(%x: tensor<?xf32> {dyn.dims = ["N"]},
    %y: tensor<?xf32> {dyn.dims = ["M"]}) -> tensor<*xf32> {
  // CHECK: onnx.Add {{.+}} #dyn.value<[d0]>>
  %z = onnx.Add %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  // CHECK: onnx.Mul {{.+}} -> tensor<?xf32, #dyn.value<[d0]>>
  %u = onnx.Mul %y, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sub {{.+}} -> tensor<?xf32, #dyn.value<[d0]>>
  %v = onnx.Sub %u, %x : (tensor<*xf32>, tensor<?xf32>) -> tensor<*xf32>
  // CHECK: onnx.Div {{.+}} -> tensor<?xf32, #dyn.value<[d0]>>
  %w = onnx.Div %v, %z : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %w : tensor<*xf32>
}

// -----

// Of three names, too.
// CHECK: dyn.symbol @d0 in [0, 2147483647] is ite(eq(N, 1), M, N)
// CHECK: dyn.symbol @d1 in [0, 2147483647] is ite(eq(d0, 1), K, d0)
// CHECK-NOT: dyn.symbol
// CHECK-LABEL: func.func @three_symbols_broadcast
func.func @three_symbols_broadcast(%x: tensor<?xf32> {dyn.dims = ["N"]},
    %y: tensor<?xf32> {dyn.dims = ["M"]},
    %z: tensor<?xf32> {dyn.dims = ["K"]}) -> tensor<*xf32> {
  %u = onnx.Add %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  // CHECK: onnx.Mul {{.+}} -> tensor<?xf32, #dyn.value<[d1]>>
  %v = onnx.Mul %u, %z : (tensor<*xf32>, tensor<?xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sub {{.+}} -> tensor<?xf32, #dyn.value<[d1]>>
  %w = onnx.Sub %z, %u : (tensor<?xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Div {{.+}} -> tensor<?xf32, #dyn.value<[d1]>>
  %q = onnx.Div %v, %w : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %q : tensor<*xf32>
}

// -----

dyn.symbol @N in [2, 64]
dyn.symbol @M in [2, 128]
// CHECK-LABEL: func.func @extents_that_cannot_be_one_are_equal
func.func @extents_that_cannot_be_one_are_equal(%x: tensor<?xf32> {dyn.dims = ["N"]},
    %y: tensor<?xf32> {dyn.dims = ["M"]}) -> tensor<*xf32> {
  // CHECK: onnx.Add {{.+}} -> tensor<?xf32, #dyn.value<[M]>>
  %z = onnx.Add %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// Positions that are cut to the length are 1 where the length is: equal, or
// the model cannot run.
// CHECK-LABEL: func.func @extents_that_are_one_together_are_equal
func.func @extents_that_are_one_together_are_equal(%x: tensor<?x8xf32> {dyn.dims = ["S", 8]}, %p: tensor<64x8xf32>) -> tensor<*xf32> {
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  %one = onnx.Constant dense<1> : tensor<1xi64>
  %shape = onnx.Shape %x : (tensor<?x8xf32>) -> tensor<*xi64>
  %s = onnx.Slice %shape, %zero, %one {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<*xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xi64>
  // CHECK: onnx.Slice {{.+}} -> tensor<?x8xf32, #dyn.value<[min(64, S), 8]>>
  %cut = onnx.Slice %p, %zero, %s, %zero {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>} : (tensor<64x8xf32>, tensor<1xi64>, tensor<*xi64>, tensor<1xi64>) -> tensor<*xf32>
  // CHECK: onnx.Add {{.+}} -> tensor<?x8xf32, #dyn.value<[S, 8]>>
  %y = onnx.Add %x, %cut : (tensor<?x8xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// The detour that exporters write around the pads of a Pad.
// CHECK-LABEL: func.func @reversed_pads
func.func @reversed_pads(%x: tensor<?x?xf32> {dyn.dims = ["N", "W"]}) -> tensor<*xf32> {
  %given = onnx.Constant dense<[0, 64, 0, 0]> : tensor<4xi64>
  %pairs = onnx.Constant dense<[-1, 2]> : tensor<2xi64>
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  %minus = onnx.Constant dense<-1> : tensor<1xi64>
  %begin = onnx.Constant dense<-9223372036854775807> : tensor<1xi64>
  %r = onnx.Reshape %given, %pairs : (tensor<4xi64>, tensor<2xi64>) -> tensor<*xi64>
  %s = onnx.Slice %r, %minus, %begin, %zero, %minus {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xi64>
  %t = onnx.Transpose %s {perm = array<i64: 1, 0>} : (tensor<*xi64>) -> tensor<*xi64>
  %pads = onnx.Reshape %t, %minus : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  // CHECK: onnx.Pad {{.+}} -> tensor<?x?xf32, #dyn.value<[N, W + 64]>>
  %y = onnx.Pad %x, %pads {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x?xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
