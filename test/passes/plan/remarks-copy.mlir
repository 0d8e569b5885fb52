// What is computed where it belongs, and what is copied there.
// RUN: dycc-opt %s --dycc-form-groups --dycc-materialize-outputs --dycc-outline-kernels --dycc-elide-copies --dycc-plan-memory --remarks-filter=copy --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!y = tensor<?x4xf32, #dyn.value<[2 * N, 4]>>
!w = tensor<?x8xf32, #dyn.value<[N, 8]>>
!o = tensor<?x4xf32, #dyn.value<[e, 4]>>
!u = tensor<?x4xf32, #dyn.value<[2 * e, 4]>>
!b = tensor<?x4xf32, #dyn.value<[min(N, k), 4]>>
!z = tensor<?x4xf32, #dyn.value<[N + min(N, k), 4]>>
!i = tensor<1x8x?x?xf32, #dyn.value<[1, 8, N, N], channels_last<8>>>
!p = tensor<1x8x?x?xf32, #dyn.value<[1, 8, N, N]>>
!j = tensor<2x8x?x?xf32, #dyn.value<[2, 8, N, N], channels_last<8>>>
!q = tensor<2x8x?x?xf32, #dyn.value<[2, 8, N, N]>>
!flag = tensor<i1, #dyn.value<[]>>
!1 = tensor<1xi64, #dyn.value<[1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e in [0, 2147483647] execution
dyn.symbol @k in [0, 64] execution

// CHECK: remark: loc("rows"): [Passed] dycc-elide-copies | Category:copy | Text="is the memory in which its operands are computed"
func.func @rows(%x: !t, %z: !t) -> !y {
  %a = onnx.Relu %x : (!t) -> !t loc("a")
  %b = onnx.Relu %z : (!t) -> !t loc("b")
  %y = onnx.Concat %a, %b {axis = 0 : i64} : (!t, !t) -> !y loc("rows")
  return %y : !y
}

// CHECK: "columns"{{.*}}Missed{{.*}}copies its operands: along axis 1 of [N, 8] they do not lie one after the other
// CHECK: "given"{{.*}}copies its operands: an operand is not computed by a kernel
// CHECK: "again"{{.*}}copies its operands: its kernel does more than to join its operands, each once
// CHECK: "kept"{{.*}}copies its operands: '{{.*}}' is needed in another place, too
func.func @operands(%x: !t) -> (!w, !y, !y, !y, !t) {
  %a = onnx.Relu %x : (!t) -> !t loc("a")
  %b = onnx.Exp %x : (!t) -> !t loc("b")
  %w = onnx.Concat %a, %b {axis = 1 : i64} : (!t, !t) -> !w loc("columns")
  %y = onnx.Concat %x, %b {axis = 0 : i64} : (!t, !t) -> !y loc("given")
  %z = onnx.Concat %b, %b {axis = 0 : i64} : (!t, !t) -> !y loc("again")
  %v = onnx.Concat %a, %b {axis = 0 : i64} : (!t, !t) -> !y loc("kept")
  return %w, %y, %z, %v, %a : !w, !y, !y, !y, !t
}

// CHECK: "apart"{{.*}}copies its operands: 'between' runs in between and may need the memory
func.func @apart(%x: !t, %z: !t) -> (!y, !t) {
  %a = onnx.Relu %x : (!t) -> !t loc("a")
  %c = onnx.Relu %x : (!t) -> !t loc("between")
  %b = onnx.Relu %z : (!t) -> !t loc("b")
  %y = onnx.Concat %a, %b {axis = 0 : i64} : (!t, !t) -> !y loc("apart")
  return %y, %c : !y, !t
}

// CHECK: "open"{{.*}}copies its operands: nothing bounds the extents [2 * e, 4] of the result
func.func @open(%x: !o, %n: !1) -> !u {
  dyn.read %n[0] as @e : !1
  %a = onnx.Relu %x : (!o) -> !o loc("a")
  %b = onnx.Exp %x : (!o) -> !o loc("b")
  %y = onnx.Concat %a, %b {axis = 0 : i64} : (!o, !o) -> !u loc("open")
  return %y : !u
}

// CHECK: "late"{{.*}}copies its operands: where 'early' begins is known only behind it
func.func @late(%x: !t, %z: !b, %n: !1) -> !z {
  %b = onnx.Relu %x : (!t) -> !t loc("early")
  dyn.read %n[0] as @k : !1
  %a = onnx.Relu %z : (!b) -> !b loc("a")
  %y = onnx.Concat %a, %b {axis = 0 : i64} : (!b, !t) -> !z loc("late")
  return %y : !z
}

// CHECK: "images"{{.*}}copies its operands: the result has its channels innermost
// CHECK: "mixed"{{.*}}copies its operands: 'image' has its channels innermost
func.func @images(%x: !i, %z: !p) -> (!q, !q) {
  %a = onnx.Relu %x : (!i) -> !i loc("a")
  %b = onnx.Exp %x : (!i) -> !i loc("b")
  %y = onnx.Concat %a, %b {axis = 0 : i64} : (!i, !i) -> !j loc("images")
  %r = onnx.Transpose %y {perm = array<i64: 0, 1, 3, 2>} : (!j) -> !q loc("use")
  %c = onnx.Relu %x : (!i) -> !i loc("image")
  %d = onnx.Relu %z : (!p) -> !p loc("d")
  %u = onnx.Concat %c, %d {axis = 0 : i64} : (!i, !p) -> !q loc("mixed")
  return %r, %u : !q, !q
}

// CHECK: "inside"{{.*}}copies its operands: 'outside' is computed outside of the branch or loop
func.func @branches(%x: !t, %c: !flag) -> !y {
  %a = onnx.Relu %x : (!t) -> !t loc("outside")
  %r = dyn.if (%c : !flag) -> !y then {
    %b = onnx.Relu %x : (!t) -> !t loc("b")
    %y = onnx.Concat %a, %b {axis = 0 : i64} : (!t, !t) -> !y loc("inside")
    %z = onnx.Transpose %y {perm = array<i64: 0, 1>} : (!y) -> !y loc("use")
    dyn.yield %z : !y
  } else {
    %b = onnx.Concat %x, %x {axis = 0 : i64} : (!t, !t) -> !y loc("else")
    dyn.yield %b : !y
  }
  return %r : !y
}

// CHECK: "loop"{{.*}}Passed{{.*}}carries value 0 on where it lies
// CHECK: "loop"{{.*}}Passed{{.*}}computes carried value 1 where the next trip reads it
// CHECK: "loop"{{.*}}Missed{{.*}}copies carried value 2 for the next trip: no kernel of the body itself makes it
// CHECK: "loop"{{.*}}Missed{{.*}}copies carried value 3 for the next trip: it is carried or collected twice
func.func @loop(%x: !t, %c: !flag) -> (!t, !t, !t, !t, !t) {
  %r:5 = dyn.loop (%x, %x, %x, %x, %x) trips [N] : (!t, !t, !t, !t, !t) -> (!t, !t, !t, !t, !t) {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %go: !flag, %p0: !t, %p1: !t, %p2: !t, %p3: !t, %p4: !t):
    %a = onnx.Relu %p1 : (!t) -> !t loc("new")
    %b = onnx.Exp %p3 : (!t) -> !t loc("twice")
    dyn.yield %go, %p0, %a, %p1, %b, %b : !flag, !t, !t, !t, !t, !t
  } loc("loop")
  return %r#0, %r#1, %r#2, %r#3, %r#4 : !t, !t, !t, !t, !t
}
