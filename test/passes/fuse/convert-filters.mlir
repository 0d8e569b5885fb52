// RUN: dycc-opt %s --dycc-convert-filters | FileCheck %s
// RUN: dycc-opt %s --dycc-convert-filters="winograd=off" | FileCheck %s --check-prefix=OFF
// RUN: dycc-opt %s --dycc-convert-filters="pairs-bf16" | FileCheck %s --check-prefix=PAIRS
// RUN: dycc-opt %s --dycc-convert-filters --remarks-filter=layout --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// OFF-NOT: onnx.Cast
!x = tensor<?x32x?x?xf16, #dyn.value<[N, 32, H, W]>>
!w = tensor<32x32x3x3xf16, #dyn.value<[32, 32, 3, 3]>>
!b = tensor<32xf16, #dyn.value<[32]>>
!bx = tensor<?x32x?x?xbf16, #dyn.value<[N, 32, H, W]>>
!bw = tensor<32x32x3x3xbf16, #dyn.value<[32, 32, 3, 3]>>
dyn.symbol @N in [0, 64]
dyn.symbol @H in [2, 64]
dyn.symbol @W in [2, 64]

// What is constant is f32 from now on, what is not is cast.
// REMARK: stores its filter in f32 for Winograd's filtering
// CHECK-LABEL: func.func @filter_and_bias
// CHECK-DAG: %[[W:.+]] = onnx.Constant dense_resource<{{.+}}> : tensor<32x32x3x3xf32>
// CHECK-DAG: %[[B:.+]] = onnx.Constant dense<2.500000e-01> : tensor<32xf32>
// CHECK: %[[X:.+]] = onnx.Cast %arg0 {to = 1 : i64}
// CHECK: %[[Y:.+]] = onnx.Conv %[[X]], %[[W]], %[[B]] {{.+}} -> tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W]>>
// CHECK: %[[R:.+]] = onnx.Cast %[[Y]] {to = 10 : i64}
// CHECK: onnx.Relu %[[R]]
func.func @filter_and_bias(%x: !x) -> !x {
  %w = onnx.Constant dense<1.5> : tensor<32x32x3x3xf16> -> !w
  %b = onnx.Constant dense<0.25> : tensor<32xf16> -> !b
  %y = onnx.Conv %x, %w, %b {pads = array<i64: 1, 1, 1, 1>} : (!x, !w, !b) -> !x
  %r = onnx.Relu %y : (!x) -> !x
  return %r : !x
}

// One filter of two convolutions stays one; a bias that is no constant is cast.
// CHECK-LABEL: func.func @shared
// CHECK: %[[W:.+]] = onnx.Constant dense_resource<{{.+}}> : tensor<32x32x3x3xf32>
// CHECK-NOT: onnx.Constant {{.+}}xf32>
// CHECK: onnx.Cast %arg1 {to = 1 : i64}
// CHECK: onnx.Conv {{.+}}, %[[W]], {{.+}}
// CHECK: onnx.Cast {{.+}} {to = 16 : i64}
// CHECK: onnx.Conv {{.+}}, %[[W]] {
func.func @shared(%x: !bx, %b: tensor<32xbf16, #dyn.value<[32]>>) -> !bx {
  %w = onnx.Constant dense<1.5> : tensor<32x32x3x3xbf16> -> !bw
  %y = onnx.Conv %x, %w, %b {pads = array<i64: 1, 1, 1, 1>} : (!bx, !bw, tensor<32xbf16, #dyn.value<[32]>>) -> !bx
  %z = onnx.Conv %y, %w {pads = array<i64: 1, 1, 1, 1>} : (!bx, !bw) -> !bx
  return %z : !bx
}

// CHECK-LABEL: func.func @without_winograd
// CHECK-NOT: onnx.Cast
func.func @without_winograd(%x: !x) -> tensor<?x32x?x?xf16, #dyn.value<[N, 32, (H + 1) floordiv 2, (W + 1) floordiv 2]>> {
  %w = onnx.Constant dense<1.0> : tensor<32x32x3x3xf16> -> !w
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (!x, !w) -> tensor<?x32x?x?xf16, #dyn.value<[N, 32, (H + 1) floordiv 2, (W + 1) floordiv 2]>>
  return %y : tensor<?x32x?x?xf16, #dyn.value<[N, 32, (H + 1) floordiv 2, (W + 1) floordiv 2]>>
}

// CHECK-LABEL: func.func @filter_is_an_operand
// CHECK-NOT: onnx.Cast
func.func @filter_is_an_operand(%x: !x, %w: !w) -> !x {
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (!x, !w) -> !x
  return %y : !x
}

// Few pixels are faster in dot products of bf16, where there are some.
// CHECK-LABEL: func.func @few_pixels
// CHECK: onnx.Conv {{.+}}xf32
// PAIRS-LABEL: func.func @few_pixels
// PAIRS-NOT: onnx.Cast
// PAIRS: return
func.func @few_pixels(%x: tensor<?x32x7x7xbf16, #dyn.value<[N, 32, 7, 7]>>) -> tensor<?x32x7x7xbf16, #dyn.value<[N, 32, 7, 7]>> {
  %w = onnx.Constant dense<1.5> : tensor<32x32x3x3xbf16> -> !bw
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<?x32x7x7xbf16, #dyn.value<[N, 32, 7, 7]>>, !bw) -> tensor<?x32x7x7xbf16, #dyn.value<[N, 32, 7, 7]>>
  return %y : tensor<?x32x7x7xbf16, #dyn.value<[N, 32, 7, 7]>>
}
