// RUN: dycc-opt %s --dycc-expand-functions --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @rotary_embedding_rotates_halves
// CHECK-SAME: (%[[X:.+]]: tensor<?x?x?x?xf32>, %[[C:.+]]: tensor<?x?xf32>, %[[S:.+]]: tensor<?x?xf32>, %[[P:.+]]: tensor<?x?xi64>)
func.func @rotary_embedding_rotates_halves(%x: tensor<?x?x?x?xf32>, %c: tensor<?x?xf32>, %s: tensor<?x?xf32>, %p: tensor<?x?xi64>) -> tensor<*xf32> {
  // CHECK: %[[A:.+]] = onnx.Slice %[[X]]
  // CHECK: %[[B:.+]] = onnx.Slice %[[X]]
  // CHECK: %[[CG:.+]] = onnx.Gather %[[C]], %[[P]]
  // CHECK: %[[CU:.+]] = onnx.Unsqueeze %[[CG]]
  // CHECK: onnx.Gather %[[S]], %[[P]]
  // CHECK-DAG: onnx.Mul %[[CU]], %[[A]]
  // CHECK-DAG: onnx.Mul %[[CU]], %[[B]]
  // CHECK: %[[Y:.+]] = onnx.Concat {{.+}} {axis = 3 : i64}
  // CHECK: return %[[Y]]
  %y = "onnx.RotaryEmbedding"(%x, %c, %s, %p) {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<?x?x?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @rotary_embedding_of_three_axes_has_heads
func.func @rotary_embedding_of_three_axes_has_heads(%x: tensor<?x?x?xf32>, %c: tensor<?x?x?xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Reshape
  // CHECK-NOT: onnx.Gather
  // CHECK: onnx.Concat {{.+}} {axis = 4 : i64}
  // CHECK: onnx.Concat {{.+}} {axis = 3 : i64}
  // CHECK: %[[Y:.+]] = onnx.Reshape
  // CHECK: return %[[Y]]
  %y = "onnx.RotaryEmbedding"(%x, %c, %c) {interleaved = 1 : i64, num_heads = 2 : i64, rotary_embedding_dim = 4 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x?x?xf32>, tensor<?x?x?xf32>, tensor<?x?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @swiglu_gates_by_swish
func.func @swiglu_gates_by_swish(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<*xf32> {
  // CHECK: %[[S:.+]] = onnx.Swish %{{.+}} {alpha = 5.000000e-01 : f32}
  // CHECK: onnx.Mul %[[S]]
  %y = "onnx.SwiGLU"(%a, %b) {alpha = 0.5 : f32} : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @tensor_scatter_is_a_scatter_along_its_axis
func.func @tensor_scatter_is_a_scatter_along_its_axis(%x: tensor<?x?x?xf32>, %u: tensor<?x?x?xf32>, %w: tensor<?xi64>) -> tensor<*xf32> {
  // CHECK: onnx.Range
  // CHECK: onnx.Mod
  // CHECK: %[[I:.+]] = onnx.Expand
  // CHECK: onnx.ScatterElements %{{.+}}, %[[I]], %{{.+}} {axis = 1 : i64}
  %y = "onnx.TensorScatter"(%x, %u, %w) {mode = "circular", axis = -2 : i64} : (tensor<?x?x?xf32>, tensor<?x?x?xf32>, tensor<?xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @tensor_scatter_of_floats_of_eight_bits
func.func @tensor_scatter_of_floats_of_eight_bits(%x: tensor<?x?x?xf8E5M2>, %u: tensor<?x?x?xf8E5M2>) -> tensor<*xf8E5M2> {
  // CHECK: %[[X:.+]] = onnx.Cast %arg0 {to = 1 : i64}
  // CHECK: %[[U:.+]] = onnx.Cast %arg1 {to = 1 : i64}
  // CHECK: %[[Y:.+]] = onnx.ScatterElements %[[X]], %{{.+}}, %[[U]]
  // CHECK: onnx.Cast %[[Y]] {saturate = 0 : i64, to = 19 : i64}
  %y = "onnx.TensorScatter"(%x, %u) : (tensor<?x?x?xf8E5M2>, tensor<?x?x?xf8E5M2>) -> tensor<*xf8E5M2>
  return %y : tensor<*xf8E5M2>
}

// -----

// CHECK-LABEL: func.func @tensor_scatter_of_four_bits
func.func @tensor_scatter_of_four_bits(%x: tensor<?x?x?xui4>, %u: tensor<?x?x?xui4>) -> tensor<*xui4> {
  // CHECK: onnx.ScatterElements %{{.+}} : (tensor<*xui8>, tensor<*xi64>, tensor<*xui8>) -> tensor<*xui8>
  // CHECK: onnx.Cast %{{.+}} {saturate = 0 : i64, to = 21 : i64}
  %y = "onnx.TensorScatter"(%x, %u) : (tensor<?x?x?xui4>, tensor<?x?x?xui4>) -> tensor<*xui4>
  return %y : tensor<*xui4>
}

// -----

// CHECK-LABEL: func.func @causal_convolution_has_its_past_before_it
// CHECK-SAME: (%[[X:.+]]: tensor<?x4x?xf32>, %[[W:.+]]: tensor<4x1x3xf32>, %[[P:.+]]: tensor<?x4x2xf32>)
func.func @causal_convolution_has_its_past_before_it(%x: tensor<?x4x?xf32>, %w: tensor<4x1x3xf32>, %p: tensor<?x4x2xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[T:.+]] = onnx.Reshape %[[P]], %{{.+}} {allowzero = 1 : i64}
  // CHECK: %[[A:.+]] = onnx.Concat %[[T]], %[[X]] {axis = 2 : i64}
  // CHECK: %[[S:.+]] = onnx.Slice %[[A]]
  // CHECK: %[[C:.+]] = onnx.Conv %[[A]], %[[W]] {group = 4 : i64
  // CHECK: %[[Y:.+]] = onnx.Swish %[[C]]
  // CHECK: return %[[Y]], %[[S]]
  %y, %s = "onnx.CausalConvWithState"(%x, %w, %p) {activation = "silu", operandSegmentSizes = array<i32: 1, 1, 0, 1>} : (tensor<?x4x?xf32>, tensor<4x1x3xf32>, tensor<?x4x2xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y, %s : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @causal_convolution_of_symbolic_weights_is_a_sum
// CHECK-SAME: (%[[X:.+]]: tensor<?x?x?xf32>, %[[W:.+]]: tensor<?x1x?xf32>, %[[B:.+]]: tensor<?xf32>, %[[P:.+]]: tensor<?x?x?xf32>)
func.func @causal_convolution_of_symbolic_weights_is_a_sum(%x: tensor<?x?x?xf32>, %w: tensor<?x1x?xf32>, %b: tensor<?xf32>, %p: tensor<?x?x?xf32>) -> tensor<*xf32> {
  // CHECK: %[[T:.+]] = onnx.Reshape %[[P]], %{{.+}} {allowzero = 1 : i64}
  // CHECK: %[[A:.+]] = onnx.Concat %[[T]], %[[X]] {axis = 2 : i64}
  // CHECK: %[[S:.+]] = onnx.Gather %[[A]], %{{.+}} {axis = 2 : i64}
  // CHECK: %[[V:.+]] = onnx.Reshape %[[W]]
  // CHECK: %[[M:.+]] = onnx.Mul %[[S]], %[[V]]
  // CHECK: onnx.ReduceSum %[[M]]
  // CHECK: onnx.Reshape %[[B]]
  // CHECK-NOT: onnx.Conv
  %y, %s = "onnx.CausalConvWithState"(%x, %w, %b, %p) {activation = "none", operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<?x?x?xf32>, tensor<?x1x?xf32>, tensor<?xf32>, tensor<?x?x?xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @linear_attention_is_a_loop_over_time
func.func @linear_attention_is_a_loop_over_time(%q: tensor<?x?x8xf32>, %k: tensor<?x?x4xf32>, %d: tensor<?x?x2xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[L:.+]]:2 = onnx.Loop
  // CHECK: onnx.Exp
  // CHECK: %[[N:.+]] = onnx.Add
  // CHECK: %[[R:.+]] = onnx.MatMul %{{.+}}, %[[N]]
  // CHECK: onnx.Yield %{{.+}}, %[[N]], %{{.+}}
  // CHECK: onnx.Transpose %[[L]]#1
  // CHECK: return %{{.+}}, %[[L]]#0
  %y, %s = "onnx.LinearAttention"(%q, %k, %k, %d) {q_num_heads = 4 : i64, kv_num_heads = 2 : i64, update_rule = "gated", operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0>} : (tensor<?x?x8xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x2xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y, %s : tensor<*xf32>, tensor<*xf32>
}

// -----

// One more head of queries than of keys: it stays, and is refused.
// CHECK-LABEL: func.func @other_linear_attention_stays
func.func @other_linear_attention_stays(%q: tensor<?x?x6xf32>, %k: tensor<?x?x4xf32>) -> tensor<*xf32> {
  // CHECK: onnx.LinearAttention
  %y, %s = "onnx.LinearAttention"(%q, %k, %k) {q_num_heads = 3 : i64, kv_num_heads = 2 : i64, update_rule = "linear", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>} : (tensor<?x?x6xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @rotated_halves_are_rounded_once
func.func @rotated_halves_are_rounded_once(%x: tensor<?x?x?x?xf16>, %c: tensor<?x?x?xf16>) -> tensor<*xf16> {
  // CHECK: onnx.Sub {{.+}} -> tensor<*xf32>
  // CHECK: %[[Y:.+]] = onnx.Concat
  // CHECK: %[[R:.+]] = onnx.Cast %[[Y]] {to = 10 : i64}
  // CHECK: return %[[R]]
  %y = "onnx.RotaryEmbedding"(%x, %c, %c) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x?x?x?xf16>, tensor<?x?x?xf16>, tensor<?x?x?xf16>) -> tensor<*xf16>
  return %y : tensor<*xf16>
}
