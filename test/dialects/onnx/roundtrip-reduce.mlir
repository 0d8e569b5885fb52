// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @reduce
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @reduce(%f: tensor<*xf32>, %i: tensor<*xi64>) {
  // CHECK: onnx.ArgMax %[[F]] : (tensor<*xf32>) -> tensor<*xi64>
  %argMax = onnx.ArgMax %f : (tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.ArgMin %[[F]] : (tensor<*xf32>) -> tensor<*xi64>
  %argMin = onnx.ArgMin %f : (tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.CumProd %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %cumProd = onnx.CumProd %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.CumSum %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %cumSum = onnx.CumSum %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceL1 %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceL1 = onnx.ReduceL1 %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceL2 %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceL2 = onnx.ReduceL2 %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceLogSum %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceLogSum = onnx.ReduceLogSum %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceLogSumExp %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceLogSumExp = onnx.ReduceLogSumExp %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceMax %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceMax = onnx.ReduceMax %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceMean %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceMean = onnx.ReduceMean %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceMin %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceMin = onnx.ReduceMin %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceProd %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceProd = onnx.ReduceProd %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceSum %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceSum = onnx.ReduceSum %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.ReduceSumSquare %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %reduceSumSquare = onnx.ReduceSumSquare %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}
