// RUN: dycc-opt %s --dycc-grow-caches | FileCheck %s
// RUN: dycc-opt %s --dycc-grow-caches --remarks-filter=copy --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

!p = tensor<?x12x?x64xf32, #dyn.value<[B, 12, P, 64]>>
!t = tensor<?x12x?x64xf32, #dyn.value<[B, 12, T, 64]>>
!y = tensor<?x12x?x64xf32, #dyn.value<[B, 12, P + T, 64]>>
!e = tensor<?x12x?x64xf32, #dyn.value<[B, 12, e0, 64]>>
!f = tensor<?x12x?x64xf32, #dyn.value<[B, 12, P + e0, 64]>>
!o = tensor<1x?x64xf32, #dyn.value<[1, P, 64]>>
!n = tensor<1x?x64xf32, #dyn.value<[1, T, 64]>>
!s = tensor<1x?x64xf32, #dyn.value<[1, P + T, 64]>>
!v = tensor<?x?xf32, #dyn.value<[12 * B, 64 * P + 64 * T]>>
dyn.symbol @B in [0, 64]
dyn.symbol @C in [0, 64]
dyn.symbol @P in [0, 64]
dyn.symbol @T in [0, 64]
dyn.symbol @E in [0, 128]
dyn.symbol @e0 in [0, 64] execution

// What is new is made behind the past, and readers know of the room.
// CHECK-DAG: dyn.symbol @room0 in [0, 2147483647] execution
// CHECK-LABEL: func.func @grows
// CHECK-SAME: -> (tensor<{{.+}}[B, 12, P + T, 64], room<2, room0>>>, tensor<{{.+}}[B, 12, P + T, 64]>>)
// CHECK-NEXT: dyn.room [P + T] of input 0 in output 0 along 2 as @room0
// CHECK: %[[NEW:.+]] = dyn.group(%arg1) : {{.+}} -> tensor<{{.+}}[B, 12, T, 64], room<2, room0>>>
// CHECK: %[[PAST:.+]] = dyn.group(%arg0) : (tensor<{{.+}}[B, 12, P, 64]>>) -> tensor<{{.+}}[B, 12, P, 64], room<2, room0>>>
// CHECK-NEXT: ^bb0(%[[COPIED:.+]]: tensor<{{.+}}[B, 12, P, 64]>>):
// CHECK-NEXT: dyn.yield %[[COPIED]]
// CHECK: %[[ALL:.+]] = dyn.join(%[[PAST]], %[[NEW]])
// CHECK: dyn.group(%[[ALL]]) : (tensor<{{.+}}room<2, room0>>>) -> tensor<{{.+}}[B, 12, P + T, 64]>>
// CHECK-NEXT: ^bb0(%{{.+}}: tensor<{{.+}}room<2, room0>>>):
// CHECK: return %[[ALL]]
// REMARK: "grows"{{.*}}Passed{{.*}}grows in the caller's memory where that has room along axis 2
func.func @grows(%past: !p, %x: !t) -> (!y, !y) {
  %new = dyn.group(%x) : (!t) -> !t {
  ^bb0(%i: !t):
    %r = onnx.Relu %i : (!t) -> !t
    dyn.yield %r : !t
  }
  %y = dyn.group(%past, %new) : (!p, !t) -> !y {
  ^bb0(%i: !p, %j: !t):
    %r = onnx.Concat %i, %j {axis = -2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  } loc("grows")
  %z = dyn.group(%y) : (!y) -> !y {
  ^bb0(%i: !y):
    %r = onnx.Tanh %i : (!y) -> !y
    dyn.yield %r : !y
  }
  return %y, %z : !y, !y
}

// What the Concat's kernel computes, or what is read elsewhere, too.
// CHECK-LABEL: func.func @inside
// CHECK: dyn.room [P + T] of input 1 in output 0 along 2 as @room1
// CHECK: dyn.group(%arg0) : {{.+}} -> tensor<{{.+}}[B, 12, T, 64], room<2, room1>>>
// CHECK: onnx.Relu
// CHECK-NOT: onnx.Concat
func.func @inside(%x: !t, %past: !p) -> !y {
  %y = dyn.group(%x, %past) : (!t, !p) -> !y {
  ^bb0(%j: !t, %i: !p):
    %h = onnx.Relu %j : (!t) -> !t
    %r = onnx.Concat %i, %h {axis = 2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  }
  return %y : !y
}

// CHECK-LABEL: func.func @given
// CHECK: dyn.group(%arg1) : (tensor<{{.+}}[B, 12, T, 64]>>) -> tensor<{{.+}}[B, 12, T, 64], room<2, room2>>>
// CHECK-NEXT: ^bb0(%[[COPIED:.+]]: {{.+}}):
// CHECK-NEXT: dyn.yield %[[COPIED]]
func.func @given(%past: !p, %x: !t) -> !y {
  %y = dyn.group(%past, %x) : (!p, !t) -> !y {
  ^bb0(%i: !p, %j: !t):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  }
  return %y : !y
}

// CHECK-LABEL: func.func @outermost
// CHECK-NOT: dyn.join
// REMARK: "outermost"{{.*}}Missed{{.*}}copies the input that it continues: axis 1 of [1, P + T, 64] is its first or its last
func.func @outermost(%past: !o, %x: !n) -> !s {
  %y = dyn.group(%past, %x) : (!o, !n) -> !s {
  ^bb0(%i: !o, %j: !n):
    %r = onnx.Concat %i, %j {axis = 1 : i64} : (!o, !n) -> !s
    dyn.yield %r : !s
  } loc("outermost")
  return %y : !s
}

// CHECK-LABEL: func.func @by_data
// CHECK-NOT: dyn.join
// REMARK: "by_data"{{.*}}the data decides the extents [B, 12, P + e0, 64]
func.func @by_data(%past: !p, %x: !e) -> !f {
  %y = dyn.group(%past, %x) : (!p, !e) -> !f {
  ^bb0(%i: !p, %j: !e):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !e) -> !f
    dyn.yield %r : !f
  } loc("by_data")
  return %y : !f
}

// CHECK-LABEL: func.func @named
// CHECK-NOT: dyn.join
// REMARK: "named"{{.*}}the extents [B, 12, E, 64] are not written as those of its operands
!z = tensor<?x12x?x64xf32, #dyn.value<[B, 12, E, 64]>>
func.func @named(%past: !p, %x: !t) -> !z {
  %y = dyn.group(%past, %x) : (!p, !t) -> !z {
  ^bb0(%i: !p, %j: !t):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !t) -> !z
    dyn.yield %r : !z
  } loc("named")
  return %y : !z
}

