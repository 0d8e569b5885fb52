// RUN: dycc-opt %s --dycc-prune-versions --remarks-filter=version --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s
// RUN: dycc-opt %s --dycc-prune-versions=single=true --remarks-filter=version --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=SINGLE

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>
!x = tensor<?xf32, #dyn.value<[2 * N]>>
!y = tensor<4xf32, #dyn.value<[4]>>
dyn.symbol @N in [1, 64]

// CHECK-DAG: "both"{{.*}}Passed{{.*}}is computed by version few where le(N, 2)
// CHECK-DAG: "both"{{.*}}Passed{{.*}}is computed by version any{{"}}
// CHECK-DAG: "never"{{.*}}Missed{{.*}}has no version few: its extents are never such
// CHECK-DAG: "always"{{.*}}Missed{{.*}}has no version any: an earlier one is for all its extents
// SINGLE-DAG: "both"{{.*}}Missed{{.*}}has no version few: one version of each kernel was asked for
dyn.kernel @both(%a: !t) -> !t symbols [s0 in [2, 128]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>,
    #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
dyn.kernel @never(%a: !t) -> !t symbols [s0 in [8, 64]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>,
    #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
dyn.kernel @always(%a: !t) -> !t symbols [s0 in [4, 4]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>,
    #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
func.func @main(%x: !x, %y: !y, %z: tensor<8xf32, #dyn.value<[8]>>) -> (!x, !y, tensor<8xf32, #dyn.value<[8]>>) {
  %a = dyn.launch @both(%x) symbols [2 * N] : (!x) -> !x loc("both")
  %b = dyn.launch @always(%y) symbols [4] : (!y) -> !y loc("always")
  %c = dyn.launch @never(%z) symbols [8] : (tensor<8xf32, #dyn.value<[8]>>) -> tensor<8xf32, #dyn.value<[8]>> loc("never")
  return %a, %b, %c : !x, !y, tensor<8xf32, #dyn.value<[8]>>
}
