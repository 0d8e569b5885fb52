// What fuses and what does not, and by which rule.
// RUN: dycc-opt %s --dycc-form-groups --remarks-filter=fuse --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s
// RUN: dycc-opt %s --dycc-form-groups="max-ops=1" --remarks-filter=fuse --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=FEW
// RUN: dycc-opt %s --dycc-form-groups="fuse=false" --remarks-filter=fuse --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=OFF

!t = tensor<?xf32, #dyn.value<[N]>>
!m = tensor<?x?xf32, #dyn.value<[N, N]>>
!b = tensor<2x?x?xf32, #dyn.value<[2, N, N]>>
!i = tensor<1x4x?x?xf32, #dyn.value<[1, 4, N, M]>>
!f = tensor<4x4x1x1xf32, #dyn.value<[4, 4, 1, 1]>>
!h = tensor<1x4x?x?xf16, #dyn.value<[1, 4, N, M]>>
!fh = tensor<4x4x3x3xf16, #dyn.value<[4, 4, 3, 3]>>
!fw = tensor<4x4x3x3xf32, #dyn.value<[4, 4, 3, 3]>>
!d = tensor<4x1x1x1xf32, #dyn.value<[4, 1, 1, 1]>>
!r = tensor<?xf32, #dyn.value<[M]>>
!s = tensor<?x?xf32, #dyn.value<[N, M]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]

// CHECK: remark: loc("chain.add"): [Passed] dycc-form-groups | Category:fuse | Text="is computed in the kernel of Relu 'chain.relu'"
// CHECK: remark: loc("chain.relu"): [Missed] dycc-form-groups | Category:fuse | Text="ends its kernel: it is an output of the model"
// FEW: "chain.add"{{.*}}is not fused into Relu 'chain.relu': the kernel would have 2 operators, more than 1
// OFF: "chain.add"{{.*}}Missed{{.*}}ends its kernel: fusion is switched off
func.func @chain(%x: !t, %y: !t) -> !t {
  %a = onnx.Add %x, %y : (!t, !t) -> !t loc("chain.add")
  %b = onnx.Relu %a : (!t) -> !t loc("chain.relu")
  return %b : !t
}

// CHECK: "users.add"{{.*}}Missed{{.*}}is not fused into Relu 'users.relu': Exp 'users.exp' reads its result, too
// CHECK: "users.add"{{.*}}Missed{{.*}}is not fused into Exp 'users.exp': Relu 'users.relu' reads its result, too
func.func @two_users(%x: !t, %y: !t) -> (!t, !t) {
  %a = onnx.Add %x, %y : (!t, !t) -> !t loc("users.add")
  %b = onnx.Relu %a : (!t) -> !t loc("users.relu")
  %c = onnx.Exp %a : (!t) -> !t loc("users.exp")
  return %b, %c : !t, !t
}

// CHECK: "extents.exp"{{.*}}is not fused into Add 'extents.add': extents [M] and [N, M] are not proved equal
func.func @extents(%x: !r, %y: !s) -> !s {
  %a = onnx.Exp %x : (!r) -> !r loc("extents.exp")
  %b = onnx.Add %a, %y : (!r, !s) -> !s loc("extents.add")
  return %b : !s
}

// CHECK: "roots.a"{{.*}}is not fused into MatMul 'roots.b': each has loops that are not element-wise
func.func @two_roots(%x: !m) -> !m {
  %a = onnx.MatMul %x, %x : (!m, !m) -> !m loc("roots.a")
  %b = onnx.MatMul %x, %a : (!m, !m) -> !m loc("roots.b")
  return %b : !m
}