// An operand's extent that is equal at run time, and has another name.
// CHECK-LABEL: func.func @other_name
// CHECK-NOT: dyn.join
// REMARK: "other_name"{{.*}}the extents [B, 12, P + T, 64] are not written as those of its operands
!c = tensor<?x12x?x64xf32, #dyn.value<[C, 12, T, 64]>>
func.func @other_name(%past: !p, %x: !c) -> !y {
  %y = dyn.group(%past, %x) : (!p, !c) -> !y {
  ^bb0(%i: !p, %j: !c):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !c) -> !y
    dyn.yield %r : !y
  } loc("other_name")
  return %y : !y
}

// CHECK-LABEL: func.func @past_read
// CHECK-NOT: dyn.join
// REMARK: "past_read"{{.*}}the input has another reader
func.func @past_read(%past: !p, %x: !t) -> (!y, !p) {
  %y = dyn.group(%past, %x) : (!p, !t) -> !y {
  ^bb0(%i: !p, %j: !t):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  } loc("past_read")
  %z = dyn.group(%past) : (!p) -> !p {
  ^bb0(%i: !p):
    %r = onnx.Tanh %i : (!p) -> !p
    dyn.yield %r : !p
  }
  return %y, %z : !y, !p
}

// CHECK-LABEL: func.func @default
// CHECK-NOT: dyn.join
// REMARK: "default"{{.*}}the input has a default
func.func @default(%x: !t, %past: !p {onnx.default = dense<0.0> : tensor<1x12x1x64xf32>}) -> !y {
  %y = dyn.group(%past, %x) : (!p, !t) -> !y {
  ^bb0(%i: !p, %j: !t):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  } loc("default")
  return %y : !y
}

// CHECK-LABEL: func.func @past_twice
// CHECK-NOT: dyn.join
// REMARK: "past_twice"{{.*}}its kernel needs the input or the result for something else
func.func @past_twice(%past: !p) -> !y {
  %y = dyn.group(%past) : (!p) -> !y {
  ^bb0(%i: !p):
    %h = onnx.Relu %i : (!p) -> !t
    %r = onnx.Concat %i, %h {axis = 2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  } loc("past_twice")
  return %y : !y
}

// CHECK-LABEL: func.func @twice
// CHECK-NOT: dyn.join
// REMARK: "twice"{{.*}}it is another output, too
func.func @twice(%past: !p, %x: !t) -> (!y, !y) {
  %y = dyn.group(%past, %x) : (!p, !t) -> !y {
  ^bb0(%i: !p, %j: !t):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  } loc("twice")
  return %y, %y : !y, !y
}

// CHECK-LABEL: func.func @viewed
// CHECK-NOT: dyn.join
// REMARK: "viewed"{{.*}}'flat' reads it, and is no kernel
func.func @viewed(%past: !p, %x: !t) -> (!y, !v) {
  %y = dyn.group(%past, %x) : (!p, !t) -> !y {
  ^bb0(%i: !p, %j: !t):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!p, !t) -> !y
    dyn.yield %r : !y
  } loc("viewed")
  %f = dyn.view %y : !y -> !v loc("flat")
  %z = dyn.group(%f) : (!v) -> !v {
  ^bb0(%i: !v):
    %r = onnx.Tanh %i : (!v) -> !v
    dyn.yield %r : !v
  }
  return %y, %z : !y, !v
}

// CHECK-LABEL: func.func @strings
// CHECK-NOT: dyn.join
// REMARK: "strings"{{.*}}its elements are strings
!ps = tensor<?x2x?x4x!onnx.string, #dyn.value<[B, 2, P, 4]>>
!ts = tensor<?x2x?x4x!onnx.string, #dyn.value<[B, 2, T, 4]>>
!ys = tensor<?x2x?x4x!onnx.string, #dyn.value<[B, 2, P + T, 4]>>
func.func @strings(%past: !ps, %x: !ts) -> !ys {
  %y = dyn.group(%past, %x) : (!ps, !ts) -> !ys {
  ^bb0(%i: !ps, %j: !ts):
    %r = onnx.Concat %i, %j {axis = 2 : i64} : (!ps, !ts) -> !ys
    dyn.yield %r : !ys
  } loc("strings")
  return %y : !ys
}
