// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @averagepool_c1(%x: tensor<1x4x8x8xf32>) {
  // expected-error @+1 {{expects auto_pad to be 'NOTSET' or 'SAME_UPPER' or 'SAME_LOWER' or 'VALID', got 'SAME'}}
  %y = onnx.AveragePool %x {auto_pad = "SAME", kernel_shape = array<i64: 2, 2>} : (tensor<1x4x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @averagepool_c2(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{expects X of rank 3 or more, got 2}}
  %y = onnx.AveragePool %x {kernel_shape = array<i64: 2>} : (tensor<4x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @lppool_c3(%x: tensor<1x4x8x8xf32>) {
  // expected-error @+1 {{expects kernel_shape with 2 entries for 2 spatial axes, got 1}}
  %y = onnx.LpPool %x {kernel_shape = array<i64: 2>} : (tensor<1x4x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @maxpool_c3(%x: tensor<1x4x8x8xf32>) {
  // expected-error @+1 {{expects entries of kernel_shape >= 1, got 0}}
  %y = onnx.MaxPool %x {kernel_shape = array<i64: 2, 0>} : (tensor<1x4x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @maxpool_c4(%x: tensor<1x4x8x8xf32>) {
  // expected-error @+1 {{expects storage_order to be 0 or 1, got 2}}
  %y = onnx.MaxPool %x {kernel_shape = array<i64: 2, 2>, storage_order = 2 : i64} : (tensor<1x4x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @maxunpool_c1(%x: tensor<1x4xf32>, %i: tensor<*xi64>) {
  // expected-error @+1 {{expects X of rank 3 or more, got 2}}
  %y = onnx.MaxUnpool %x, %i {kernel_shape = array<i64: 2>}
      : (tensor<1x4xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @maxunpool_c2(%x: tensor<1x4x8x8xf32>, %i: tensor<*xi64>) {
  // expected-error @+1 {{expects strides with 2 entries for 2 spatial axes, got 1}}
  %y = onnx.MaxUnpool %x, %i {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2>}
      : (tensor<1x4x8x8xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @maxroipool_c1(%x: tensor<*xf32>) {
  // expected-error @+1 {{expects pooled_shape with 2 entries for 2 spatial axes, got 1}}
  %y = onnx.MaxRoiPool %x, %x {pooled_shape = array<i64: 2>}
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}