// CHECK: "split"{{.*}}is not fused into Relu 'split.relu': it has more than one result
func.func @two_results(%x: tensor<4xf32, #dyn.value<[4]>>, %n: tensor<2xi64, #dyn.value<[2]>>) -> tensor<2xf32, #dyn.value<[2]>> {
  %a, %b = onnx.Split %x, %n : (tensor<4xf32, #dyn.value<[4]>>, tensor<2xi64, #dyn.value<[2]>>) -> (tensor<2xf32, #dyn.value<[2]>>, tensor<2xf32, #dyn.value<[2]>>) loc("split")
  %c = onnx.Relu %a : (tensor<2xf32, #dyn.value<[2]>>) -> tensor<2xf32, #dyn.value<[2]>> loc("split.relu")
  return %c : tensor<2xf32, #dyn.value<[2]>>
}

// CHECK: "sides.left"{{.*}}is not fused into MatMul 'sides.a': a product computes nothing but its right side where it reads it
// CHECK: "sides.shared"{{.*}}is not fused into MatMul 'sides.b': several results of the product share a right side of [N, N]
// CHECK: "sides.right"{{.*}}is computed in the kernel of MatMul 'sides.c'
func.func @sides_of_a_product(%x: !b, %y: !m) -> (!b, !b, !b) {
  %a = onnx.Sigmoid %x : (!b) -> !b loc("sides.left")
  %c = onnx.MatMul %a, %x : (!b, !b) -> !b loc("sides.a")
  %d = onnx.Sigmoid %y : (!m) -> !m loc("sides.shared")
  %e = onnx.MatMul %x, %d : (!b, !m) -> !b loc("sides.b")
  %f = onnx.Sigmoid %x : (!b) -> !b loc("sides.right")
  %g = onnx.MatMul %x, %f : (!b, !b) -> !b loc("sides.c")
  return %c, %e, %g : !b, !b, !b
}

// What makes larger elements for one reader is of its loops: memory has the smaller ones.
// CHECK: "narrow.a"{{.*}}is not fused into Cast 'narrow.b': each has loops that are not element-wise
// CHECK: "narrow.b"{{.*}}is computed in the kernel of Conv 'narrow.c'
func.func @narrow(%x: !h, %w: !fh, %v: !fw) -> !i {
  %a = onnx.Conv %x, %w {pads = array<i64: 1, 1, 1, 1>} : (!h, !fh) -> !h loc("narrow.a")
  %b = onnx.Cast %a {to = 1 : i64} : (!h) -> !i loc("narrow.b")
  %c = onnx.Conv %b, %v {pads = array<i64: 1, 1, 1, 1>} : (!i, !fw) -> !i loc("narrow.c")
  return %c : !i
}

// CHECK: "conv.filter"{{.*}}is not fused into Conv 'conv.a': Conv 'conv.a' computes nothing but its image where it reads it
// CHECK: "conv.joined"{{.*}}is not fused into Conv 'conv.b': Concat 'conv.joined' is not pointwise
// CHECK: "conv.image"{{.*}}is not fused into Conv 'conv.c': a filter per channel keeps no computed lines of its image
func.func @convolutions(%x: !i, %y: tensor<1x2x?x?xf32, #dyn.value<[1, 2, N, M]>>, %w: !f, %v: !d) -> (!i, !i, !i) {
  %a = onnx.Neg %w : (!f) -> !f loc("conv.filter")
  %b = onnx.Conv %x, %a : (!i, !f) -> !i loc("conv.a")
  %c = onnx.Concat %y, %y {axis = 1 : i64} : (tensor<1x2x?x?xf32, #dyn.value<[1, 2, N, M]>>, tensor<1x2x?x?xf32, #dyn.value<[1, 2, N, M]>>) -> !i loc("conv.joined")
  %d = onnx.Conv %c, %w : (!i, !f) -> !i loc("conv.b")
  %e = onnx.Sigmoid %x : (!i) -> !i loc("conv.image")
  %f = onnx.Conv %e, %v {group = 4 : i64} : (!i, !d) -> !i loc("conv.c")
  return %b, %d, %f : !i, !i, !i
}

// CHECK: "pool.image"{{.*}}windows overlap, and Sigmoid 'pool.image' is not cheap enough to be repeated
// CHECK: "sum.values"{{.*}}a reduction may read twice, and Exp 'sum.values' is not cheap
// CHECK: "moved"{{.*}}is not fused into Transpose 'move': Transpose 'move' computes nothing where it reads it
func.func @other_roots(%x: !i, %y: !m) -> (!i, tensor<?xf32, #dyn.value<[N]>>, !m) {
  %a = onnx.Sigmoid %x : (!i) -> !i loc("pool.image")
  %b = onnx.MaxPool %a {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (!i) -> !i loc("pool")
  %c = onnx.Exp %y : (!m) -> !m loc("sum.values")
  %axes = onnx.Constant dense<1> : tensor<1xi64> -> tensor<1xi64, #dyn.value<[1]>>
  %d = onnx.ReduceSum %c, %axes {keepdims = 0 : i64} : (!m, tensor<1xi64, #dyn.value<[1]>>) -> !t loc("sum")
  %e = onnx.Neg %y : (!m) -> !m loc("moved")
  %f = onnx.Transpose %e {perm = array<i64: 1, 0>} : (!m) -> !m loc("move")
  return %b, %d, %f : !i, !t, !m
}

// CHECK: "twice"{{.*}}is not fused into Relu 'twice.before': Exp 'twice' would be computed both before and behind the kernel's root
func.func @before_and_behind(%x: !i, %w: !f) -> !i {
  %a = onnx.Exp %x : (!i) -> !i loc("twice")
  %b = onnx.Relu %a : (!i) -> !i loc("twice.before")
  %c = onnx.Conv %b, %w : (!i, !f) -> !i loc("twice.root")
  %d = onnx.Add %c, %a : (!i, !i) -> !i loc("twice.behind")
  return %d : !i
}

// CHECK: "paths"{{.*}}ways lead from a value to the result, more than 16
func.func @paths(%x: !t) -> !t {
  %0 = onnx.Exp %x : (!t) -> !t loc("paths")
  %1 = onnx.Mul %0, %0 : (!t, !t) -> !t loc("paths")
  %2 = onnx.Mul %1, %1 : (!t, !t) -> !t loc("paths")
  %3 = onnx.Mul %2, %2 : (!t, !t) -> !t loc("paths")
  %4 = onnx.Mul %3, %3 : (!t, !t) -> !t loc("paths")
  %5 = onnx.Mul %4, %4 : (!t, !t) -> !t loc("paths")
  return %5 : !t
}

// CHECK: "inputs"{{.*}}is not fused into Add 'all': the kernel would read 17 values, more than 16
func.func @inputs(%0: !t, %1: !t, %2: !t, %3: !t, %4: !t, %5: !t, %6: !t, %7: !t, %8: !t, %9: !t, %10: !t, %11: !t, %12: !t, %13: !t, %14: !t, %15: !t, %16: !t) -> !t {
  %a = onnx.Sum %0, %1, %2, %3, %4, %5, %6, %7 : (!t, !t, !t, !t, !t, !t, !t, !t) -> !t loc("inputs")
  %b = onnx.Sum %8, %9, %10, %11, %12, %13, %14, %15, %16 : (!t, !t, !t, !t, !t, !t, !t, !t, !t) -> !t loc("inputs")
  %c = onnx.Add %a, %b : (!t, !t) -> !t loc("all")
  return %c : !t
}

// CHECK: "seen.d"{{.*}}ends its kernel: it leaves the body of 'if'
// CHECK: "seen.a"{{.*}}ends its kernel: 'view' sees it in another shape
// CHECK: "seen.b"{{.*}}ends its kernel: 'call' reads it from memory
// CHECK: "seen.c"{{.*}}ends its kernel: it is read in the body of 'if'
func.func @readers(%x: !t, %p: tensor<i1, #dyn.value<[]>>) -> (tensor<1x?xf32, #dyn.value<[1, N]>>, !t) {
  %a = onnx.Relu %x : (!t) -> !t loc("seen.a")
  %v = dyn.view %a : !t -> tensor<1x?xf32, #dyn.value<[1, N]>> loc("view")
  %b = onnx.Relu %x : (!t) -> !t loc("seen.b")
  %n = dyn.runtime "non_zero"(%b) with [1] : (!t) -> tensor<1x?xi64, #dyn.value<[1, N]>> loc("call")
  %c = onnx.Relu %x : (!t) -> !t loc("seen.c")
  %r = dyn.if (%p : tensor<i1, #dyn.value<[]>>) -> !t then {
    %d = onnx.Exp %c : (!t) -> !t loc("seen.d")
    dyn.yield %d : !t
  } else {
    dyn.yield %x : !t
  } loc("if")
  return %v, %r : tensor<1x?xf32, #dyn.value<[1, N]>>, !t
}
