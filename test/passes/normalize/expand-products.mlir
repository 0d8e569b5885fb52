// RUN: dycc-opt %s --dycc-expand-functions --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @attention_is_two_products_around_a_softmax
// CHECK-SAME: (%[[Q:.+]]: tensor<?x?x8xf32>, %[[K:.+]]: tensor<?x?x8xf32>)
func.func @attention_is_two_products_around_a_softmax(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[QH:.+]] = onnx.Reshape %[[Q]]
  // CHECK: %[[QT:.+]] = onnx.Transpose %[[QH]] {perm = array<i64: 0, 2, 1, 3>}
  // CHECK-NOT: onnx.Expand
  // CHECK: %[[QS:.+]] = onnx.Mul %[[QT]]
  // CHECK: %[[P:.+]] = onnx.MatMul %[[QS]]
  // CHECK: %[[W:.+]] = onnx.Softmax %[[P]]
  // CHECK-NOT: onnx.Where
  // CHECK: %[[Y:.+]] = onnx.MatMul %[[W]]
  // CHECK: %[[T:.+]] = onnx.Transpose %[[Y]]
  // CHECK: %[[R:.+]] = onnx.Reshape %[[T]]
  // CHECK: return %[[R]], %[[P]]
  %y, %p = "onnx.Attention"(%q, %k, %k) {q_num_heads = 2 : i64, kv_num_heads = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 1>} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y, %p : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @causal_attention_repeats_heads_and_masks
