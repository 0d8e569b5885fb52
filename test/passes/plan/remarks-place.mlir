// Where values lie: over operands, in slots of the arena, beyond it.
// RUN: dycc-opt %s --dycc-form-groups="fuse=false" --dycc-materialize-outputs --dycc-outline-kernels --dycc-plan-memory --remarks-filter='^(in-place|place)$' --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s
// RUN: dycc-opt %s --dycc-form-groups="fuse=false" --dycc-materialize-outputs --dycc-outline-kernels --dycc-plan-memory="in-place=false" --remarks-filter='^(in-place|place)$' --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=OFF
// RUN: dycc-opt %s --dycc-form-groups="fuse=false" --dycc-materialize-outputs --dycc-outline-kernels --dycc-plan-memory="reuse=false" --remarks-filter='^(in-place|place)$' --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=APART

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!d = tensor<?x4xf64, #dyn.value<[N, 4]>>
!r = tensor<4xf32, #dyn.value<[4]>>
!m = tensor<?x?xf32, #dyn.value<[N, N]>>
!o = tensor<?x4xf32, #dyn.value<[e, 4]>>
!b = tensor<?x4xf32, #dyn.value<[k, 4]>>
!s = tensor<2x4xf32, #dyn.value<[2, 4]>>
!flag = tensor<i1, #dyn.value<[]>>
!1 = tensor<1xi64, #dyn.value<[1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @e in [0, 2147483647] execution
dyn.symbol @k in [0, 64] execution

// CHECK: remark: loc("chain.a"): [Missed] dycc-plan-memory | Category:in-place | Text="is not written over operand 0: it is an input or a constant"
// CHECK: remark: loc("chain.a"): [Missed] dycc-plan-memory | Category:place | Text="lies in a new slot, 0: no other is free"
// CHECK: remark: loc("chain.b"): [Passed] dycc-plan-memory | Category:in-place | Text="is written over 'chain.a', in slot 0"
// CHECK: "chain.c"{{.*}}Passed{{.*}}is written over 'chain.b', in slot 0
// CHECK: remark: loc("chain.c"): [Passed] dycc-plan-memory | Category:place | Text="lies in the memory that the caller brings for output 0, without any in slot 0"
// OFF: "chain.b"{{.*}}is not written over operand 0: that is switched off
// APART: "chain.b"{{.*}}is not written over operand 0: sharing of memory is switched off
// APART: "chain.b"{{.*}}lies in a new slot, 1: sharing of memory is switched off
func.func @chain(%x: !t) -> !t {
  %a = onnx.Relu %x : (!t) -> !t loc("chain.a")
  %b = onnx.Exp %a : (!t) -> !t loc("chain.b")
  %c = onnx.Relu %b : (!t) -> !t loc("chain.c")
  return %c : !t
}

// CHECK: "sum"{{.*}}is not written over operand 0: 'later' reads it later
// CHECK: "wide"{{.*}}is not written over operand 0: the result's elements have another size or order
// CHECK: "product"{{.*}}is not written over operand 0: MatMul{{.*}} reads elements in other places
// CHECK: "shared"{{.*}}Passed{{.*}}lies in slot {{[0-9]}}, after '{{.*}}'
func.func @operands(%x: !t, %r: !r, %y: !m) -> (!t, !d, !m) {
  %a = onnx.Relu %x : (!t) -> !t loc("made")
  %b = onnx.Add %a, %r : (!t, !r) -> !t loc("sum")
  %c = onnx.Add %a, %b : (!t, !t) -> !t loc("later")
  %e = onnx.Relu %x : (!t) -> !t loc("narrow")
  %d = onnx.Cast %e {to = 11 : i64} : (!t) -> !d loc("wide")
  %f = onnx.Relu %y : (!m) -> !m loc("matrix")
  %g = onnx.MatMul %f, %y : (!m, !m) -> !m loc("product")
  %h = onnx.Transpose %g {perm = array<i64: 1, 0>} : (!m) -> !m loc("shared")
  return %c, %d, %h : !t, !d, !m
}

