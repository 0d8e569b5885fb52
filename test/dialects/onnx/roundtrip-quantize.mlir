// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @quantize
// CHECK-SAME: %[[Q:[a-z0-9]+]]: tensor<*xi8>
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[N:[a-z0-9]+]]: tensor<*xi32>
func.func @quantize(%q: tensor<*xi8>, %f: tensor<*xf32>, %n: tensor<*xi32>) {
  // CHECK: onnx.DequantizeLinear %[[Q]], %[[F]], %[[Q]] : (tensor<*xi8>, tensor<*xf32>, tensor<*xi8>) -> tensor<*xf32>
  %dequantizeLinear = onnx.DequantizeLinear %q, %f, %q : (tensor<*xi8>, tensor<*xf32>, tensor<*xi8>) -> tensor<*xf32>
  // CHECK: onnx.DynamicQuantizeLinear %[[F]] : (tensor<*xf32>) -> (tensor<*xui8>, tensor<*xf32>, tensor<*xui8>)
  %dynamicQuantizeLinear:3 = onnx.DynamicQuantizeLinear %f : (tensor<*xf32>) -> (tensor<*xui8>, tensor<*xf32>, tensor<*xui8>)
  // CHECK: onnx.QuantizeLinear %[[F]], %[[F]], %[[Q]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xi8>) -> tensor<*xi8>
  %quantizeLinear = onnx.QuantizeLinear %f, %f, %q : (tensor<*xf32>, tensor<*xf32>, tensor<*xi8>) -> tensor<*xi8>
  // CHECK: onnx.ConvInteger %[[Q]], %[[Q]], %[[Q]], %[[Q]] {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xi8>, tensor<*xi8>, tensor<*xi8>, tensor<*xi8>) -> tensor<*xi32>
  %convInteger = onnx.ConvInteger %q, %q, %q, %q {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xi8>, tensor<*xi8>, tensor<*xi8>, tensor<*xi8>) -> tensor<*xi32>
  // CHECK: onnx.MatMulInteger %[[Q]], %[[Q]], %[[Q]], %[[Q]] {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xi8>, tensor<*xi8>, tensor<*xi8>, tensor<*xi8>) -> tensor<*xi32>
  %matMulInteger = onnx.MatMulInteger %q, %q, %q, %q {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xi8>, tensor<*xi8>, tensor<*xi8>, tensor<*xi8>) -> tensor<*xi32>
  // CHECK: onnx.QLinearConv %[[Q]], %[[F]], %[[Q]], %[[Q]], %[[F]], %[[Q]], %[[F]], %[[Q]], %[[N]] : (tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xi32>) -> tensor<*xi8>
  %qLinearConv = onnx.QLinearConv %q, %f, %q, %q, %f, %q, %f, %q, %n : (tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xi32>) -> tensor<*xi8>
  // CHECK: onnx.QLinearMatMul %[[Q]], %[[F]], %[[Q]], %[[Q]], %[[F]], %[[Q]], %[[F]], %[[Q]] : (tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>) -> tensor<*xi8>
  %qLinearMatMul = onnx.QLinearMatMul %q, %f, %q, %q, %f, %q, %f, %q : (tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>, tensor<*xf32>, tensor<*xi8>) -> tensor<*xi8>
  return
}
