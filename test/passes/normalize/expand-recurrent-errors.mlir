// RUN: dycc-opt %s --dycc-expand-recurrent --split-input-file --verify-diagnostics

func.func @no_hidden_size(%x: tensor<?x?x8xf32>, %r: tensor<*xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{expects attribute "hidden_size" of 1 or more}}
  %Y = onnx.RNN %x, %r, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>} : (tensor<?x?x8xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %Y : tensor<*xf32>
}

// -----

func.func @unknown_activation(%x: tensor<?x?x8xf32>, %r: tensor<1x4x4xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{unknown activation "Foo"}}
  %Y = onnx.RNN %x, %r, %r {activations = ["Foo"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>} : (tensor<?x?x8xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<*xf32>
  return %Y : tensor<*xf32>
}

// -----

func.func @too_few_activations(%x: tensor<?x?x4xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{expects 3 activations, got 1}}
  %Y, %Y_h, %Y_c = onnx.LSTM %x, %r, %r {activations = ["Tanh"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<?x?x4xf32>, tensor<1x16x4xf32>, tensor<1x16x4xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return %Y : tensor<*xf32>
}

// -----

func.func @another_size_than_the_weights(%x: tensor<?x?x4xf32>, %r: tensor<1x4x4xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{expects attribute "hidden_size" of 4, as R has, got 8}}
  %Y = onnx.RNN %x, %r, %r {hidden_size = 8 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>} : (tensor<?x?x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<*xf32>
  return %Y : tensor<*xf32>
}
