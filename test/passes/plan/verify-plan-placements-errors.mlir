// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}

// Slots 0 and 2 are not needed together.
func.func @slots_over_each_other(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N, 4 * N, 4 * N], outputs [slot 2], pointers 0, unbounded 0, weights 0>,
    dyn.placements = [[array<i64: 0>, array<i64: 1, 0>, array<i64: 2, 1>],
                      [array<i64: 1>, array<i64: 0, 1>, array<i64: 2, 1>]]} {
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<arena, 0>]} : (!t) -> !t
  %b = dyn.launch @k(%a) symbols [N] {places = [#dyn.place<arena, 1>]} : (!t) -> !t
  %c = dyn.launch @k(%b) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %c : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}
func.func @slots_that_are_needed_together(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N, 4 * N, 4 * N], outputs [slot 2], pointers 0, unbounded 0, weights 0>,
    dyn.placements = [[array<i64: 0>, array<i64: 1, 0>, array<i64: 2, 1>],
                      [array<i64: 0>, array<i64: 1, 0>, array<i64: 2, 0>]]} {
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<arena, 0>]} : (!t) -> !t
  // expected-note@+1 {{this one}}
  %b = dyn.launch @k(%a) symbols [N] {places = [#dyn.place<arena, 1>]} : (!t) -> !t
  // expected-error@+1 {{takes slot 2, which placement 1 puts over slot 1, where a value is needed with it}}
  %c = dyn.launch @k(%b) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %c : !t
}

// -----

// expected-error@+1 {{placement 0 places slot 0, expects each of 2 once}}
func.func @slot_placed_twice() attributes {
    dyn.memory = #dyn.memory<slots [64, 64], outputs [], pointers 0, unbounded 0, weights 0>,
    dyn.placements = [[array<i64: 0>, array<i64: 0>]]} {
  return
}

// -----

// expected-error@+1 {{placement 0 places slot 2, expects each of 2 once}}
func.func @slot_that_is_not_there() attributes {
    dyn.memory = #dyn.memory<slots [64, 64], outputs [], pointers 0, unbounded 0, weights 0>,
    dyn.placements = [[array<i64: 2>]]} {
  return
}

// -----

// expected-error@+1 {{placement 0 places 1 of 2 slots}}
func.func @slot_without_a_place() attributes {
    dyn.memory = #dyn.memory<slots [64, 64], outputs [], pointers 0, unbounded 0, weights 0>,
    dyn.placements = [[array<i64: 1>]]} {
  return
}

// -----

// expected-error@+1 {{placement 0 puts slot 0 on slot 1, which is not placed before it}}
func.func @slot_on_one_that_comes_later() attributes {
    dyn.memory = #dyn.memory<slots [64, 64], outputs [], pointers 0, unbounded 0, weights 0>,
    dyn.placements = [[array<i64: 0, 1>, array<i64: 1>]]} {
  return
}

// -----

// expected-error@+1 {{expects a placement in dyn.placements}}
func.func @no_placement() attributes {
    dyn.memory = #dyn.memory<slots [64], outputs [], pointers 0, unbounded 0, weights 0>,
    dyn.placements = []} {
  return
}
