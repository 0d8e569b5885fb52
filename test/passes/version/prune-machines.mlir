// Versions of several machines: each machine keeps one that is for all extents.
// RUN: dycc-opt %s --dycc-prune-versions | FileCheck %s
// RUN: dycc-opt %s --dycc-prune-versions=single=true | FileCheck %s --check-prefix=SINGLE
// RUN: dycc-opt %s --dycc-prune-versions=only=few | FileCheck %s --check-prefix=ONLY
// RUN: dycc-opt %s --dycc-prune-versions=only=x86-64-v4/any | FileCheck %s --check-prefix=OF-ONE
// RUN: dycc-opt %s --dycc-prune-versions --remarks-filter=version --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#wide = #dyn.kernel_plan<vector = 64, task = 32768, steps = []>
#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// An earlier version for all extents ends the list of its machine alone.
// CHECK-LABEL: dyn.kernel @always
// CHECK-SAME: versions = [#dyn.version<name = "few", machine = "x86-64-v4", plan = {{[^>]*}}>>, #dyn.version<name = "any", machine = "x86-64-v3", plan = {{[^>]*}}>>]
dyn.kernel @always(%a: !t) -> !t symbols [s0 in [1, 4]] attributes {versions = [
    #dyn.version<name = "few", machine = "x86-64-v4", when = #dyn.expr<le(s0, 4)>, plan = #wide>,
    #dyn.version<name = "any", machine = "x86-64-v4", plan = #wide>,
    #dyn.version<name = "any", machine = "x86-64-v3", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// CHECK-LABEL: dyn.kernel @both
// CHECK-SAME: name = "few", machine = "x86-64-v4", when
// CHECK-SAME: name = "any", machine = "x86-64-v4", plan
// CHECK-SAME: name = "few", machine = "x86-64-v3", when
// CHECK-SAME: name = "any", machine = "x86-64-v3", plan
// SINGLE-LABEL: dyn.kernel @both
// SINGLE-SAME: versions = [#dyn.version<name = "any", machine = "x86-64-v4", plan = {{[^>]*}}>>, #dyn.version<name = "any", machine = "x86-64-v3", plan = {{[^>]*}}>>]
// ONLY-LABEL: dyn.kernel @both
// ONLY-SAME: versions = [#dyn.version<name = "few", machine = "x86-64-v4", plan = {{[^>]*}}>>, #dyn.version<name = "few", machine = "x86-64-v3", plan = {{[^>]*}}>>]
// OF-ONE-LABEL: dyn.kernel @both
// OF-ONE-SAME: versions = [#dyn.version<name = "any", machine = "x86-64-v4", plan = {{[^>]*}}>>, #dyn.version<name = "few", machine = "x86-64-v3", when
// OF-ONE-SAME: name = "any", machine = "x86-64-v3"
dyn.kernel @both(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "few", machine = "x86-64-v4", when = #dyn.expr<le(s0, 4)>, plan = #wide>,
    #dyn.version<name = "any", machine = "x86-64-v4", plan = #wide>,
    #dyn.version<name = "few", machine = "x86-64-v3", when = #dyn.expr<le(s0, 8)>, plan = #serial>,
    #dyn.version<name = "any", machine = "x86-64-v3", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// REMARK-DAG: "b"{{.*}}Passed{{.*}}is computed by version few on x86-64-v4 where le(N, 2)
// REMARK-DAG: "b"{{.*}}Passed{{.*}}is computed by version any on x86-64-v3{{"}}
// REMARK-DAG: "a"{{.*}}Missed{{.*}}has no version any on x86-64-v4: an earlier one is for all its extents
!x = tensor<?xf32, #dyn.value<[2 * N]>>
!y = tensor<4xf32, #dyn.value<[4]>>
dyn.symbol @N in [1, 32]
func.func @main(%x: !x, %y: !y) -> (!x, !y) {
  %a = dyn.launch @both(%x) symbols [2 * N] : (!x) -> !x loc("b")
  %b = dyn.launch @always(%y) symbols [4] : (!y) -> !y loc("a")
  return %a, %b : !x, !y
}
