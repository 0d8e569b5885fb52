// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @nary
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor<*xi1>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @nary(%f: tensor<*xf32>, %b: tensor<*xi1>, %i: tensor<*xi64>) {
  // CHECK: onnx.Add %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %add = onnx.Add %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.And %[[B]], %[[B]] : (tensor<*xi1>, tensor<*xi1>) -> tensor<*xi1>
  %and = onnx.And %b, %b : (tensor<*xi1>, tensor<*xi1>) -> tensor<*xi1>
  // CHECK: onnx.BitShift %[[I]], %[[I]] {direction = "LEFT"} : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %bitShift = onnx.BitShift %i, %i {direction = "LEFT"} : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  // CHECK: onnx.BitwiseAnd %[[I]], %[[I]] : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %bitwiseAnd = onnx.BitwiseAnd %i, %i : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  // CHECK: onnx.BitwiseOr %[[I]], %[[I]] : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %bitwiseOr = onnx.BitwiseOr %i, %i : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  // CHECK: onnx.BitwiseXor %[[I]], %[[I]] : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %bitwiseXor = onnx.BitwiseXor %i, %i : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  // CHECK: onnx.Div %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %div = onnx.Div %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Equal %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  %equal = onnx.Equal %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  // CHECK: onnx.Greater %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  %greater = onnx.Greater %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  // CHECK: onnx.GreaterOrEqual %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  %greaterOrEqual = onnx.GreaterOrEqual %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  // CHECK: onnx.Less %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  %less = onnx.Less %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  // CHECK: onnx.LessOrEqual %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  %lessOrEqual = onnx.LessOrEqual %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  // CHECK: onnx.Max %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %max = onnx.Max %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Mean %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %mean = onnx.Mean %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Min %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %min = onnx.Min %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Mod %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %mod = onnx.Mod %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Mul %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %mul = onnx.Mul %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Or %[[B]], %[[B]] : (tensor<*xi1>, tensor<*xi1>) -> tensor<*xi1>
  %or = onnx.Or %b, %b : (tensor<*xi1>, tensor<*xi1>) -> tensor<*xi1>
  // CHECK: onnx.Pow %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %pow = onnx.Pow %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sub %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %sub = onnx.Sub %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sum %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %sum = onnx.Sum %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Where %[[B]], %[[F]], %[[F]] : (tensor<*xi1>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %where = onnx.Where %b, %f, %f : (tensor<*xi1>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Xor %[[B]], %[[B]] : (tensor<*xi1>, tensor<*xi1>) -> tensor<*xi1>
  %xor = onnx.Xor %b, %b : (tensor<*xi1>, tensor<*xi1>) -> tensor<*xi1>
  return
}
