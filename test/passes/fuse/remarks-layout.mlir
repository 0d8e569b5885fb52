// Which layout a value has, and why not another.
// RUN: dycc-opt %s --dycc-assign-layouts="panel-widths=16 filter-widths=16 channel-block=8" --remarks-filter=layout --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s

!x = tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
!w = tensor<8x8x1x1xf32, #dyn.value<[8, 8, 1, 1]>>
!m = tensor<4x4xf32, #dyn.value<[4, 4]>>
!b = tensor<2x4x4xf32, #dyn.value<[2, 4, 4]>>
!h = tensor<4x4xf16, #dyn.value<[4, 4]>>
!d = tensor<4x4xf64, #dyn.value<[4, 4]>>
!s = tensor<?x2x?x?xf32, #dyn.value<[N, 2, 2 * H, 2 * W]>>
!q = tensor<?x8x?x?xi8, #dyn.value<[N, 8, H, W]>>
!p = tensor<?x8x?x?xi64, #dyn.value<[N, 8, H, W]>>
!i = tensor<?x4xi32, #dyn.value<[N, 4]>>
!f = tensor<?xf32, #dyn.value<[8 * H * N * W]>>
dyn.symbol @N in [0, 64]
dyn.symbol @H in [0, 64]
dyn.symbol @W in [0, 64]

// CHECK: remark: loc("conv.a"): [Passed] dycc-assign-layouts | Category:layout | Text="reads its weights in panels of 16"
// CHECK: "conv.a"{{.*}}Passed{{.*}}has its channels innermost, in blocks of 8
// CHECK: "conv.a"{{.*}}Missed{{.*}}is copied to row-major order, which 'view' needs
// CHECK: "relu"{{.*}}Passed{{.*}}has its channels innermost, in blocks of 8
// CHECK: "relu"{{.*}}Missed{{.*}}is copied to row-major order, which an output of the model needs
// CHECK: "softmax"{{.*}}stays in row-major order: Softmax 'softmax' neither makes an image nor keeps the order of one
// CHECK: "conv.b"{{.*}}reads its weights in row-major order: they are no constant
// CHECK: "conv.b"{{.*}}stays in row-major order: no kernel reads it
func.func @images(%x: !x, %v: !w) -> (!x, !x, !f) {
  %w = onnx.Constant dense<1.0> : tensor<8x8x1x1xf32> -> !w
  %a = onnx.Conv %x, %w : (!x, !w) -> !x loc("conv.a")
  %f = dyn.view %a : !x -> !f loc("view")
  %b = onnx.Relu %a : (!x) -> !x loc("relu")
  %s = onnx.Softmax %b : (!x) -> !x loc("softmax")
  %c = onnx.Conv %s, %v : (!x, !w) -> !x loc("conv.b")
  return %b, %c, %f : !x, !x, !f
}

