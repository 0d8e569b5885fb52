// RUN: dycc-opt %s --split-input-file --dycc-order-launches | FileCheck %s
// RUN: dycc-opt %s --split-input-file --dycc-order-launches --dycc-plan-memory --dycc-verify-plan | FileCheck %s --check-prefix=PLAN
// RUN: dycc-opt %s --split-input-file --dycc-plan-memory | FileCheck %s --check-prefix=GIVEN

// Two towers that end in little: one behind the other there is one wide value
// at a time.
!n = tensor<?xf32, #dyn.value<[N]>>
!w = tensor<?x8xf32, #dyn.value<[N, 8]>>
!m = tensor<?xf32, #dyn.value<[M]>>
!v = tensor<?x8xf32, #dyn.value<[M, 8]>>
!flag = tensor<i1, #dyn.value<[]>>
!1 = tensor<1xi64, #dyn.value<[1]>>
dyn.symbol @N in [1, 4096]
dyn.symbol @M in [1, 1024]
dyn.symbol @e in [0, 4096] execution
dyn.kernel @widen(%p: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>> symbols [s0 in [1, 4096]] {
  %c = onnx.Constant dense<[1, 8]> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  %u = onnx.Expand %p, %c : (tensor<?xf32, #dyn.value<[s0]>>, tensor<2xi64, #dyn.value<[2]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>>
  dyn.yield %u : tensor<?x8xf32, #dyn.value<[s0, 8]>>
}
dyn.kernel @soft(%p: tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>> symbols [s0 in [1, 4096]] {
  %u = onnx.Softmax %p : (tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>>
  dyn.yield %u : tensor<?x8xf32, #dyn.value<[s0, 8]>>
}
dyn.kernel @narrow(%p: tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [1, 4096]] {
  %u = onnx.ReduceSum %p {keepdims = 0 : i64} : (tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %u : tensor<?xf32, #dyn.value<[s0]>>
}
dyn.kernel @add(%p: tensor<?xf32, #dyn.value<[s0]>>, %q: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [1, 4096]] {
  %u = onnx.Add %p, %q : (tensor<?xf32, #dyn.value<[s0]>>, tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %u : tensor<?xf32, #dyn.value<[s0]>>
}

dyn.kernel @last(%p: tensor<?x8xf32, #dyn.value<[s0, 8]>>, %q: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [1, 4096]] {
  %r = onnx.ReduceSum %p {keepdims = 0 : i64} : (tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  %u = onnx.Add %r, %q : (tensor<?xf32, #dyn.value<[s0]>>, tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %u : tensor<?xf32, #dyn.value<[s0]>>
}

// CHECK-LABEL: func.func @towers_run_one_by_one
// CHECK: %[[A:.+]] = dyn.launch @widen(%arg0)
// CHECK-NEXT: %[[B:.+]] = dyn.launch @soft(%[[A]])
// CHECK-NEXT: %[[C:.+]] = dyn.launch @narrow(%[[B]])
// CHECK-NEXT: %[[D:.+]] = dyn.launch @widen(%arg1)
// CHECK-NEXT: %[[E:.+]] = dyn.launch @soft(%[[D]])
// CHECK-NEXT: %[[F:.+]] = dyn.launch @narrow(%[[E]])
// CHECK-NEXT: dyn.launch @add(%[[C]], %[[F]])
// GIVEN-LABEL: func.func @towers_run_one_by_one
// GIVEN-SAME: slots [32 * N, 32 * N, 32 * N]
// PLAN-LABEL: func.func @towers_run_one_by_one
// PLAN-SAME: slots [32 * N, 32 * N, 4 * N]
func.func @towers_run_one_by_one(%x: !n, %y: !n) -> !n {
  %a = dyn.launch @widen(%x) symbols [N] : (!n) -> !w
  %d = dyn.launch @widen(%y) symbols [N] : (!n) -> !w
  %b = dyn.launch @soft(%a) symbols [N] : (!w) -> !w
  %e = dyn.launch @soft(%d) symbols [N] : (!w) -> !w
  %c = dyn.launch @narrow(%b) symbols [N] : (!w) -> !n
  %f = dyn.launch @narrow(%e) symbols [N] : (!w) -> !n
  %s = dyn.launch @add(%c, %f) symbols [N] : (!n, !n) -> !n
  return %s : !n
}

// What is least already stays as it is.
// CHECK-LABEL: func.func @a_chain_is_kept
// CHECK: %[[A:.+]] = dyn.launch @widen(%arg0)
// CHECK-NEXT: %[[B:.+]] = dyn.launch @soft(%[[A]])
// CHECK-NEXT: dyn.launch @narrow(%[[B]])
func.func @a_chain_is_kept(%x: !n) -> !n {
  %a = dyn.launch @widen(%x) symbols [N] : (!n) -> !w
  %b = dyn.launch @soft(%a) symbols [N] : (!w) -> !w
  %c = dyn.launch @narrow(%b) symbols [N] : (!w) -> !n
  return %c : !n
}

// CHECK-LABEL: func.func @what_reads_inputs_alone_waits
// CHECK: %[[A:.+]] = dyn.launch @widen(%arg0)
// CHECK-NEXT: %[[B:.+]] = dyn.launch @narrow(%[[A]])
// CHECK-NEXT: %[[C:.+]] = dyn.launch @widen(%arg1)
// CHECK-NEXT: dyn.launch @narrow(%[[C]])
func.func @what_reads_inputs_alone_waits(%x: !n, %y: !n) -> !n {
  %c = dyn.launch @widen(%y) symbols [N] : (!n) -> !w
  %a = dyn.launch @widen(%x) symbols [N] : (!n) -> !w
  %b = dyn.launch @narrow(%a) symbols [N] : (!w) -> !n
  %d = dyn.launch @narrow(%c) symbols [N] : (!w) -> !n
  %s = dyn.launch @add(%b, %d) symbols [N] : (!n, !n) -> !n
  return %s : !n
}

// Both branches take more than what comes before the If leaves behind.
// CHECK-LABEL: func.func @what_a_branch_takes_runs_first
// CHECK-NEXT: dyn.if
// CHECK: dyn.launch @widen(%arg0)
// CHECK: dyn.launch @soft
// CHECK: dyn.launch @last
// PLAN-LABEL: func.func @what_a_branch_takes_runs_first
// PLAN-SAME: slots [32 * N, 32 * N, 4 * N]
func.func @what_a_branch_takes_runs_first(%x: !n, %y: !n, %c: !flag) -> !n {
  %a0 = dyn.launch @widen(%x) symbols [N] : (!n) -> !w
  %a = dyn.launch @soft(%a0) symbols [N] : (!w) -> !w
  %b = dyn.if (%c : !flag) -> !n then {
    %t0 = dyn.launch @widen(%y) symbols [N] : (!n) -> !w
    %t1 = dyn.launch @soft(%t0) symbols [N] : (!w) -> !w
    %t2 = dyn.launch @narrow(%t1) symbols [N] : (!w) -> !n
    dyn.yield %t2 : !n
  } else {
    %t0 = dyn.launch @widen(%y) symbols [N] : (!n) -> !w
    %t1 = dyn.launch @narrow(%t0) symbols [N] : (!w) -> !n
    dyn.yield %t1 : !n
  }
  %s = dyn.launch @last(%a, %b) symbols [N] : (!w, !n) -> !n
  return %s : !n
}

// The order inside of a branch, and what a loop takes.
// CHECK-LABEL: func.func @a_loop_runs_before_what_it_would_meet
// CHECK-NEXT: dyn.loop
// CHECK: %[[A:.+]] = dyn.launch @widen(%{{.+}})
// CHECK-NEXT: %[[B:.+]] = dyn.launch @soft(%[[A]])
// CHECK-NEXT: dyn.launch @narrow(%[[B]])
// CHECK-NEXT: %[[C:.+]] = dyn.launch @widen(%arg1)
// CHECK: dyn.launch @add
// CHECK: dyn.yield
// CHECK: dyn.launch @widen(%arg0)
// CHECK: dyn.launch @last
func.func @a_loop_runs_before_what_it_would_meet(%x: !n, %y: !n, %c: !flag) -> !n {
  %a0 = dyn.launch @widen(%x) symbols [N] : (!n) -> !w
  %a = dyn.launch @soft(%a0) symbols [N] : (!w) -> !w
  %b = dyn.loop (%y) trips [N] : (!n) -> !n {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %g: !flag, %v: !n):
    %t = dyn.launch @widen(%v) symbols [N] : (!n) -> !w
    %u = dyn.launch @widen(%y) symbols [N] : (!n) -> !w
    %t1 = dyn.launch @soft(%t) symbols [N] : (!w) -> !w
    %u1 = dyn.launch @soft(%u) symbols [N] : (!w) -> !w
    %t2 = dyn.launch @narrow(%t1) symbols [N] : (!w) -> !n
    %u2 = dyn.launch @narrow(%u1) symbols [N] : (!w) -> !n
    %s = dyn.launch @add(%t2, %u2) symbols [N] : (!n, !n) -> !n
    dyn.yield %g, %s : !flag, !n
  }
  %s = dyn.launch @last(%a, %b) symbols [N] : (!w, !n) -> !n
  return %s : !n
}

// 2048 is typical of N, 512 of M: what has M waits, of which more is left.
// CHECK-LABEL: func.func @sizes_that_facts_cannot_compare
// CHECK: dyn.launch @widen(%arg1)
// CHECK-NEXT: dyn.launch @soft
// CHECK-NEXT: dyn.launch @narrow
// CHECK-NEXT: dyn.launch @widen(%arg0)
// CHECK-NEXT: dyn.launch @soft
func.func @sizes_that_facts_cannot_compare(%x: !m, %y: !n) -> (!v, !n) {
  %a = dyn.launch @widen(%x) symbols [M] : (!m) -> !v
  %b = dyn.launch @soft(%a) symbols [M] : (!v) -> !v
  %c = dyn.launch @widen(%y) symbols [N] : (!n) -> !w
  %d = dyn.launch @soft(%c) symbols [N] : (!w) -> !w
  %e = dyn.launch @narrow(%d) symbols [N] : (!w) -> !n
  return %b, %e : !v, !n
}

// Nothing that follows a check runs before it; what comes before may follow.
// CHECK-LABEL: func.func @checks_come_first
// CHECK: dyn.read
// CHECK-NEXT: dyn.require
// CHECK: dyn.launch @widen(%arg0)
func.func @checks_come_first(%x: !n, %y: !n, %i: !1) -> !n {
  %a0 = dyn.launch @widen(%x) symbols [N] : (!n) -> !w
  %a = dyn.launch @soft(%a0) symbols [N] : (!w) -> !w
  dyn.read %i[0] as @e : !1
  dyn.require [le(e, N)] "expects at most %d, got %d" [N, e]
  %d = dyn.launch @widen(%y) symbols [N] : (!n) -> !w
  %e = dyn.launch @soft(%d) symbols [N] : (!w) -> !w
  %f = dyn.launch @narrow(%e) symbols [N] : (!w) -> !n
  %s = dyn.launch @last(%a, %f) symbols [N] : (!w, !n) -> !n
  return %s : !n
}

// Random numbers are drawn in the order of the graph, and errors found in it.
// CHECK-LABEL: func.func @operators_of_the_runtime_keep_their_order
// CHECK: dyn.runtime "random_uniform"() with [0, 0]
// CHECK: dyn.runtime "random_uniform"() with [0, 1]
func.func @operators_of_the_runtime_keep_their_order(%y: !m) -> (!n, !m) {
  %a = dyn.runtime "random_uniform"() with [0, 0] : () -> !v
  %b = dyn.runtime "random_uniform"() with [0, 1] : () -> !w
  %c = dyn.launch @narrow(%b) symbols [N] : (!w) -> !n
  %d = dyn.launch @narrow(%a) symbols [M] : (!v) -> !m
  return %c, %d : !n, !m
}
