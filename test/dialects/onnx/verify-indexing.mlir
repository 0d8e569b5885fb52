// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @gather_c1(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Gather %x, %i {axis = 3 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @gatherelements_c1(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.GatherElements %x, %i {axis = 3 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @gatherelements_c2(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects indices of rank 3, got 2}}
  %y = onnx.GatherElements %x, %i {axis = 0 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @gathernd_c1(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects batch_dims >= 0, got -1}}
  %y = onnx.GatherND %x, %i {batch_dims = -1 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @gathernd_c2(%x: tensor<2x3x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects indices of rank 3 or more, got 2}}
  %y = onnx.GatherND %x, %i {batch_dims = 2 : i64} : (tensor<2x3x4xf32>, tensor<2x3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @gathernd_c3(%x: tensor<2xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{expects data of rank 3 or more, got 1}}
  %y = onnx.GatherND %x, %i {batch_dims = 0 : i64} : (tensor<2xf32>, tensor<2x3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @compress_c1(%x: tensor<2x3x4xf32>, %c: tensor<*xi1>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Compress %x, %c {axis = 3 : i64} : (tensor<2x3x4xf32>, tensor<*xi1>) -> tensor<*xf32>
  return
}

// -----

func.func @compress_c2(%x: tensor<2x3x4xf32>, %c: tensor<1x2xi1>) {
  // expected-error @+1 {{expects condition of rank 1, got 2}}
  %y = onnx.Compress %x, %c {} : (tensor<2x3x4xf32>, tensor<1x2xi1>) -> tensor<*xf32>
  return
}

// -----

func.func @topk_c1(%x: tensor<2x3x4xf32>, %k: tensor<1xi64>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %v, %i = onnx.TopK %x, %k {axis = 3 : i64}
      : (tensor<2x3x4xf32>, tensor<1xi64>) -> (tensor<*xf32>, tensor<*xi64>)
  return
}

// -----

func.func @unique_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects axis in [-3, 3), got 3}}
  %y = onnx.Unique %x {axis = 3 : i64, resultSegmentSizes = array<i32: 1, 0, 0, 0>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}
