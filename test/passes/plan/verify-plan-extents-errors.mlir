// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
!p = tensor<2xf32, #dyn.value<[2]>>
dyn.symbol @N in [2, 64]
func.func @part_before_its_whole(%x: !t) -> !p attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{begins at N - 65, before what it is of}}
  %r = dyn.part %x from N - 65 {places = [#dyn.place<alias, 0>]} : !t -> !p
  return %r : !p
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!p = tensor<2xf32, #dyn.value<[2]>>
dyn.symbol @N in [2, 64]
func.func @part_beyond_its_whole(%x: !t) -> !p attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{ends at byte 4 * N + 4, beyond the 4 * N bytes that it is a part of}}
  %r = dyn.part %x from N - 1 {places = [#dyn.place<alias, 0>]} : !t -> !p
  return %r : !p
}

// -----

// Where a part begins is no extent: that it may be the end of the whole, with the one
// element that the part may have, says nothing.
!t = tensor<1xf32, #dyn.value<[1]>>
!p = tensor<?xf32, #dyn.value<[E]>>
!i = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @B in [-9, 9] execution
dyn.symbol @E in [0, 1] execution
func.func @part_at_the_end(%x: !t, %i: !i) -> !p attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 0, unbounded 0, weights 0>} {
  dyn.read %i[0] as @B : !i
  dyn.read %i[1] as @E : !i
  %r = dyn.part %x from max(0, min(1, B)) {places = [#dyn.place<alias, 0>]} : !t -> !p
  return %r : !p
}

// -----

!t = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @e0 in [0, 9] execution
func.func @weight_between_lines() attributes {
    dyn.memory = #dyn.memory<slots [], outputs [], pointers 0, unbounded 0, weights 64>} {
  // expected-error@+1 {{lies at byte 8 of the weights, expects a multiple of 64 that leaves 16 of their 64 bytes}}
  %a = onnx.Constant dense<[1, 2]> : tensor<2xi64> {dyn.place = #dyn.place<weights, 8>} -> !t
  dyn.read %a[0] as @e0 : !t
  return
}

// -----

!t = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @e0 in [0, 9] execution
dyn.symbol @e1 in [0, 9] execution
func.func @weight_over_another() attributes {
    dyn.memory = #dyn.memory<slots [], outputs [], pointers 0, unbounded 0, weights 64>} {
  %a = onnx.Constant dense<[1, 2]> : tensor<2xi64> {dyn.place = #dyn.place<weights, 0>} -> !t
  // expected-error@+1 {{lies at byte 0 of the weights, where another one lies}}
  %b = onnx.Constant dense<[3, 4]> : tensor<2xi64> {dyn.place = #dyn.place<weights, 0>} -> !t
  dyn.read %a[0] as @e0 : !t
  dyn.read %b[0] as @e1 : !t
  return
}
