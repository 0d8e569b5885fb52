// RUN: dycc-opt %s --dycc-join-images | FileCheck %s
// RUN: dycc-opt %s --dycc-join-images --remarks-filter=copy --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

!x = tensor<?x16x?xf32, #dyn.value<[N, 16, W], channels_last<8>>>
!h = tensor<?x8x?xf32, #dyn.value<[N, 8, W], channels_last<8, pitch 16>>>
!l = tensor<?x4x?xf32, #dyn.value<[N, 4, W], channels_last<8>>>
!y = tensor<?x20x?xf32, #dyn.value<[N, 20, W], channels_last<8>>>
!s = tensor<?x32x?xf32, #dyn.value<[N, 32, W], channels_last<8>>>
!p = tensor<?x16x?xf32, #dyn.value<[N, 16, W]>>
!q = tensor<?x4x?xf32, #dyn.value<[N, 4, W]>>
!e = tensor<?x16x?xf32, #dyn.value<[N, 16, e0], channels_last<8>>>
!f = tensor<?x32x?xf32, #dyn.value<[N, 32, e0], channels_last<8>>>
dyn.symbol @N in [0, 64]
dyn.symbol @W in [0, 64]
dyn.symbol @e0 in [0, 9223372036854775807] execution

// The last one's padding is the whole's; another reader knows the pitch.
// CHECK-LABEL: func.func @joined
// CHECK: %[[A:.+]] = dyn.group(%arg0) : {{.+}} -> tensor<?x16x?xf32, #dyn.value<[N, 16, W], channels_last<8, pitch 24>>>
// CHECK: %[[B:.+]] = dyn.group(%arg1) : {{.+}} -> tensor<?x4x?xf32, #dyn.value<[N, 4, W], channels_last<8, pitch 24>>>
// CHECK: dyn.group(%[[A]]) : (tensor<{{.+}}pitch 24>>>) ->
// CHECK-NEXT: ^bb0(%{{.+}}: tensor<{{.+}}pitch 24>>>)
// CHECK: %[[Y:.+]] = dyn.join(%[[A]], %[[B]])
// CHECK: return %[[Y]]
// REMARK: "joined"{{.*}}Passed{{.*}}is the memory in which its operands are computed
func.func @joined(%u: !p, %v: !q) -> (!y, !x) {
  %a = dyn.group(%u) : (!p) -> !x {
  ^bb0(%i: !p):
    %r = onnx.Relu %i : (!p) -> !p
    dyn.yield %r : !p
  }
  %b = dyn.group(%v) : (!q) -> !l {
  ^bb0(%i: !q):
    %r = onnx.Relu %i : (!q) -> !q
    dyn.yield %r : !q
  }
  %c = dyn.group(%a) : (!x) -> !x {
  ^bb0(%i: !x):
    %r = onnx.Tanh %i : (!x) -> !x
    dyn.yield %r : !x
  }
  %y = dyn.group(%a, %b) : (!x, !l) -> !y {
  ^bb0(%i: !x, %j: !l):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!x, !l) -> !y
    dyn.yield %r : !y
  } loc("joined")
  return %y, %c : !y, !x
}

// All parts of an image are the image, which moves, and its parts with it.
// CHECK-LABEL: func.func @parts
// CHECK: %[[A:.+]] = dyn.group(%arg0) : {{.+}} channels_last<8, pitch 32>>>
// CHECK: %[[B:.+]] = dyn.part %[[A]] from 0 : {{.+}} -> tensor<?x8x?xf32, #dyn.value<[N, 8, W], channels_last<8, pitch 32>>>
// CHECK: %[[C:.+]] = dyn.part %[[A]] from 8 : {{.+}} -> tensor<?x8x?xf32, #dyn.value<[N, 8, W], channels_last<8, pitch 32>>>
// CHECK: %[[D:.+]] = dyn.group(%[[B]], %[[C]]) : {{.+}} channels_last<8, pitch 32>>>
// CHECK: dyn.join(%[[A]], %[[D]])
func.func @parts(%u: !p) -> !s {
  %a = dyn.group(%u) : (!p) -> !x {
  ^bb0(%i: !p):
    %r = onnx.Relu %i : (!p) -> !p
    dyn.yield %r : !p
  }
  %b = dyn.part %a from 0 : !x -> !h
  %c = dyn.part %a from 8 : !x -> !h
  %d = dyn.group(%b, %c) : (!h, !h) -> !x {
  ^bb0(%i: !h, %j: !h):
    %r = onnx.Concat %j, %i {axis = 1 : i64} : (!h, !h) -> !x
    %t = onnx.Tanh %r : (!x) -> !x
    dyn.yield %t : !x
  }
  %y = dyn.group(%b, %c, %d) : (!h, !h, !x) -> !s {
  ^bb0(%i: !h, %j: !h, %k: !x):
    %r = onnx.Concat %i, %j, %k {axis = 1 : i64} : (!h, !h, !x) -> !s
    dyn.yield %r : !s
  } loc("parts")
  return %y : !s
}

