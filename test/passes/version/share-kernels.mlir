// RUN: dycc-opt %s --dycc-share-kernels | FileCheck %s
// RUN: dycc-opt %s --dycc-share-kernels --remarks-filter=version --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// REMARK-COUNT-5: shares a kernel with others that differ in channels or constants
// REMARK-NOT: shares a kernel

#direct = #dyn.convolution_plan<tile = <4 x 16, [4, 2, 1], unroll 1>, loops = rows,
    input = copied, ahead = nothing, anyOutputs = true, anyInputs = true>
#fixed = #dyn.convolution_plan<tile = <4 x 16, [4, 2, 1], unroll 1>, loops = rows,
    input = copied, ahead = nothing>
#loops = #dyn.kernel_plan<vector = 32, task = 0, steps = [#dyn.loops_plan<form = vectors>]>
#any = #dyn.kernel_plan<vector = 32, task = 0, steps = [#direct]>
#none = #dyn.kernel_plan<vector = 32, task = 0, steps = [#fixed]>
!x16 = tensor<?x16x?xf32, #dyn.value<[s0, 16, s1], channels_last<8>>>
!x32 = tensor<?x32x?xf32, #dyn.value<[s0, 32, s1], channels_last<8>>>
!x64 = tensor<?x64x?xf32, #dyn.value<[s0, 64, s1], channels_last<8>>>
!w16_32 = tensor<32x16x3xf32, #dyn.value<[32, 16, 3], panels<16>>>
!w16_64 = tensor<64x16x3xf32, #dyn.value<[64, 16, 3], panels<16>>>
!w32_64 = tensor<64x32x3xf32, #dyn.value<[64, 32, 3], panels<16>>>
!w32_20 = tensor<20x32x3xf32, #dyn.value<[20, 32, 3], panels<16>>>
!w32_32 = tensor<32x32x3xf32, #dyn.value<[32, 32, 3], panels<16>>>
!x20 = tensor<?x20x?xf32, #dyn.value<[s0, 20, s1], channels_last<8>>>

