// RUN: dycc-opt %s --dycc-propagate-shapes --dycc-fold-shape-arithmetic --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @shape_chain_becomes_one_symbolic
func.func @shape_chain_becomes_one_symbolic(%x: tensor<?x4x?xf32> {dyn.dims = ["N", 4, "W"]}) -> tensor<*xf32> {
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  %rest = onnx.Constant dense<-1> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?x4x?xf32>) -> tensor<*xi64>
  %n = onnx.Gather %s, %zero : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %t = onnx.Concat %n, %rest {axis = 0 : i64} : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  // CHECK-NOT: onnx.Shape
  // CHECK-NOT: onnx.Gather
  // CHECK: %[[S:.+]] = dyn.symbolic [N, -1] : tensor<2xi64, #dyn.value<[2]>>
  // CHECK-NEXT: onnx.Reshape %arg0, %[[S]]
  %y = onnx.Reshape %x, %t : (tensor<?x4x?xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @constant_values_become_constants
func.func @constant_values_become_constants(%x: tensor<2x4xf32>) -> tensor<*xi64> {
  // CHECK: %[[S:.+]] = onnx.Constant dense<[2, 4]> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  // CHECK-NEXT: return %[[S]]
  %s = onnx.Shape %x : (tensor<2x4xf32>) -> tensor<*xi64>
  return %s : tensor<*xi64>
}

// -----

// CHECK-LABEL: func.func @float_data_is_kept
func.func @float_data_is_kept(%x: tensor<2xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Relu
  %s = onnx.Relu %x : (tensor<2xf32>) -> tensor<*xf32>
  return %s : tensor<*xf32>
}

// -----

// CHECK: dyn.symbol @e0 in [-1, 2147483647] execution
// CHECK: dyn.symbol @e1 in [-1, 2147483647] execution
// CHECK-LABEL: func.func @a_computed_shape_is_read
func.func @a_computed_shape_is_read(%x: tensor<8xf32>, %shape: tensor<2xi64>) -> tensor<*xf32> {
  // CHECK: %[[T:.+]] = onnx.Abs
  %t = onnx.Abs %shape : (tensor<2xi64>) -> tensor<*xi64>
  // CHECK-DAG: dyn.read %[[T]][0] as @e0
  // CHECK-DAG: dyn.read %[[T]][1] as @e1
  // CHECK: %[[S:.+]] = dyn.symbolic [e0, e1]
  // CHECK: onnx.Reshape %arg0, %[[S]]
  %y = onnx.Reshape %x, %t : (tensor<8xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

dyn.symbol @N in [2, 8]
// CHECK-LABEL: func.func @a_decided_branch_is_taken
func.func @a_decided_branch_is_taken(%x: tensor<?xf32> {dyn.dims = ["N"]}) -> tensor<*xf32> {
  %one = onnx.Constant dense<1> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?xf32>) -> tensor<*xi64>
  %c = onnx.Equal %s, %one : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi1>
  // CHECK-NOT: onnx.If
  // CHECK: %[[Y:.+]] = onnx.Relu %arg0
  // CHECK-NEXT: return %[[Y]]
  %y = onnx.If %c : (tensor<*xi1>) -> tensor<*xf32> then {
    %a = onnx.Abs %x : (tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    %b = onnx.Relu %x : (tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %b : tensor<*xf32>
  }
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @a_count_keeps_what_counts
func.func @a_count_keeps_what_counts(%x: tensor<?xf32> {dyn.dims = ["N"]}) -> tensor<*xi64> {
  // CHECK: onnx.NonZero
  // CHECK-NEXT: dyn.symbolic [1, e0]
  %n = onnx.NonZero %x : (tensor<?xf32>) -> tensor<*xi64>
  %s = onnx.Shape %n : (tensor<*xi64>) -> tensor<*xi64>
  return %s : tensor<*xi64>
}

// -----

// CHECK-LABEL: func.func @an_unread_count_goes
func.func @an_unread_count_goes(%x: tensor<?xf32> {dyn.dims = ["N"]}) -> tensor<*xi64> {
  // CHECK-NOT: onnx.NonZero
  %n = onnx.NonZero %x : (tensor<?xf32>) -> tensor<*xi64>
  %t = onnx.Shape %n : (tensor<*xi64>) -> tensor<*xi64>
  %s = onnx.Shape %x : (tensor<?xf32>) -> tensor<*xi64>
  return %s : tensor<*xi64>
}

// -----

dyn.symbol @N in [0, 64]
dyn.symbol @e0 in [0, 64] execution

// CHECK-LABEL: func.func @symbol_is_used_behind_its_read
func.func @symbol_is_used_behind_its_read(%x: tensor<?xf32> {dyn.dims = ["N"]}, %i: tensor<i64>) -> tensor<*xi64> {
  // CHECK-NEXT: dyn.require
  dyn.require [lt(0, N)] "expects elements, got %d" [N]
  // CHECK-NEXT: dyn.read %arg1[0] as @e0
  dyn.read %i[0] as @e0 : tensor<i64>
  // CHECK-NEXT: %[[S:.+]] = dyn.symbolic [e0]
  %limit = onnx.Constant dense<7> : tensor<i64>
  %step = onnx.Constant dense<2> : tensor<i64>
  // CHECK: onnx.Range %[[S]]
  %r = onnx.Range %i, %limit, %step : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<*xi64>
  return %r : tensor<*xi64>
}

// -----

// What never has an element needs nobody to compute it.
// CHECK-LABEL: func.func @empty_results_are_constants
func.func @empty_results_are_constants(%x: tensor<1x0x5xf32>, %y: tensor<?x0xf32> {dyn.dims = ["N", 0]}) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[C:.+]] = onnx.Constant dense<> : tensor<1x0x5xf32>
  // CHECK-NOT: onnx.Softmax
  // CHECK: %[[R:.+]] = onnx.Relu
  // CHECK: return %[[C]], %[[R]]
  %s = onnx.Softmax %x {axis = 1 : i64} : (tensor<1x0x5xf32>) -> tensor<*xf32>
  %r = onnx.Relu %y : (tensor<?x0xf32>) -> tensor<*xf32>
  return %s, %r : tensor<*xf32>, tensor<*xf32>
}
