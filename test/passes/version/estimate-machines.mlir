// Each version costs what it does on its machine.
// RUN: dycc-opt %s --dycc-estimate-costs="machines=x86-64-v4,x86-64-v3 operations-per-ns=64,32 bytes-per-ns=8,4" | FileCheck %s

#wide = #dyn.kernel_plan<vector = 64, task = 32768, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// CHECK-LABEL: dyn.kernel @relu
// CHECK-SAME: machine = "x86-64-v4"
// CHECK-SAME: cost = #dyn.expr<max(s0, (s0 + 63) floordiv 64) + 1100>
// CHECK-SAME: machine = "x86-64-v3"
// CHECK-SAME: cost = #dyn.expr<max(2 * s0, (s0 + 31) floordiv 32) + 1100>
dyn.kernel @relu(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "any", machine = "x86-64-v4", plan = #wide>,
    #dyn.version<name = "any", machine = "x86-64-v3", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
