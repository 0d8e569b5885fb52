// RUN: dycc-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expects a tensor as element of a sequence, got 'i64'}}
func.func @seq_c1(%s: !onnx.seq<i64>)

// -----

// expected-error @+1 {{expects a tensor or a sequence as element of an optional, got 'i64'}}
func.func @opt_c1(%s: !onnx.opt<i64>)

// -----

func.func @operand_type(%x: tensor<4xi32>) {
  // expected-error @+1 {{operand #0 must be tensor of f16 or bf16 or f32 or f64, but got 'tensor<4xi32>'}}
  %y = onnx.Exp %x : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @signed_is_no_onnx_type(%x: tensor<4xsi32>) {
  // expected-error @+1 {{operand #0 must be tensor of}}
  %y = onnx.Neg %x : (tensor<4xsi32>) -> tensor<4xsi32>
  return
}

// -----

func.func @one_element_type(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error @+1 {{failed to verify that A, B and C have one element type}}
  %z = onnx.Add %x, %y : (tensor<4xf32>, tensor<4xf64>) -> tensor<4xf32>
  return
}

// -----

func.func @one_element_type_of_variadic(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error @+1 {{failed to verify that inputs and concat_result have one element type}}
  %z = onnx.Concat %x, %y {axis = 0 : i64}
      : (tensor<4xf32>, tensor<4xf64>) -> tensor<8xf32>
  return
}

// -----

func.func @missing_attribute(%x: tensor<4xf32>) {
  // expected-error @+1 {{requires attribute 'to'}}
  %z = onnx.Cast %x : (tensor<4xf32>) -> tensor<4xi32>
  return
}
