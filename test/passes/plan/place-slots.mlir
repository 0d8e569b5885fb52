// RUN: dycc-opt %s --dycc-plan-memory --dycc-verify-plan | FileCheck %s
// RUN: dycc-opt %s --dycc-plan-memory="place=false" --dycc-verify-plan | FileCheck %s --check-prefix=ROW
// RUN: dycc-opt %s --dycc-plan-memory --remarks-filter='^place$' --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

!n = tensor<?xf32, #dyn.value<[N]>>
!h = tensor<?x4xf32, #dyn.value<[N, 4]>>
!w = tensor<?x8xf32, #dyn.value<[N, 8]>>
dyn.symbol @N in [1, 4096]
dyn.kernel @soft(%p: tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>> symbols [s0 in [1, 4096]] {
  %u = onnx.Softmax %p : (tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>>
  dyn.yield %u : tensor<?x8xf32, #dyn.value<[s0, 8]>>
}
dyn.kernel @narrow(%p: tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [1, 4096]] {
  %u = onnx.ReduceSum %p {keepdims = 0 : i64} : (tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %u : tensor<?xf32, #dyn.value<[s0]>>
}
dyn.kernel @half(%p: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?x4xf32, #dyn.value<[s0, 4]>> symbols [s0 in [1, 4096]] {
  %c = onnx.Constant dense<[1, 4]> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  %u = onnx.Expand %p, %c : (tensor<?xf32, #dyn.value<[s0]>>, tensor<2xi64, #dyn.value<[2]>>) -> tensor<?x4xf32, #dyn.value<[s0, 4]>>
  dyn.yield %u : tensor<?x4xf32, #dyn.value<[s0, 4]>>
}
dyn.kernel @sum(%p: tensor<?x4xf32, #dyn.value<[s0, 4]>>, %q: tensor<?x4xf32, #dyn.value<[s0, 4]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [1, 4096]] {
  %a = onnx.Add %p, %q : (tensor<?x4xf32, #dyn.value<[s0, 4]>>, tensor<?x4xf32, #dyn.value<[s0, 4]>>) -> tensor<?x4xf32, #dyn.value<[s0, 4]>>
  %u = onnx.ReduceSum %a {keepdims = 0 : i64} : (tensor<?x4xf32, #dyn.value<[s0, 4]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %u : tensor<?xf32, #dyn.value<[s0]>>
}

// Two halves lie where the wide value was: 36 * N bytes, in slots that follow each
// other 52 * N. The second placement is that of those slots.
// CHECK-LABEL: func.func @two_where_a_large_one_was
// CHECK-SAME: dyn.memory = #dyn.memory<slots [32 * N, 4 * N, 16 * N, 16 * N], outputs [slot 1]
// CHECK-SAME{LITERAL}: dyn.placements = [[array<i64: 0>, array<i64: 2>, array<i64: 3, 2>, array<i64: 1, 3, 0>], [array<i64: 0>, array<i64: 2>, array<i64: 1, 2, 0>, array<i64: 3, 1>]]
// CHECK: dyn.launch @soft(%arg0) symbols [N] {places = [#dyn.place<arena, 0>]}
// CHECK: dyn.launch @narrow({{.*}}) symbols [N] {places = [#dyn.place<arena, 1>]}
// CHECK: dyn.launch @half({{.*}}) symbols [N] {places = [#dyn.place<arena, 2>]}
// CHECK: dyn.launch @half({{.*}}) symbols [N] {places = [#dyn.place<arena, 3>]}
// ROW-LABEL: func.func @two_where_a_large_one_was
// ROW-SAME: slots [32 * N, 4 * N, 16 * N]
// ROW-NOT: dyn.placements
// REMARK: Passed{{.*}}lies in slot 0, which may overlap others that are not needed together with it
func.func @two_where_a_large_one_was(%x: !w) -> !n {
  %a = dyn.launch @soft(%x) symbols [N] : (!w) -> !w
  %b = dyn.launch @narrow(%a) symbols [N] : (!w) -> !n
  %c = dyn.launch @half(%b) symbols [N] : (!n) -> !h
  %d = dyn.launch @half(%b) symbols [N] : (!n) -> !h
  %s = dyn.launch @sum(%c, %d) symbols [N] : (!h, !h) -> !n
  return %s : !n
}

// Nothing is saved: slots follow each other.
// CHECK-LABEL: func.func @a_chain_needs_no_placement
// CHECK-SAME: slots [32 * N, 32 * N]
// CHECK-NOT: dyn.placements
// ROW-LABEL: func.func @a_chain_needs_no_placement
func.func @a_chain_needs_no_placement(%x: !w) -> !w {
  %a = dyn.launch @soft(%x) symbols [N] : (!w) -> !w
  %b = dyn.launch @soft(%a) symbols [N] : (!w) -> !w
  return %b : !w
}
