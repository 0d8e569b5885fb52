// RUN: dycc-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// expected-error@+1 {{expects lower bound <= upper bound, got [3, 2]}}
dyn.symbol @symbol_c1 in [3, 2]

// -----

// expected-error@+1 {{expects a positive multiple, got 0}}
dyn.symbol @symbol_c2 in [0, 2] multiple 0

// -----

// expected-error@+1 {{expects a bound only on an execution symbol}}
dyn.symbol @symbol_c3 in [0, 2] bound 4

// -----

// expected-error@+1 {{expects a definition only on a symbol that the inputs decide}}
dyn.symbol @symbol_c4 in [0, 2] execution is 4 * H

// -----

func.func @symbolic_c1() {
  // expected-error@+1 {{expects a static result of 2 elements, got 'tensor<3xi64>'}}
  %0 = dyn.symbolic [1, N] : tensor<3xi64>
  return
}

// -----

func.func @read_c1(%x: tensor<1xf64, #dyn.value<[1]>>) {
  // expected-error@+1 {{expects an integer element type or f32, got 'f64'}}
  dyn.read %x[0] as @e : tensor<1xf64, #dyn.value<[1]>>
  return
}

// -----

func.func @require_c1() {
  // expected-error@+1 {{expects one value for each '%d', got 1 for 2}}
  dyn.require [eq(N, M)] "got %d and %d" [N]
  return
}

// -----

func.func @group_c1(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects block arguments of the types of its inputs}}
  %0 = dyn.group(%x) : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[M]>> {
  ^bb0(%a: tensor<?xf32, #dyn.value<[M]>>):
    dyn.yield %a : tensor<?xf32, #dyn.value<[M]>>
  }
  return
}

// -----

func.func @group_c2(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects a dyn.yield of 1 values}}
  %0 = dyn.group(%x) : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>> {
  ^bb0(%a: tensor<?xf32, #dyn.value<[N]>>):
    dyn.yield
  }
  return
}

// -----

func.func @runtime_c1(%x: tensor<?xi1, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects 'count' to be a dim of a result}}
  %0 = dyn.runtime "non_zero"(%x) defines [@count] : (tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, N]>>
  return
}

// -----

func.func @runtime_c2(%x: tensor<1x2x?xi1, #dyn.value<[1, 2, N], channels_last<8>>>) {
  // expected-error@+1 {{expects plain tensors, got}}
  %0 = dyn.runtime "non_zero"(%x) : (tensor<1x2x?xi1, #dyn.value<[1, 2, N], channels_last<8>>>) -> tensor<3x?xi64, #dyn.value<[3, N]>>
  return
}

// -----

func.func @convert_layout_c1(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects types that differ in nothing but the layout}}
  %0 = dyn.convert_layout %x : tensor<?xf32, #dyn.value<[N]>> -> tensor<?xf32, #dyn.value<[M]>>
  return
}

// -----

func.func @view_c1(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects plain tensors of one element type}}
  %0 = dyn.view %x : tensor<?xf32, #dyn.value<[N]>> -> tensor<?xi32, #dyn.value<[N]>>
  return
}

// -----

func.func @part_c1(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects plain tensors of one element type}}
  %0 = dyn.part %x from 0 : tensor<?xf32, #dyn.value<[N]>> -> tensor<?xi32, #dyn.value<[N]>>
  return
}

// -----

func.func @part_c2(%x: tensor<?x8x2x2xf32, #dyn.value<[N, 8, 2, 2], channels_last<8>>>) {
  // expected-error@+1 {{expects the layout of what it is a part of}}
  %0 = dyn.part %x from 0 : tensor<?x8x2x2xf32, #dyn.value<[N, 8, 2, 2], channels_last<8>>> -> tensor<?x8x2x2xf32, #dyn.value<[N, 8, 2, 2]>>
  return
}

// -----