// CHECK: "pool"{{.*}}stays in row-major order: its elements are no floats, and those that it reads lie in row-major order
// CHECK: "neg"{{.*}}stays in row-major order: no operand with as many axes has its channels innermost
// CHECK: "places"{{.*}}stays in row-major order: it has more than one result
// CHECK: "parts"{{.*}}stays in row-major order: [4, 4] has no axis beside batch and channels
func.func @no_images(%x: !q, %y: !x, %n: tensor<2xi64, #dyn.value<[2]>>) -> (!q, !x, !m, !m, !x, !p) {
  %a = onnx.MaxPool %x {kernel_shape = array<i64: 1, 1>} : (!q) -> !q loc("pool")
  %b = onnx.Neg %y : (!x) -> !x loc("neg")
  %i, %j = onnx.MaxPool %y {kernel_shape = array<i64: 1, 1>} : (!x) -> (!x, !p) loc("places")
  %c = onnx.Constant dense<1.0> : tensor<8x4xf32> -> tensor<8x4xf32, #dyn.value<[8, 4]>>
  %d, %e = onnx.Split %c, %n : (tensor<8x4xf32, #dyn.value<[8, 4]>>, tensor<2xi64, #dyn.value<[2]>>) -> (!m, !m) loc("parts")
  return %a, %b, %d, %e, %i, %j : !q, !x, !m, !m, !x, !p
}

// CHECK: "product"{{.*}}reads its weights in panels of 16
// CHECK: "product"{{.*}}stays in row-major order: [4, 4] has no axis beside batch and channels
// CHECK: "batch"{{.*}}reads its weights in row-major order: [2, 4, 4] is no matrix
// CHECK: "half"{{.*}}reads its weights in panels of 16
// CHECK: "double"{{.*}}reads its weights in row-major order: they are no floats of 16 or 32 bits
// CHECK: "gemm"{{.*}}reads its weights in row-major order: the product reads them transposed
func.func @products(%x: !m, %y: !b, %z: !h, %d: !d) -> (!m, !b, !h, !d, !m) {
  %v = onnx.Constant dense<1.0> : tensor<4x4xf32> -> !m
  %a = onnx.MatMul %x, %v : (!m, !m) -> !m loc("product")
  %w = onnx.Constant dense<1.0> : tensor<2x4x4xf32> -> !b
  %b = onnx.MatMul %y, %w : (!b, !b) -> !b loc("batch")
  %u = onnx.Constant dense<1.0> : tensor<4x4xf16> -> !h
  %c = onnx.MatMul %z, %u : (!h, !h) -> !h loc("half")
  %t = onnx.Constant dense<1.0> : tensor<4x4xf64> -> !d
  %e = onnx.MatMul %d, %t : (!d, !d) -> !d loc("double")
  %f = onnx.Gemm %x, %v {transB = 1 : i64} : (!m, !m) -> !m loc("gemm")
  return %a, %b, %c, %e, %f : !m, !b, !h, !d, !m
}

// CHECK: "bytes"{{.*}}reads its weights in panels of 16, four of a column together
// CHECK: "signs"{{.*}}reads its weights in row-major order: the product is none of u8 by s8
// CHECK: "depth"{{.*}}reads its weights in row-major order: sums of 65540 products are no whole groups of four that i32 holds
func.func @integers(%x: tensor<?x4xui8, #dyn.value<[N, 4]>>, %y: tensor<?x4xi8, #dyn.value<[N, 4]>>, %z: tensor<?x65540xui8, #dyn.value<[N, 65540]>>) -> (!i, !i, !i) {
  %w = onnx.Constant dense<1> : tensor<4x4xi8> -> tensor<4x4xi8, #dyn.value<[4, 4]>>
  %a = onnx.MatMulInteger %x, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x4xui8, #dyn.value<[N, 4]>>, tensor<4x4xi8, #dyn.value<[4, 4]>>) -> !i loc("bytes")
  %b = onnx.MatMulInteger %y, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x4xi8, #dyn.value<[N, 4]>>, tensor<4x4xi8, #dyn.value<[4, 4]>>) -> !i loc("signs")
  %v = onnx.Constant dense<1> : tensor<65540x4xi8> -> tensor<65540x4xi8, #dyn.value<[65540, 4]>>
  %c = onnx.MatMulInteger %z, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x65540xui8, #dyn.value<[N, 65540]>>, tensor<65540x4xi8, #dyn.value<[65540, 4]>>) -> !i loc("depth")
  return %a, %b, %c : !i, !i, !i
}

// CHECK: "few"{{.*}}reads its weights as integers of 4 bits in panels of 16
func.func @integers_that_stand_for_floats(%x: !m) -> !m {
  %q = onnx.Constant dense<1> : tensor<4x4xui4> -> tensor<4x4xui4, #dyn.value<[4, 4]>>
  %s = onnx.Constant dense<0.5> : tensor<1x4xf32> -> tensor<1x4xf32, #dyn.value<[1, 4]>>
  %w = onnx.DequantizeLinear %q, %s {axis = 0 : i64, block_size = 4 : i64} : (tensor<4x4xui4, #dyn.value<[4, 4]>>, tensor<1x4xf32, #dyn.value<[1, 4]>>) -> !m
  %a = onnx.MatMul %x, %w : (!m, !m) -> !m loc("few")
  return %a : !m
}

// CHECK: "one"{{.*}}stays in row-major order: [N, 1, H, W] has one channel
func.func @one_channel(%x: !x, %w: !w, %v: tensor<1x8x1x1xf32, #dyn.value<[1, 8, 1, 1]>>) -> !x {
  %a = onnx.Conv %x, %v : (!x, tensor<1x8x1x1xf32, #dyn.value<[1, 8, 1, 1]>>) -> tensor<?x1x?x?xf32, #dyn.value<[N, 1, H, W]>> loc("one")
  %b = onnx.Mul %x, %a : (!x, tensor<?x1x?x?xf32, #dyn.value<[N, 1, H, W]>>) -> !x
  return %b : !x
}

// CHECK: "shuffled"{{.*}}stays in row-major order: DepthToSpace 'shuffle' makes rows of its channels
// CHECK: "shuffle.few"{{.*}}stays in row-major order: [N, 2, 2 * H, 2 * W] fills no block of channels
func.func @shuffled(%x: !x) -> (!s, !s) {
  %w = onnx.Constant dense<1.0> : tensor<8x8x1x1xf32> -> !w
  %a = onnx.Conv %x, %w : (!x, !w) -> !x loc("shuffled")
  %b = onnx.DepthToSpace %a {blocksize = 2} : (!x) -> !s loc("shuffle")
  %c = onnx.Conv %x, %w : (!x, !w) -> !x
  %d = onnx.Relu %c : (!x) -> !x
  %e = onnx.DepthToSpace %d {blocksize = 2} : (!x) -> !s loc("shuffle.few")
  return %b, %e : !s, !s
}

// CHECK: "block"{{.*}}has its channels innermost, in blocks of 8
// CHECK: "kept"{{.*}}stays in row-major order: no kernel reads it
// CHECK: "gate"{{.*}}has its channels innermost, in blocks of 8
// CHECK: "gate"{{.*}}is copied to row-major order, which an output of the model needs
// CHECK: "unread"{{.*}}stays in row-major order: no kernel reads it
// CHECK: "input"{{.*}}stays in row-major order: an input of the model is in row-major order
// CHECK: "numbers"{{.*}}stays in row-major order: nothing that it may be is an image
func.func @branches(%x: !x, %v: !w, %open: tensor<i1, #dyn.value<[]>>) -> (!x, !x, !x) {
  %k = onnx.Constant dense<0.0> : tensor<8x8x1x1xf32> -> !w
  %a = onnx.Conv %x, %v : (!x, !w) -> !x loc("a")
  %r = dyn.if (%open : tensor<i1, #dyn.value<[]>>) -> !x then {
    %c = onnx.Conv %a, %v : (!x, !w) -> !x loc("block")
    dyn.yield %c : !x
  } else {
    dyn.yield %a : !x
  } loc("gate")
  %u = dyn.if (%open : tensor<i1, #dyn.value<[]>>) -> !x then {
    %c = onnx.Conv %a, %v : (!x, !w) -> !x loc("kept")
    dyn.yield %c : !x
  } else {
    dyn.yield %a : !x
  } loc("unread")
  %i = dyn.if (%open : tensor<i1, #dyn.value<[]>>) -> !x then {
    dyn.yield %a : !x
  } else {
    dyn.yield %x : !x
  } loc("input")
  %n = dyn.if (%open : tensor<i1, #dyn.value<[]>>) -> !w then {
    dyn.yield %k : !w
  } else {
    dyn.yield %k : !w
  } loc("numbers")
  %b = onnx.Conv %i, %n : (!x, !w) -> !x loc("b")
  %c = onnx.Relu %r : (!x) -> !x loc("c")
  return %r, %u, %b : !x, !x, !x
}

// CHECK: "inner"{{.*}}stays in row-major order: 'back' carries it in row-major order
// CHECK: "back"{{.*}}stays in row-major order: Softmax 'moved' gives it in row-major order
func.func @loops(%x: !x, %v: !w, %open: tensor<i1, #dyn.value<[]>>) -> !x {
  %a = onnx.Conv %x, %v : (!x, !w) -> !x loc("a")
  %r = dyn.loop (%a) trips [N] : (!x) -> !x {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %c: tensor<i1, #dyn.value<[]>>, %y: !x):
    %b = dyn.if (%open : tensor<i1, #dyn.value<[]>>) -> !x then {
      %d = onnx.Conv %y, %v : (!x, !w) -> !x loc("d")
      dyn.yield %d : !x
    } else {
      dyn.yield %y : !x
    } loc("inner")
    %s = onnx.Softmax %b : (!x) -> !x loc("moved")
    dyn.yield %c, %s : tensor<i1, #dyn.value<[]>>, !x
  } loc("back")
  return %r : !x
}
