// RUN: dycc-opt %s --dycc-propagate-shapes --dycc-insert-shape-checks --dycc-expand-data-axes --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @each_axis_has_a_branch
func.func @each_axis_has_a_branch(%x: tensor<?x7xf32> {dyn.dims = ["N", 7]}, %a: tensor<i64>) -> tensor<*xf32> {
  // CHECK: dyn.read %arg1[0] as @e0
  // CHECK: dyn.require {{.+}} "expects 1 different axes in [-2, 2), got %d"
  // CHECK: %[[C:.+]] = dyn.symbolic [or(eq(e0, -2), eq(e0, 0))] : tensor<i1
  // CHECK: %[[Y:.+]] = onnx.If %[[C]] : {{.+}} -> tensor<?x7xf32, #dyn.value<[N, 7]>> then {
  // CHECK: %[[A:.+]] = onnx.Constant dense<0>
  // CHECK: onnx.CumSum %arg0, %[[A]] {exclusive = 1 : i64
  // CHECK: } else {
  // CHECK: %[[B:.+]] = onnx.Constant dense<1>
  // CHECK: onnx.CumSum %arg0, %[[B]] {exclusive = 1 : i64
  // CHECK: return %[[Y]]
  %y = onnx.CumSum %x, %a {exclusive = 1 : i64} : (tensor<?x7xf32>, tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @a_vector_has_one_axis
func.func @a_vector_has_one_axis(%x: tensor<?xf32> {dyn.dims = ["N"]}, %a: tensor<i64>) -> tensor<*xf32> {
  // CHECK: dyn.require {{.+}} "expects 1 different axes in [-1, 1), got %d"
  // CHECK-NOT: onnx.If
  // CHECK: %[[A:.+]] = onnx.Constant dense<0>
  // CHECK: onnx.CumProd %arg0, %[[A]]
  %y = onnx.CumProd %x, %a : (tensor<?xf32>, tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @a_constant_axis_is_kept
func.func @a_constant_axis_is_kept(%x: tensor<?x7xf32> {dyn.dims = ["N", 7]}) -> tensor<*xf32> {
  // CHECK: %[[A:.+]] = onnx.Constant dense<-1>
  %a = onnx.Constant dense<-1> : tensor<i64>
  // CHECK-NOT: onnx.If
  // CHECK: onnx.CumSum %arg0, %[[A]]
  %y = onnx.CumSum %x, %a : (tensor<?x7xf32>, tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// It is refused behind, in the list of all that is.
// CHECK-LABEL: func.func @an_unknown_rank_is_kept
func.func @an_unknown_rank_is_kept(%x: tensor<*xf32>, %a: tensor<i64>) -> tensor<*xf32> {
  // CHECK-NOT: onnx.If
  // CHECK: onnx.CumSum %arg0, %arg1
  %y = onnx.CumSum %x, %a : (tensor<*xf32>, tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
