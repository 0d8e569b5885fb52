// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @scatter_c1(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Scatter %x, %i, %x {axis = 3 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>, tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_c2(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects indices of rank 3, got 2}}
  %y = onnx.Scatter %x, %i, %x {axis = 0 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>, tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatterelements_c1(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.ScatterElements %x, %i, %x {axis = 3 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>, tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatterelements_c2(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects indices of rank 3, got 2}}
  %y = onnx.ScatterElements %x, %i, %x {axis = 0 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>, tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_c3(%x: tensor<2x3xf32>, %i: tensor<2x3xi64>, %u: tensor<2xf32>) {
  // expected-error @+1 {{expects updates of rank 2, got 1}}
  %y = onnx.Scatter %x, %i, %u {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2x3xi64>, tensor<2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatterelements_c3(%x: tensor<2x3xf32>, %i: tensor<2x3xi64>, %u: tensor<2xf32>) {
  // expected-error @+1 {{expects updates of rank 2, got 1}}
  %y = onnx.ScatterElements %x, %i, %u {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2x3xi64>, tensor<2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatterelements_c4(%x: tensor<*xf32>, %i: tensor<*xi64>) {
  // expected-error @+1 {{expects reduction to be 'none' or 'add' or 'mul' or 'max' or 'min', got 'sum'}}
  %y = onnx.ScatterElements %x, %i, %x {reduction = "sum"} : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatternd_c1(%x: tensor<*xf32>, %i: tensor<*xi64>) {
  // expected-error @+1 {{expects reduction to be 'none' or 'add' or 'mul' or 'max' or 'min', got 'sum'}}
  %y = onnx.ScatterND %x, %i, %x {reduction = "sum"} : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatternd_c2(%x: tensor<*xf32>, %i: tensor<i64>) {
  // expected-error @+1 {{expects indices of rank 1 or more, got 0}}
  %y = onnx.ScatterND %x, %i, %x {} : (tensor<*xf32>, tensor<i64>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatternd_c3(%x: tensor<4xf32>, %i: tensor<2x2xi64>) {
  // expected-error @+1 {{expects data of rank 2 or more, got 1}}
  %y = onnx.ScatterND %x, %i, %x {} : (tensor<4xf32>, tensor<2x2xi64>, tensor<4xf32>) -> tensor<*xf32>
  return
}
