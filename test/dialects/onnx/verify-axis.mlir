// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @softmax_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Softmax %x {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @logsoftmax_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got -4}}
  %y = onnx.LogSoftmax %x {axis = -4 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @hardmax_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Hardmax %x {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @layernormalization_c1(%x: tensor<2x3x4xf32>, %s: tensor<*xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.LayerNormalization %x, %s {axis = 3 : i64, resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @rmsnormalization_c1(%x: tensor<2x3x4xf32>, %s: tensor<*xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.RMSNormalization %x, %s {axis = 3 : i64} : (tensor<2x3x4xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @lpnormalization_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.LpNormalization %x {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @lpnormalization_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects p to be 1 or 2, got 3}}
  %y = onnx.LpNormalization %x {p = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @argmax_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.ArgMax %x {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xi64>
  return
}

// -----

func.func @argmin_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.ArgMin %x {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xi64>
  return
}

// -----

func.func @lrn_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects a positive size, got 0}}
  %y = onnx.LRN %x {size = 0 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @groupnormalization_c1(%x: tensor<2x3x4xf32>, %s: tensor<*xf32>) {
  // expected-error @+1 {{expects channels to be a multiple of num_groups 2, got 3}}
  %y = onnx.GroupNormalization %x, %s, %s {num_groups = 2 : i64} : (tensor<2x3x4xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @groupnormalization_c1_positive(%x: tensor<2x3x4xf32>, %s: tensor<*xf32>) {
  // expected-error @+1 {{expects a positive num_groups, got 0}}
  %y = onnx.GroupNormalization %x, %s, %s {num_groups = 0 : i64} : (tensor<2x3x4xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @negativeloglikelihoodloss_c1(%x: tensor<*xf32>, %t: tensor<*xi64>) {
  // expected-error @+1 {{expects reduction to be 'none' or 'sum' or 'mean', got 'max'}}
  %y = onnx.NegativeLogLikelihoodLoss %x, %t {reduction = "max"} : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @softmaxcrossentropyloss_c1(%x: tensor<*xf32>, %t: tensor<*xi64>) {
  // expected-error @+1 {{expects reduction to be 'none' or 'sum' or 'mean', got 'max'}}
  %y = onnx.SoftmaxCrossEntropyLoss %x, %t {reduction = "max"} : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}
