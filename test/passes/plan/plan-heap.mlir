// RUN: dycc-opt %s --dycc-plan-memory | FileCheck %s

!open = tensor<?xf32, #dyn.value<[e0]>>
!t = tensor<?xf32, #dyn.value<[N]>>
!flag = tensor<i1, #dyn.value<[]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 2147483647] execution
dyn.symbol @e2 in [0, 2147483647] execution
dyn.symbol @e3 in [0, 2147483647] execution
dyn.symbol @e4 in [0, 64] execution
dyn.symbol @e5 in [0, 1073741824] execution
dyn.kernel @k(%p: tensor<1x?xi64, #dyn.value<[1, s0]>>) -> tensor<1x?xi64, #dyn.value<[1, s0]>> symbols [s0 in [0, 2147483647]] {
  dyn.yield %p : tensor<1x?xi64, #dyn.value<[1, s0]>>
}
dyn.kernel @make() -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [0, 2147483647]] {
  %z = dyn.symbolic [s0] : tensor<1xi64, #dyn.value<[1]>>
  %v = onnx.ConstantOfShape %z : (tensor<1xi64, #dyn.value<[1]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %v : tensor<?xf32, #dyn.value<[s0]>>
}
dyn.kernel @sum(%p: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<f32, #dyn.value<[]>> symbols [s0 in [0, 2147483647]] {
  %t = onnx.ReduceSum %p {keepdims = 0 : i64} : (tensor<?xf32, #dyn.value<[s0]>>) -> tensor<f32, #dyn.value<[]>>
  dyn.yield %t : tensor<f32, #dyn.value<[]>>
}
dyn.kernel @half(%p: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [0, 2147483647]] {
  dyn.yield %p : tensor<?xf32, #dyn.value<[s0]>>
}
dyn.kernel @join(%p: tensor<?xf32, #dyn.value<[s0]>>, %q: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[2 * s0]>> symbols [s0 in [0, 2147483647]] {
  %r = onnx.Concat %p, %q {axis = 0 : i64} : (tensor<?xf32, #dyn.value<[s0]>>, tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[2 * s0]>>
  dyn.yield %r : tensor<?xf32, #dyn.value<[2 * s0]>>
}
dyn.kernel @sum2(%p: tensor<?xi64, #dyn.value<[s0]>>) -> tensor<f32, #dyn.value<[]>> symbols [s0 in [0, 2147483647]] {
  %c = onnx.Cast %p {to = 1 : i64} : (tensor<?xi64, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  %t = onnx.ReduceSum %c {keepdims = 0 : i64} : (tensor<?xf32, #dyn.value<[s0]>>) -> tensor<f32, #dyn.value<[]>>
  dyn.yield %t : tensor<f32, #dyn.value<[]>>
}

// Memory is given back behind the last use; a result is the caller's.
// CHECK-LABEL: func.func @unbounded_results_own_entries
// CHECK-SAME: slots [], outputs [none], pointers 2, unbounded 2
// CHECK: dyn.runtime "non_zero"{{.*}}places = [#dyn.place<heap, 0>]
// CHECK-NOT: releases
// CHECK: dyn.launch @k({{.*}} {places = [#dyn.place<heap, 1>], releases = array<i64: 0>}
// CHECK: return
func.func @unbounded_results_own_entries(%x: tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, e0]>> {
  %i = dyn.runtime "non_zero"(%x) defines [@e0] : (tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, e0]>>
  %r = dyn.launch @k(%i) symbols [e0] : (tensor<1x?xi64, #dyn.value<[1, e0]>>) -> tensor<1x?xi64, #dyn.value<[1, e0]>>
  return %r : tensor<1x?xi64, #dyn.value<[1, e0]>>
}

// The same with a bound needs no memory beyond the arena.
// CHECK-LABEL: func.func @bounded_result_has_a_slot
// CHECK-SAME: slots [512]
// CHECK-SAME: unbounded 0
func.func @bounded_result_has_a_slot(%x: tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, e4]>> {
  %i = dyn.runtime "non_zero"(%x) defines [@e4] : (tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, e4]>>
  return %i : tensor<1x?xi64, #dyn.value<[1, e4]>>
}

// What either branch makes is given back behind both.
// CHECK-LABEL: func.func @branches_are_released_behind_the_if
// CHECK: dyn.if
// CHECK: dyn.launch @make({{.*}} {places = [#dyn.place<heap, 0>]}
// CHECK: dyn.launch @make({{.*}} {places = [#dyn.place<heap, 1>]}
// CHECK: dyn.launch @sum({{.*}} {places = [#dyn.place<output, 0>], releases = array<i64: 0, 1>}
func.func @branches_are_released_behind_the_if(%c: !flag, %n: tensor<i64, #dyn.value<[]>>) -> tensor<f32, #dyn.value<[]>> {
  dyn.read %n[0] as @e0 : tensor<i64, #dyn.value<[]>>
  %r = dyn.if (%c : !flag) -> !open then {
    %a = dyn.launch @make() symbols [e0] : () -> !open
    dyn.yield %a : !open
  } else {
    %b = dyn.launch @make() symbols [e0] : () -> !open
    dyn.yield %b : !open
  }
  %s = dyn.launch @sum(%r) symbols [e0] : (!open) -> tensor<f32, #dyn.value<[]>>
  return %s : tensor<f32, #dyn.value<[]>>
}

// A loop owns what it carries; the body computes the next value in an entry of
// its own. A scan without a trip count grows. Both are given back behind their
// last use, what only one trip needs behind it.
// CHECK-LABEL: func.func @loop_owns_what_grows
// CHECK-SAME: unbounded 3
// CHECK: dyn.loop
// CHECK-SAME: next = [#dyn.place<heap, [[NEXT:[0-9]+]]>]
// CHECK-SAME: owners = array<i64: 0>
// CHECK-SAME: pairs = array<i64: -1>
// CHECK-SAME: places = [#dyn.place<dynamic, {{[0-9]+}}>, #dyn.place<heap, 1>]
// CHECK: dyn.launch @half({{.*}} {places = [#dyn.place<heap, 2>]}
// CHECK: dyn.launch @join({{.*}} {places = [#dyn.place<heap, [[NEXT]]>], releases = array<i64: 2>}
// CHECK: dyn.launch @sum({{.*}} {places = [#dyn.place<output, 0>], releases = array<i64: 0>}
// CHECK: dyn.launch @sum2({{.*}} {places = [#dyn.place<output, 1>], releases = array<i64: 1>}
func.func @loop_owns_what_grows(%x: !t) -> (tensor<f32, #dyn.value<[]>>, tensor<f32, #dyn.value<[]>>) {
  %l:2 = dyn.loop(%x) tests carries [@e1] defines [@e2, @e3] : (!t) -> (tensor<?xf32, #dyn.value<[e2]>>, tensor<?xi64, #dyn.value<[e3]>>) {
  ^bb0(%trip: tensor<i64, #dyn.value<[]>>, %going: !flag, %v: tensor<?xf32, #dyn.value<[e1]>>):
    %h = dyn.launch @half(%v) symbols [e1] : (tensor<?xf32, #dyn.value<[e1]>>) -> tensor<?xf32, #dyn.value<[e1]>>
    %j = dyn.launch @join(%v, %h) symbols [e1] : (tensor<?xf32, #dyn.value<[e1]>>, tensor<?xf32, #dyn.value<[e1]>>) -> tensor<?xf32, #dyn.value<[2 * e1]>>
    dyn.yield %going, %j, %trip : !flag, tensor<?xf32, #dyn.value<[2 * e1]>>, tensor<i64, #dyn.value<[]>>
  }
  %s = dyn.launch @sum(%l#0) symbols [e2] : (tensor<?xf32, #dyn.value<[e2]>>) -> tensor<f32, #dyn.value<[]>>
  %u = dyn.launch @sum2(%l#1) symbols [e3] : (tensor<?xi64, #dyn.value<[e3]>>) -> tensor<f32, #dyn.value<[]>>
  return %s, %u : tensor<f32, #dyn.value<[]>>, tensor<f32, #dyn.value<[]>>
}

// It is not bounded by half of the range of all numbers.
// CHECK-LABEL: func.func @half_of_an_open_number_has_memory_of_its_own
// CHECK: dyn.launch @make{{.*}}places = [#dyn.place<heap, 0>]
func.func @half_of_an_open_number_has_memory_of_its_own(%n: tensor<i64, #dyn.value<[]>>) -> tensor<f32, #dyn.value<[]>> {
  dyn.read %n[0] as @e3 : tensor<i64, #dyn.value<[]>>
  dyn.define [e3 floordiv 2] as @e5
  %v = dyn.launch @make() symbols [e5] : () -> tensor<?xf32, #dyn.value<[e5]>>
  %s = dyn.launch @sum(%v) symbols [e5] : (tensor<?xf32, #dyn.value<[e5]>>) -> tensor<f32, #dyn.value<[]>>
  return %s : tensor<f32, #dyn.value<[]>>
}
