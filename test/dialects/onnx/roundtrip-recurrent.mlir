// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @recurrent
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
// CHECK-SAME: %[[N:[a-z0-9]+]]: tensor<*xi32>
func.func @recurrent(%f: tensor<*xf32>, %i: tensor<*xi64>, %n: tensor<*xi32>)
    {
  // CHECK: onnx.Attention %[[F]], %[[F]], %[[F]], %[[F]], %[[F]], %[[F]], %[[I]] {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %attention:4 = onnx.Attention %f, %f, %f, %f, %f, %f, %i {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.GRU %[[F]], %[[F]], %[[F]], %[[F]], %[[N]], %[[F]] {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %gRU:2 = onnx.GRU %f, %f, %f, %f, %n, %f {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.LSTM %[[F]], %[[F]], %[[F]], %[[F]], %[[N]], %[[F]], %[[F]], %[[F]] {activation_alpha = array<f32: 5.000000e-01>, activations = ["Tanh", "Relu", "Tanh"], operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %lSTM:3 = onnx.LSTM %f, %f, %f, %f, %n, %f, %f, %f {activation_alpha = array<f32: 5.000000e-01>, activations = ["Tanh", "Relu", "Tanh"], operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.LinearAttention %[[F]], %[[F]], %[[F]], %[[F]], %[[F]], %[[F]] {kv_num_heads = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1>, q_num_heads = 1 : i64} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %linearAttention:2 = onnx.LinearAttention %f, %f, %f, %f, %f, %f {kv_num_heads = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1>, q_num_heads = 1 : i64} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.RNN %[[F]], %[[F]], %[[F]], %[[F]], %[[N]], %[[F]] {activations = ["Relu"], operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %rNN:2 = onnx.RNN %f, %f, %f, %f, %n, %f {activations = ["Relu"], operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.RotaryEmbedding %[[F]], %[[F]], %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %rotaryEmbedding = onnx.RotaryEmbedding %f, %f, %f, %i : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}
