// What is moved, and what is only another name of memory.
// RUN: dycc-opt %s --dycc-lower-views --dycc-lower-parts --dycc-form-groups --dycc-materialize-outputs --remarks-filter=copy --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!c = tensor<?x2xf32, #dyn.value<[N, 2]>>
!r = tensor<2x4xf32, #dyn.value<[2, 4]>>
!f = tensor<?xf32, #dyn.value<[4 * N]>>
!i = tensor<?x8x?x?xf32, #dyn.value<[2 * N, 8, H, H], channels_last<8>>>
!j = tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, H], channels_last<8>>>
!k = tensor<?x4x?x?xf32, #dyn.value<[N, 4, H, H], channels_last<8>>>
!1 = tensor<1xi64, #dyn.value<[1]>>
!2 = tensor<2xi64, #dyn.value<[2]>>
dyn.symbol @N in [4, 64]
dyn.symbol @H in [4, 64]

// CHECK: remark: loc("reshape"): [Passed] dycc-lower-views | Category:copy | Text="is its operand's memory under another name"
// CHECK: "relu"{{.*}}Passed{{.*}}dycc-materialize-outputs{{.*}}is computed in output 0
// CHECK: "reshape"{{.*}}Missed{{.*}}is copied into output 1: it is a view of other memory
// CHECK: "relu"{{.*}}is copied into output 2: it is another output, too
// CHECK: is copied into output 3: it is an input
// CHECK: "constant"{{.*}}is copied into output 4: it is a constant
// CHECK: "if"{{.*}}is copied into output 5: it comes out of a branch or a loop
func.func @outputs(%x: !t, %p: tensor<i1, #dyn.value<[]>>) -> (!t, !f, !t, !t, !r, !t) {
  %s = dyn.symbolic [4 * N] : !1
  %a = onnx.Relu %x : (!t) -> !t loc("relu")
  %b = onnx.Reshape %x, %s : (!t, !1) -> !f loc("reshape")
  %c = onnx.Constant dense<1.0> : tensor<2x4xf32> -> !r loc("constant")
  %d = dyn.if (%p : tensor<i1, #dyn.value<[]>>) -> !t then {
    dyn.yield %a : !t
  } else {
    dyn.yield %x : !t
  } loc("if")
  return %a, %b, %a, %x, %c, %d : !t, !f, !t, !t, !r, !t
}

// CHECK: "rows"{{.*}}Passed{{.*}}is its operand's memory from element 8 on
// CHECK: "columns"{{.*}}Missed{{.*}}copies what it takes of its operand: along axis 1 of [N, 4] it lies in pieces
// CHECK: "halves"{{.*}}copies what it takes of its operand: along axis 1 of [N, 4] it lies in pieces
// CHECK: "both"{{.*}}it shortens more than one axis
// CHECK: "all"{{.*}}it shortens no axis
// CHECK: "steps"{{.*}}its steps are not known to be one
// CHECK: "starts"{{.*}}where it starts is known when the model runs
// CHECK: "axes"{{.*}}its axes are no constant
// CHECK: "channels"{{.*}}copies what it takes of its operand: [N, 4, H, H]{{.*}} does not lie in whole blocks of channels
// CHECK: "images"{{.*}}copies what it takes of its operand: its operand or what it gives has its channels innermost
func.func @parts(%x: !t, %run: !1, %i: !i, %j: !j) -> (!k, !r, !c, !c, !c, tensor<2x2xf32, #dyn.value<[2, 2]>>, !t, !r, !r, !r, !j, !j) {
  %0 = dyn.symbolic [0] : !1
  %1 = dyn.symbolic [1] : !1
  %2 = dyn.symbolic [2] : !1
  %4 = dyn.symbolic [4] : !1
  %00 = dyn.symbolic [0, 0] : !2
  %22 = dyn.symbolic [2, 2] : !2
  %n = dyn.symbolic [N, N] : !2
  %a = onnx.Slice %x, %2, %4 {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (!t, !1, !1) -> !r loc("rows")
  %b = onnx.Slice %x, %0, %2, %1 {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>} : (!t, !1, !1, !1) -> !c loc("columns")
  %c, %d = onnx.Split %x, %22 {axis = 1 : i64} : (!t, !2) -> (!c, !c) loc("halves")
  %e = onnx.Slice %x, %00, %22 {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (!t, !2, !2) -> tensor<2x2xf32, #dyn.value<[2, 2]>> loc("both")
  %f = onnx.Slice %x, %0, %4, %1 {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>} : (!t, !1, !1, !1) -> !t loc("all")
  %g = onnx.Slice %x, %0, %4, %0, %2 {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (!t, !1, !1, !1, !1) -> !r loc("steps")
  %h = onnx.Slice %x, %run, %4 {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (!t, !1, !1) -> !r loc("starts")
  %k = onnx.Slice %x, %0, %2, %run {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>} : (!t, !1, !1, !1) -> !r loc("axes")
  %44 = dyn.symbolic [4, 4] : !2
  %o, %p = onnx.Split %j, %44 {axis = 1 : i64} : (!j, !2) -> (!k, !k) loc("channels")
  %q = onnx.Add %o, %p : (!k, !k) -> !k
  %l, %m = onnx.Split %i, %n : (!i, !2) -> (!j, !j) loc("images")
  return %q, %a, %b, %c, %d, %e, %f, %g, %h, %k, %l, %m : !k, !r, !c, !c, !c, tensor<2x2xf32, #dyn.value<[2, 2]>>, !t, !r, !r, !r, !j, !j
}
