// RUN: dycc-opt %s --dycc-limit-propagation --dycc-propagate-shapes --dycc-insert-shape-checks \
// RUN:   --dycc-fold-shape-arithmetic --split-input-file | FileCheck %s

// What an operator computes of an extent is a number that is not known, and each is another
// one; constants and names go through.
// CHECK: module attributes {dyn.limited_propagation}
// CHECK: dyn.symbol @e0 in [0, 2147483647] execution
// CHECK-NEXT: dyn.symbol @e1 in [0, 2147483647] execution
// CHECK-LABEL: func.func @twice
// CHECK-DAG: dyn.define [2 * N] as @e0
// CHECK-DAG: dyn.define [2 * N] as @e1
// CHECK: onnx.Concat {{.*}} -> tensor<?x3xf32, #dyn.value<[e0, 3]>>
// CHECK: onnx.Concat {{.*}} -> tensor<?x3xf32, #dyn.value<[e1, 3]>>
// CHECK: onnx.Relu {{.*}} -> tensor<?x3xf32, #dyn.value<[e1, 3]>>
// CHECK: onnx.Relu {{.*}} -> tensor<?x3xf32, #dyn.value<[N, 3]>>
func.func @twice(%x: tensor<?x3xf32> {dyn.dims = ["N", 3]})
    -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
  %y = onnx.Concat %x, %x {axis = 0 : i64}
      : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<*xf32>
  %z = onnx.Concat %x, %x {axis = 0 : i64}
      : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<*xf32>
  %r = onnx.Relu %z : (tensor<*xf32>) -> tensor<*xf32>
  %s = onnx.Relu %x : (tensor<?x3xf32>) -> tensor<*xf32>
  return %y, %r, %s : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
}

// -----

// Integers that steer a shape are read where an operator computes them. What asks for
// extents is known, and no arithmetic of an operator.
// CHECK-LABEL: func.func @flat
// CHECK: dyn.define [6 * N] as
// CHECK: %[[S:.*]] = dyn.symbolic [N, 6]
// CHECK: %[[G:.*]] = onnx.Gather %[[S]],
// CHECK: %[[P:.*]] = onnx.Mul %[[G]],
// CHECK: dyn.read %[[P]][0] as @[[E:e[0-9]+]]
// CHECK: onnx.Reshape {{.*}} -> tensor<?xf32, #dyn.value<{{\[}}[[F:e[0-9]+]]]>>
func.func @flat(%x: tensor<?x6xf32> {dyn.dims = ["N", 6]}) -> tensor<*xf32> {
  %s = onnx.Shape %x : (tensor<?x6xf32>) -> tensor<*xi64>
  %i0 = onnx.Constant dense<[0]> : tensor<1xi64>
  %n = onnx.Gather %s, %i0 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %c6 = onnx.Constant dense<[6]> : tensor<1xi64>
  %p = onnx.Mul %n, %c6 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %y = onnx.Reshape %x, %p : (tensor<?x6xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
