// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 9] execution
func.func @never_given_back(%x: !m) attributes {
    dyn.memory = #dyn.memory<slots [], outputs [], pointers 1, unbounded 1, weights 0>} {
  // expected-error@+1 {{takes memory for entry 0, which is never given back}}
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 0>]} : (!m) -> !i
  dyn.read %i[0] as @e1 : !i
  return
}

// -----

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 9] execution
dyn.symbol @e2 in [0, 9] execution
func.func @given_back_twice(%x: !m) attributes {
    dyn.memory = #dyn.memory<slots [], outputs [], pointers 1, unbounded 1, weights 0>} {
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 0>]} : (!m) -> !i
  dyn.read %i[0] as @e1 {releases = array<i64: 0>} : !i
  // expected-error@+1 {{gives entry 0 back once more}}
  dyn.read %i[1] as @e2 {releases = array<i64: 0>} : !i
  return
}

// -----

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 9] execution
dyn.symbol @e2 in [0, 9] execution
func.func @given_back_too_early(%x: !m) attributes {
    dyn.memory = #dyn.memory<slots [], outputs [], pointers 1, unbounded 1, weights 0>} {
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 0>]} : (!m) -> !i
  // expected-error@+1 {{gives entry 0 back elsewhere than behind its last use}}
  dyn.read %i[0] as @e1 {releases = array<i64: 0>} : !i
  // expected-note@+1 {{here}}
  dyn.read %i[1] as @e2 : !i
  return
}

// -----

!m = tensor<?xi1, #dyn.value<[N]>>
!i = tensor<1x?xi64, #dyn.value<[1, e0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 2147483647] execution
dyn.symbol @e1 in [0, 9] execution
func.func @entry_without_an_owner(%x: !m) attributes {
    dyn.memory = #dyn.memory<slots [], outputs [], pointers 2, unbounded 1, weights 0>} {
  %i = dyn.runtime "non_zero"(%x) defines [@e0] {places = [#dyn.place<heap, 0>]} : (!m) -> !i
  // expected-error@+1 {{gives entry 1 back, which owns nothing}}
  dyn.read %i[0] as @e1 {releases = array<i64: 0, 1>} : !i
  return
}
