// RUN: dycc-opt %s --dycc-assign-layouts="filter-widths=16,24" --dycc-form-groups | FileCheck %s

!x = tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
!a = tensor<?x24x?x?xf32, #dyn.value<[N, 24, H, W]>>
!f = tensor<24x8x1x1xf32, #dyn.value<[24, 8, 1, 1]>>
!g = tensor<8x24x1x1xf32, #dyn.value<[8, 24, 1, 1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @H in [2, 64]
dyn.symbol @W in [2, 64]

// Panels of one width: 8 filters of 24 leave less of 16 empty than 24 of 8 do of
// 24.
// CHECK-LABEL: func.func @chain
// CHECK-COUNT-2: panels<16>
// CHECK: dyn.group
// CHECK: onnx.Conv
// CHECK-NEXT: onnx.Relu
// CHECK-NEXT: onnx.Conv
// CHECK-NEXT: onnx.Add
// CHECK-NEXT: dyn.yield
func.func @chain(%x: !x) -> !x {
  %f = onnx.Constant dense<1.0> : tensor<24x8x1x1xf32> -> !f
  %g = onnx.Constant dense<1.0> : tensor<8x24x1x1xf32> -> !g
  %a = onnx.Conv %x, %f : (!x, !f) -> !a
  %b = onnx.Relu %a : (!a) -> !a
  %c = onnx.Conv %b, %g : (!a, !g) -> !x
  %y = onnx.Add %c, %x : (!x, !x) -> !x
  return %y : !x
}

// CHECK-LABEL: func.func @read_twice
// CHECK: panels<24>
// CHECK: onnx.Conv
// CHECK-NEXT: onnx.Relu
// CHECK-NEXT: dyn.yield
func.func @read_twice(%x: !x) -> (!x, !a) {
  %f = onnx.Constant dense<1.0> : tensor<24x8x1x1xf32> -> !f
  %g = onnx.Constant dense<1.0> : tensor<8x24x1x1xf32> -> !g
  %a = onnx.Conv %x, %f : (!x, !f) -> !a
  %b = onnx.Relu %a : (!a) -> !a
  %c = onnx.Conv %b, %g : (!a, !g) -> !x
  return %c, %b : !x, !a
}

// Windows of neighbours need more of the first one's rows than the same.
// CHECK-LABEL: func.func @windows
// CHECK: onnx.Conv
// CHECK-NEXT: dyn.yield
!w = tensor<8x24x3x3xf32, #dyn.value<[8, 24, 3, 3]>>
func.func @windows(%x: !x) -> !x {
  %f = onnx.Constant dense<1.0> : tensor<24x8x1x1xf32> -> !f
  %g = onnx.Constant dense<1.0> : tensor<8x24x3x3xf32> -> !w
  %a = onnx.Conv %x, %f : (!x, !f) -> !a
  %c = onnx.Conv %a, %g {pads = array<i64: 1, 1, 1, 1>} : (!a, !w) -> !x
  return %c : !x
}

// Filters that leave the caches are read once for all pixels.
!l = tensor<?x2048x?x?xf32, #dyn.value<[N, 2048, H, W]>>
!fl = tensor<2048x24x1x1xf32, #dyn.value<[2048, 24, 1, 1]>>
!gl = tensor<24x2048x1x1xf32, #dyn.value<[24, 2048, 1, 1]>>
// CHECK-LABEL: func.func @large
// CHECK: onnx.Conv
// CHECK-NEXT: dyn.yield
func.func @large(%a: !a) -> !a {
  %f = onnx.Constant dense<1.0> : tensor<2048x24x1x1xf32> -> !fl
  %g = onnx.Constant dense<1.0> : tensor<24x2048x1x1xf32> -> !gl
  %b = onnx.Conv %a, %f : (!a, !fl) -> !l
  %c = onnx.Conv %b, %g : (!l, !gl) -> !a
  return %c : !a
}