func.func @causal_attention_repeats_heads_and_masks(%q: tensor<?x?x?x?xf32>, %k: tensor<?x?x?x?xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Div
  // CHECK: onnx.Expand
  // CHECK: %[[P:.+]] = onnx.MatMul
  // CHECK: %[[A:.+]] = onnx.LessOrEqual
  // CHECK: %[[M:.+]] = onnx.Where %[[A]], %[[P]]
  // CHECK: %[[S:.+]] = onnx.Softmax %[[M]]
  // CHECK: %[[MAX:.+]] = onnx.ReduceMax %[[M]]
  // CHECK: %[[NONE:.+]] = onnx.Equal %[[MAX]]
  // CHECK: %[[W:.+]] = onnx.Where %[[NONE]], %{{.+}}, %[[S]]
  // CHECK: onnx.MatMul %[[W]]
  %y = "onnx.Attention"(%q, %k, %k) {is_causal = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0>} : (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @mask_of_attention_is_cast
// CHECK-SAME: %[[MASK:[a-z0-9]+]]: tensor<?x?xi32>)
func.func @mask_of_attention_is_cast(%q: tensor<?x?x?x?xf32>, %mask: tensor<?x?xi32>) -> tensor<*xf32> {
  // CHECK: %[[BIAS:.+]] = onnx.Cast %[[MASK]]
  // CHECK: %[[WIDE:.+]] = onnx.Pad %[[BIAS]]
  // CHECK: onnx.Add %{{.+}}, %[[WIDE]]
  // CHECK-NOT: onnx.Attention
  %y = "onnx.Attention"(%q, %q, %q, %mask) {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0>} : (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?xi32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @attention_of_halves_is_computed_in_f32
func.func @attention_of_halves_is_computed_in_f32(%q: tensor<?x?x?x?xf16>) -> (tensor<*xf16>, tensor<*xf16>) {
  // CHECK: %[[P:.+]] = onnx.MatMul {{.+}} -> tensor<*xf32>
  // CHECK: %[[W:.+]] = onnx.Softmax {{.+}} -> tensor<*xf32>
  // CHECK: onnx.Cast %[[P]] {to = 10 : i64}
  // CHECK: %[[Y:.+]] = onnx.MatMul %[[W]]
  // CHECK: onnx.Cast %[[Y]] {to = 10 : i64}
  // CHECK: return
  %y, %p = "onnx.Attention"(%q, %q, %q) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 1>} : (tensor<?x?x?x?xf16>, tensor<?x?x?x?xf16>, tensor<?x?x?x?xf16>) -> (tensor<*xf16>, tensor<*xf16>)
  return %y, %p : tensor<*xf16>, tensor<*xf16>
}

// -----

// CHECK-LABEL: func.func @keys_beyond_a_mask_are_hidden
// CHECK-SAME: %[[MASK:[a-z0-9]+]]: tensor<?x?xi1>)
func.func @keys_beyond_a_mask_are_hidden(%q: tensor<?x?x?x?xf32>, %mask: tensor<?x?xi1>) -> tensor<*xf32> {
  // CHECK: %[[HIDDEN:.+]] = onnx.Constant dense<false>
  // CHECK: %[[OWN:.+]] = onnx.Shape %[[MASK]] {start = -1 : i64}
  // CHECK: onnx.Sub %{{.+}}, %[[OWN]]
  // CHECK: %[[WIDE:.+]] = onnx.Pad %[[MASK]], %{{.+}}, %[[HIDDEN]]
  // CHECK: onnx.Where %[[WIDE]]
  %y = "onnx.Attention"(%q, %q, %q, %mask) {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0>} : (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?xi1>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Nothing is left of what did not fit together, and the other result is its own.
// CHECK-LABEL: func.func @values_of_another_type_are_kept
// CHECK-NEXT: %[[Y:.+]], %[[P:.+]] = onnx.Attention
// CHECK-NEXT: return %[[Y]], %[[P]]
func.func @values_of_another_type_are_kept(%q: tensor<?x?x?x?xf32>, %v: tensor<?x?x?x?xf16>) -> (tensor<*xf32>, tensor<*xf16>) {
  %y, %present = "onnx.Attention"(%q, %q, %v, %q, %v) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 1, 0>, resultSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf16>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf16>) -> (tensor<*xf32>, tensor<*xf16>)
  return %y, %present : tensor<*xf32>, tensor<*xf16>
}

// -----

// CHECK-LABEL: func.func @batched_einsum_is_a_product
// CHECK-SAME: (%[[A:.+]]: tensor<?x?x?xf32>, %[[B:.+]]: tensor<?x?x?xf32>)
func.func @batched_einsum_is_a_product(%a: tensor<?x?x?xf32>, %b: tensor<?x?x?xf32>) -> tensor<*xf32> {
  // CHECK-NEXT: %[[P:.+]] = onnx.MatMul %[[A]], %[[B]]
  // CHECK-NEXT: %[[Y:.+]] = onnx.Transpose %[[P]] {perm = array<i64: 0, 2, 1>}
  // CHECK-NEXT: return %[[Y]]
  %y = onnx.Einsum %a, %b {equation = "bij, bjk -> bki"} : (tensor<?x?x?xf32>, tensor<?x?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// What several steps make of halves is rounded at the end.
// CHECK-LABEL: func.func @einsum_of_halves_in_steps_is_wide
// CHECK-SAME: (%[[A:.+]]: tensor<?x?x?xf16>, %[[B:.+]]: tensor<?x?xf16>)
func.func @einsum_of_halves_in_steps_is_wide(%a: tensor<?x?x?xf16>, %b: tensor<?x?xf16>) -> (tensor<*xf16>, tensor<*xf16>) {
  // CHECK: %[[W:.+]] = onnx.Cast %[[A]] {to = 1 : i64}
  // CHECK: %[[V:.+]] = onnx.Cast %[[B]] {to = 1 : i64}
  // CHECK: %[[S:.+]] = onnx.ReduceSum %[[W]]
  // CHECK: %[[P:.+]] = onnx.MatMul %[[S]], %[[V]]
  // CHECK: %[[Y:.+]] = onnx.Cast %[[P]] {to = 10 : i64}
  // CHECK: %[[Z:.+]] = onnx.MatMul %{{.+}}, %[[B]]
  // CHECK: return %[[Y]], %[[Z]]
  %y = onnx.Einsum %a, %b {equation = "isj, jk -> ik"} : (tensor<?x?x?xf16>, tensor<?x?xf16>) -> tensor<*xf16>
  %z = onnx.Einsum %b, %b {equation = "ij, jk -> ik"} : (tensor<?x?xf16>, tensor<?x?xf16>) -> tensor<*xf16>
  return %y, %z : tensor<*xf16>, tensor<*xf16>
}

// -----

// CHECK-LABEL: func.func @einsum_of_one_operand_sums_its_diagonal
// CHECK-SAME: (%[[A:.+]]: tensor<?x?x?xf32>)
func.func @einsum_of_one_operand_sums_its_diagonal(%a: tensor<?x?x?xf32>) -> tensor<*xf32> {
  // CHECK: %[[SAME:.+]] = onnx.Equal
  // CHECK: %[[D:.+]] = onnx.Where %[[SAME]], %[[A]]
  // CHECK: %[[I:.+]] = onnx.ReduceSum %[[D]]
  // CHECK: %[[Y:.+]] = onnx.ReduceSum %[[I]]
  // CHECK: return %[[Y]]
  %y = onnx.Einsum %a {equation = "iji -> j"} : (tensor<?x?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @einsum_of_unknown_rank_is_kept
func.func @einsum_of_unknown_rank_is_kept(%a: tensor<*xf32>, %b: tensor<?x?xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Einsum
  %y = onnx.Einsum %a, %b {equation = "...i,ij->...j"} : (tensor<*xf32>, tensor<?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @statistics_of_a_layer_are_reductions
// CHECK-SAME: (%[[X:.+]]: tensor<?x?xf32>, %[[S:.+]]: tensor<?xf32>)
func.func @statistics_of_a_layer_are_reductions(%x: tensor<?x?xf32>, %s: tensor<?xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[D:.+]] = onnx.Sqrt
  // CHECK: %[[M:.+]] = onnx.ReduceMean %[[X]]
  // CHECK: %[[I:.+]] = onnx.Reciprocal %[[D]]
  // CHECK: %[[Y:.+]] = onnx.LayerNormalization %[[X]], %[[S]] {resultSegmentSizes = array<i32: 1, 0, 0>}
  // CHECK: return %[[Y]], %[[M]], %[[I]]
  %y, %m, %i = "onnx.LayerNormalization"(%x, %s) {axis = -1 : i64, resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<?x?xf32>, tensor<?xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return %y, %m, %i : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @loss_gathers_weighted_classes
// CHECK-SAME: (%[[X:.+]]: tensor<?x?xf32>, %[[T:.+]]: tensor<?xi64>, %[[W:.+]]: tensor<?xf32>)
func.func @loss_gathers_weighted_classes(%x: tensor<?x?xf32>, %t: tensor<?xi64>, %w: tensor<?xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[L:.+]] = onnx.LogSoftmax %[[X]] {axis = 1 : i64}
  // CHECK: %[[I:.+]] = onnx.Equal %[[T]]
  // CHECK: %[[C:.+]] = onnx.Where %[[I]], %{{.+}}, %[[T]]
  // CHECK: onnx.GatherElements %[[L]]
  // CHECK: %[[G:.+]] = onnx.Gather %[[W]], %[[C]]
  // CHECK: %[[F:.+]] = onnx.Where %[[I]], %{{.+}}, %[[G]]
  // CHECK: %[[S:.+]] = onnx.ReduceSum
  // CHECK: %[[N:.+]] = onnx.ReduceSum %[[F]]
  // CHECK: %[[Y:.+]] = onnx.Div %[[S]], %[[N]]
  // CHECK: return %[[Y]], %[[L]]
  %y, %l = onnx.SoftmaxCrossEntropyLoss %x, %t, %w {ignore_index = 3 : i64} : (tensor<?x?xf32>, tensor<?xi64>, tensor<?xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y, %l : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @quantisation_rounds_in_f32
// CHECK-SAME: (%[[X:.+]]: tensor<?x4x?xf32>, %[[S:.+]]: tensor<4xf32>, %[[Z:.+]]: tensor<4xi8>)
func.func @quantisation_rounds_in_f32(%x: tensor<?x4x?xf32>, %s: tensor<4xf32>, %z: tensor<4xi8>) -> tensor<*xi8> {
  // CHECK: %[[SHAPE:.+]] = onnx.Constant dense<[-1, 1]>
  // CHECK: %[[SCALE:.+]] = onnx.Reshape %[[S]], %[[SHAPE]]
  // CHECK: onnx.Cast %[[Z]] {to = 1 : i64}
  // CHECK: %[[D:.+]] = onnx.Div %[[X]], %[[SCALE]]
  // CHECK: onnx.Constant dense<-2.560000e+02>
  // CHECK: onnx.Constant dense<2.560000e+02>
  // CHECK: %[[L:.+]] = onnx.Clip %[[D]]
  // CHECK: onnx.Round %[[L]]
  // CHECK: onnx.Constant dense<-1.280000e+02>
  // CHECK: onnx.Constant dense<1.270000e+02>
  // CHECK: %[[C:.+]] = onnx.Clip
  // CHECK: onnx.Cast %[[C]] {to = 3 : i64}
  %y = onnx.QuantizeLinear %x, %s, %z : (tensor<?x4x?xf32>, tensor<4xf32>, tensor<4xi8>) -> tensor<*xi8>
  return %y : tensor<*xi8>
}

// -----

// CHECK-LABEL: func.func @places_take_the_scale_of_their_block
// CHECK-SAME: (%[[X:.+]]: tensor<?x4xi8>, %[[S:.+]]: tensor<?x2xf32>)
func.func @places_take_the_scale_of_their_block(%x: tensor<?x4xi8>, %s: tensor<?x2xf32>) -> tensor<*xf32> {
  // CHECK: %[[PLACES:.+]] = onnx.Range
  // CHECK: %[[TWO:.+]] = onnx.Constant dense<2> : tensor<1xi64>
  // CHECK: %[[BLOCKS:.+]] = onnx.Div %[[PLACES]], %[[TWO]]
  // CHECK: %[[SCALE:.+]] = onnx.Gather %[[S]], %[[BLOCKS]] {axis = 1 : i64}
  // CHECK: %[[WIDE:.+]] = onnx.Cast %[[X]] {to = 1 : i64}
  // CHECK: onnx.Mul %[[WIDE]], %[[SCALE]]
  %y = onnx.DequantizeLinear %x, %s {axis = 1 : i64, block_size = 2 : i64} : (tensor<?x4xi8>, tensor<?x2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @blocks_of_another_rank_are_kept
func.func @blocks_of_another_rank_are_kept(%x: tensor<?x4xi8>, %s: tensor<2xf32>) -> tensor<*xf32> {
  // CHECK: onnx.DequantizeLinear
  %y = onnx.DequantizeLinear %x, %s {axis = 1 : i64, block_size = 2 : i64} : (tensor<?x4xi8>, tensor<2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// The default axis of a vector is none: one scale for all of it.
// CHECK-LABEL: func.func @a_scale_without_an_axis_is_a_scalar
// CHECK-SAME: (%[[X:.+]]: tensor<?xi8>, %[[S:.+]]: tensor<1xf32>)
func.func @a_scale_without_an_axis_is_a_scalar(%x: tensor<?xi8>, %s: tensor<1xf32>) -> tensor<*xf32> {
  // CHECK: %[[NONE:.+]] = onnx.Constant dense<> : tensor<0xi64>
  // CHECK: %[[SCALE:.+]] = onnx.Reshape %[[S]], %[[NONE]]
  // CHECK: onnx.Mul %{{.+}}, %[[SCALE]]
  %y = onnx.DequantizeLinear %x, %s : (tensor<?xi8>, tensor<1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// One for the tensor needs no rank.
// CHECK-LABEL: func.func @a_scalar_scale_fits_any_rank
func.func @a_scalar_scale_fits_any_rank(%x: tensor<*xi8>, %s: tensor<f32>) -> tensor<*xf32> {
  // CHECK: %[[WIDE:.+]] = onnx.Cast %arg0
  // CHECK: onnx.Mul %[[WIDE]], %arg1
  %y = onnx.DequantizeLinear %x, %s : (tensor<*xi8>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @scales_of_an_axis_need_a_rank
func.func @scales_of_an_axis_need_a_rank(%x: tensor<*xi8>, %s: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK: onnx.DequantizeLinear
  %y = onnx.DequantizeLinear %x, %s : (tensor<*xi8>, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @dynamic_quantization_finds_its_range
func.func @dynamic_quantization_finds_its_range(%x: tensor<?x4xf32>) -> (tensor<*xui8>, tensor<*xf32>, tensor<*xui8>) {
  // CHECK: %[[LOW:.+]] = onnx.Min %{{.+}}, %[[ZERO:.+]] :
  // CHECK: %[[HIGH:.+]] = onnx.Max %{{.+}}, %[[ZERO]] :
  // CHECK: %[[RANGE:.+]] = onnx.Sub %[[HIGH]], %[[LOW]]
  // CHECK: %[[STEP:.+]] = onnx.Div %[[RANGE]],
  // CHECK: %[[SCALE:.+]] = onnx.Where %{{.+}}, %{{.+}}, %[[STEP]]
  // CHECK: %[[L:.+]] = onnx.Clip
  // CHECK: %[[R:.+]] = onnx.Round %[[L]]
  // CHECK: %[[N:.+]] = onnx.Neg %[[R]]
  // CHECK: %[[POINT:.+]] = onnx.Clip %[[N]]
  // CHECK: %[[Z:.+]] = onnx.Cast %[[POINT]] {to = 2 : i64}
  // CHECK: %[[Y:.+]] = onnx.Cast %{{.+}} {to = 2 : i64}
  // CHECK: return %[[Y]], %[[SCALE]], %[[Z]]
  %y, %s, %z = onnx.DynamicQuantizeLinear %x : (tensor<?x4xf32>) -> (tensor<*xui8>, tensor<*xf32>, tensor<*xui8>)
  return %y, %s, %z : tensor<*xui8>, tensor<*xf32>, tensor<*xui8>
}

// CHECK-LABEL: func.func @integers_are_multiplied_in_i32
func.func @integers_are_multiplied_in_i32(%a: tensor<?x4xui8>, %b: tensor<4x?xi8>, %za: tensor<?xui8>) -> tensor<*xi32> {
  // CHECK: %[[COLUMN:.+]] = onnx.Unsqueeze %arg2,
  // CHECK: %[[A:.+]] = onnx.Cast %arg0 {to = 6 : i64}
  // CHECK: %[[Z:.+]] = onnx.Cast %[[COLUMN]] {to = 6 : i64}
  // CHECK: %[[LEFT:.+]] = onnx.Sub %[[A]], %[[Z]]
  // CHECK: %[[RIGHT:.+]] = onnx.Cast %arg1 {to = 6 : i64}
  // CHECK: onnx.MatMul %[[LEFT]], %[[RIGHT]]
  %y = onnx.MatMulInteger %a, %b, %za {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x4xui8>, tensor<4x?xi8>, tensor<?xui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// CHECK-LABEL: func.func @weights_are_s8_without_zero_points
// CHECK-SAME: (%[[A:.+]]: tensor<?x2xui8>, %[[Z:.+]]: tensor<ui8>)
func.func @weights_are_s8_without_zero_points(%a: tensor<?x2xui8>, %za: tensor<ui8>) -> tensor<*xi32> {
  %b = onnx.Constant dense<[[130, 3], [120, 5]]> : tensor<2x2xui8>
  %zb = onnx.Constant dense<[128, 0]> : tensor<2xui8>
  // CHECK: %[[W:.+]] = onnx.Constant {{.+}} : tensor<2x2xi8>
  // CHECK: %[[SUMS:.+]] = onnx.Constant dense<[-6, 8]> : tensor<2xi32>
  // CHECK: %[[POINT:.+]] = onnx.Cast %[[Z]] {to = 6 : i64}
  // CHECK: %[[P:.+]] = onnx.MatMulInteger %[[A]], %[[W]] {operandSegmentSizes = array<i32: 1, 1, 0, 0>}
  // CHECK: %[[MOVED:.+]] = onnx.Mul %[[POINT]], %[[SUMS]]
  // CHECK: onnx.Sub %[[P]], %[[MOVED]]
  %y = onnx.MatMulInteger %a, %b, %za, %zb {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<?x2xui8>, tensor<2x2xui8>, tensor<ui8>, tensor<2xui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// CHECK-LABEL: func.func @the_other_side_becomes_u8
func.func @the_other_side_becomes_u8(%a: tensor<?x2xi8>) -> tensor<*xi32> {
  %b = onnx.Constant dense<[[1, 3], [-2, 5]]> : tensor<2x2xi8>
  // CHECK: %[[SHIFT:.+]] = onnx.Constant dense<128> : tensor<i32>
  // CHECK: %[[WIDE:.+]] = onnx.Cast %arg0 {to = 6 : i64}
  // CHECK: %[[MOVED:.+]] = onnx.Add %[[WIDE]], %[[SHIFT]]
  // CHECK: %[[A:.+]] = onnx.Cast %[[MOVED]] {to = 2 : i64}
  // CHECK: %[[P:.+]] = onnx.MatMulInteger %[[A]],
  // CHECK: %[[POINT:.+]] = onnx.Mul %[[SHIFT]],
  // CHECK: onnx.Sub %[[P]], %[[POINT]]
  %y = onnx.MatMulInteger %a, %b {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x2xi8>, tensor<2x2xi8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// CHECK-LABEL: func.func @a_zero_point_of_0_adds_nothing
func.func @a_zero_point_of_0_adds_nothing(%a: tensor<?x2xui8>) -> tensor<*xi32> {
  %b = onnx.Constant dense<[[1, 3], [-2, 5]]> : tensor<2x2xi8>
  %z = onnx.Constant dense<0> : tensor<ui8>
  // CHECK: %[[P:.+]] = onnx.MatMulInteger
  // CHECK-NEXT: return %[[P]]
  %y = onnx.MatMulInteger %a, %b, %z {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x2xui8>, tensor<2x2xi8>, tensor<ui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// CHECK-LABEL: func.func @weights_that_no_s8_holds_are_i32
func.func @weights_that_no_s8_holds_are_i32(%a: tensor<?x2xui8>) -> tensor<*xi32> {
  %b = onnx.Constant dense<[[1], [128]]> : tensor<2x1xui8>
  // CHECK: onnx.MatMul {{.+}} -> tensor<*xi32>
  %y = onnx.MatMulInteger %a, %b {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x2xui8>, tensor<2x1xui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// CHECK-LABEL: func.func @zero_points_of_unknown_rank_are_kept
func.func @zero_points_of_unknown_rank_are_kept(%a: tensor<?x4xui8>, %b: tensor<4x?xi8>, %za: tensor<*xui8>) -> tensor<*xi32> {
  // CHECK: onnx.MatMulInteger
  %y = onnx.MatMulInteger %a, %b, %za {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x4xui8>, tensor<4x?xi8>, tensor<*xui8>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}
