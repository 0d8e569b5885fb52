// RUN: dycc-opt %s --dycc-assign-layouts="filter-widths=16" | FileCheck %s --check-prefixes=CHECK,SAFE
// RUN: dycc-opt %s --dycc-assign-layouts="filter-widths=16 winograd=off" | FileCheck %s --check-prefixes=CHECK,OFF
// RUN: dycc-opt %s --dycc-assign-layouts="filter-widths=16 winograd=fast" | FileCheck %s --check-prefixes=CHECK,FAST
// RUN: dycc-opt %s --dycc-assign-layouts="filter-widths=16" --remarks-filter=layout --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: dycc-opt %s --dycc-assign-layouts="filter-widths=16 winograd=off" --remarks-filter=layout --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=OFF-REMARK

// OFF-REMARK: does not use Winograd's filtering: it is switched off
!x = tensor<?x32x?x?xf32, #dyn.value<[N, 32, H, W]>>
!w = tensor<32x32x3x3xf32, #dyn.value<[32, 32, 3, 3]>>
dyn.symbol @N in [0, 64]
dyn.symbol @H in [2, 64]
dyn.symbol @W in [2, 64]

// CHECK-LABEL: func.func @same
// SAFE: dyn.convert_layout {{.+}} panels<16, winograd 4>>>
// FAST: dyn.convert_layout {{.+}} panels<16, winograd 4>>>
// OFF: dyn.convert_layout {{.+}} panels<16>>>
// REMARK: uses Winograd's filtering in tiles of 4
func.func @same(%x: !x) -> !x {
  %w = onnx.Constant dense<1.0> : tensor<32x32x3x3xf32> -> !w
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (!x, !w) -> !x
  return %y : !x
}

// An error may carry a value over the limit between two.
// CHECK-LABEL: func.func @rounded
// SAFE: panels<16, winograd 2>>>
// FAST: panels<16, winograd 4>>>
func.func @rounded(%x: !x) -> tensor<?x32x?x?xui8, #dyn.value<[N, 32, H, W]>> {
  %w = onnx.Constant dense<1.0> : tensor<32x32x3x3xf32> -> !w
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (!x, !w) -> !x
  %r = onnx.Round %y : (!x) -> !x
  %c = onnx.Cast %r {to = 2 : i64} : (!x) -> tensor<?x32x?x?xui8, #dyn.value<[N, 32, H, W]>>
  return %c : tensor<?x32x?x?xui8, #dyn.value<[N, 32, H, W]>>
}

// CHECK-LABEL: func.func @exact
// CHECK: panels<16>>>
// REMARK: does not use Winograd's filtering: its sums are exact, and stay so
func.func @exact(%x: !x) -> !x {
  %w = onnx.Constant dense<1.0> : tensor<32x32x3x3xf32> -> !w
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>, onnx.exact_sums} : (!x, !w) -> !x
  return %y : !x
}

// CHECK-LABEL: func.func @in_strides
// CHECK: panels<16>>>
// REMARK: does not use Winograd's filtering: its windows are not one apart
func.func @in_strides(%x: !x) -> tensor<?x32x?x?xf32, #dyn.value<[N, 32, (H + 1) floordiv 2, (W + 1) floordiv 2]>> {
  %w = onnx.Constant dense<1.0> : tensor<32x32x3x3xf32> -> !w
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (!x, !w) -> tensor<?x32x?x?xf32, #dyn.value<[N, 32, (H + 1) floordiv 2, (W + 1) floordiv 2]>>
  return %y : tensor<?x32x?x?xf32, #dyn.value<[N, 32, (H + 1) floordiv 2, (W + 1) floordiv 2]>>
}

