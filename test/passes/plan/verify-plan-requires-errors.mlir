// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}
func.func @slot_of_another_extent(%x: !t, %z: tensor<?xf32, #dyn.value<[M]>>) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * M], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{takes 4 * N bytes in slot 0, which has 4 * M}}
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %a : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}

// A run in which the slot is too small does not come to use it.
func.func @slot_of_another_extent_that_is_checked(%x: !t, %z: tensor<?xf32, #dyn.value<[M]>>) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * M], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  dyn.require [eq(N, M)] "expects equal extents, got %d and %d" [N, M]
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %a : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}

// Runs that a check lets through refute a size as well.
func.func @slot_that_is_too_small_behind_a_check(%x: !t, %z: tensor<?xf32, #dyn.value<[M]>>) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * M - 4], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  dyn.require [eq(N, M)] "expects equal extents, got %d and %d" [N, M]
  // expected-error@+1 {{takes 4 * N bytes in slot 0, which has 4 * M - 4}}
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %a : !t
}
