// RUN: dycc-opt %s --split-input-file --verify-diagnostics --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @one_target
func.func @one_target(%x: tensor<?x4xf32>, %n: tensor<3x16xui8>, %r: tensor<1x2xi32>) -> tensor<?x1xf32> {
  // CHECK: onnx.DecisionTrees %{{.+}}, %{{.+}}, %{{.+}} {features = 4 : i64, reduction = 0 : i64, steps = 1 : i64, targets = 1 : i64, test = 0 : i64} : (tensor<?x4xf32>, tensor<3x16xui8>, tensor<1x2xi32>) -> tensor<?x1xf32>
  %y = onnx.DecisionTrees %x, %n, %r {features = 4 : i64, reduction = 0 : i64, steps = 1 : i64, targets = 1 : i64, test = 0 : i64} : (tensor<?x4xf32>, tensor<3x16xui8>, tensor<1x2xi32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

// -----

func.func @decision_trees_c1(%x: tensor<?x4xf32>, %n: tensor<3x16xui8>, %r: tensor<1x2xi32>) -> tensor<?x2xf32> {
  // expected-error@+1 {{expects 3 operands of leaves for 2 targets, got 0}}
  %y = onnx.DecisionTrees %x, %n, %r {features = 4 : i64, reduction = 0 : i64, steps = 1 : i64, targets = 2 : i64, test = 0 : i64} : (tensor<?x4xf32>, tensor<3x16xui8>, tensor<1x2xi32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