// CHECK-LABEL: func.func @other_taps
// CHECK: panels<16>>>
// REMARK: does not use Winograd's filtering: [32, 32, 1, 3] has not 3 x 3 taps
func.func @other_taps(%x: !x) -> !x {
  %w = onnx.Constant dense<1.0> : tensor<32x32x1x3xf32> -> tensor<32x32x1x3xf32, #dyn.value<[32, 32, 1, 3]>>
  %y = onnx.Conv %x, %w {pads = array<i64: 0, 1, 0, 1>} : (!x, tensor<32x32x1x3xf32, #dyn.value<[32, 32, 1, 3]>>) -> !x
  return %y : !x
}

// CHECK-LABEL: func.func @groups
// CHECK: panels<16>>>
// REMARK: does not use Winograd's filtering: it has groups
func.func @groups(%x: !x) -> !x {
  %w = onnx.Constant dense<1.0> : tensor<32x16x3x3xf32> -> tensor<32x16x3x3xf32, #dyn.value<[32, 16, 3, 3]>>
  %y = onnx.Conv %x, %w {group = 2 : i64, pads = array<i64: 1, 1, 1, 1>} : (!x, tensor<32x16x3x3xf32, #dyn.value<[32, 16, 3, 3]>>) -> !x
  return %y : !x
}

// CHECK-LABEL: func.func @few_channels
// CHECK: panels<16>>>
// REMARK: does not use Winograd's filtering: [2, 32, 3, 3] has few channels
func.func @few_channels(%x: !x) -> tensor<?x2x?x?xf32, #dyn.value<[N, 2, H, W]>> {
  %w = onnx.Constant dense<1.0> : tensor<2x32x3x3xf32> -> tensor<2x32x3x3xf32, #dyn.value<[2, 32, 3, 3]>>
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (!x, tensor<2x32x3x3xf32, #dyn.value<[2, 32, 3, 3]>>) -> tensor<?x2x?x?xf32, #dyn.value<[N, 2, H, W]>>
  return %y : tensor<?x2x?x?xf32, #dyn.value<[N, 2, H, W]>>
}

// CHECK-LABEL: func.func @many_channels
// CHECK: panels<16>>>
// REMARK: does not use Winograd's filtering: [2049, 32, 3, 3] is too large once it is transformed
func.func @many_channels(%x: !x) -> tensor<?x2049x?x?xf32, #dyn.value<[N, 2049, H, W]>> {
  %w = onnx.Constant dense<1.0> : tensor<2049x32x3x3xf32> -> tensor<2049x32x3x3xf32, #dyn.value<[2049, 32, 3, 3]>>
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (!x, tensor<2049x32x3x3xf32, #dyn.value<[2049, 32, 3, 3]>>) -> tensor<?x2049x?x?xf32, #dyn.value<[N, 2049, H, W]>>
  return %y : tensor<?x2049x?x?xf32, #dyn.value<[N, 2049, H, W]>>
}

!many = tensor<?x640x?x?xf32, #dyn.value<[N, 640, H, W]>>

// Sums of many products are exact in small tiles.
// CHECK-LABEL: func.func @many_inputs
// SAFE: panels<16, winograd 2>>>
// FAST: panels<16, winograd 4>>>
func.func @many_inputs(%x: !many) -> !x {
  %w = onnx.Constant dense<1.0> : tensor<32x640x3x3xf32> -> tensor<32x640x3x3xf32, #dyn.value<[32, 640, 3, 3]>>
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (!many, tensor<32x640x3x3xf32, #dyn.value<[32, 640, 3, 3]>>) -> !x
  return %y : !x
}

// CHECK-LABEL: func.func @halves
// CHECK: panels<16>>>
// REMARK: does not use Winograd's filtering: its filter is no f32, and would be rounded once more
func.func @halves(%x: tensor<?x32x?x?xf16, #dyn.value<[N, 32, H, W]>>) -> tensor<?x32x?x?xf16, #dyn.value<[N, 32, H, W]>> {
  %w = onnx.Constant dense<1.0> : tensor<32x32x3x3xf16> -> tensor<32x32x3x3xf16, #dyn.value<[32, 32, 3, 3]>>
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (tensor<?x32x?x?xf16, #dyn.value<[N, 32, H, W]>>, tensor<32x32x3x3xf16, #dyn.value<[32, 32, 3, 3]>>) -> tensor<?x32x?x?xf16, #dyn.value<[N, 32, H, W]>>
  return %y : tensor<?x32x?x?xf16, #dyn.value<[N, 32, H, W]>>
}
