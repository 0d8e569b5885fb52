// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @constant_c1_element() {
  // expected-error @+1 {{expects a value of the result's type 'tensor<2xi32>', got 'tensor<2xf32>'}}
  %c = onnx.Constant dense<0.0> : tensor<2xf32> -> tensor<2xi32>
  return
}

// -----

func.func @constant_c1_shape() {
  // expected-error @+1 {{expects a value of the result's type 'tensor<3xf32>', got 'tensor<2xf32>'}}
  %c = onnx.Constant dense<0.0> : tensor<2xf32> -> tensor<3xf32>
  return
}

// -----

func.func @constantofshape_c1(%s: tensor<3xi64>) {
  // expected-error @+1 {{expects a value with one element, got 2}}
  %y = onnx.ConstantOfShape %s {value = dense<0.0> : tensor<2xf32>} : (tensor<3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @constantofshape_c2(%s: tensor<3xi64>) {
  // expected-error @+1 {{expects a result with elements of the value's type 'i32', got 'f32'}}
  %y = onnx.ConstantOfShape %s {value = dense<0> : tensor<1xi32>} : (tensor<3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @constantofshape_c3(%s: tensor<1x3xi64>) {
  // expected-error @+1 {{expects input of rank 1, got 2}}
  %y = onnx.ConstantOfShape %s {} : (tensor<1x3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_c1() {
  // expected-error @+1 {{expects at least one operand, got none}}
  %y = onnx.Concat {axis = 0 : i64} : () -> tensor<*xf32>
  return
}

// -----

func.func @concat_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Concat %x {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_c3(%x: tensor<2x3xf32>, %z: tensor<2xf32>) {
  // expected-error @+1 {{expects every operand of rank 2, got 1}}
  %y = onnx.Concat %x, %z {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_c4(%x: tensor<2x3xf32>, %z: tensor<3x3xf32>) {
  // expected-error @+1 {{expects equal extents off the axis, got 2 and 3}}
  %y = onnx.Concat %x, %z {axis = -1 : i64} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<*xf32>
  return
}
