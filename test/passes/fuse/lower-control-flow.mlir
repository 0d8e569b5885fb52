// RUN: dycc-opt %s --dycc-lower-control-flow | FileCheck %s

!t = tensor<?xf32, #dyn.value<[N]>>
!b = tensor<i1, #dyn.value<[]>>
!i = tensor<i64, #dyn.value<[]>>
!m = tensor<?xf32, #dyn.value<[M]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 64] execution bound N
dyn.symbol @M in [0, 64]
dyn.symbol @e in [0, 64] execution

// CHECK-LABEL: func.func @symbolic_predicate_becomes_an_expression
// CHECK: dyn.if when [le(N, 2)] -> tensor<?xf32, #dyn.value<[N]>> then {
// CHECK-NEXT: dyn.yield
func.func @symbolic_predicate_becomes_an_expression(%x: !t) -> !t {
  %c = dyn.symbolic [lt(N, 3)] : !b
  %r = onnx.If %c : (!b) -> !t then {
    onnx.Yield %x : !t
  } else {
    onnx.Yield %x : !t
  }
  return %r : !t
}

// CHECK-LABEL: func.func @constant_predicate_leaves_one_branch
// CHECK-NOT: dyn.if
// CHECK: return %arg1
func.func @constant_predicate_leaves_one_branch(%x: !t, %y: !t) -> !t {
  %c = onnx.Constant dense<false> : tensor<i1> -> !b
  %r = onnx.If %c : (!b) -> !t then {
    onnx.Yield %x : !t
  } else {
    onnx.Yield %y : !t
  }
  return %r : !t
}

// CHECK-LABEL: func.func @differing_shapes_define_a_symbol
// CHECK: dyn.if(%arg2 : tensor<i1, #dyn.value<[]>>) defines [@e0] -> tensor<?xf32, #dyn.value<[e0]>> then {
func.func @differing_shapes_define_a_symbol(%x: !t, %y: tensor<2xf32, #dyn.value<[2]>>, %c: !b) -> tensor<?xf32, #dyn.value<[e0]>> {
  %r = onnx.If %c : (!b) -> tensor<?xf32, #dyn.value<[e0]>> then {
    onnx.Yield %x : !t
  } else {
    onnx.Yield %y : tensor<2xf32, #dyn.value<[2]>>
  }
  return %r : tensor<?xf32, #dyn.value<[e0]>>
}

// CHECK-LABEL: func.func @a_count_is_not_defined_by_the_loop
// CHECK: dyn.loop() trips [N] : () -> tensor<?x?xf32, #dyn.value<[N, N]>> {
func.func @a_count_is_not_defined_by_the_loop(%x: !t) -> tensor<?x?xf32, #dyn.value<[N, N]>> {
  %n = dyn.symbolic [N] : !i
  %r = onnx.Loop %n {operandSegmentSizes = array<i32: 1, 0, 0>} : (!i) -> tensor<?x?xf32, #dyn.value<[N, N]>> {
  ^bb0(%i: !i, %c: !b):
    onnx.Yield %c, %x : !b, !t
  }
  return %r : tensor<?x?xf32, #dyn.value<[N, N]>>
}

// An extent that is known to be an input symbol's, whatever the loop begins with, is not
// carried by the loop.
// CHECK-LABEL: func.func @input_symbols_are_not_carried
// CHECK: dyn.loop(%{{.+}}) trips [3] : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[M]>> {
// CHECK: dyn.loop(%{{.+}}) trips [3] carries [@e]
func.func @input_symbols_are_not_carried(%x: !t, %y: !m) -> (!m, tensor<?xf32, #dyn.value<[e]>>) {
  %n = onnx.Constant dense<3> : tensor<i64> -> !i
  %r = onnx.Loop %n, %x {operandSegmentSizes = array<i32: 1, 0, 1>} : (!i, !t) -> !m {
  ^bb0(%i: !i, %c: !b, %v: !m):
    %w = onnx.Add %v, %y : (!m, !m) -> !m
    onnx.Yield %c, %w : !b, !m
  }
  %s = onnx.Loop %n, %x {operandSegmentSizes = array<i32: 1, 0, 1>} : (!i, !t) -> tensor<?xf32, #dyn.value<[e]>> {
  ^bb0(%i: !i, %c: !b, %v: tensor<?xf32, #dyn.value<[e]>>):
    %w = onnx.Neg %v : (tensor<?xf32, #dyn.value<[e]>>) -> tensor<?xf32, #dyn.value<[e]>>
    onnx.Yield %c, %w : !b, tensor<?xf32, #dyn.value<[e]>>
  }
  return %r, %s : !m, tensor<?xf32, #dyn.value<[e]>>
}
