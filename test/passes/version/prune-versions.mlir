// RUN: dycc-opt %s --dycc-prune-versions | FileCheck %s
// RUN: dycc-opt %s --dycc-prune-versions=single=true | FileCheck %s --check-prefix=SINGLE
// RUN: dycc-opt %s --dycc-prune-versions=only=few | FileCheck %s --check-prefix=ONLY
// RUN: not dycc-opt %s --dycc-prune-versions=only=fast 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: no kernel has a version 'fast', expected one of any, few

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// No launch is that small: the version goes.
// CHECK-LABEL: dyn.kernel @never
// CHECK-NOT: "few"
// CHECK: "any"
dyn.kernel @never(%a: !t) -> !t symbols [s0 in [8, 64]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>,
    #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// Every launch is: it is the only one.
// CHECK-LABEL: dyn.kernel @always
// CHECK-SAME: name = "few", plan
// CHECK-NOT: "any"
dyn.kernel @always(%a: !t) -> !t symbols [s0 in [1, 4]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>,
    #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// Both can be.
// CHECK-LABEL: dyn.kernel @both
// CHECK-SAME: name = "few", when = #dyn.expr<le(s0, 4)>
// CHECK-SAME: name = "any"
// ONLY-LABEL: dyn.kernel @both
// ONLY-SAME: versions = [#dyn.version<name = "few", plan = <vector = 32, task = 0, steps = []>>]
// SINGLE-LABEL: dyn.kernel @both
// SINGLE-NOT: "few"
// SINGLE: name = "any", plan
dyn.kernel @both(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>,
    #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
