// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 9] execution
func.func @unbounded_value_in_a_slot(%x: !m) attributes {
    dyn.memory = #dyn.memory<slots [64], outputs [], pointers 1, unbounded 1, weights 0>} {
  // expected-error@+1 {{result 0 has place #dyn.place<arena, 0>, expects memory beyond the arena}}
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<arena, 0>]} : (!m) -> !i
  dyn.read %i[0] as @e1 : !i
  return
}

// -----

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 9] execution
func.func @entry_that_is_not_there(%x: !m) attributes {
    dyn.memory = #dyn.memory<slots [], outputs [], pointers 1, unbounded 1, weights 0>} {
  // expected-error@+1 {{takes entry 1, which is none of the 1 of the pointer table}}
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 1>]} : (!m) -> !i
  dyn.read %i[0] as @e1 {releases = array<i64: 1>} : !i
  return
}

// -----

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
!j = tensor<1x?xi64, #dyn.value<[1, e1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 2147483647] execution
func.func @two_owners(%x: !m) -> (!i, !j) attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none, none], pointers 2, unbounded 2, weights 0>} {
  // expected-note@+1 {{here}}
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 0>]} : (!m) -> !i
  // expected-error@+1 {{takes entry 0 of the pointer table, which is taken}}
  %j = dyn.runtime "non_zero"(%x) defines [@e1] {places = [#dyn.place<heap, 0>]} : (!m) -> !j
  return %i, %j : !i, !j
}

// -----

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
// expected-error@+1 {{has 1 results that nothing bounds, dyn.memory says 0}}
func.func @miscounted(%x: !m) -> !i attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 1, unbounded 0, weights 0>} {
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 0>]} : (!m) -> !i
  return %i : !i
}

// -----

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
func.func @result_that_the_caller_gets(%x: !m) -> !i attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 1, unbounded 1, weights 0>} {
  // expected-error@+1 {{gives entry 0 back, which the caller gets}}
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 0>], releases = array<i64: 0>} : (!m) -> !i
  return %i : !i
}
