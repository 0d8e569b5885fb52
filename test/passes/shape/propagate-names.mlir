// RUN: dycc-opt %s --dycc-propagate-shapes --dycc-insert-shape-checks \
// RUN:   --dycc-fold-shape-arithmetic --split-input-file | FileCheck %s

// What outgrows an expression has a name, so that a chain of any length has
// expressions of bounded length: each name stands for some steps of it.
// CHECK: dyn.symbol @d0 in {{.+}} is
// CHECK: dyn.symbol @d1 in {{.+}} is {{.*}}d0
// CHECK-LABEL: func.func @products_of_differences
func.func @products_of_differences(%x: tensor<?x?xf32> {dyn.dims = ["N", "M"]}) -> tensor<*xf32> {
  %s = onnx.Shape %x : (tensor<?x?xf32>) -> tensor<*xi64>
  %i0 = onnx.Constant dense<[0]> : tensor<1xi64>
  %i1 = onnx.Constant dense<[1]> : tensor<1xi64>
  %n = onnx.Gather %s, %i0 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %m = onnx.Gather %s, %i1 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %c3 = onnx.Constant dense<[3]> : tensor<1xi64>
  %c7 = onnx.Constant dense<[7]> : tensor<1xi64>
  %a0 = onnx.Div %n, %c3 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %b0 = onnx.Max %a0, %m : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %p0 = onnx.Mul %b0, %a0 : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %a1 = onnx.Div %p0, %c7 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %b1 = onnx.Min %a1, %b0 : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %p1 = onnx.Mul %b1, %a1 : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %a2 = onnx.Div %p1, %c3 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %b2 = onnx.Max %a2, %b1 : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %p2 = onnx.Mul %b2, %a2 : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %a3 = onnx.Div %p2, %c7 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %b3 = onnx.Min %a3, %b2 : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %p3 = onnx.Mul %b3, %a3 : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  // CHECK: onnx.ConstantOfShape {{.+}} -> tensor<?xf32, #dyn.value<[(d1 floordiv 7) * min(d0, d1 floordiv 7)]>>
  %y = onnx.ConstantOfShape %p3 : (tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Over what only execution knows the name is defined where that is known.
// CHECK: dyn.symbol @e0 in [0, 2147483647] execution bound N
// CHECK: dyn.symbol @e1 in [0, 2147483647] execution bound max(M, N)
// CHECK-LABEL: func.func @names_of_execution
func.func @names_of_execution(%x: tensor<?xf32> {dyn.dims = ["N"]}, %b: tensor<?xf32> {dyn.dims = ["M"]}) -> tensor<*xf32> {
  // CHECK: onnx.NonZero {{.+}} #dyn.value<[1, e0]>>
  // CHECK: dyn.require [or(eq(M, 1), eq(M, e0), eq(e0, 1))]
  // CHECK: dyn.define [ite(eq(e0, 1), M, e0)] as @e1
  %i = onnx.NonZero %x : (tensor<?xf32>) -> tensor<*xi64>
  %f = onnx.Cast %i {to = 1 : i64} : (tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.Add {{.+}} #dyn.value<[1, e1]>>
  %y = onnx.Add %f, %b : (tensor<*xf32>, tensor<?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
