// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file --verify-diagnostics

func.func @conv_rank(%ax: tensor<1x3x8xf32>, %aw: tensor<4x3x3x3xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x3x3x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an input of rank 4 for a kernel with 2 axes, got rank 3}}
  %z = onnx.Conv %x, %w : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_weight_rank(%ax: tensor<1x3x8xf32>, %aw: tensor<4xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a weight of rank 3 or more, got rank 1}}
  %z = onnx.Conv %x, %w : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_kernel_shape(%ax: tensor<1x3x8xf32>, %aw: tensor<4x3x3xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x3x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a kernel_shape of 1 extents, got 2}}
  %z = onnx.Conv %x, %w {kernel_shape = array<i64: 3, 3>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_kernel(%ax: tensor<1x3x8xf32>, %aw: tensor<4x3x3xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x3x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a weight that agrees with kernel_shape, got 3 and 5}}
  %z = onnx.Conv %x, %w {kernel_shape = array<i64: 5>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_channels(%ax: tensor<1x3x8xf32>, %aw: tensor<4x2x3xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x2x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects channels that agree with the weight's, got 3 and 2}}
  %z = onnx.Conv %x, %w : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_bias_rank(%ax: tensor<1x3x8xf32>, %aw: tensor<4x3x3xf32>, %ab: tensor<4x1xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x3x3xf32>) -> tensor<*xf32>
  %b = onnx.Identity %ab : (tensor<4x1xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a bias of rank 1, got rank 2}}
  %z = onnx.Conv %x, %w, %b : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_transpose_bias(%ax: tensor<1x4x8xf32>, %aw: tensor<4x3x3xf32>, %ab: tensor<2xf32>) {
  %x = onnx.Identity %ax : (tensor<1x4x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x3x3xf32>) -> tensor<*xf32>
  %b = onnx.Identity %ab : (tensor<2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a bias with an entry per output channel, got 2 and 3}}
  %z = onnx.ConvTranspose %x, %w, %b : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_bias(%ax: tensor<1x3x8xf32>, %aw: tensor<4x3x3xf32>, %ab: tensor<3xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x3x3xf32>) -> tensor<*xf32>
  %b = onnx.Identity %ab : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a bias with an entry per output channel, got 3 and 4}}
  %z = onnx.Conv %x, %w, %b : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_room(%ax: tensor<1x3x2xf32>, %aw: tensor<4x3x5xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x2xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<4x3x5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an extent that is not negative, got -2}}
  %z = onnx.Conv %x, %w : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @global_pool(%ax: tensor<1xf32>) {
  %x = onnx.Identity %ax : (tensor<1xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an input of rank 2 or more, got rank 1}}
  %z = onnx.GlobalMaxPool %x : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @col2im(%ax: tensor<1x4xf32>) {
  %s = onnx.Constant dense<[2, 2]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<1x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an input of rank 3, got rank 2}}
  %z = onnx.Col2Im %x, %s, %s : (tensor<*xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @batch_norm_rank(%ax: tensor<f32>, %as: tensor<1xf32>) {
  %x = onnx.Identity %ax : (tensor<f32>) -> tensor<*xf32>
  %s = onnx.Identity %as : (tensor<1xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an input of rank 1 or more, got 0}}
  %z = onnx.BatchNormalization %x, %s, %s, %s, %s {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @batch_norm_channels(%ax: tensor<1x3xf32>, %as: tensor<4xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3xf32>) -> tensor<*xf32>
  %s = onnx.Identity %as : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects equal channels, got 3 and 4}}
  %z = onnx.BatchNormalization %x, %s, %s, %s, %s {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @resize_nothing(%ax: tensor<1x3xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects scales or sizes}}
  %z = onnx.Resize %x {operandSegmentSizes = array<i32: 1, 0, 0, 0>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @resize_count(%ax: tensor<3xf32>) {
  %s = onnx.Constant dense<[1.0, 1.0]> : tensor<2xf32>
  %x = onnx.Identity %ax : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects 1 scales or sizes, one per axis, got 2}}
  %z = onnx.Resize %x, %s {operandSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<*xf32>, tensor<2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @upsample_count(%ax: tensor<3xf32>) {
  %s = onnx.Constant dense<[1.0, 1.0]> : tensor<2xf32>
  %x = onnx.Identity %ax : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects 1 scales, one per axis, got 2}}
  %z = onnx.Upsample %x, %s : (tensor<*xf32>, tensor<2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @stft_frame(%ax: tensor<1x8x1xf32>) {
  %s = onnx.Constant dense<2> : tensor<i64>
  %x = onnx.Identity %ax : (tensor<1x8x1xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a frame length or a window}}
  %z = onnx.STFT %x, %s {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<*xf32>, tensor<i64>) -> tensor<*xf32>
  return
}

// -----

func.func @rnn_ranks(%ax: tensor<1x8xf32>, %aw: tensor<1x4x8xf32>, %ar: tensor<1x4x4xf32>) {
  %x = onnx.Identity %ax : (tensor<1x8xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<1x4x8xf32>) -> tensor<*xf32>
  %r = onnx.Identity %ar : (tensor<1x4x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects X, W and R of rank 3, got 2, 3 and 3}}
  %z = onnx.RNN %x, %w, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @rnn_inputs(%ax: tensor<5x1x7xf32>, %aw: tensor<1x4x8xf32>, %ar: tensor<1x4x4xf32>) {
  %x = onnx.Identity %ax : (tensor<5x1x7xf32>) -> tensor<*xf32>
  %w = onnx.Identity %aw : (tensor<1x4x8xf32>) -> tensor<*xf32>
  %r = onnx.Identity %ar : (tensor<1x4x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects inputs that agree with the weight's, got 7 and 8}}
  %z = onnx.RNN %x, %w, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @attention_heads(%ax: tensor<1x8x16xf32>) {
  %x = onnx.Identity %ax : (tensor<1x8x16xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects Q, K and V of rank 4, or of rank 3 with numbers of heads}}
  %z = onnx.Attention %x, %x, %x {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}
