// RUN: dycc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK: #dyn.kernel_plan<vector = 32, task = 32768, steps = [#dyn.convolution_plan<tile = <6 x 32, [6, 3, 1 in 4], unroll 4>, loops = rows, input = edges, ahead = image>]>
module attributes {test.plan = #dyn.kernel_plan<vector = 32, task = 32768, steps = [
    #dyn.convolution_plan<tile = <6 x 32, [6, 3, 1 in 4], unroll 4>,
                          loops = rows, input = edges, ahead = image>]>} {}

// -----

// CHECK: #dyn.kernel_plan<vector = 64, task = 0, steps = [#dyn.depthwise_plan<pixels = 4, unrolled = true>, #dyn.loops_plan<form = tiles, axis = 1>]>
module attributes {test.plan = #dyn.kernel_plan<vector = 64, task = 0, steps = [
    #dyn.depthwise_plan<pixels = 4, unrolled = true>,
    #dyn.loops_plan<form = tiles, axis = 1>]>} {}

// -----

// CHECK: #dyn.kernel_plan<vector = 16, task = 0, steps = [#dyn.window_plan<rows = 4, strip = 16384, unrolled = true>, #dyn.loops_plan<form = rows, vectors = 4>]>
module attributes {test.plan = #dyn.kernel_plan<vector = 16, task = 0, steps = [
    #dyn.window_plan<rows = 4, strip = 16384, unrolled = true>,
    #dyn.loops_plan<form = rows, vectors = 4>]>} {}

// -----

// CHECK: #dyn.product_plan<tile = <14 x 32, [14, 7], unroll 1>, few = 64, many = 256, strip = 4096, ahead = true, inPlace = true, task = 4>
module attributes {test.plan = #dyn.product_plan<tile = <14 x 32, [14, 7], unroll 1>,
    few = 64, many = 256, strip = 4096, ahead = true, inPlace = true, task = 4>} {}

// -----

// expected-error @+1 {{expects vectors of 16, 32 or 64 bytes, got 24}}
module attributes {test.plan = #dyn.kernel_plan<vector = 24, task = 0, steps = []>} {}

// -----

// expected-error @+1 {{expects tasks of 0 to 32768 operations, got 40000}}
module attributes {test.plan = #dyn.kernel_plan<vector = 32, task = 40000, steps = []>} {}

// -----

// expected-error @+1 {{expects heights that fall from at most 4, got [2, 3]}}
module attributes {test.tile = #dyn.tile<4 x 16, [2, 3], unroll 1>} {}

// -----

// expected-error @+1 {{expects a tile of positive numbers, got 4 x 0, heights [4], parts [1], unroll 1}}
module attributes {test.tile = #dyn.tile<4 x 0, [4], unroll 1>} {}

// -----

// Names are of one machine.
// CHECK: versions = [#dyn.version<name = "few", machine = "x86-64-v4", when = #dyn.expr<le(s0, 4)>, plan = <vector = 64, task = 0, steps = []>>, #dyn.version<name = "any", machine = "x86-64-v4", plan = <vector = 64, task = 32768, steps = []>>, #dyn.version<name = "any", machine = "x86-64-v3", plan = <vector = 32, task = 32768, steps = []>>]
!t = tensor<?xf32, #dyn.value<[s0]>>
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "few", machine = "x86-64-v4", when = #dyn.expr<le(s0, 4)>, plan = <vector = 64, task = 0, steps = []>>,
    #dyn.version<name = "any", machine = "x86-64-v4", plan = <vector = 64, task = 32768, steps = []>>,
    #dyn.version<name = "any", machine = "x86-64-v3", plan = <vector = 32, task = 32768, steps = []>>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
