// RUN: dycc-opt %s --dycc-form-groups | FileCheck %s
// RUN: dycc-opt %s --dycc-form-groups="fuse=false" | FileCheck %s --check-prefix=APART

!t = tensor<?xf32, #dyn.value<[N]>>
!m = tensor<?x?xf32, #dyn.value<[N, M]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]

// CHECK-LABEL: func.func @chain_is_one_group
// CHECK-COUNT-1: dyn.group
// CHECK-NOT: dyn.group
// APART-LABEL: func.func @chain_is_one_group
// APART-COUNT-2: dyn.group
func.func @chain_is_one_group(%x: !t, %y: !t) -> !t {
  %a = onnx.Add %x, %y : (!t, !t) -> !t
  %b = onnx.Relu %a : (!t) -> !t
  return %b : !t
}

// CHECK-LABEL: func.func @value_used_twice_ends_a_group
// CHECK: dyn.group
// CHECK: onnx.Add
// CHECK: dyn.group
// CHECK: onnx.Relu
// CHECK: dyn.group
// CHECK: onnx.Exp
func.func @value_used_twice_ends_a_group(%x: !t, %y: !t) -> (!t, !t) {
  %a = onnx.Add %x, %y : (!t, !t) -> !t
  %b = onnx.Relu %a : (!t) -> !t
  %c = onnx.Exp %a : (!t) -> !t
  return %b, %c : !t, !t
}

