// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}
func.func @slot_that_is_too_small(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N - 1], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{takes 4 * N bytes in slot 0, which has 4 * N - 1}}
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %a : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}
dyn.kernel @add(%p: !k, %q: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Add %p, %q : (!k, !k) -> !k
  dyn.yield %r : !k
}
func.func @two_values_in_one_slot(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N, 4 * N], outputs [slot 1], pointers 0, unbounded 0, weights 0>} {
  // expected-note@+1 {{this one}}
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<arena, 0>]} : (!t) -> !t
  // expected-error@+1 {{takes slot 0, where another value is still needed}}
  %b = dyn.launch @k(%a) symbols [N] {places = [#dyn.place<arena, 0>]} : (!t) -> !t
  %c = dyn.launch @add(%a, %b) symbols [N] {places = [#dyn.place<output, 0>]} : (!t, !t) -> !t
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

// A kernel may write over an operand that ends with it.
func.func @value_over_its_operand(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<arena, 0>]} : (!t) -> !t
  %b = dyn.launch @k(%a) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %b : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}

// expected-error@+1 {{output 0 cannot be computed in the memory of input 0}}
func.func @output_over_an_input_that_is_read_later(%x: !t) -> (!t, !t) attributes {
    dyn.memory = #dyn.memory<slots [4 * N, 4 * N], outputs [slot 0 or input 0, slot 1], pointers 0, unbounded 0, weights 0>} {
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  %b = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<output, 1>]} : (!t) -> !t
  return %a, %b : !t, !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [0, 64]
dyn.kernel @k(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Relu %p : (!k) -> !k
  dyn.yield %r : !k
}
dyn.kernel @add(%p: !k, %q: !k) -> !k symbols [s0 in [0, 64]] {
  %r = onnx.Add %p, %q : (!k, !k) -> !k
  dyn.yield %r : !k
}

func.func @value_in_an_operand_that_is_read_later(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N, 4 * N], outputs [slot 1], pointers 0, unbounded 0, weights 0>} {
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<arena, 0>]} : (!t) -> !t
  // expected-error@+1 {{cannot be computed in the memory of operand 0, which is needed behind it or not for it alone}}
  %b = dyn.launch @k(%a) symbols [N] {places = [#dyn.place<alias, 0>]} : (!t) -> !t
  %c = dyn.launch @add(%a, %b) symbols [N] {places = [#dyn.place<output, 0>]} : (!t, !t) -> !t
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

func.func @value_in_an_operand_that_is_not_there(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{result 0 has place #dyn.place<alias, 1>, expects one of its operands}}
  %a = dyn.launch @k(%x) symbols [N] {places = [#dyn.place<alias, 1>]} : (!t) -> !t
  %b = dyn.launch @k(%a) symbols [N] {places = [#dyn.place<output, 0>]} : (!t) -> !t
  return %b : !t
}
