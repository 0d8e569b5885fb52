// RUN: dycc-opt %s --dycc-verify-normalize --split-input-file --verify-diagnostics

func.func @recurrent(%x: tensor<?x?x8xf32>, %r: tensor<1x4x4xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{expects simple operators in its place after the normalize stage}}
  %Y = onnx.RNN %x, %r, %r {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0>} : (tensor<?x?x8xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<*xf32>
  return %Y : tensor<*xf32>
}

// -----

func.func @all_of_them(%x: tensor<*xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{'onnx.Identity' op expects simple operators}}
  %a = onnx.Identity %x : (tensor<*xf32>) -> tensor<*xf32>
  // expected-error@+1 {{'onnx.LpNormalization' op expects simple operators}}
  %b = onnx.LpNormalization %a : (tensor<*xf32>) -> tensor<*xf32>
  // expected-error@+1 {{'onnx.CastLike' op expects simple operators}}
  %c = onnx.CastLike %b, %x : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %c : tensor<*xf32>
}

// -----

func.func @simple_ones_pass(%x: tensor<*xf32>) -> tensor<*xf32> {
  %a = onnx.Relu %x : (tensor<*xf32>) -> tensor<*xf32>
  return %a : tensor<*xf32>
}