// Of any rank on the left: a copy of a panel, or registers, have the numbers.
// CHECK-LABEL: func.func @a_product_dequantises_its_packed_right_side
// CHECK-COUNT-1: dyn.group
// CHECK: onnx.DequantizeLinear
// CHECK: onnx.MatMul
// CHECK-NOT: dyn.group
// CHECK: return
func.func @a_product_dequantises_its_packed_right_side(%x: tensor<?x?x8xf32, #dyn.value<[N, M, 8]>>, %q: tensor<8x3xi8, #dyn.value<[8, 3], panels<16>>>, %s: tensor<1x3xf32, #dyn.value<[1, 3], panels<16>>>) -> tensor<?x?x3xf32, #dyn.value<[N, M, 3]>> {
  %w = onnx.DequantizeLinear %q, %s {axis = 0 : i64, block_size = 8 : i64} : (tensor<8x3xi8, #dyn.value<[8, 3], panels<16>>>, tensor<1x3xf32, #dyn.value<[1, 3], panels<16>>>) -> tensor<8x3xf32, #dyn.value<[8, 3]>>
  %y = onnx.MatMul %x, %w : (tensor<?x?x8xf32, #dyn.value<[N, M, 8]>>, tensor<8x3xf32, #dyn.value<[8, 3]>>) -> tensor<?x?x3xf32, #dyn.value<[N, M, 3]>>
  return %y : tensor<?x?x3xf32, #dyn.value<[N, M, 3]>>
}

// Numbers in row-major order would be dequantised again for each row of tiles.
// CHECK-LABEL: func.func @a_plain_one_is_dequantised_before
// CHECK-COUNT-2: dyn.group
func.func @a_plain_one_is_dequantised_before(%x: tensor<?x?x8xf32, #dyn.value<[N, M, 8]>>, %q: tensor<8x3xi8, #dyn.value<[8, 3]>>, %s: tensor<1x3xf32, #dyn.value<[1, 3]>>) -> tensor<?x?x3xf32, #dyn.value<[N, M, 3]>> {
  %w = onnx.DequantizeLinear %q, %s {axis = 0 : i64, block_size = 8 : i64} : (tensor<8x3xi8, #dyn.value<[8, 3]>>, tensor<1x3xf32, #dyn.value<[1, 3]>>) -> tensor<8x3xf32, #dyn.value<[8, 3]>>
  %y = onnx.MatMul %x, %w : (tensor<?x?x8xf32, #dyn.value<[N, M, 8]>>, tensor<8x3xf32, #dyn.value<[8, 3]>>) -> tensor<?x?x3xf32, #dyn.value<[N, M, 3]>>
  return %y : tensor<?x?x3xf32, #dyn.value<[N, M, 3]>>
}

// CHECK-LABEL: func.func @value_whose_users_are_all_inside_joins
// CHECK-COUNT-1: dyn.group
// CHECK: onnx.MatMul
// CHECK: onnx.Sigmoid
// CHECK: onnx.Mul
// CHECK-NOT: dyn.group
// CHECK: return
func.func @value_whose_users_are_all_inside_joins(%x: !m, %w: tensor<?x?xf32, #dyn.value<[M, N]>>) -> tensor<?x?xf32, #dyn.value<[N, N]>> {
  %a = onnx.MatMul %x, %w : (!m, tensor<?x?xf32, #dyn.value<[M, N]>>) -> tensor<?x?xf32, #dyn.value<[N, N]>>
  %b = onnx.Sigmoid %a : (tensor<?x?xf32, #dyn.value<[N, N]>>) -> tensor<?x?xf32, #dyn.value<[N, N]>>
  %c = onnx.Mul %a, %b : (tensor<?x?xf32, #dyn.value<[N, N]>>, tensor<?x?xf32, #dyn.value<[N, N]>>) -> tensor<?x?xf32, #dyn.value<[N, N]>>
  return %c : tensor<?x?xf32, #dyn.value<[N, N]>>
}

// 2^5 paths lead from the first value to the result.
// CHECK-LABEL: func.func @too_many_paths_end_a_group
// CHECK-COUNT-2: dyn.group
// CHECK-NOT: dyn.group
// CHECK: return
func.func @too_many_paths_end_a_group(%x: !t) -> !t {
  %0 = onnx.Exp %x : (!t) -> !t
  %1 = onnx.Mul %0, %0 : (!t, !t) -> !t
  %2 = onnx.Mul %1, %1 : (!t, !t) -> !t
  %3 = onnx.Mul %2, %2 : (!t, !t) -> !t
  %4 = onnx.Mul %3, %3 : (!t, !t) -> !t
  %5 = onnx.Mul %4, %4 : (!t, !t) -> !t
  return %5 : !t
}

// CHECK-LABEL: func.func @broadcast_of_a_smaller_chain_is_not_recomputed
// CHECK: dyn.group
// CHECK: onnx.Exp
// CHECK: dyn.group
// CHECK: onnx.Add
func.func @broadcast_of_a_smaller_chain_is_not_recomputed(%x: tensor<?xf32, #dyn.value<[M]>>, %y: !m) -> !m {
  %a = onnx.Exp %x : (tensor<?xf32, #dyn.value<[M]>>) -> tensor<?xf32, #dyn.value<[M]>>
  %b = onnx.Add %a, %y : (tensor<?xf32, #dyn.value<[M]>>, !m) -> !m
  return %b : !m
}

!b = tensor<2x?x?xf32, #dyn.value<[2, N, N]>>

// CHECK-LABEL: func.func @right_side_is_computed_in_a_product
// CHECK-COUNT-1: dyn.group
// CHECK-NOT: dyn.group
// CHECK: return
func.func @right_side_is_computed_in_a_product(%x: !b, %y: !b) -> !b {
  %a = onnx.Sigmoid %y : (!b) -> !b
  %c = onnx.MatMul %x, %a : (!b, !b) -> !b
  return %c : !b
}

// It would be computed for each panel of columns, or for each matrix.
// CHECK-LABEL: func.func @left_and_shared_sides_are_computed_before_a_product
// CHECK-COUNT-4: dyn.group
func.func @left_and_shared_sides_are_computed_before_a_product(%x: !b, %y: tensor<?x?xf32, #dyn.value<[N, N]>>) -> (!b, !b) {
  %a = onnx.Sigmoid %x : (!b) -> !b
  %c = onnx.MatMul %a, %x : (!b, !b) -> !b
  %d = onnx.Sigmoid %y : (tensor<?x?xf32, #dyn.value<[N, N]>>) -> tensor<?x?xf32, #dyn.value<[N, N]>>
  %e = onnx.MatMul %x, %d : (!b, tensor<?x?xf32, #dyn.value<[N, N]>>) -> !b
  return %c, %e : !b, !b
}

!i = tensor<1x4x?x?xf32, #dyn.value<[1, 4, N, M]>>
!f = tensor<4x4x1x1xf32, #dyn.value<[4, 4, 1, 1]>>

// CHECK-LABEL: func.func @image_is_computed_in_a_convolution
// CHECK-COUNT-1: dyn.group
// CHECK: onnx.Sigmoid
// CHECK: onnx.Conv
// CHECK: onnx.Add
// CHECK-NOT: dyn.group
// CHECK: return
func.func @image_is_computed_in_a_convolution(%x: !i, %w: !f) -> !i {
  %a = onnx.Sigmoid %x : (!i) -> !i
  %b = onnx.Conv %a, %w : (!i, !f) -> !i
  %c = onnx.Add %b, %x : (!i, !i) -> !i
  return %c : !i
}

// What is read before a convolution and behind it is computed twice: that has to
// be cheap, and of one element.
// CHECK-LABEL: func.func @cheap_value_before_and_behind_joins
// CHECK-COUNT-1: dyn.group
// CHECK-NOT: dyn.group
// CHECK: return
func.func @cheap_value_before_and_behind_joins(%x: !i, %w: !f) -> !i {
  %a = onnx.Neg %x : (!i) -> !i
  %b = onnx.Relu %a : (!i) -> !i
  %c = onnx.Conv %b, %w : (!i, !f) -> !i
  %d = onnx.Add %c, %a : (!i, !i) -> !i
  return %d : !i
}

// CHECK-LABEL: func.func @moved_value_before_and_behind_stays
// CHECK: dyn.group
// CHECK: onnx.ScatterND
// CHECK: dyn.group
// CHECK: onnx.Relu
// CHECK: onnx.Conv
// CHECK: onnx.Add
func.func @moved_value_before_and_behind_stays(%x: !i, %w: !f, %p: tensor<1x4xi64, #dyn.value<[1, 4]>>, %u: tensor<1xf32, #dyn.value<[1]>>) -> !i {
  %a = onnx.ScatterND %x, %p, %u : (!i, tensor<1x4xi64, #dyn.value<[1, 4]>>, tensor<1xf32, #dyn.value<[1]>>) -> !i
  %b = onnx.Relu %a : (!i) -> !i
  %c = onnx.Conv %b, %w : (!i, !f) -> !i
  %d = onnx.Add %c, %a : (!i, !i) -> !i
  return %d : !i
}

// A filter that is computed would be computed for each pixel.
// CHECK-LABEL: func.func @filter_is_computed_before
// CHECK-COUNT-2: dyn.group
func.func @filter_is_computed_before(%x: !i, %w: !f) -> !i {
  %a = onnx.Neg %w : (!f) -> !f
  %b = onnx.Conv %x, %a : (!i, !f) -> !i
  return %b : !i
}

// CHECK-LABEL: func.func @image_is_computed_before_a_depthwise_convolution
// CHECK-COUNT-2: dyn.group
func.func @image_is_computed_before_a_depthwise_convolution(%x: !i, %w: tensor<4x1x1x1xf32, #dyn.value<[4, 1, 1, 1]>>) -> !i {
  %a = onnx.Sigmoid %x : (!i) -> !i
  %b = onnx.Conv %a, %w {group = 4 : i64} : (!i, tensor<4x1x1x1xf32, #dyn.value<[4, 1, 1, 1]>>) -> !i
  return %b : !i
}

// Windows overlap: what is cheap is computed again, what is not is kept.
// CHECK-LABEL: func.func @cheap_image_is_computed_in_a_pooling
// CHECK-COUNT-1: dyn.group
// CHECK-NOT: dyn.group
// CHECK: return
func.func @cheap_image_is_computed_in_a_pooling(%x: !i) -> !i {
  %a = onnx.Relu %x : (!i) -> !i
  %b = onnx.MaxPool %a {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (!i) -> !i
  return %b : !i
}

// CHECK-LABEL: func.func @costly_image_is_computed_before_a_pooling
// CHECK-COUNT-2: dyn.group
func.func @costly_image_is_computed_before_a_pooling(%x: !i) -> !i {
  %a = onnx.Sigmoid %x : (!i) -> !i
  %b = onnx.MaxPool %a {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (!i) -> !i
  return %b : !i
}

// CHECK-LABEL: func.func @scalar_constant_moves_inside
// CHECK: dyn.group(%arg0)
// CHECK: onnx.Constant
// CHECK: onnx.Mul
func.func @scalar_constant_moves_inside(%x: !t) -> !t {
  %c = onnx.Constant dense<2.0> : tensor<f32> -> tensor<f32, #dyn.value<[]>>
  %a = onnx.Mul %x, %c : (!t, tensor<f32, #dyn.value<[]>>) -> !t
  return %a : !t
}
