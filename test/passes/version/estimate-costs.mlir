// RUN: dycc-opt %s --dycc-estimate-costs | FileCheck %s

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// 8 bytes an element at 8 bytes a nanosecond; tasks take longer to start.
// CHECK-LABEL: dyn.kernel @relu
// CHECK-SAME: name = "few"
// CHECK-SAME: cost = #dyn.expr<max(s0, (s0 + 63) floordiv 64) + 100>
// CHECK-SAME: name = "any"
// CHECK-SAME: cost = #dyn.expr<max(s0, (s0 + 63) floordiv 64) + 1100>
dyn.kernel @relu(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>,
    #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// A product counts each multiply-add as two.
// CHECK-LABEL: dyn.kernel @product
// CHECK-SAME: cost = #dyn.expr<99404>
dyn.kernel @product(%a: tensor<64x64xf32, #dyn.value<[64, 64]>>,
                    %b: tensor<64x768xf32, #dyn.value<[64, 768]>>)
    -> tensor<64x768xf32, #dyn.value<[64, 768]>>
    attributes {versions = [#dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.MatMul %a, %b : (tensor<64x64xf32, #dyn.value<[64, 64]>>,
      tensor<64x768xf32, #dyn.value<[64, 768]>>) -> tensor<64x768xf32, #dyn.value<[64, 768]>>
  dyn.yield %r : tensor<64x768xf32, #dyn.value<[64, 768]>>
}

// Without versions there is nothing to say.
// CHECK-LABEL: dyn.kernel @none
// CHECK-NOT: versions
dyn.kernel @none(%a: !t) -> !t symbols [s0 in [1, 64]] {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
