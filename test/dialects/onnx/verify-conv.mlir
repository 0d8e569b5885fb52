// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @conv_c1(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects auto_pad to be 'NOTSET' or 'SAME_UPPER' or 'SAME_LOWER' or 'VALID', got 'SAME'}}
  %y = onnx.Conv %x, %w {auto_pad = "SAME"}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c2(%x: tensor<1x4xf32>, %w: tensor<6x4xf32>) {
  // expected-error @+1 {{expects X of rank 3 or more, got 2}}
  %y = onnx.Conv %x, %w
      : (tensor<1x4xf32>, tensor<6x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c3_kernel(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects kernel_shape with 2 entries for 2 spatial axes, got 1}}
  %y = onnx.Conv %x, %w {kernel_shape = array<i64: 3>}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c3_pads(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects pads with 4 entries for 2 spatial axes, got 2}}
  %y = onnx.Conv %x, %w {pads = array<i64: 1, 1>}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c3_strides(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects entries of strides >= 1, got 0}}
  %y = onnx.Conv %x, %w {strides = array<i64: 1, 0>}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c3_negative(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects entries of pads >= 0, got -1}}
  %y = onnx.Conv %x, %w {pads = array<i64: 0, 0, -1, 0>}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c3_dilations(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects dilations with 2 entries for 2 spatial axes, got 1}}
  %y = onnx.Conv %x, %w {dilations = array<i64: 1>}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c4(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error @+1 {{expects W of rank 4, got 3}}
  %y = onnx.Conv %x, %w
      : (tensor<1x4x8x8xf32>, tensor<6x4x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c5(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects equal kernel_shape and extents of W, got 5 and 3}}
  %y = onnx.Conv %x, %w {kernel_shape = array<i64: 3, 5>}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c6(%x: tensor<1x4x8x8xf32>, %w: tensor<6x1x3x3xf32>) {
  // expected-error @+1 {{expects output channels to be a multiple of group 4, got 6}}
  %y = onnx.Conv %x, %w {group = 4 : i64}
      : (tensor<1x4x8x8xf32>, tensor<6x1x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c7(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{expects equal channels of X and group times W, got 4 and 8}}
  %y = onnx.Conv %x, %w {group = 2 : i64}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c8_rank(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %b: tensor<6x1xf32>) {
  // expected-error @+1 {{expects B of rank 1, got 2}}
  %y = onnx.Conv %x, %w, %b
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>, tensor<6x1xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @conv_c8(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %b: tensor<5xf32>) {
  // expected-error @+1 {{expects equal output channels and bias elements, got 6 and 5}}
  %y = onnx.Conv %x, %w, %b
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>, tensor<5xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @convinteger_c7(%x: tensor<1x4x8x8xui8>, %w: tensor<6x3x3x3xi8>) {
  // expected-error @+1 {{expects equal channels of X and group times W, got 4 and 3}}
  %y = onnx.ConvInteger %x, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>}
      : (tensor<1x4x8x8xui8>, tensor<6x3x3x3xi8>) -> tensor<*xi32>
  return
}

// -----

func.func @qlinearconv_c7(%x: tensor<1x4x8x8xui8>, %w: tensor<6x3x3x3xi8>, %s: tensor<f32>,
    %zx: tensor<ui8>, %zw: tensor<i8>) {
  // expected-error @+1 {{expects equal channels of X and group times W, got 4 and 3}}
  %y = onnx.QLinearConv %x, %s, %zx, %w, %s, %zw, %s, %zx
      : (tensor<1x4x8x8xui8>, tensor<f32>, tensor<ui8>, tensor<6x3x3x3xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<ui8>) -> tensor<*xui8>
  return
}

// -----

func.func @deformconv_c9(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %o: tensor<*xf32>) {
  // expected-error @+1 {{expects channels to be a multiple of offset_group 3, got 4}}
  %y = onnx.DeformConv %x, %w, %o {offset_group = 3 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}
      : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}
