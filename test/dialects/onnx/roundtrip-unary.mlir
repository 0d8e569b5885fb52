// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @unary
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor<*xi1>
func.func @unary(%f: tensor<*xf32>, %i: tensor<*xi64>, %b: tensor<*xi1>) {
  // CHECK: onnx.Abs %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %abs = onnx.Abs %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Acos %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %acos = onnx.Acos %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Acosh %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %acosh = onnx.Acosh %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Asin %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %asin = onnx.Asin %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Asinh %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %asinh = onnx.Asinh %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Atan %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %atan = onnx.Atan %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Atanh %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %atanh = onnx.Atanh %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.BitCast %[[F]] {to = 6 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %bitCast = onnx.BitCast %f {to = 6 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.BitwiseNot %[[I]] : (tensor<*xi64>) -> tensor<*xi64>
  %bitwiseNot = onnx.BitwiseNot %i : (tensor<*xi64>) -> tensor<*xi64>
  // CHECK: onnx.Cast %[[F]] {saturate = 0 : i64, to = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %cast = onnx.Cast %f {saturate = 0 : i64, to = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.CastLike %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %castLike = onnx.CastLike %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Ceil %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %ceil = onnx.Ceil %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Cos %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %cos = onnx.Cos %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Cosh %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %cosh = onnx.Cosh %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Erf %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %erf = onnx.Erf %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Exp %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %exp = onnx.Exp %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Floor %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %floor = onnx.Floor %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Identity %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %identity = onnx.Identity %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.IsInf %[[F]] : (tensor<*xf32>) -> tensor<*xi1>
  %isInf = onnx.IsInf %f : (tensor<*xf32>) -> tensor<*xi1>
  // CHECK: onnx.IsNaN %[[F]] : (tensor<*xf32>) -> tensor<*xi1>
  %isNaN = onnx.IsNaN %f : (tensor<*xf32>) -> tensor<*xi1>
  // CHECK: onnx.Log %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %log = onnx.Log %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Neg %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %neg = onnx.Neg %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Not %[[B]] : (tensor<*xi1>) -> tensor<*xi1>
  %not = onnx.Not %b : (tensor<*xi1>) -> tensor<*xi1>
  // CHECK: onnx.Reciprocal %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %reciprocal = onnx.Reciprocal %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Round %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %round = onnx.Round %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sign %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %sign = onnx.Sign %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sin %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %sin = onnx.Sin %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sinh %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %sinh = onnx.Sinh %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sqrt %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %sqrt = onnx.Sqrt %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Tan %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %tan = onnx.Tan %f : (tensor<*xf32>) -> tensor<*xf32>
  return
}
