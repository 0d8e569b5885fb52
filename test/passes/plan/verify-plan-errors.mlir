// RUN: dycc-opt %s --dycc-verify-plan --split-input-file --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
// expected-error@+1 {{expects dyn.memory after the plan stage}}
func.func @function_without_memory(%x: !t) -> !t {
  return %x : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
// expected-error@+1 {{expects 1 outputs in dyn.memory, got 2}}
func.func @one_output_too_many(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none, none], pointers 0, unbounded 0, weights 0>} {
  return %x : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @value_without_a_place(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{expects a place for each of 1 results after the plan stage}}
  %r = dyn.view %x : !t -> !t
  return %r : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @alias_of_another_operand(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{result 0 has place #dyn.place<alias, 1>, expects an alias of operand 0}}
  %r = dyn.view %x {places = [#dyn.place<alias, 1>]} : !t -> !t
  return %r : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
func.func @piece_with_another_number() -> tensor<4xf32, #dyn.value<[4]>> attributes {
    dyn.memory = #dyn.memory<slots [16], outputs [slot 0], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{result 0 has place #dyn.place<joined, 1>, expects its piece of the join, number 0}}
  %a = dyn.symbolic [1, 2] {places = [#dyn.place<joined, 1>]} : !t
  %b = dyn.symbolic [3, 4] {places = [#dyn.place<joined, 1>]} : !t
  %j = dyn.join(%a, %b) {places = [#dyn.place<output, 0>]} : (!t, !t) -> tensor<4xf32, #dyn.value<[4]>>
  return %j : tensor<4xf32, #dyn.value<[4]>>
}

// -----

dyn.symbol @N in [1, 8]
dyn.kernel @copy_0(%a: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [1, 8]] {
  dyn.yield %a : tensor<?xf32, #dyn.value<[s0]>>
}
!t = tensor<?xf32, #dyn.value<[N]>>
func.func @rows_with_another_number(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [4 * N], outputs [slot 0], pointers 2, unbounded 0, weights 0>} {
  %r = dyn.loop () trips [1] {dyn.first_row = #dyn.expr<0>, places = [#dyn.place<output, 0>],
      arguments = [#dyn.place<dynamic, 0>, #dyn.place<dynamic, 1>]} : () -> !t {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>):
    // expected-error@+1 {{result 0 has place #dyn.place<joined, 1>, expects its rows of the loop's result, number 0}}
    %a = dyn.launch @copy_0(%x) symbols [N] {places = [#dyn.place<joined, 1>]} : (!t) -> !t
    dyn.yield %c, %a : tensor<i1, #dyn.value<[]>>, !t
  }
  return %r : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
func.func @branch_in_a_slot(%c: tensor<i1, #dyn.value<[]>>, %x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [8], outputs [none], pointers 1, unbounded 0, weights 0>} {
  // expected-error@+1 {{result 0 has place #dyn.place<arena, 0>, expects an entry of the table}}
  %r = dyn.if (%c : tensor<i1, #dyn.value<[]>>) {places = [#dyn.place<arena, 0>]} -> !t then {
    dyn.yield %x : !t
  } else {
    dyn.yield %x : !t
  }
  return %r : !t
}

// -----

!t = tensor<2xf32, #dyn.value<[2]>>
func.func @output_of_another_value() -> (!t, !t) attributes {
    dyn.memory = #dyn.memory<slots [8, 8], outputs [slot 0, slot 1], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{result 0 has place #dyn.place<output, 1>, expects the output that it is}}
  %a = dyn.symbolic [1, 2] {places = [#dyn.place<output, 1>]} : !t
  %b = dyn.symbolic [3, 4] {places = [#dyn.place<output, 1>]} : !t
  return %a, %b : !t, !t
}

// -----

!t = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @e0 in [0, 9] execution
func.func @slot_that_is_not_there() attributes {
    dyn.memory = #dyn.memory<slots [16], outputs [], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{lies in slot 1, which is none of the 1 of the arena}}
  %a = dyn.symbolic [1, 2] {places = [#dyn.place<arena, 1>]} : !t
  dyn.read %a[0] as @e0 : !t
  return
}

// -----

!t = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @e0 in [0, 9] execution
func.func @value_that_needs_a_slot() attributes {
    dyn.memory = #dyn.memory<slots [16], outputs [], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{result 0 has place #dyn.place<output, 0>, expects a slot of the arena}}
  %a = dyn.symbolic [1, 2] {places = [#dyn.place<output, 0>]} : !t
  dyn.read %a[0] as @e0 : !t
  return
}

// -----

!t = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @e0 in [0, 9] execution
func.func @constant_in_a_slot() attributes {
    dyn.memory = #dyn.memory<slots [16], outputs [], pointers 0, unbounded 0, weights 64>} {
  // expected-error@+1 {{result 0 has place #dyn.place<arena, 0>, expects weights}}
  %a = onnx.Constant dense<[1, 2]> : tensor<2xi64> {dyn.place = #dyn.place<arena, 0>} -> !t
  dyn.read %a[0] as @e0 : !t
  return
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @group_that_is_left(%x: !t) -> !t attributes {
    dyn.memory = #dyn.memory<slots [], outputs [none], pointers 0, unbounded 0, weights 0>} {
  // expected-error@+1 {{expects launches of kernels in the plan stage, got a group}}
  %r = dyn.group(%x) : (!t) -> !t {
  ^bb0(%a: !t):
    dyn.yield %a : !t
  }
  return %r : !t
}
