// RUN: dycc-opt %s --dycc-verify-shape --split-input-file --verify-diagnostics

!x = tensor<?xf32, #dyn.value<[N]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
!carried = tensor<?xf32, #dyn.value<[e3]>>
!found = tensor<1x?xi64, #dyn.value<[1, e0]>>
!twice = tensor<?xf32, #dyn.value<[2 * e3]>>
dyn.symbol @N in [0, 8]
dyn.symbol @e0 in [0, 8] execution
dyn.symbol @e1 in [0, 8] execution
dyn.symbol @e2 in [0, 64] execution
dyn.symbol @e3 in [0, 64] execution

// An operator that decides an extent, a read, a name for more, a carried extent.
func.func @symbols_behind_their_definitions_pass(%x: !x, %n: !i, %c: !b) -> !carried {
  %i = onnx.NonZero %x : (!x) -> !found
  dyn.require [eq(e0, N)] "expects no zeros, got %d" [e0]
  dyn.read %n[0] as @e1 : !i
  dyn.define [min(e0, 4 * e1)] as @e2
  %s = dyn.symbolic [e2, e1 + 1] : tensor<2xi64, #dyn.value<[2]>>
  %y = onnx.Loop %n, %c, %x {operandSegmentSizes = array<i32: 1, 1, 1>} : (!i, !b, !x) -> !carried {
  ^bb0(%trip: !i, %going: !b, %v: !carried):
    %w = onnx.Concat %v, %v {axis = 0 : i64} : (!carried, !carried) -> !twice
    onnx.Yield %going, %w : !b, !twice
  }
  return %y : !carried
}

// -----

dyn.symbol @e0 in [0, 8] execution
func.func @nothing_defines_a_symbol() {
  // expected-error@+1 {{expects a definition of execution symbol 'e0' in its attributes before this, in this block or around it, got none}}
  %s = dyn.symbolic [e0] : tensor<1xi64, #dyn.value<[1]>>
  return
}

// -----

dyn.symbol @e0 in [0, 8] execution
func.func @read_behind_the_use(%n: tensor<i64, #dyn.value<[]>>) {
  // expected-error@+1 {{expects a definition of execution symbol 'e0' in its attributes before this}}
  dyn.require [eq(e0, 1)] "expects 1, got %d" [e0]
  dyn.read %n[0] as @e0 : tensor<i64, #dyn.value<[]>>
  return
}

// -----

// An element-wise operator decides no extent.
dyn.symbol @N in [0, 8]
dyn.symbol @e0 in [0, 8] execution
func.func @extent_from_nowhere(%x: tensor<?xf32, #dyn.value<[N]>>) {
  // expected-error@+1 {{expects a definition of execution symbol 'e0' in result 0 before this}}
  %y = onnx.Relu %x : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[e0]>>
  return
}

// -----

// The branch may not have run.
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
!s = tensor<1xi64, #dyn.value<[1]>>
dyn.symbol @e0 in [0, 8] execution
func.func @definition_in_a_branch(%n: !i, %c: !b) {
  %r = onnx.If %c : (!b) -> !s then {
    dyn.read %n[0] as @e0 : !i
    %s = dyn.symbolic [e0] : !s
    onnx.Yield %s : !s
  } else {
    // expected-error@+1 {{expects a definition of execution symbol 'e0' in its attributes before this}}
    %s = dyn.symbolic [e0] : !s
    onnx.Yield %s : !s
  }
  return
}

// -----

// A carried value whose extent is computed from what nobody sets.
!x = tensor<?xf32, #dyn.value<[N]>>
!i = tensor<i64, #dyn.value<[]>>
!b = tensor<i1, #dyn.value<[]>>
dyn.symbol @N in [0, 8]
dyn.symbol @e0 in [0, 8] execution
func.func @argument_of_an_unknown_extent(%x: !x, %n: !i, %c: !b) {
  // expected-error@+1 {{expects a definition of execution symbol 'e0' in argument 2 before this}}
  %y = onnx.Loop %n, %c, %x {operandSegmentSizes = array<i32: 1, 1, 1>} : (!i, !b, !x) -> !x {
  ^bb0(%trip: !i, %going: !b, %v: tensor<?xf32, #dyn.value<[2 * e0]>>):
    onnx.Yield %going, %x : !b, !x
  }
  return
}
