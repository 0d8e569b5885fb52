// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @convtranspose_c3(%x: tensor<1x4x8x8xf32>, %w: tensor<4x6x3x3xf32>) {
  // expected-error @+1 {{expects output_padding with 2 entries for 2 spatial axes, got 1}}
  %y = onnx.ConvTranspose %x, %w {output_padding = array<i64: 1>}
      : (tensor<1x4x8x8xf32>, tensor<4x6x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @convtranspose_c6(%x: tensor<1x4x8x8xf32>, %w: tensor<4x6x3x3xf32>) {
  // expected-error @+1 {{expects channels to be a multiple of group 3, got 4}}
  %y = onnx.ConvTranspose %x, %w {group = 3 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x6x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @convtranspose_c7(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects equal channels of X and W, got 4 and 6}}
  %y = onnx.ConvTranspose %x, %w
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @convtranspose_c8(%x: tensor<1x4x8x8xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<5xf32>) {
  // expected-error @+1 {{expects equal output channels and bias elements, got 6 and 5}}
  %y = onnx.ConvTranspose %x, %w, %b {group = 2 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x3x3x3xf32>, tensor<5xf32>) -> tensor<*xf32>
  return
}
