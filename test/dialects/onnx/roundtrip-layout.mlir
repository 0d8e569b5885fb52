// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @layout
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @layout(%f: tensor<*xf32>, %i: tensor<*xi64>) {
  // CHECK: onnx.CenterCropPad %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %centerCropPad = onnx.CenterCropPad %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Concat %[[F]], %[[F]] {axis = 1 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %concat = onnx.Concat %f, %f {axis = 1 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.DepthToSpace %[[F]] {blocksize = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %depthToSpace = onnx.DepthToSpace %f {blocksize = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Expand %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %expand = onnx.Expand %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Flatten %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %flatten = onnx.Flatten %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Pad %[[F]], %[[I]], %[[F]], %[[I]] {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %pad = onnx.Pad %f, %i, %f, %i {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Reshape %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reshape = onnx.Reshape %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReverseSequence %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reverseSequence = onnx.ReverseSequence %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Slice %[[F]], %[[I]], %[[I]], %[[I]], %[[I]] {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  %slice = onnx.Slice %f, %i, %i, %i, %i {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.SpaceToDepth %[[F]] {blocksize = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %spaceToDepth = onnx.SpaceToDepth %f {blocksize = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Split %[[F]] {num_outputs = 2 : i64} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %split:2 = onnx.Split %f {num_outputs = 2 : i64} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.Squeeze %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %squeeze = onnx.Squeeze %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Tile %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %tile = onnx.Tile %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Transpose %[[F]] {perm = array<i64: 0, 2, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  %transpose = onnx.Transpose %f {perm = array<i64: 0, 2, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Trilu %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %trilu = onnx.Trilu %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Unsqueeze %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %unsqueeze = onnx.Unsqueeze %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}
