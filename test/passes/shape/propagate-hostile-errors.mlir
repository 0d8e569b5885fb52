// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file --verify-diagnostics

// What a rule follows is as long as its shape says, unless the model is wrong:
// then it is refused by its extents, and nothing beyond is read.

func.func @split_beyond_the_elements() {
  %x = onnx.Constant dense<[1]> : tensor<1xi64>
  %parts = onnx.Constant dense<[1, 2]> : tensor<2xi64>
  // expected-error@+1 {{expects parts that add up to the extent, got 1 and 3}}
  %y, %z = onnx.Split %x, %parts : (tensor<1xi64>, tensor<2xi64>) -> (tensor<*xi64>, tensor<*xi64>)
  return
}

// -----

func.func @squeeze_of_no_unit_axis() {
  %x = onnx.Constant dense<[1, 2]> : tensor<2xi64>
  %axes = onnx.Constant dense<[0]> : tensor<1xi64>
  // expected-error@+1 {{expects an extent of 1 to squeeze, got 2 and 1}}
  %y = onnx.Squeeze %x, %axes : (tensor<2xi64>, tensor<1xi64>) -> tensor<*xi64>
  return
}

// -----

func.func @negative_extent() {
  %shape = onnx.Constant dense<[-1]> : tensor<1xi64>
  // expected-error@+1 {{expects an extent that is not negative, got -1}}
  %y = onnx.ConstantOfShape %shape {value = dense<[7]> : tensor<1xi64>} : (tensor<1xi64>) -> tensor<*xi64>
  return
}

// -----

func.func @gather_nd_batch_dims(%ax: tensor<4x3xf32>, %ay: tensor<4x1xi64>) {
  %x = onnx.Identity %ax : (tensor<4x3xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<4x1xi64>) -> tensor<*xi64>
  // expected-error@+1 {{expects batch_dims in [0, 1], got 7}}
  %z = onnx.GatherND %x, %y {batch_dims = 7 : i64} : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @center_crop_pad_axes(%ax: tensor<4x3xf32>) {
  %shape = onnx.Constant dense<[2, 2]> : tensor<2xi64>
  // expected-error@+1 {{expects a shape of 1 extents, one per axis, got 2}}
  %y = onnx.CenterCropPad %ax, %shape {axes = array<i64: 0>} : (tensor<4x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}
