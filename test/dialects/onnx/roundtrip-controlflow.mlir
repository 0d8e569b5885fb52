// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @if
// CHECK-SAME: (%[[C:.*]]: tensor<i1>, %[[X:.*]]: tensor<?xf32>)
func.func @if(%c: tensor<i1>, %x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK: %[[R:.*]] = onnx.If %[[C]] : (tensor<i1>) -> tensor<?xf32> then {
  // CHECK-NEXT: onnx.Yield %[[X]] : tensor<?xf32>
  // CHECK-NEXT: } else {
  // CHECK-NEXT: %[[N:.*]] = onnx.Neg %[[X]]
  // CHECK-NEXT: onnx.Yield %[[N]] : tensor<?xf32>
  // CHECK-NEXT: }
  %r = onnx.If %c : (tensor<i1>) -> tensor<?xf32> then {
    onnx.Yield %x : tensor<?xf32>
  } else {
    %n = onnx.Neg %x : (tensor<?xf32>) -> tensor<?xf32>
    onnx.Yield %n : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// CHECK-LABEL: func.func @if_no_result
func.func @if_no_result(%c: tensor<i1>) {
  // CHECK: onnx.If %{{.*}} : (tensor<i1>) -> () then {
  // CHECK-NEXT: onnx.Yield
  onnx.If %c : (tensor<i1>) -> () then {
    onnx.Yield
  } else {
    onnx.Yield
  }
  return
}

// CHECK-LABEL: func.func @loop
// CHECK-SAME: (%[[M:.*]]: tensor<i64>, %[[X:.*]]: tensor<2xf32>)
func.func @loop(%m: tensor<i64>, %x: tensor<2xf32>) {
  // CHECK: onnx.Loop %[[M]], %[[X]] {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<i64>, tensor<2xf32>) -> (tensor<?xf32>, tensor<?x2xf32>) {
  // CHECK-NEXT: ^bb0(%[[I:.*]]: tensor<i64>, %[[G:.*]]: tensor<i1>, %[[A:.*]]: tensor<?xf32>):
  // CHECK-NEXT: onnx.Yield %[[G]], %[[A]], %[[X]] : tensor<i1>, tensor<?xf32>, tensor<2xf32>
  %r:2 = onnx.Loop %m, %x {operandSegmentSizes = array<i32: 1, 0, 1>}
      : (tensor<i64>, tensor<2xf32>) -> (tensor<?xf32>, tensor<?x2xf32>) {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<?xf32>):
    onnx.Yield %go, %a, %x : tensor<i1>, tensor<?xf32>, tensor<2xf32>
  }
  return
}

// CHECK-LABEL: func.func @scan
func.func @scan(%s: tensor<2xf32>, %x: tensor<5x2xf32>) {
  // CHECK: onnx.Scan {{.*}} {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: 0>} : (tensor<2xf32>, tensor<5x2xf32>) -> (tensor<2xf32>, tensor<5x2xf32>) {
  // CHECK-NEXT: ^bb0(%[[S:.*]]: tensor<2xf32>, %[[E:.*]]: tensor<2xf32>):
  %r:2 = onnx.Scan %s, %x
      {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: 0>}
      : (tensor<2xf32>, tensor<5x2xf32>) -> (tensor<2xf32>, tensor<5x2xf32>) {
  ^bb0(%state: tensor<2xf32>, %e: tensor<2xf32>):
    %sum = onnx.Add %state, %e
        : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    onnx.Yield %sum, %e : tensor<2xf32>, tensor<2xf32>
  }
  return
}

// CHECK-LABEL: func.func @sequence_map
func.func @sequence_map(%s: !onnx.seq<tensor<?xf32>>) {
  // CHECK: onnx.SequenceMap {{.*}} : (!onnx.seq<tensor<?xf32>>) -> !onnx.seq<tensor<?xf32>> {
  // CHECK-NEXT: ^bb0(%[[E:.*]]: tensor<?xf32>):
  %r = onnx.SequenceMap %s
      : (!onnx.seq<tensor<?xf32>>) -> !onnx.seq<tensor<?xf32>> {
  ^bb0(%e: tensor<?xf32>):
    onnx.Yield %e : tensor<?xf32>
  }
  return
}