// Channels begin at whole blocks, and have the pitch of what they are of.
func.func @part_c3(%x: tensor<?x16x2xf32, #dyn.value<[N, 16, 2], channels_last<8>>>) {
  // expected-error@+1 {{expects the layout of what it is a part of}}
  %0 = dyn.part %x from 4 : tensor<?x16x2xf32, #dyn.value<[N, 16, 2], channels_last<8>>> -> tensor<?x8x2xf32, #dyn.value<[N, 8, 2], channels_last<8, pitch 16>>>
  return
}

// -----

func.func @join_c1(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects plain tensors of one element type}}
  %0 = dyn.join(%x) : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xi32, #dyn.value<[N]>>
  return
}

// -----

func.func @if_c1() {
  // expected-error@+1 {{expects either a condition or a predicate}}
  dyn.if then {
    dyn.yield
  } else {
    dyn.yield
  }
  return
}

// -----

func.func @if_c2(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects the else branch to yield 1 values, got 0}}
  %0 = dyn.if when [lt(N, 3)] -> tensor<?xf32, #dyn.value<[N]>> then {
    dyn.yield %x : tensor<?xf32, #dyn.value<[N]>>
  } else {
    dyn.yield
  }
  return
}

// -----

func.func @loop_c1(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects 3 block arguments, got 2}}
  %0 = dyn.loop (%x) trips [N] : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>):
    dyn.yield %c : tensor<i1, #dyn.value<[]>>
  }
  return
}

// -----

func.func @loop_c2(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects its body to yield the condition and 1 values}}
  %0 = dyn.loop (%x) trips [N] : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>, %a: tensor<?xf32, #dyn.value<[N]>>):
    dyn.yield %c : tensor<i1, #dyn.value<[]>>
  }
  return
}

// -----

func.func @loop_c3(%x: tensor<?x8x4xf32, #dyn.value<[N, 8, 4], channels_last<8>>>) {
  // expected-error@+1 {{expects to carry the element type, rank and layout of 'tensor<?x8x4xf32, #dyn.value<[N, 8, 4]>>', got 'tensor<?x8x4xf32, #dyn.value<[N, 8, 4], channels_last<8>>>'}}
  %0 = dyn.loop (%x) trips [N] : (tensor<?x8x4xf32, #dyn.value<[N, 8, 4], channels_last<8>>>) -> tensor<?x8x4xf32, #dyn.value<[N, 8, 4]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>, %a: tensor<?x8x4xf32, #dyn.value<[N, 8, 4]>>):
    dyn.yield %c, %a : tensor<i1, #dyn.value<[]>>, tensor<?x8x4xf32, #dyn.value<[N, 8, 4]>>
  }
  return
}

// -----

func.func @loop_by_rows_carries(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{by rows expects no carried values and no condition}}
  %0 = dyn.loop (%x) trips [N] {dyn.first_row = #dyn.expr<N>} : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>, %a: tensor<?xf32, #dyn.value<[N]>>):
    dyn.yield %c, %a : tensor<i1, #dyn.value<[]>>, tensor<?xf32, #dyn.value<[N]>>
  }
  return
}

// -----

func.func @loop_by_rows_of_no_kernel(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{by rows expects each value to come from a kernel of its body, once}}
  %0 = dyn.loop () trips [N] {dyn.first_row = #dyn.expr<N>} : () -> tensor<?xf32, #dyn.value<[N]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>):
    dyn.yield %c, %x : tensor<i1, #dyn.value<[]>>, tensor<?xf32, #dyn.value<[N]>>
  }
  return
}

// -----

func.func @loop_by_strips_without_rows(%x: tensor<1x2x?x4xf32, #dyn.value<[1, 2, N, 4]>>) {
  // expected-error@+1 {{by strips expects a first row for each of 1 results, got 0}}
  %0 = dyn.loop () trips [N] {dyn.strip_image = #dyn.expr<0>, dyn.strips = []} : () -> tensor<1x2x?x4xf32, #dyn.value<[1, 2, N, 4]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>):
    dyn.yield %c, %x : tensor<i1, #dyn.value<[]>>, tensor<1x2x?x4xf32, #dyn.value<[1, 2, N, 4]>>
  }
  return
}