// The first two are one kernel as soon as their outputs are a symbol; the third,
// which has other inputs, joins them at some cost.
// CHECK: dyn.kernel @conv_[[SHARED:[0-9a-f]+]](
// CHECK-SAME: #dyn.value<[s0, 16 * s1, s2], channels_last<8>>
// CHECK-SAME: #dyn.value<[16 * s3, 16 * s1, 3], panels<16>>
// CHECK-SAME: -> tensor<?x?x?xf32, #dyn.value<[s0, 16 * s3, s2], channels_last<8>>>
// CHECK-SAME: symbols [s0 in [1, 9], s1 in [1, 2], s2 in [5, 40], s3 in [2, 4] multiple 2]
// CHECK-NOT: dyn.kernel @conv_b
// CHECK-NOT: dyn.kernel @conv_c
dyn.kernel @conv_a(%x: !x16, %w: !w16_32) -> !x32 symbols [s0 in [1, 4], s1 in [8, 40]]
    attributes {versions = [#dyn.version<name = "any", plan = #any>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!x16, !w16_32) -> !x32
  dyn.yield %r : !x32
}
dyn.kernel @conv_b(%x: !x16, %w: !w16_64) -> !x64 symbols [s0 in [2, 9], s1 in [5, 6]]
    attributes {versions = [#dyn.version<name = "any", plan = #any>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!x16, !w16_64) -> !x64
  dyn.yield %r : !x64
}
dyn.kernel @conv_c(%x: !x32, %w: !w32_64) -> !x64 symbols [s0 in [2, 9], s1 in [5, 6]]
    attributes {versions = [#dyn.version<name = "any", plan = #any>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!x32, !w32_64) -> !x64
  dyn.yield %r : !x64
}

// No whole number of panels, an input that is added to the result of as many
// channels and so fixed for both, a plan that leaves nothing free.
// CHECK: dyn.kernel @conv_part(
// CHECK: dyn.kernel @conv_alone(
// CHECK: dyn.kernel @conv_fixed(
dyn.kernel @conv_part(%x: !x32, %w: !w32_20) -> !x20 symbols [s0 in [2, 9], s1 in [5, 6]]
    attributes {versions = [#dyn.version<name = "any", plan = #any>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!x32, !w32_20) -> !x20
  dyn.yield %r : !x20
}
dyn.kernel @conv_alone(%x: !x32, %w: !w32_32) -> !x32 symbols [s0 in [2, 9], s1 in [5, 6]]
    attributes {versions = [#dyn.version<name = "any", plan = #any>]} {
  %c = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!x32, !w32_32) -> !x32
  %r = onnx.Add %c, %x : (!x32, !x32) -> !x32
  dyn.yield %r : !x32
}
dyn.kernel @conv_fixed(%x: !x16, %w: !w16_32) -> !x32 symbols [s0 in [1, 4], s1 in [8, 40]]
    attributes {versions = [#dyn.version<name = "any", plan = #none>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!x16, !w16_32) -> !x32
  dyn.yield %r : !x32
}

// Constants that differ are arguments; those that do not stay. An exponent is
// part of what is computed.
// CHECK: dyn.kernel @scale_[[SCALE:[0-9a-f]+]](
// CHECK-SAME: %[[X:.*]]: tensor<?xf32, #dyn.value<[s0]>>, %[[C:.*]]: tensor<f32, #dyn.value<[]>>)
// CHECK: %[[ONE:.*]] = onnx.Constant dense<1.0
// CHECK: %[[SUM:.*]] = onnx.Add %[[X]], %[[ONE]]
// CHECK: onnx.Mul %[[SUM]], %[[C]]
// CHECK: dyn.kernel @power_1(
// CHECK: dyn.kernel @power_2(
!t = tensor<?xf32, #dyn.value<[s0]>>
!s = tensor<f32, #dyn.value<[]>>
dyn.kernel @scale_1(%x: !t) -> !t symbols [s0 in [1, 4]]
    attributes {versions = [#dyn.version<name = "any", plan = #loops>]} {
  %two = onnx.Constant dense<2.0> : !s
  %one = onnx.Constant dense<1.0> : !s
  %a = onnx.Add %x, %one : (!t, !s) -> !t
  %r = onnx.Mul %a, %two : (!t, !s) -> !t
  dyn.yield %r : !t
}
dyn.kernel @scale_2(%x: !t) -> !t symbols [s0 in [1, 4]]
    attributes {versions = [#dyn.version<name = "any", plan = #loops>]} {
  %two = onnx.Constant dense<3.0> : !s
  %one = onnx.Constant dense<1.0> : !s
  %a = onnx.Add %x, %one : (!t, !s) -> !t
  %r = onnx.Mul %a, %two : (!t, !s) -> !t
  dyn.yield %r : !t
}
dyn.kernel @power_1(%x: !t) -> !t symbols [s0 in [1, 4]]
    attributes {versions = [#dyn.version<name = "any", plan = #loops>]} {
  %two = onnx.Constant dense<2.0> : !s
  %r = onnx.Pow %x, %two : (!t, !s) -> !t
  dyn.yield %r : !t
}
dyn.kernel @power_2(%x: !t) -> !t symbols [s0 in [1, 4]]
    attributes {versions = [#dyn.version<name = "any", plan = #loops>]} {
  %two = onnx.Constant dense<3.0> : !s
  %r = onnx.Pow %x, %two : (!t, !s) -> !t
  dyn.yield %r : !t
}

// An image whose channels have a name is no image of some constant ones.
// CHECK: dyn.kernel @conv_named1(
// CHECK: dyn.kernel @conv_named2(
!named = tensor<?x?x?xf32, #dyn.value<[s0, s1, s2], channels_last<8>>>
!y32 = tensor<?x32x?xf32, #dyn.value<[s0, 32, s2], channels_last<8>>>
#inputs = #dyn.convolution_plan<tile = <4 x 16, [4, 2, 1], unroll 1>, loops = rows,
    input = copied, ahead = nothing, anyInputs = true>
#anyInputs = #dyn.kernel_plan<vector = 32, task = 0, steps = [#inputs]>
dyn.kernel @conv_named1(%x: !named, %w: !w16_32) -> !y32
    symbols [s0 in [1, 4], s1 in [16, 16], s2 in [8, 40]]
    attributes {versions = [#dyn.version<name = "any", plan = #anyInputs>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!named, !w16_32) -> !y32
  dyn.yield %r : !y32
}
dyn.kernel @conv_named2(%x: !named, %w: !w32_32) -> !y32
    symbols [s0 in [1, 4], s1 in [32, 32], s2 in [8, 40]]
    attributes {versions = [#dyn.version<name = "any", plan = #anyInputs>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!named, !w32_32) -> !y32
  dyn.yield %r : !y32
}

// Products with a vector have nothing to share.
// CHECK: dyn.kernel @dot(
#dots = #dyn.kernel_plan<vector = 32, task = 0, steps = [
    #dyn.product_plan<tile = <4 x 16, [1], unroll 1>, few = 64, many = 256, strip = 0,
                      ahead = false, inPlace = false, task = 4>]>
dyn.kernel @dot(%x: !t, %y: !t) -> !s symbols [s0 in [1, 4]]
    attributes {versions = [#dyn.version<name = "any", plan = #dots>]} {
  %r = onnx.MatMul %x, %y : (!t, !t) -> !s
  dyn.yield %r : !s
}

!n16 = tensor<?x16x?xf32, #dyn.value<[N, 16, 2 * W], channels_last<8>>>
!n32 = tensor<?x32x?xf32, #dyn.value<[N, 32, 2 * W], channels_last<8>>>
!n64 = tensor<?x64x?xf32, #dyn.value<[N, 64, 2 * W], channels_last<8>>>
!m = tensor<?xf32, #dyn.value<[N]>>

// CHECK: func.func @main
// CHECK: dyn.launch @conv_[[SHARED]](%arg0, %arg1) symbols [N, 1, 2 * W, 2]
// CHECK: dyn.launch @conv_[[SHARED]](%arg0, %arg2) symbols [N, 1, 2 * W, 4]
// CHECK: dyn.launch @conv_[[SHARED]](%arg3, %arg4) symbols [N, 2, 2 * W, 4]
// CHECK: %[[TWO:.*]] = onnx.Constant dense<2.0
// CHECK: dyn.launch @scale_[[SCALE]](%arg5, %[[TWO]]) symbols [N]
// CHECK: %[[THREE:.*]] = onnx.Constant dense<3.0
// CHECK: dyn.launch @scale_[[SCALE]](%{{.*}}, %[[THREE]]) symbols [N]
func.func @main(%x: !n16, %w: !w16_32, %w64: !w16_64, %y: !n32, %w32: !w32_64, %t: !m)
    -> (!n32, !n64, !n64, !m) {
  %a = dyn.launch @conv_a(%x, %w) symbols [N, 2 * W] : (!n16, !w16_32) -> !n32
  %b = dyn.launch @conv_b(%x, %w64) symbols [N, 2 * W] : (!n16, !w16_64) -> !n64
  %c = dyn.launch @conv_c(%y, %w32) symbols [N, 2 * W] : (!n32, !w32_64) -> !n64
  %d = dyn.launch @scale_1(%t) symbols [N] : (!m) -> !m
  %e = dyn.launch @scale_2(%d) symbols [N] : (!m) -> !m
  return %a, %b, %c, %e : !n32, !n64, !n64, !m
}
