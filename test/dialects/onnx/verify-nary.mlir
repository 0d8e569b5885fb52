// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @bitshift_c1(%x: tensor<*xui8>) {
  // expected-error @+1 {{expects direction to be 'LEFT' or 'RIGHT', got 'UP'}}
  %y = onnx.BitShift %x, %x {direction = "UP"} : (tensor<*xui8>, tensor<*xui8>) -> tensor<*xui8>
  return
}

// -----

func.func @max_c1() {
  // expected-error @+1 {{expects at least one operand, got none}}
  %y = onnx.Max : () -> tensor<*xf32>
  return
}

// -----

func.func @min_c1() {
  // expected-error @+1 {{expects at least one operand, got none}}
  %y = onnx.Min : () -> tensor<*xf32>
  return
}

// -----

func.func @sum_c1() {
  // expected-error @+1 {{expects at least one operand, got none}}
  %y = onnx.Sum : () -> tensor<*xf32>
  return
}

// -----

func.func @mean_c1() {
  // expected-error @+1 {{expects at least one operand, got none}}
  %y = onnx.Mean : () -> tensor<*xf32>
  return
}