// -----

func.func @loop_by_strips_of_other_columns(%x: tensor<1x2x?x4xf32, #dyn.value<[1, 2, N, 4]>>) {
  // expected-error@+1 {{by strips expects rows of an image of 'tensor<1x2x?x5xf32, #dyn.value<[1, 2, N, 5]>>', got 'tensor<1x2x?x4xf32, #dyn.value<[1, 2, N, 4]>>'}}
  %0 = dyn.loop () trips [N] {dyn.strip_image = #dyn.expr<0>, dyn.strips = [#dyn.expr<N>]} : () -> tensor<1x2x?x5xf32, #dyn.value<[1, 2, N, 5]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>):
    dyn.yield %c, %x : tensor<i1, #dyn.value<[]>>, tensor<1x2x?x4xf32, #dyn.value<[1, 2, N, 4]>>
  }
  return
}

// -----

func.func @loop_by_rows_of_another_shape(%x: tensor<?x2xf32, #dyn.value<[N, 2]>>) {
  // expected-error@+1 {{by rows expects rows of 'tensor<?x3xf32, #dyn.value<[N, 3]>>', got 'tensor<?x2xf32, #dyn.value<[N, 2]>>'}}
  %0 = dyn.loop () trips [N] {dyn.first_row = #dyn.expr<N>} : () -> tensor<?x3xf32, #dyn.value<[N, 3]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>):
    %g = dyn.group(%x) : (tensor<?x2xf32, #dyn.value<[N, 2]>>) -> tensor<?x2xf32, #dyn.value<[N, 2]>> {
    ^bb0(%a: tensor<?x2xf32, #dyn.value<[N, 2]>>):
      dyn.yield %a : tensor<?x2xf32, #dyn.value<[N, 2]>>
    }
    dyn.yield %c, %g : tensor<i1, #dyn.value<[]>>, tensor<?x2xf32, #dyn.value<[N, 2]>>
  }
  return
}

// -----

// expected-error@+1 {{expects one symbolic dim for each of 2 dims, got 1}}
func.func private @value_rank(tensor<?x3xf32, #dyn.value<[N]>>)

// -----

// expected-error@+1 {{expects dim 1 to be 4 as its expression '4' is, got 3}}
func.func private @value_constant(tensor<?x3xf32, #dyn.value<[N, 4]>>)

// -----

// expected-error@+1 {{expects a rank of 3 or more for channels_last, got 2}}
func.func private @value_channels_last(tensor<?x4xf32, #dyn.value<[N, 4], channels_last<8>>>)

// -----

func.func @group_yields(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects to yield 'tensor<?xi32, #dyn.value<[N]>>' up to its layout, got 'tensor<?xf32, #dyn.value<[N]>>'}}
  %0 = dyn.group(%x) : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xi32, #dyn.value<[N]>> {
  ^bb0(%a: tensor<?xf32, #dyn.value<[N]>>):
    dyn.yield %a : tensor<?xf32, #dyn.value<[N]>>
  }
  return
}

// -----

func.func @if_yields(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects the then branch to yield the element type, rank and layout of 'tensor<?x1xf32, #dyn.value<[N, 1]>>', got 'tensor<?xf32, #dyn.value<[N]>>'}}
  %0 = dyn.if when [lt(N, 3)] -> tensor<?x1xf32, #dyn.value<[N, 1]>> then {
    dyn.yield %x : tensor<?xf32, #dyn.value<[N]>>
  } else {
    dyn.yield %x : tensor<?xf32, #dyn.value<[N]>>
  }
  return
}

// -----

func.func @if_terminators(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects its regions to end in dyn.yield}}
  dyn.if when [lt(N, 3)] then {
    "test.end"() : () -> ()
  } else {
    dyn.yield
  }
  return
}

