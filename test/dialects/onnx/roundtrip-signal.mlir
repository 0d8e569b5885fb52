// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @signal
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
// CHECK-SAME: %[[U:[a-z0-9]+]]: tensor<*xui8>
func.func @signal(%f: tensor<*xf32>, %i: tensor<*xi64>, %u: tensor<*xui8>) {
  // CHECK: onnx.AffineGrid %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %affineGrid = onnx.AffineGrid %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.BlackmanWindow %[[I]] : (tensor<*xi64>) -> tensor<*xf32>
  %blackmanWindow = onnx.BlackmanWindow %i : (tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.DFT %[[F]], %[[I]], %[[I]] {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  %dFT = onnx.DFT %f, %i, %i {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.GridSample %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %gridSample = onnx.GridSample %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.HammingWindow %[[I]] : (tensor<*xi64>) -> tensor<*xf32>
  %hammingWindow = onnx.HammingWindow %i : (tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.HannWindow %[[I]] : (tensor<*xi64>) -> tensor<*xf32>
  %hannWindow = onnx.HannWindow %i : (tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ImageDecoder %[[U]] : (tensor<*xui8>) -> tensor<*xui8>
  %imageDecoder = onnx.ImageDecoder %u : (tensor<*xui8>) -> tensor<*xui8>
  // CHECK: onnx.MelWeightMatrix %[[I]], %[[I]], %[[I]], %[[F]], %[[F]] : (tensor<*xi64>, tensor<*xi64>, tensor<*xi64>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %melWeightMatrix = onnx.MelWeightMatrix %i, %i, %i, %f, %f : (tensor<*xi64>, tensor<*xi64>, tensor<*xi64>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Resize %[[F]], %[[F]], %[[F]], %[[I]] {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %resize = onnx.Resize %f, %f, %f, %i {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.STFT %[[F]], %[[I]], %[[F]], %[[I]] {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %sTFT = onnx.STFT %f, %i, %f, %i {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Upsample %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %upsample = onnx.Upsample %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}
