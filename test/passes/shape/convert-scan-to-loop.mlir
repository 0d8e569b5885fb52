// RUN: dycc-opt %s --dycc-convert-scan-to-loop --split-input-file | FileCheck %s

!v = tensor<4xf32, #dyn.value<[4]>>
!rows = tensor<?x4xf32, #dyn.value<[T, 4]>>
!columns = tensor<4x?xf32, #dyn.value<[4, T]>>
dyn.symbol @T in [0, 64]
// The name is free.
dyn.symbol @e0 in [0, 64] execution
// CHECK: dyn.symbol @e1 in [0, 2147483647] execution

// CHECK-LABEL: func.func @slices_are_cut_at_the_trips_number
func.func @slices_are_cut_at_the_trips_number(%s: !v, %x: !rows) -> (!v, !rows) {
  // CHECK: %[[N:.+]] = dyn.symbolic [T] : tensor<i64
  // CHECK: %[[R:.+]]:2 = onnx.Loop %[[N]], %arg0 {operandSegmentSizes = array<i32: 1, 0, 1>}
  // CHECK: ^bb0(%[[I:.+]]: tensor<i64, #dyn.value<[]>>, %[[C:.+]]: tensor<i1, #dyn.value<[]>>, %[[S:.+]]: tensor<4xf32, #dyn.value<[4]>>):
  // CHECK: dyn.read %[[I]][0] as @e1
  // CHECK: %[[A:.+]] = dyn.symbolic [e1]
  // CHECK: %[[B:.+]] = dyn.symbolic [e1 + 1]
  // CHECK: %[[AXIS:.+]] = onnx.Constant dense<0>
  // CHECK: %[[CUT:.+]] = onnx.Slice %arg1, %[[A]], %[[B]], %[[AXIS]]
  // CHECK-SAME: -> tensor<1x4xf32, #dyn.value<[1, 4]>>
  // CHECK: %[[ROW:.+]] = onnx.Squeeze %[[CUT]]
  // CHECK: %[[SUM:.+]] = onnx.Add %[[S]], %[[ROW]]
  // CHECK-NOT: dyn.require
  // CHECK: onnx.Yield %[[C]], %[[SUM]], %[[ROW]]
  // CHECK: return %[[R]]#0, %[[R]]#1
  %r:2 = onnx.Scan %s, %x {num_scan_inputs = 1 : i64} : (!v, !rows) -> (!v, !rows) {
  ^bb0(%state: !v, %row: !v):
    %t = onnx.Add %state, %row : (!v, !v) -> !v
    onnx.Yield %t, %row : !v, !v
  }
  return %r#0, %r#1 : !v, !rows
}

// -----

!v = tensor<4xf32, #dyn.value<[4]>>
!rows = tensor<?x4xf32, #dyn.value<[T, 4]>>
!columns = tensor<4x?xf32, #dyn.value<[4, T]>>
dyn.symbol @T in [0, 64]

// CHECK-LABEL: func.func @backwards_along_other_axes
func.func @backwards_along_other_axes(%x: !columns) -> (!rows, !columns) {
  // CHECK: onnx.Loop {{.+}} -> (tensor<?x4xf32, #dyn.value<[T, 4]>>, tensor<?x4xf32, #dyn.value<[T, 4]>>)
  // CHECK: dyn.symbolic [T - e0 - 1]
  // CHECK: dyn.symbolic [T - e0]
  // CHECK: %[[AXIS:.+]] = onnx.Constant dense<1>
  // CHECK: onnx.Slice %arg0, %{{.+}}, %{{.+}}, %[[AXIS]]
  // CHECK-SAME: -> tensor<4x1xf32, #dyn.value<[4, 1]>>
  // CHECK: onnx.Yield
  // CHECK: %[[FIRST:.+]] = onnx.Constant dense<-1>
  // CHECK: %[[REVERSE:.+]] = onnx.Slice %{{.+}}#0, %[[FIRST]],
  // CHECK: %[[COLUMNS:.+]] = onnx.Transpose %{{.+}}#1 {perm = array<i64: 1, 0>}
  // CHECK: return %[[REVERSE]], %[[COLUMNS]]
  %r:2 = onnx.Scan %x {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: -1>, scan_input_directions = array<i64: 1>, scan_output_axes = array<i64: 0, -1>, scan_output_directions = array<i64: 1, 0>} : (!columns) -> (!rows, !columns) {
  ^bb0(%column: !v):
    onnx.Yield %column, %column : !v, !v
  }
  return %r#0, %r#1 : !rows, !columns
}

// -----

!n = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[e0]>>
!b = tensor<?xi1, #dyn.value<[T]>>
!s = tensor<i1, #dyn.value<[]>>
!i = tensor<1xi64, #dyn.value<[1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @T in [0, 64]
dyn.symbol @e0 in [0, 64] execution

// CHECK-LABEL: func.func @a_state_keeps_its_shape
func.func @a_state_keeps_its_shape(%x: !n, %c: !b, %k: !i) -> !n {
  // CHECK: %[[NEXT:.+]] = onnx.Slice %arg0
  // CHECK: dyn.require [eq(N, e0)] "expects a state that keeps its shape, got %d and %d" [N, e0]
  // CHECK: %[[KEPT:.+]] = onnx.Reshape %[[NEXT]], %{{.+}} -> tensor<?xf32, #dyn.value<[N]>>
  // CHECK: onnx.Yield %{{.+}}, %[[KEPT]]
  %zero = onnx.Constant dense<0> : tensor<1xi64> -> !i
  %r = onnx.Scan %x, %c {num_scan_inputs = 1 : i64} : (!n, !b) -> !n {
  ^bb0(%state: !n, %unused: !s):
    dyn.read %k[0] as @e0 : !i
    %end = dyn.symbolic [e0] : !i
    %next = onnx.Slice %x, %zero, %end {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (!n, !i, !i) -> !k
    onnx.Yield %next : !k
  }
  return %r : !n
}

// -----

// CHECK-LABEL: func.func @other_operators_are_kept
func.func @other_operators_are_kept(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: onnx.Relu
  %y = onnx.Relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