// -----

// expected-error@+1 {{expects panels for Winograd's tiles of 2 or 4, got panels and 3}}
func.func private @winograd_tile(tensor<16x4x3x3xf32, #dyn.value<[16, 4, 3, 3], panels<8, winograd 3>>>)

// -----

// expected-error@+1 {{expects panels for Winograd's tiles of 2 or 4, got channels_last and 4}}
func.func private @winograd_image(tensor<16x4x3x3xf32, #dyn.value<[16, 4, 3, 3], channels_last<8, winograd 4>>>)

// -----

// expected-error@+1 {{expects a filter of 3 x 3 taps for Winograd's tiles, got [16, 4, 1, 3]}}
func.func private @winograd_taps(tensor<16x4x1x3xf32, #dyn.value<[16, 4, 1, 3], panels<8, winograd 4>>>)

// -----

// expected-error@+1 {{expects panels for groups of 2 or more, got panels and 1}}
func.func private @group_of_one(tensor<16x4xi8, #dyn.value<[16, 4], panels<8, group 1>>>)

// -----

// expected-error@+1 {{expects panels for groups of 2 or more, got channels_last and 4}}
func.func private @group_of_channels(tensor<1x16x4xi8, #dyn.value<[1, 16, 4], channels_last<8, group 4>>>)

// -----

// expected-error@+1 {{expects channels_last for a positive pitch, got panels and 8}}
func.func private @pitch_of_panels(tensor<16x4xf32, #dyn.value<[16, 4], panels<8, pitch 8>>>)

// -----

// expected-error@+1 {{expects channels_last for a positive pitch, got channels_last and -8}}
func.func private @negative_pitch(tensor<1x8x4xf32, #dyn.value<[1, 8, 4], channels_last<8, pitch -8>>>)

// -----

func.func @join_c2(%x: tensor<?x8x2xf32, #dyn.value<[N, 8, 2], channels_last<8, pitch 24>>>) {
  // expected-error@+1 {{expects its operands to be the channels of 'tensor<?x16x2xf32, #dyn.value<[N, 16, 2], channels_last<8>>>' in whole blocks, got 'tensor<?x8x2xf32, #dyn.value<[N, 8, 2], channels_last<8, pitch 24>>>' from channel 0 on}}
  %0 = dyn.join(%x) : (tensor<?x8x2xf32, #dyn.value<[N, 8, 2], channels_last<8, pitch 24>>>) -> tensor<?x16x2xf32, #dyn.value<[N, 16, 2], channels_last<8>>>
  return
}

// -----

func.func @join_c2_all(%x: tensor<?x8x2xf32, #dyn.value<[N, 8, 2], channels_last<8, pitch 16>>>) {
  // expected-error@+1 {{expects all channels of 'tensor<?x16x2xf32, #dyn.value<[N, 16, 2], channels_last<8>>>', got 8}}
  %0 = dyn.join(%x) : (tensor<?x8x2xf32, #dyn.value<[N, 8, 2], channels_last<8, pitch 16>>>) -> tensor<?x16x2xf32, #dyn.value<[N, 16, 2], channels_last<8>>>
  return
}

// -----

// expected-error@+1 {{expects a layout, got 'rows'}}
func.func private @layout_kind(tensor<?x4xf32, #dyn.value<[N, 4], rows<8>>>)

// -----

// expected-error@+1 {{expects a positive layout width, got 0}}
func.func private @layout_width(tensor<?x4xf32, #dyn.value<[N, 4], panels<0>>>)

// -----

// expected-error@+1 {{expects dyn.placements of a function to have lists of slots with those that they lie on, got [3]}}
func.func @placements_of_another_kind() attributes {dyn.placements = [3 : i64]} {
  return
}

// -----

// expected-error@+1 {{expects dyn.placements of a function to have lists of slots with those that they lie on, got [[array<i64>]]}}
func.func @placement_of_no_slot() attributes {dyn.placements = [[array<i64>]]} {
  return
}

// -----

// expected-error@+1 {{expects dyn.memory to be a #dyn.memory of a function, got 3}}
func.func @memory_of_another_kind() attributes {dyn.memory = 3 : i64} {
  return
}

// -----

// expected-error@+1 {{expects dyn.place to be a #dyn.place, got "here"}}
func.func @place_of_another_kind() attributes {dyn.place = "here"} {
  return
}

// -----

!k = tensor<?xf32, #dyn.value<[s0]>>
// expected-error@+1 {{expects each symbol once, with a range and a positive multiple, got #dyn.kernel_symbol<s0 in [3, 2]>}}
dyn.kernel @kernel_c1_range(%a: !k) -> !k symbols [s0 in [3, 2]] {
  dyn.yield %a : !k
}

// -----

!k = tensor<?xf32, #dyn.value<[s0]>>
// expected-error@+1 {{got #dyn.kernel_symbol<s0 in [0, 8] multiple 0>}}
dyn.kernel @kernel_c1_multiple(%a: !k) -> !k symbols [s0 in [0, 8] multiple 0] {
  dyn.yield %a : !k
}

// -----

!k = tensor<?xf32, #dyn.value<[s0]>>
// expected-error@+1 {{got #dyn.kernel_symbol<s0 in [0, 9]>}}
dyn.kernel @kernel_c1_once(%a: !k) -> !k symbols [s0 in [0, 8], s0 in [0, 9]] {
  dyn.yield %a : !k
}

// -----

!k = tensor<?xf32, #dyn.value<[s1]>>
// expected-error@+1 {{uses symbol 's1', which it does not declare}}
dyn.kernel @kernel_c2_undeclared(%a: !k) -> !k symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}

// -----

!k = tensor<?xf32, #dyn.value<[s0]>>
// expected-error@+1 {{declares symbol 's1', which its body does not use}}
dyn.kernel @kernel_c2_unused(%a: !k) -> !k symbols [s0 in [0, 8], s1 in [0, 8]] {
  dyn.yield %a : !k
}

// -----

!k = tensor<?xf32, #dyn.value<[s0]>>
// expected-error@+1 {{expects its body to yield 2 values}}
dyn.kernel @kernel_c3_number(%a: !k) -> (!k, !k) symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}

// -----

!k = tensor<?xf32, #dyn.value<[s0]>>
// expected-error@+1 {{expects its body to yield 'tensor<?xf32, #dyn.value<[s0 + 1]>>' up to its layout, got 'tensor<?xf32, #dyn.value<[s0]>>'}}
dyn.kernel @kernel_c3_type(%a: !k) -> tensor<?xf32, #dyn.value<[s0 + 1]>> symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @launch_c1(%x: !t) {
  // expected-error@+1 {{expects 'launch_c1' to be a dyn.kernel}}
  %0 = dyn.launch @launch_c1(%x) symbols [N] : (!t) -> !t
  return
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.kernel @k(%a: !k) -> !k symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}
func.func @launch_c2(%x: !t) {
  // expected-error@+1 {{expects 1 symbols as kernel 'k' has, got 2}}
  %0 = dyn.launch @k(%x) symbols [N, N] : (!t) -> !t
  return
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.kernel @k(%a: !k) -> !k symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}
func.func @launch_c3_number(%x: !t) {
  // expected-error@+1 {{expects 1 inputs as kernel 'k' has, got 2}}
  %0 = dyn.launch @k(%x, %x) symbols [N] : (!t, !t) -> !t
  return
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!i = tensor<?xi32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.kernel @k(%a: !k) -> !k symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}
func.func @launch_c3_element(%x: !i) {
  // expected-error@+1 {{expects input 0 to be the 'tensor<?xf32, #dyn.value<[s0]>>' of kernel 'k', got 'tensor<?xi32, #dyn.value<[N]>>'}}
  %0 = dyn.launch @k(%x) symbols [N] : (!i) -> !t
  return
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!u = tensor<?x1xf32, #dyn.value<[N, 1]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.kernel @k(%a: !k) -> !k symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}
func.func @launch_c3_rank(%x: !t) {
  // expected-error@+1 {{expects result 0 to be the 'tensor<?xf32, #dyn.value<[s0]>>' of kernel 'k', got 'tensor<?x1xf32, #dyn.value<[N, 1]>>'}}
  %0 = dyn.launch @k(%x) symbols [N] : (!t) -> !u
  return
}

// -----

!t = tensor<1x8x?xf32, #dyn.value<[1, 8, N]>>
!u = tensor<1x8x?xf32, #dyn.value<[1, 8, N], channels_last<8>>>
!k = tensor<1x8x?xf32, #dyn.value<[1, 8, s0]>>
dyn.kernel @k(%a: !k) -> !k symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}
func.func @launch_c3_layout(%x: !t) {
  // expected-error@+1 {{expects result 0 to be the 'tensor<1x8x?xf32, #dyn.value<[1, 8, s0]>>' of kernel 'k', got}}
  %0 = dyn.launch @k(%x) symbols [N] : (!t) -> !u
  return
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.kernel @k(%a: !k) -> !k symbols [s0 in [0, 8]] {
  dyn.yield %a : !k
}
func.func @launch_c3_dims(%x: !t) {
  // expected-error@+1 {{expects input 0 to be the 'tensor<?xf32, #dyn.value<[s0]>>' of kernel 'k', got 'tensor<?xf32, #dyn.value<[N]>>'}}
  %0 = dyn.launch @k(%x) symbols [N + 1] : (!t) -> !t
  return
}

// -----

// expected-error@+1 {{expects room along an axis behind the first, got 0}}
func.func private @room_outermost(tensor<?x4xf32, #dyn.value<[N, 4], room<0, C>>>)

// -----

// expected-error@+1 {{expects a rank of 3 or more for room, got 2}}
func.func private @room_beyond(tensor<?x4xf32, #dyn.value<[N, 4], room<2, C>>>)

// -----

!a = tensor<2x?x4xf32, #dyn.value<[2, N, 4], room<1, C>>>
!b = tensor<2x?x4xf32, #dyn.value<[2, 2 * N, 4], room<1, C>>>
!c = tensor<2x?x4xf32, #dyn.value<[2, 3 * N, 4], room<1, C>>>
func.func @join_c4(%x: !a, %y: !a) -> !b {
  %0 = dyn.join(%x, %y) : (!a, !a) -> !b
  // expected-error@+1 {{expects operands that are all of 'tensor<2x?x4xf32, #dyn.value<[2, 3 * N, 4], room<1, C>>>' along axis 1, with its room}}
  %1 = dyn.join(%x, %y) : (!a, !a) -> !c
  return %0 : !b
}

// -----

!a = tensor<2x?x4xf32, #dyn.value<[2, N, 4], room<1, C>>>
!k = tensor<2x?x4xf32, #dyn.value<[2, s0, 4], room<1, s1>>>
dyn.kernel @k(%a: !k) -> !k symbols [s0 in [0, 8], s1 in [0, 8]] {
  dyn.yield %a : !k
}
func.func @launch_c3_room(%x: !a) {
  %0 = dyn.launch @k(%x) symbols [N, C] : (!a) -> !a
  // expected-error@+1 {{expects input 0 to be the}}
  %1 = dyn.launch @k(%x) symbols [N, N] : (!a) -> !a
  return
}

// -----

!p = tensor<2x4xf32, #dyn.value<[2, 4]>>
!r = tensor<2x4xf32, #dyn.value<[2, 4], room<1, s0>>>
// expected-error@+1 {{uses symbol 's0', which it does not declare}}
dyn.kernel @room_of_result(%a: !p) -> !r {
  dyn.yield %a : !p
}