// CHECK-LABEL: func.func @copied
// CHECK-NOT: dyn.join
// REMARK: "inside a block"{{.*}}Missed{{.*}}copies its operands: [N, 4, W]{{.*}}would not lie in whole blocks of channels
// REMARK: "an input"{{.*}}an operand is not computed by a kernel
// REMARK: "twice"{{.*}}its kernel does more than to join its operands, each once
// REMARK: "more"{{.*}}its kernel does more than to join its operands, each once
// REMARK: "returned"{{.*}}is needed in another place, too
func.func @copied(%x: !x, %u: !p, %v: !q) -> (!y, !s, !s, !s, !s, !x) {
  %a = dyn.group(%u) : (!p) -> !x {
  ^bb0(%i: !p):
    %r = onnx.Relu %i : (!p) -> !p
    dyn.yield %r : !p
  }
  %b = dyn.group(%v) : (!q) -> !l {
  ^bb0(%i: !q):
    %r = onnx.Relu %i : (!q) -> !q
    dyn.yield %r : !q
  }
  %c = dyn.group(%u) : (!p) -> !x {
  ^bb0(%i: !p):
    %r = onnx.Tanh %i : (!p) -> !p
    dyn.yield %r : !p
  } loc("tanh")
  %1 = dyn.group(%b, %a) : (!l, !x) -> !y {
  ^bb0(%i: !l, %j: !x):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!l, !x) -> !y
    dyn.yield %r : !y
  } loc("inside a block")
  %2 = dyn.group(%a, %x) : (!x, !x) -> !s {
  ^bb0(%i: !x, %j: !x):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!x, !x) -> !s
    dyn.yield %r : !s
  } loc("an input")
  %3 = dyn.group(%a, %a) : (!x, !x) -> !s {
  ^bb0(%i: !x, %j: !x):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!x, !x) -> !s
    dyn.yield %r : !s
  } loc("twice")
  %4 = dyn.group(%a, %c) : (!x, !x) -> !s {
  ^bb0(%i: !x, %j: !x):
    %t = onnx.Concat %i, %j {axis = 1 : i64} : (!x, !x) -> !s
    %r = onnx.Relu %t : (!s) -> !s
    dyn.yield %r : !s
  } loc("more")
  %5 = dyn.group(%a, %c) : (!x, !x) -> !s {
  ^bb0(%i: !x, %j: !x):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!x, !x) -> !s
    dyn.yield %r : !s
  } loc("returned")
  return %1, %2, %3, %4, %5, %c : !y, !s, !s, !s, !s, !x
}

// CHECK-LABEL: func.func @unbounded
// CHECK-NOT: dyn.join
// REMARK: "unbounded"{{.*}}nothing bounds the extents [N, 32, e0]
func.func @unbounded(%u: !e) -> !f {
  %a = dyn.group(%u) : (!e) -> !e {
  ^bb0(%i: !e):
    %r = onnx.Relu %i : (!e) -> !e
    dyn.yield %r : !e
  }
  %b = dyn.group(%u) : (!e) -> !e {
  ^bb0(%i: !e):
    %r = onnx.Tanh %i : (!e) -> !e
    dyn.yield %r : !e
  }
  %y = dyn.group(%a, %b) : (!e, !e) -> !f {
  ^bb0(%i: !e, %j: !e):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!e, !e) -> !f
    dyn.yield %r : !f
  } loc("unbounded")
  return %y : !f
}

!a = tensor<1x8x2x4xf32, #dyn.value<[1, 8, 2, 4], channels_last<8>>>
!b = tensor<1x16x2x4xf32, #dyn.value<[1, 16, 2, 4], channels_last<8>>>
!c = tensor<1x16x4x4xf32, #dyn.value<[1, 16, 4, 4], channels_last<8>>>

// Rows of a window lie where the window does.
// CHECK-LABEL: func.func @rows
// CHECK: onnx.Concat
// CHECK: dyn.join
// CHECK-NOT: dyn.join
// REMARK: "rows"{{.*}}its result is a part of other memory
func.func @rows(%u: !a, %v: !b) -> !c {
  %a = dyn.group(%u) : (!a) -> !a {
  ^bb0(%i: !a):
    %r = onnx.Relu %i : (!a) -> !a
    dyn.yield %r : !a
  }
  %b = dyn.group(%u) : (!a) -> !a {
  ^bb0(%i: !a):
    %r = onnx.Tanh %i : (!a) -> !a
    dyn.yield %r : !a
  }
  %y = dyn.group(%a, %b) : (!a, !a) -> !b {
  ^bb0(%i: !a, %j: !a):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!a, !a) -> !b
    dyn.yield %r : !b
  } loc("rows")
  %z = dyn.group(%v) : (!b) -> !b {
  ^bb0(%i: !b):
    %r = onnx.Relu %i : (!b) -> !b
    dyn.yield %r : !b
  }
  %w = dyn.join(%y, %z) : (!b, !b) -> !c
  return %w : !c
}
