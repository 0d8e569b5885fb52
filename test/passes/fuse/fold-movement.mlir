// RUN: dycc-opt %s --dycc-fold-movement | FileCheck %s

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!f = tensor<?xf32, #dyn.value<[4 * N]>>
!s = tensor<f32, #dyn.value<[]>>
!i = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]

// CHECK-LABEL: func.func @expand_to_itself_is_gone
// CHECK-NEXT: return %arg0
func.func @expand_to_itself_is_gone(%x: !t) -> !t {
  %s = dyn.symbolic [1, 4] : !i
  %y = onnx.Expand %x, %s : (!t, !i) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @expand_that_repeats_is_kept
// CHECK: onnx.Expand
func.func @expand_that_repeats_is_kept(%x: tensor<1x4xf32, #dyn.value<[1, 4]>>) -> !t {
  %s = dyn.symbolic [N, 4] : !i
  %y = onnx.Expand %x, %s : (tensor<1x4xf32, #dyn.value<[1, 4]>>, !i) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @slice_of_all_is_gone
// CHECK-NEXT: return %arg0
func.func @slice_of_all_is_gone(%x: !t) -> !t {
  %a = dyn.symbolic [0, 0] : !i
  %b = dyn.symbolic [N, 4] : !i
  %y = onnx.Slice %x, %a, %b {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (!t, !i, !i) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @slice_that_reverses_is_kept
// CHECK: onnx.Slice
func.func @slice_that_reverses_is_kept(%x: !t) -> !t {
  %a = dyn.symbolic [-1, 0] : !i
  %b = dyn.symbolic [-1000, 4] : !i
  %c = dyn.symbolic [0, 1] : !i
  %d = dyn.symbolic [-1, 1] : !i
  %y = onnx.Slice %x, %a, %b, %c, %d {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (!t, !i, !i, !i, !i) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @padding_by_nothing_is_gone
// CHECK-NEXT: return %arg0
func.func @padding_by_nothing_is_gone(%x: !t) -> !t {
  %p = dyn.symbolic [0, 0, 0, 0] : tensor<4xi64, #dyn.value<[4]>>
  %y = onnx.Pad %x, %p {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (!t, tensor<4xi64, #dyn.value<[4]>>) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @padding_that_moves_is_kept
// CHECK: onnx.Pad
func.func @padding_that_moves_is_kept(%x: !t) -> !t {
  %p = dyn.symbolic [0, 1, 0, -1] : tensor<4xi64, #dyn.value<[4]>>
  %y = onnx.Pad %x, %p {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (!t, tensor<4xi64, #dyn.value<[4]>>) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @joining_with_nothing_is_gone
// CHECK-NEXT: return %arg0
func.func @joining_with_nothing_is_gone(%x: !t, %z: tensor<?x0xf32, #dyn.value<[N, 0]>>) -> !t {
  %y = onnx.Concat %z, %x {axis = 1 : i64} : (tensor<?x0xf32, #dyn.value<[N, 0]>>, !t) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @view_of_a_view_is_one
// CHECK-NEXT: return %arg0
func.func @view_of_a_view_is_one(%x: !t) -> !t {
  %v = dyn.view %x : !t -> !f
  %w = dyn.view %v : !f -> !t
  return %w : !t
}

// CHECK-LABEL: func.func @view_goes_behind_an_operator
// CHECK: %[[E:.+]] = onnx.Exp %arg0
// CHECK: %[[M:.+]] = onnx.Mul %[[E]], %{{.+}} -> tensor<?x4xf32, #dyn.value<[N, 4]>>
// CHECK: dyn.view %[[M]] : {{.+}} -> tensor<?xf32, #dyn.value<[4 * N]>>
func.func @view_goes_behind_an_operator(%x: !t) -> !f {
  %c = onnx.Constant dense<2.0> : tensor<f32> -> !s
  %e = onnx.Exp %x : (!t) -> !t
  %v = dyn.view %e : !t -> !f
  %y = onnx.Mul %v, %c : (!f, !s) -> !f
  return %y : !f
}

// CHECK-LABEL: func.func @operator_by_axes_is_kept_behind
// CHECK: dyn.view
// CHECK: onnx.Trilu
func.func @operator_by_axes_is_kept_behind(%x: !f) -> !t {
  %e = onnx.Exp %x : (!f) -> !f
  %v = dyn.view %e : !f -> !t
  %y = onnx.Trilu %v : (!t) -> !t
  return %y : !t
}

// CHECK-LABEL: func.func @view_with_other_readers_is_kept
// CHECK: %[[V:.+]] = dyn.view
// CHECK: onnx.Relu %[[V]]
func.func @view_with_other_readers_is_kept(%x: !t) -> (!f, !f) {
  %e = onnx.Exp %x : (!t) -> !t
  %v = dyn.view %e : !t -> !f
  %y = onnx.Relu %v : (!f) -> !f
  return %v, %y : !f, !f
}

// CHECK-LABEL: func.func @operand_of_another_shape_keeps_the_view
// CHECK: %[[V:.+]] = dyn.view
// CHECK: onnx.Add %[[V]], %arg1
func.func @operand_of_another_shape_keeps_the_view(%x: !t, %z: !f) -> !f {
  %e = onnx.Exp %x : (!t) -> !t
  %v = dyn.view %e : !t -> !f
  %y = onnx.Add %v, %z : (!f, !f) -> !f
  return %y : !f
}

!t3 = tensor<?x4x8xf32, #dyn.value<[N, 4, 8]>>
!u3 = tensor<4x?x8xf32, #dyn.value<[4, N, 8]>>
!v3 = tensor<4x8x?xf32, #dyn.value<[4, 8, N]>>
!w3 = tensor<8x4x?xf32, #dyn.value<[8, 4, N]>>

// CHECK-LABEL: func.func @transpositions_are_one
// CHECK-NEXT: onnx.Transpose %arg0 {perm = array<i64: 1, 2, 0>}
// CHECK-NEXT: return
func.func @transpositions_are_one(%x: !t3) -> !v3 {
  %a = onnx.Transpose %x {perm = array<i64: 1, 0, 2>} : (!t3) -> !u3
  %b = onnx.Transpose %a {perm = array<i64: 0, 2, 1>} : (!u3) -> !v3
  return %b : !v3
}

// Without `perm` all axes are reversed.
// CHECK-LABEL: func.func @transposed_back
// CHECK-NEXT: return %arg0
func.func @transposed_back(%x: !t3) -> !t3 {
  %a = onnx.Transpose %x : (!t3) -> !w3
  %b = onnx.Transpose %a {perm = array<i64: 2, 1, 0>} : (!w3) -> !t3
  return %b : !t3
}
