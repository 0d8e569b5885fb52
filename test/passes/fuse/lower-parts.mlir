// RUN: dycc-opt %s --dycc-lower-parts | FileCheck %s

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
dyn.symbol @N in [4, 64]
dyn.symbol @I in [-64, 64]

// CHECK-LABEL: func.func @split_of_rows
func.func @split_of_rows(%x: !t) -> (tensor<3x4xf32, #dyn.value<[3, 4]>>, tensor<?x4xf32, #dyn.value<[N - 3, 4]>>) {
  %s = dyn.symbolic [3, N - 3] : tensor<2xi64, #dyn.value<[2]>>
  // CHECK-NOT: dyn.symbolic
  // CHECK: dyn.part %arg0 from 0 : {{.*}} -> tensor<3x4xf32
  // CHECK: dyn.part %arg0 from 12 : {{.*}} -> tensor<?x4xf32, #dyn.value<[N - 3, 4]>>
  %a, %b = onnx.Split %x, %s : (!t, tensor<2xi64, #dyn.value<[2]>>) -> (tensor<3x4xf32, #dyn.value<[3, 4]>>, tensor<?x4xf32, #dyn.value<[N - 3, 4]>>)
  return %a, %b : tensor<3x4xf32, #dyn.value<[3, 4]>>, tensor<?x4xf32, #dyn.value<[N - 3, 4]>>
}

// The axes before the one that is cut have one element.
// CHECK-LABEL: func.func @slice_behind_unit_axes
func.func @slice_behind_unit_axes(%x: tensor<1x?x4xf32, #dyn.value<[1, N, 4]>>) -> tensor<1x?x4xf32, #dyn.value<[1, N - 2, 4]>> {
  %s = dyn.symbolic [2, 0] : tensor<2xi64, #dyn.value<[2]>>
  %e = dyn.symbolic [N, 4] : tensor<2xi64, #dyn.value<[2]>>
  %a = dyn.symbolic [-2, 2] : tensor<2xi64, #dyn.value<[2]>>
  // CHECK: dyn.part %arg0 from 8 :
  %y = onnx.Slice %x, %s, %e, %a {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>} : (tensor<1x?x4xf32, #dyn.value<[1, N, 4]>>, tensor<2xi64, #dyn.value<[2]>>, tensor<2xi64, #dyn.value<[2]>>, tensor<2xi64, #dyn.value<[2]>>) -> tensor<1x?x4xf32, #dyn.value<[1, N - 2, 4]>>
  return %y : tensor<1x?x4xf32, #dyn.value<[1, N - 2, 4]>>
}

// A start that may count from the end, and lie outside.
// CHECK-LABEL: func.func @symbolic_start
func.func @symbolic_start(%x: !t) -> tensor<?x4xf32, #dyn.value<[max(min(I + 1, N), 0), 4]>> {
  %s = dyn.symbolic [I] : tensor<1xi64, #dyn.value<[1]>>
  %e = dyn.symbolic [N] : tensor<1xi64, #dyn.value<[1]>>
  // CHECK: dyn.part %arg0 from 4 * max(0, min(N, ite(lt(I, 0), I + N, I))) :
  %y = onnx.Slice %x, %s, %e {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (!t, tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>) -> tensor<?x4xf32, #dyn.value<[max(min(I + 1, N), 0), 4]>>
  return %y : tensor<?x4xf32, #dyn.value<[max(min(I + 1, N), 0), 4]>>
}

// One value is the start and the axis.
// CHECK-LABEL: func.func @one_operand_twice
func.func @one_operand_twice(%x: !t) -> tensor<2x4xf32, #dyn.value<[2, 4]>> {
  %s = dyn.symbolic [0] : tensor<1xi64, #dyn.value<[1]>>
  %e = dyn.symbolic [2] : tensor<1xi64, #dyn.value<[1]>>
  // CHECK-NEXT: dyn.part %arg0 from 0 :
  %y = onnx.Slice %x, %s, %e, %s {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>} : (!t, tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>) -> tensor<2x4xf32, #dyn.value<[2, 4]>>
  return %y : tensor<2x4xf32, #dyn.value<[2, 4]>>
}

// Columns lie in pieces, and backwards is another order.
// CHECK-LABEL: func.func @columns_and_backwards
func.func @columns_and_backwards(%x: !t) -> (tensor<?x2xf32, #dyn.value<[N, 2]>>, tensor<?x2xf32, #dyn.value<[N, 2]>>, !t) {
  %s = dyn.symbolic [2, 2] : tensor<2xi64, #dyn.value<[2]>>
  %from = dyn.symbolic [-1] : tensor<1xi64, #dyn.value<[1]>>
  %to = dyn.symbolic [-1000] : tensor<1xi64, #dyn.value<[1]>>
  %axis = dyn.symbolic [0] : tensor<1xi64, #dyn.value<[1]>>
  // CHECK: onnx.Split
  // CHECK: onnx.Slice
  %a, %b = onnx.Split %x, %s {axis = 1 : i64} : (!t, tensor<2xi64, #dyn.value<[2]>>) -> (tensor<?x2xf32, #dyn.value<[N, 2]>>, tensor<?x2xf32, #dyn.value<[N, 2]>>)
  %y = onnx.Slice %x, %from, %to, %axis, %from {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (!t, tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>) -> !t
  return %a, %b, %y : tensor<?x2xf32, #dyn.value<[N, 2]>>, tensor<?x2xf32, #dyn.value<[N, 2]>>, !t
}

!i = tensor<?x16x?xf32, #dyn.value<[N, 16, N], channels_last<8>>>
!j = tensor<?x8x?xf32, #dyn.value<[N, 8, N], channels_last<8>>>
!k = tensor<?x4x?xf32, #dyn.value<[N, 4, N], channels_last<8>>>

// Channels in whole blocks, for kernels: with the pitch of the image.
// CHECK-LABEL: func.func @channels
func.func @channels(%x: !i) -> (!j, !j) {
  %s = dyn.symbolic [8, 8] : tensor<2xi64, #dyn.value<[2]>>
  // CHECK: %[[A:.+]] = dyn.part %arg0 from 0 : {{.+}} -> tensor<?x8x?xf32, #dyn.value<[N, 8, N], channels_last<8, pitch 16>>>
  // CHECK: %[[B:.+]] = dyn.part %arg0 from 8 : {{.+}} -> tensor<?x8x?xf32, #dyn.value<[N, 8, N], channels_last<8, pitch 16>>>
  // CHECK: onnx.Relu %[[A]]
  // CHECK: onnx.Relu %[[B]]
  %a, %b = onnx.Split %x, %s {axis = 1 : i64} : (!i, tensor<2xi64, #dyn.value<[2]>>) -> (!j, !j)
  %c = onnx.Relu %a : (!j) -> !j
  %d = onnx.Relu %b : (!j) -> !j
  return %c, %d : !j, !j
}

// CHECK-LABEL: func.func @inside_a_block
func.func @inside_a_block(%x: !j) -> !k {
  %s = dyn.symbolic [4, 4] : tensor<2xi64, #dyn.value<[2]>>
  // CHECK: onnx.Split
  %a, %b = onnx.Split %x, %s {axis = 1 : i64} : (!j, tensor<2xi64, #dyn.value<[2]>>) -> (!k, !k)
  %c = onnx.Add %a, %b : (!k, !k) -> !k
  return %c : !k
}

// The caller knows no pitch.
// CHECK-LABEL: func.func @returned
func.func @returned(%x: !i) -> (!j, !j) {
  %s = dyn.symbolic [8, 8] : tensor<2xi64, #dyn.value<[2]>>
  // CHECK: onnx.Split
  %a, %b = onnx.Split %x, %s {axis = 1 : i64} : (!i, tensor<2xi64, #dyn.value<[2]>>) -> (!j, !j)
  return %a, %b : !j, !j
}
