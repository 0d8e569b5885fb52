// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @matmul_c1(%a: tensor<f32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{expects A of rank 1 or more, got 0}}
  %y = onnx.MatMul %a, %b
      : (tensor<f32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @matmul_c2(%a: tensor<5x3xf32>, %b: tensor<2x4x6xf32>) {
  // expected-error @+1 {{expects equal contracted extents, got 3 and 4}}
  %y = onnx.MatMul %a, %b
      : (tensor<5x3xf32>, tensor<2x4x6xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @matmul_c2_vector(%a: tensor<5x3xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{expects equal contracted extents, got 3 and 4}}
  %y = onnx.MatMul %a, %b
      : (tensor<5x3xf32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @matmulinteger_c2(%a: tensor<5x3xi8>, %b: tensor<4x6xui8>) {
  // expected-error @+1 {{expects equal contracted extents, got 3 and 4}}
  %y = onnx.MatMulInteger %a, %b {operandSegmentSizes = array<i32: 1, 1, 0, 0>}
      : (tensor<5x3xi8>, tensor<4x6xui8>) -> tensor<*xi32>
  return
}

// -----

func.func @qlinearmatmul_c2(%a: tensor<5x3xi8>, %b: tensor<4x6xi8>, %s: tensor<f32>, %z: tensor<i8>) {
  // expected-error @+1 {{expects equal contracted extents, got 3 and 4}}
  %y = onnx.QLinearMatMul %a, %s, %z, %b, %s, %z, %s, %z
      : (tensor<5x3xi8>, tensor<f32>, tensor<i8>, tensor<4x6xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<i8>) -> tensor<*xi8>
  return
}

// -----

func.func @gemm_c1(%a: tensor<5x3xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{expects B of rank 2, got 1}}
  %y = onnx.Gemm %a, %b
      : (tensor<5x3xf32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gemm_c2(%a: tensor<5x3xf32>, %b: tensor<5x6xf32>) {
  // expected-error @+1 {{expects equal contracted extents, got 5 and 6}}
  %y = onnx.Gemm %a, %b {transA = 1 : i64, transB = 1 : i64}
      : (tensor<5x3xf32>, tensor<5x6xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @det_c1(%x: tensor<3xf32>) {
  // expected-error @+1 {{expects X of rank 2 or more, got 1}}
  %y = onnx.Det %x : (tensor<3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @det_c2(%x: tensor<7x3x4xf32>) {
  // expected-error @+1 {{expects equal extents of the matrices, got 4 and 3}}
  %y = onnx.Det %x : (tensor<7x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @rnn_c1(%x: tensor<5x1x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) {
  // expected-error @+1 {{expects direction to be 'forward' or 'reverse' or 'bidirectional', got 'both'}}
  %y = onnx.RNN %x, %w, %r {direction = "both", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>}
      : (tensor<5x1x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @rnn_c4(%x: tensor<5x1x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x5x4xf32>) {
  // expected-error @+1 {{expects equal gate rows of R, got 4 and 5}}
  %y = onnx.RNN %x, %w, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>}
      : (tensor<5x1x3xf32>, tensor<1x4x3xf32>, tensor<1x5x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gru_c2(%x: tensor<5x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x12x4xf32>) {
  // expected-error @+1 {{expects X of rank 3, got 2}}
  %y = onnx.GRU %x, %w, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>}
      : (tensor<5x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gru_c4(%x: tensor<5x1x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x16x4xf32>) {
  // expected-error @+1 {{expects equal gate rows of R, got 12 and 16}}
  %y = onnx.GRU %x, %w, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>}
      : (tensor<5x1x3xf32>, tensor<1x12x3xf32>, tensor<1x16x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @lstm_c3(%x: tensor<5x1x3xf32>, %w: tensor<2x16x3xf32>, %r: tensor<1x16x4xf32>) {
  // expected-error @+1 {{expects equal directions and leading weight extents, got 2 and 1}}
  %y = onnx.LSTM %x, %w, %r {direction = "bidirectional", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0>}
      : (tensor<5x1x3xf32>, tensor<2x16x3xf32>, tensor<1x16x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @lstm_c4(%x: tensor<5x1x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x12x4xf32>) {
  // expected-error @+1 {{expects equal gate rows of R, got 16 and 12}}
  %y = onnx.LSTM %x, %w, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0>}
      : (tensor<5x1x3xf32>, tensor<1x16x3xf32>, tensor<1x12x4xf32>) -> tensor<*xf32>
  return
}
