// Kernels that become what another one is already share that one.
// RUN: dycc-opt %s --dycc-share-kernels | FileCheck %s
// CHECK-NOT: dyn.kernel @conv_a
// CHECK-NOT: dyn.kernel @conv_b
// CHECK: dyn.kernel @conv_7b6e05e7ecb2ab9d(
// CHECK-SAME: symbols [s0 in [1, 9], s1 in [5, 60], s2 in [1, 4]]
// CHECK-NOT: dyn.kernel
// CHECK: dyn.launch @conv_7b6e05e7ecb2ab9d(%arg0, %arg1) symbols [N, W, 2]
// CHECK: dyn.launch @conv_7b6e05e7ecb2ab9d(%arg0, %arg2) symbols [N, W, 4]
dyn.symbol @N in [2, 4]
dyn.symbol @W in [8, 40]
#direct = #dyn.convolution_plan<tile = <4 x 16, [4, 2, 1], unroll 1>, loops = rows,
    input = copied, ahead = nothing, anyOutputs = true, anyInputs = true>
#any = #dyn.kernel_plan<vector = 32, task = 0, steps = [#direct]>
!x16 = tensor<?x16x?xf32, #dyn.value<[s0, 16, s1], channels_last<8>>>
!x32 = tensor<?x32x?xf32, #dyn.value<[s0, 32, s1], channels_last<8>>>
!x64 = tensor<?x64x?xf32, #dyn.value<[s0, 64, s1], channels_last<8>>>
!w16_32 = tensor<32x16x3xf32, #dyn.value<[32, 16, 3], panels<16>>>
!w16_64 = tensor<64x16x3xf32, #dyn.value<[64, 16, 3], panels<16>>>
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
!xs = tensor<?x?x?xf32, #dyn.value<[s0, 16 * s2, s1], channels_last<8>>>
!ws = tensor<?x16x3xf32, #dyn.value<[16 * s2, 16, 3], panels<16>>>
dyn.kernel @conv_7b6e05e7ecb2ab9d(%x: !x16, %w: !ws) -> !xs
    symbols [s0 in [1, 2], s1 in [8, 60], s2 in [1, 3]]
    attributes {versions = [#dyn.version<name = "any", plan = #any>]} {
  %r = onnx.Conv %x, %w {pads = array<i64: 1, 1>} : (!x16, !ws) -> !xs
  dyn.yield %r : !xs
}
!n16 = tensor<?x16x?xf32, #dyn.value<[N, 16, W], channels_last<8>>>
!n32 = tensor<?x32x?xf32, #dyn.value<[N, 32, W], channels_last<8>>>
!n64 = tensor<?x64x?xf32, #dyn.value<[N, 64, W], channels_last<8>>>
func.func @main(%x: !n16, %w: !w16_32, %v: !w16_64) -> (!n32, !n64) {
  %a = dyn.launch @conv_a(%x, %w) symbols [N, W] : (!n16, !w16_32) -> !n32
  %b = dyn.launch @conv_b(%x, %v) symbols [N, W] : (!n16, !w16_64) -> !n64
  return %a, %b : !n32, !n64
}
