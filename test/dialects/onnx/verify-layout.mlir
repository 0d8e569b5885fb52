// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @depthtospace_c1(%x: tensor<1x9x4x4xf32>) {
  // expected-error @+1 {{expects mode to be 'DCR' or 'CRD', got 'X'}}
  %y = onnx.DepthToSpace %x {blocksize = 2 : i64, mode = "X"} : (tensor<1x9x4x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @spacetodepth_c1(%x: tensor<1x9x4x4xf32>) {
  // expected-error @+1 {{expects mode to be 'DCR' or 'CRD', got 'X'}}
  %y = onnx.SpaceToDepth %x {blocksize = 2 : i64, mode = "X"} : (tensor<1x9x4x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @depthtospace_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects input of rank 4, got 3}}
  %y = onnx.DepthToSpace %x {blocksize = 2 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @spacetodepth_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects input of rank 4, got 3}}
  %y = onnx.SpaceToDepth %x {blocksize = 2 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @depthtospace_c3(%x: tensor<1x9x4x4xf32>) {
  // expected-error @+1 {{expects a positive blocksize, got -3}}
  %y = onnx.DepthToSpace %x {blocksize = -3 : i64} : (tensor<1x9x4x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @depthtospace_c4(%x: tensor<1x9x4x4xf32>) {
  // expected-error @+1 {{expects channels to be a multiple of squared blocksize 4, got 9}}
  %y = onnx.DepthToSpace %x {blocksize = 2 : i64} : (tensor<1x9x4x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @depthtospace_c4_of_the_largest_number(%x: tensor<1x9x4x4xf32>) {
  // expected-error @+1 {{expects channels to be a multiple of squared blocksize 9223372036854775807, got 9}}
  %y = onnx.DepthToSpace %x {blocksize = 9223372036854775807 : i64} : (tensor<1x9x4x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @spacetodepth_c3(%x: tensor<1x9x4x5xf32>) {
  // expected-error @+1 {{expects extents to be a multiple of blocksize 2, got 5}}
  %y = onnx.SpaceToDepth %x {blocksize = 2 : i64} : (tensor<1x9x4x5xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @flatten_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3], got 4}}
  %y = onnx.Flatten %x {axis = 4 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reversesequence_c1(%x: tensor<2x3xf32>, %l: tensor<*xi64>) {
  // expected-error @+1 {{expects batch_axis and time_axis to be 0 and 1 in either order, got 1 and 1}}
  %y = onnx.ReverseSequence %x, %l {time_axis = 1 : i64} : (tensor<2x3xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @reversesequence_c2(%x: tensor<2xf32>, %l: tensor<*xi64>) {
  // expected-error @+1 {{expects input of rank 2 or more, got 1}}
  %y = onnx.ReverseSequence %x, %l {} : (tensor<2xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @split_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Split %x {axis = 3 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @split_c2(%x: tensor<*xf32>, %s: tensor<1xi64>) {
  // expected-error @+1 {{expects split or num_outputs, got both}}
  %y = onnx.Split %x, %s {num_outputs = 1 : i64} : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @split_c3(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects num_outputs results, 2, got 1}}
  %y = onnx.Split %x {num_outputs = 2 : i64} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @split_c4(%x: tensor<*xf32>, %s: tensor<2xi64>) {
  // expected-error @+1 {{expects equal numbers of parts and results, got 2 and 1}}
  %y = onnx.Split %x, %s {} : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @transpose_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects data of rank 2, got 3}}
  %y = onnx.Transpose %x {perm = array<i64: 0, 1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @transpose_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects perm to hold each of 0 to 2 once, got [0, 1, 1]}}
  %y = onnx.Transpose %x {perm = array<i64: 0, 1, 1>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}
