// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @rows_of_targets
func.func @rows_of_targets(%x: tensor<?x4xf32> {dyn.dims = ["N", 4]}, %n: tensor<3x16xui8>, %r: tensor<1x2xi32>) -> tensor<*xf32> {
  // CHECK: onnx.DecisionTrees {{.*}} -> tensor<?x1xf32, #dyn.value<[N, 1]>>
  %y = onnx.DecisionTrees %x, %n, %r {features = 4 : i64, reduction = 0 : i64, steps = 1 : i64, targets = 1 : i64, test = 0 : i64} : (tensor<?x4xf32>, tensor<3x16xui8>, tensor<1x2xi32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @more_features_than_there_are(%x: tensor<?x3xf32> {dyn.dims = ["N", 3]}, %n: tensor<3x16xui8>, %r: tensor<1x2xi32>) {
  // expected-error@+1 {{expects the 4 features that its trees ask for, got 3}}
  %y = onnx.DecisionTrees %x, %n, %r {features = 4 : i64, reduction = 0 : i64, steps = 1 : i64, targets = 1 : i64, test = 0 : i64} : (tensor<?x3xf32>, tensor<3x16xui8>, tensor<1x2xi32>) -> tensor<*xf32>
  return
}

// -----

func.func @no_rows(%x: tensor<4xf32>, %n: tensor<3x16xui8>, %r: tensor<1x2xi32>) {
  // expected-error@+1 {{expects rows of features, a tensor of rank 2, got rank 1}}
  %y = onnx.DecisionTrees %x, %n, %r {features = 4 : i64, reduction = 0 : i64, steps = 1 : i64, targets = 1 : i64, test = 0 : i64} : (tensor<4xf32>, tensor<3x16xui8>, tensor<1x2xi32>) -> tensor<*xf32>
  return
}
