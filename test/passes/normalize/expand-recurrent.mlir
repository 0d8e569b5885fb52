// RUN: dycc-opt %s --dycc-expand-recurrent | FileCheck %s

// CHECK-LABEL: func.func @lstm_becomes_a_loop_over_time
// CHECK-SAME: (%[[X:[^:]+]]: tensor<?x?x8xf32>
func.func @lstm_becomes_a_loop_over_time(%x: tensor<?x?x8xf32>, %w: tensor<1x16x8xf32>, %r: tensor<1x16x4xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // One product for the inputs of all steps.
  // CHECK: %[[XW:.+]] = onnx.MatMul %[[X]],
  // CHECK: %[[LOOP:.+]]:3 = onnx.Loop %{{.+}}, %{{.+}}, %{{.+}} {operandSegmentSizes = array<i32: 1, 0, 2>}
  // CHECK: ^bb0(%[[I:.+]]: tensor<i64>, %{{.+}}: tensor<i1>, %[[H:.+]]: tensor<*xf32>, %[[C:.+]]: tensor<*xf32>):
  // CHECK: onnx.Gather %[[XW]], %[[I]]
  // CHECK: onnx.MatMul %[[H]],
  // CHECK: onnx.Yield
  // CHECK: %[[Y:.+]] = onnx.Unsqueeze %[[LOOP]]#2
  // CHECK: %[[YH:.+]] = onnx.Unsqueeze %[[LOOP]]#0
  // CHECK: return %[[Y]], %[[YH]]
  %Y, %Y_h, %Y_c = onnx.LSTM %x, %w, %r {hidden_size = 4 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<?x?x8xf32>, tensor<1x16x8xf32>, tensor<1x16x4xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return %Y, %Y_h : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: func.func @short_sequence_is_straight_line_code
func.func @short_sequence_is_straight_line_code(%x: tensor<1x?x8xf32>, %w: tensor<1x4x8xf32>, %r: tensor<1x4x4xf32>) -> tensor<*xf32> {
  // CHECK-NOT: onnx.Loop
  // CHECK: onnx.Tanh
  // CHECK-NOT: onnx.Tanh
  // CHECK: return
  %Y = onnx.RNN %x, %w, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>} : (tensor<1x?x8xf32>, tensor<1x4x8xf32>, tensor<1x4x4xf32>) -> tensor<*xf32>
  return %Y : tensor<*xf32>
}

// CHECK-LABEL: func.func @lengths_stop_the_state
func.func @lengths_stop_the_state(%x: tensor<?x?x8xf32>, %w: tensor<1x12x8xf32>, %r: tensor<1x12x4xf32>, %n: tensor<?xi32>) -> tensor<*xf32> {
  // CHECK: %[[N:.+]] = onnx.Cast %{{.+}} {to = 7 : i64}
  // CHECK: ^bb0(%[[I:.+]]: tensor<i64>, %{{.+}}: tensor<i1>, %[[H:.+]]: tensor<*xf32>):
  // CHECK: %[[LESS:.+]] = onnx.Less %{{.+}}, %[[N]]
  // CHECK: onnx.Where %{{.+}}, %{{.+}}, %[[H]]
  %Y_h = onnx.GRU %x, %w, %r, %n {direction = "reverse", hidden_size = 4 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0>, resultSegmentSizes = array<i32: 0, 1>} : (tensor<?x?x8xf32>, tensor<1x12x8xf32>, tensor<1x12x4xf32>, tensor<?xi32>) -> tensor<*xf32>
  return %Y_h : tensor<*xf32>
}

// CHECK-LABEL: func.func @factors_are_rounded_where_marked
func.func @factors_are_rounded_where_marked(%x: tensor<1x?x8xf32>, %w: tensor<1x16x8xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Round
  // CHECK: %[[X:.+]] = onnx.Mul %{{.+}}, %{{.+}} : (tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.MatMul %[[X]]
  // CHECK: onnx.ReduceMin
  // CHECK: onnx.Round
  // CHECK: %[[H:.+]] = onnx.Mul
  // CHECK: onnx.MatMul %[[H]]
  %Y_h = onnx.LSTM %x, %w, %r {onnx.rounded_inputs, hidden_size = 4 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 0, 1, 0>} : (tensor<1x?x8xf32>, tensor<1x16x8xf32>, tensor<1x16x4xf32>) -> tensor<*xf32>
  return %Y_h : tensor<*xf32>
}

// CHECK-LABEL: func.func @peepholes_are_rows_of_the_state
// CHECK-SAME: %[[P:[^ :]+]]: tensor<1x?xf32>)
func.func @peepholes_are_rows_of_the_state(%x: tensor<?x?x8xf32>, %w: tensor<1x16x8xf32>, %r: tensor<1x16x4xf32>, %p: tensor<1x?xf32>) -> tensor<*xf32> {
  // CHECK: %[[SHAPE:.+]] = onnx.Constant dense<[3, 4]>
  // CHECK: onnx.Reshape %{{.+}}, %[[SHAPE]]
  // CHECK: onnx.Loop
  %Y = onnx.LSTM %x, %w, %r, %p {hidden_size = 4 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 1>, resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x?x8xf32>, tensor<1x16x8xf32>, tensor<1x16x4xf32>, tensor<1x?xf32>) -> tensor<*xf32>
  return %Y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @states_of_halves_are_f32
func.func @states_of_halves_are_f32(%x: tensor<?x?x4xf16>, %w: tensor<1x3x4xf16>, %r: tensor<1x3x3xf16>) -> tensor<*xf16> {
  // CHECK: %[[L:.+]] = onnx.Loop {{.+}} -> tensor<{{.+}}xf32>
  // CHECK: %[[S:.+]] = onnx.Unsqueeze %[[L]]
  // CHECK: %[[Y:.+]] = onnx.Cast %[[S]] {to = 10 : i64}
  // CHECK: return %[[Y]]
  %h = "onnx.RNN"(%x, %w, %r) {hidden_size = 3 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 0, 1>} : (tensor<?x?x4xf16>, tensor<1x3x4xf16>, tensor<1x3x3xf16>) -> tensor<*xf16>
  return %h : tensor<*xf16>
}
