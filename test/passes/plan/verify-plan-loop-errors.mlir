// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!t = tensor<2xf32, #dyn.value<[2]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
dyn.kernel @k(%p: !t) -> !t {
  %s = onnx.Relu %p : (!t) -> !t
  dyn.yield %s : !t
}
// A carried value alternates between two slots.
func.func @value_with_two_slots(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [8, 8], outputs [none], pointers 5, unbounded 0, weights 0>} {
  %l = dyn.loop(%x) trips [3] {
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<dynamic, 1>, #dyn.place<dynamic, 2>], next = [#dyn.place<dynamic, 3>],
      owners = array<i64: -1>, pairs = array<i64: 0>, places = [#dyn.place<dynamic, 4>]} : (!t) -> !t {
  ^bb0(%n: !i, %go: !b, %v: !t):
    %r = dyn.launch @k(%v) {places = [#dyn.place<dynamic, 3>]} : (!t) -> !t
    dyn.yield %go, %r : !b, !t
  }
  return %l : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
dyn.kernel @k(%p: !t) -> !t {
  %s = onnx.Relu %p : (!t) -> !t
  dyn.yield %s : !t
}
func.func @owners_are_missing(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [8, 8], outputs [none], pointers 5, unbounded 0, weights 0>} {
  // expected-error@+1 {{expects arguments, next, pairs and owners for 1 carried values}}
  %l = dyn.loop(%x) trips [3] {
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<dynamic, 1>, #dyn.place<dynamic, 2>], next = [#dyn.place<dynamic, 3>],
      owners = array<i64>, pairs = array<i64: 0>, places = [#dyn.place<dynamic, 4>]} : (!t) -> !t {
  ^bb0(%n: !i, %go: !b, %v: !t):
    %r = dyn.launch @k(%v) {places = [#dyn.place<dynamic, 3>]} : (!t) -> !t
    dyn.yield %go, %r : !b, !t
  }
  return %l : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
dyn.kernel @k(%p: !t) -> !t {
  %s = onnx.Relu %p : (!t) -> !t
  dyn.yield %s : !t
}
func.func @argument_in_a_slot(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [8, 8], outputs [none], pointers 5, unbounded 0, weights 0>} {
  // expected-error@+1 {{has #dyn.place<arena, 1> for what it carries, expects kind dynamic}}
  %l = dyn.loop(%x) trips [3] {
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<arena, 1>, #dyn.place<dynamic, 2>], next = [#dyn.place<dynamic, 3>],
      owners = array<i64: -1>, pairs = array<i64: 0>, places = [#dyn.place<dynamic, 4>]} : (!t) -> !t {
  ^bb0(%n: !i, %go: !b, %v: !t):
    %r = dyn.launch @k(%v) {places = [#dyn.place<dynamic, 3>]} : (!t) -> !t
    dyn.yield %go, %r : !b, !t
  }
  return %l : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
dyn.kernel @k(%p: !t) -> !t {
  %s = onnx.Relu %p : (!t) -> !t
  dyn.yield %s : !t
}
func.func @value_without_slots(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [8, 8], outputs [none], pointers 5, unbounded 0, weights 0>} {
  // expected-error@+1 {{carried value 0 has slots from -1 and owner -1, expects two slots}}
  %l = dyn.loop(%x) trips [3] {
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<dynamic, 1>, #dyn.place<dynamic, 2>], next = [#dyn.place<dynamic, 3>],
      owners = array<i64: -1>, pairs = array<i64: -1>, places = [#dyn.place<dynamic, 4>]} : (!t) -> !t {
  ^bb0(%n: !i, %go: !b, %v: !t):
    %r = dyn.launch @k(%v) {places = [#dyn.place<dynamic, 3>]} : (!t) -> !t
    dyn.yield %go, %r : !b, !t
  }
  return %l : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
func.func @slots_for_what_does_not_change(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [8, 8], outputs [none], pointers 5, unbounded 0, weights 0>} {
  // expected-error@+1 {{carried value 0 has slots from 0 and owner -1, expects neither}}
  %l = dyn.loop(%x) trips [3] {
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<dynamic, 1>, #dyn.place<dynamic, 2>], next = [#dyn.place<dynamic, 3>],
      owners = array<i64: -1>, pairs = array<i64: 0>, places = [#dyn.place<dynamic, 4>]} : (!t) -> !t {
  ^bb0(%n: !i, %go: !b, %v: !t):
    dyn.yield %go, %v : !b, !t
  }
  return %l : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
dyn.kernel @k(%p: !t) -> !t {
  %s = onnx.Relu %p : (!t) -> !t
  dyn.yield %s : !t
}
func.func @next_value_elsewhere(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [8, 8], outputs [none], pointers 5, unbounded 0, weights 0>} {
  %l = dyn.loop(%x) trips [3] {
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<dynamic, 1>, #dyn.place<dynamic, 2>], next = [#dyn.place<dynamic, 3>],
      owners = array<i64: -1>, pairs = array<i64: 0>, places = [#dyn.place<dynamic, 4>]} : (!t) -> !t {
  ^bb0(%n: !i, %go: !b, %v: !t):
    // expected-error@+1 {{result 0 has place #dyn.place<arena, 0>, expects where the next trip reads it, entry 3}}
    %r = dyn.launch @k(%v) {places = [#dyn.place<arena, 0>]} : (!t) -> !t
    dyn.yield %go, %r : !b, !t
  }
  return %l : !t
}

// -----

!x = tensor<?xf32, #dyn.value<[N]>>
!v = tensor<?xf32, #dyn.value<[e0]>>
!w = tensor<?xf32, #dyn.value<[2 * e0]>>
!r = tensor<?xf32, #dyn.value<[e1]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
!k2 = tensor<?xf32, #dyn.value<[2 * s0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 2147483647] execution
dyn.kernel @twice(%p: !k) -> !k2 symbols [s0 in [0, 2147483647]] {
  %s = onnx.Concat %p, %p {axis = 0 : i64} : (!k, !k) -> !k2
  dyn.yield %s : !k2
}
func.func @growing_value_without_an_owner(%x: !x) -> !r attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 5, unbounded 0, weights 0>} {
  // expected-error@+1 {{carried value 0 has slots from -1 and owner -1, expects an owner}}
  %l = dyn.loop(%x) trips [3] carries [@e0] defines [@e1] {
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<dynamic, 1>, #dyn.place<dynamic, 2>], next = [#dyn.place<heap, 3>],
      owners = array<i64: -1>, pairs = array<i64: -1>, places = [#dyn.place<dynamic, 4>]} : (!x) -> !r {
  ^bb0(%n: tensor<i64, #dyn.value<[]>>, %go: tensor<i1, #dyn.value<[]>>, %v: !v):
    %j = dyn.launch @twice(%v) symbols [e0] {places = [#dyn.place<heap, 3>]} : (!v) -> !w
    dyn.yield %go, %j : tensor<i1, #dyn.value<[]>>, !w
  }
  return %l : !r
}