// CHECK: "row.sum"{{.*}}is not written over operand 0: the result has other extents
// CHECK: "square"{{.*}}is not written over operand 0: another operand lies in the same memory
// CHECK: "part.relu"{{.*}}is not written over operand 0: it is a part of other memory
// CHECK: "halves"{{.*}}is not written over operand 0: the kernel has more than one result
func.func @shapes(%x: !t, %r: !r, %n: tensor<2xi64, #dyn.value<[2]>>) -> (!t, !r, !s, !s, !s) {
  %a = onnx.Relu %r : (!r) -> !r loc("row")
  %b = onnx.Add %a, %x : (!r, !t) -> !t loc("row.sum")
  %c = onnx.Relu %r : (!r) -> !r loc("root")
  %v = dyn.view %c : !r -> !r loc("view")
  %d = onnx.Mul %c, %v : (!r, !r) -> !r loc("square")
  %w = onnx.Constant dense<1.0> : tensor<4x4xf32> -> tensor<4x4xf32, #dyn.value<[4, 4]>>
  %e = onnx.Relu %w : (tensor<4x4xf32, #dyn.value<[4, 4]>>) -> tensor<4x4xf32, #dyn.value<[4, 4]>> loc("whole")
  %p = dyn.part %e from 8 : tensor<4x4xf32, #dyn.value<[4, 4]>> -> !s loc("part")
  %f = onnx.Relu %p : (!s) -> !s loc("part.relu")
  %g = onnx.Relu %w : (tensor<4x4xf32, #dyn.value<[4, 4]>>) -> tensor<4x4xf32, #dyn.value<[4, 4]>> loc("all")
  %h, %i = onnx.Split %g, %n : (tensor<4x4xf32, #dyn.value<[4, 4]>>, tensor<2xi64, #dyn.value<[2]>>) -> (!s, !s) loc("halves")
  return %b, %d, %f, %h, %i : !t, !r, !s, !s, !s
}

// CHECK: "open.a"{{.*}}has memory of its own beyond the arena: nothing bounds [e, 4]
// CHECK: "bounded"{{.*}}takes 16 * k bytes, which is known only when the model runs: 1024 are reserved
func.func @sizes(%x: !o, %y: !b, %n: !1) -> (!o, !b) {
  dyn.read %n[0] as @e : !1
  dyn.read %n[0] as @k : !1
  %a = onnx.Relu %x : (!o) -> !o loc("open.a")
  %b = onnx.Relu %a : (!o) -> !o loc("open.b")
  %d = onnx.Relu %y : (!b) -> !b loc("bounded")
  return %b, %d : !o, !b
}

// CHECK: "behind"{{.*}}is not written over operand 0: a branch or a loop decides where it lies
// CHECK: "loop"{{.*}}lies in a new slot, {{[0-9]}}: a value that a loop carries alternates between two
// CHECK: "in.loop"{{.*}}is not written over operand 0: it is needed until a loop ends
// CHECK: "branch"{{.*}}lies where the branch that is run has made it
func.func @control(%x: !t, %c: !flag) -> (!t, !t) {
  %r = dyn.if (%c : !flag) -> !t then {
    %a = onnx.Relu %x : (!t) -> !t loc("then")
    dyn.yield %a : !t
  } else {
    %a = onnx.Exp %x : (!t) -> !t loc("else")
    dyn.yield %a : !t
  } loc("branch")
  %b = onnx.Relu %r : (!t) -> !t loc("behind")
  %o = onnx.Exp %x : (!t) -> !t loc("outside")
  %l = dyn.loop (%x) trips [N] : (!t) -> !t {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %go: !flag, %p: !t):
    %e = onnx.Relu %o : (!t) -> !t loc("in.loop")
    %f = onnx.Add %e, %p : (!t, !t) -> !t loc("next")
    dyn.yield %go, %f : !flag, !t
  } loc("loop")
  return %b, %l : !t, !t
}

// CHECK: "weight.b"{{.*}}shares its bytes with an equal weight
// CHECK: "donated"{{.*}}Passed{{.*}}is written over input 0 where the caller donates it
// CHECK: "read"{{.*}}is not written over a donated input: 'last' reads it later
// CHECK: "last"{{.*}}is not written over a donated input: another operand lies in the same memory
func.func @donated(%x: !t, %z: !t) -> (!t, !t, !t, !r, !r) {
  %a = onnx.Relu %x : (!t) -> !t loc("donated")
  %c = onnx.Relu %z : (!t) -> !t loc("read")
  %v = dyn.view %z : !t -> !t loc("name")
  %d = onnx.Add %z, %v : (!t, !t) -> !t loc("last")
  %w = onnx.Constant dense<1.0> : tensor<4xf32> -> !r loc("weight.a")
  %u = onnx.Constant dense<1.0> : tensor<4xf32> -> !r loc("weight.b")
  %e = onnx.Relu %w : (!r) -> !r loc("use.a")
  %f = onnx.Relu %u : (!r) -> !r loc("use.b")
  return %a, %c, %d, %e, %f : !t, !t, !t, !r, !r
}

// CHECK: "kept"{{.*}}Missed{{.*}}is not written over a donated input: it goes on as a result or in a loop
func.func @kept(%x: !t) -> (!t, !t) {
  %a = onnx.Relu %x : (!t) -> !t loc("kept")
  %l = dyn.loop (%x) trips [N] : (!t) -> !t {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %go: !flag, %p: !t):
    %f = onnx.Exp %p : (!t) -> !t loc("next")
    dyn.yield %go, %f : !flag, !t
  } loc("carry")
  return %a, %l : !t, !t
}
