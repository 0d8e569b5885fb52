// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!p = tensor<2x?x4xf32, #dyn.value<[2, P, 4]>>
!q = tensor<2x?x4xf32, #dyn.value<[2, P, 4], room<1, C>>>
!t = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!n = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, C>>>
!y = tensor<2x?x4xf32, #dyn.value<[2, P + 1, 4], room<1, C>>>
!kp = tensor<2x?x4xf32, #dyn.value<[2, s0, 4]>>
!kq = tensor<2x?x4xf32, #dyn.value<[2, s0, 4], room<1, s1>>>
!kt = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!kn = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, s0>>>
dyn.symbol @P in [0, 64]
dyn.symbol @C in [0, 64] execution
dyn.kernel @past(%a: !kp) -> !kq symbols [s0 in [0, 64], s1 in [0, 64]] {
  dyn.yield %a : !kp
}
dyn.kernel @new(%a: !kt) -> !kn symbols [s0 in [0, 64]] {
  dyn.yield %a : !kt
}
func.func @in_order(%past: !p, %x: !t) -> !y attributes {
    dyn.memory = #dyn.memory<slots [32 * P + 32], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  dyn.room [P + 1] of input 0 in output 0 along 1 as @C
  %a = dyn.launch @past(%past) symbols [P, C] {places = [#dyn.place<joined, 0>]} : (!p) -> !q
  %b = dyn.launch @new(%x) symbols [C] {places = [#dyn.place<joined, 1>]} : (!t) -> !n
  %y = dyn.join(%a, %b) {places = [#dyn.place<output, 0>]} : (!q, !n) -> !y
  return %y : !y
}

// -----

!p = tensor<2x?x4xf32, #dyn.value<[2, P, 4]>>
!q = tensor<2x?x4xf32, #dyn.value<[2, P, 4], room<1, C>>>
!t = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!n = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, C>>>
!y = tensor<2x?x4xf32, #dyn.value<[2, P + 1, 4], room<1, C>>>
!kp = tensor<2x?x4xf32, #dyn.value<[2, s0, 4]>>
!kq = tensor<2x?x4xf32, #dyn.value<[2, s0, 4], room<1, s1>>>
!kt = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!kn = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, s0>>>
dyn.symbol @P in [0, 64]
dyn.symbol @C in [0, 64] execution
dyn.kernel @past(%a: !kp) -> !kq symbols [s0 in [0, 64], s1 in [0, 64]] {
  dyn.yield %a : !kp
}
dyn.kernel @new(%a: !kt) -> !kn symbols [s0 in [0, 64]] {
  dyn.yield %a : !kt
}
// expected-error@+1 {{expects a dyn.room for output 0, which has room}}
func.func @no_room(%past: !p, %x: !t) -> !y attributes {
    dyn.memory = #dyn.memory<slots [32 * P + 32], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  %a = dyn.launch @past(%past) symbols [P, C] {places = [#dyn.place<joined, 0>]} : (!p) -> !q
  %b = dyn.launch @new(%x) symbols [C] {places = [#dyn.place<joined, 1>]} : (!t) -> !n
  %y = dyn.join(%a, %b) {places = [#dyn.place<output, 0>]} : (!q, !n) -> !y
  return %y : !y
}

// -----

!p = tensor<2x?x4xf32, #dyn.value<[2, P, 4]>>
!q = tensor<2x?x4xf32, #dyn.value<[2, P, 4], room<1, C>>>
!t = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!n = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, C>>>
!y = tensor<2x?x4xf32, #dyn.value<[2, P + 1, 4], room<1, C>>>
!kp = tensor<2x?x4xf32, #dyn.value<[2, s0, 4]>>
!kq = tensor<2x?x4xf32, #dyn.value<[2, s0, 4], room<1, s1>>>
!kt = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!kn = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, s0>>>
dyn.symbol @P in [0, 64]
dyn.symbol @C in [0, 64] execution
dyn.kernel @past(%a: !kp) -> !kq symbols [s0 in [0, 64], s1 in [0, 64]] {
  dyn.yield %a : !kp
}
dyn.kernel @new(%a: !kt) -> !kn symbols [s0 in [0, 64]] {
  dyn.yield %a : !kt
}
func.func @no_output(%past: !p, %x: !t) -> !y attributes {
    dyn.memory = #dyn.memory<slots [32 * P + 32], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{expects an input and an output that no other dyn.room has, got input 0 and output 1}}
  dyn.room [P + 1] of input 0 in output 1 along 1 as @C
  %a = dyn.launch @past(%past) symbols [P, C] {places = [#dyn.place<joined, 0>]} : (!p) -> !q
  %b = dyn.launch @new(%x) symbols [C] {places = [#dyn.place<joined, 1>]} : (!t) -> !n
  %y = dyn.join(%a, %b) {places = [#dyn.place<output, 0>]} : (!q, !n) -> !y
  return %y : !y
}

// -----

!p = tensor<2x?x4xf32, #dyn.value<[2, P, 4]>>
!q = tensor<2x?x4xf32, #dyn.value<[2, P, 4], room<1, C>>>
!t = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!n = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, C>>>
!y = tensor<2x?x4xf32, #dyn.value<[2, P + 1, 4], room<1, C>>>
!kp = tensor<2x?x4xf32, #dyn.value<[2, s0, 4]>>
!kq = tensor<2x?x4xf32, #dyn.value<[2, s0, 4], room<1, s1>>>
!kt = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!kn = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, s0>>>
dyn.symbol @P in [0, 64]
dyn.symbol @C in [0, 64] execution
dyn.kernel @past(%a: !kp) -> !kq symbols [s0 in [0, 64], s1 in [0, 64]] {
  dyn.yield %a : !kp
}
dyn.kernel @new(%a: !kt) -> !kn symbols [s0 in [0, 64]] {
  dyn.yield %a : !kt
}
func.func @another_extent(%past: !p, %x: !t) -> !y attributes {
    dyn.memory = #dyn.memory<slots [32 * P + 32], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{expects output 0 to have the extent and the room, got}}
  dyn.room [P + 2] of input 0 in output 0 along 1 as @C
  %a = dyn.launch @past(%past) symbols [P, C] {places = [#dyn.place<joined, 0>]} : (!p) -> !q
  %b = dyn.launch @new(%x) symbols [C] {places = [#dyn.place<joined, 1>]} : (!t) -> !n
  %y = dyn.join(%a, %b) {places = [#dyn.place<output, 0>]} : (!q, !n) -> !y
  return %y : !y
}

// -----

!p = tensor<2x?x4xf32, #dyn.value<[2, P, 4]>>
!q = tensor<2x?x4xf32, #dyn.value<[2, P, 4], room<1, C>>>
!t = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!n = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, C>>>
!y = tensor<2x?x4xf32, #dyn.value<[2, P + 1, 4], room<1, C>>>
!kp = tensor<2x?x4xf32, #dyn.value<[2, s0, 4]>>
!kq = tensor<2x?x4xf32, #dyn.value<[2, s0, 4], room<1, s1>>>
!kt = tensor<2x1x4xf32, #dyn.value<[2, 1, 4]>>
!kn = tensor<2x1x4xf32, #dyn.value<[2, 1, 4], room<1, s0>>>
dyn.symbol @P in [0, 64]
dyn.symbol @C in [0, 64] execution
dyn.kernel @past(%a: !kp) -> !kq symbols [s0 in [0, 64], s1 in [0, 64]] {
  dyn.yield %a : !kp
}
dyn.kernel @new(%a: !kt) -> !kn symbols [s0 in [0, 64]] {
  dyn.yield %a : !kt
}
func.func @another_input(%past: !p, %x: !t, %other: !p) -> !y attributes {
    dyn.memory = #dyn.memory<slots [32 * P + 32], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{expects output 0 to begin with a copy of input 0, which nothing else reads}}
  dyn.room [P + 1] of input 0 in output 0 along 1 as @C
  %a = dyn.launch @past(%other) symbols [P, C] {places = [#dyn.place<joined, 0>]} : (!p) -> !q
  %b = dyn.launch @new(%x) symbols [C] {places = [#dyn.place<joined, 1>]} : (!t) -> !n
  %y = dyn.join(%a, %b) {places = [#dyn.place<output, 0>]} : (!q, !n) -> !y
  return %y : !y
}
