// RUN: dycc-opt %s --dycc-form-groups | FileCheck %s
// RUN: dycc-opt %s --dycc-form-groups="max-ops=3" | FileCheck %s --check-prefix=FEW

!q = tensor<?x?x8xf32, #dyn.value<[B, M, 8]>>
!k = tensor<?x8x?xf32, #dyn.value<[B, 8, N]>>
!v = tensor<?x?x8xf32, #dyn.value<[B, N, 8]>>
!s = tensor<?x?x?xf32, #dyn.value<[B, M, N]>>
!row = tensor<?x?x1xf32, #dyn.value<[B, M, 1]>>
!mask = tensor<?x1x?xf32, #dyn.value<[B, 1, N]>>
dyn.symbol @B in [0, 64]
dyn.symbol @M in [0, 64]
dyn.symbol @N in [0, 64]

// CHECK-LABEL: func.func @written_out
// CHECK: dyn.group
// CHECK-NEXT: ^bb0
// CHECK: onnx.MatMul
// CHECK-NEXT: onnx.Constant
// CHECK-NEXT: onnx.Mul
// CHECK-NEXT: onnx.Add
// CHECK-NEXT: onnx.Softmax
// CHECK-NEXT: onnx.MatMul
// CHECK-NEXT: onnx.Relu
// CHECK-NOT: dyn.group
// CHECK: return
// A part of it is no group of its own.
// FEW-LABEL: func.func @written_out
// FEW: onnx.MatMul
// FEW: dyn.group
// FEW: onnx.Softmax
// FEW-NEXT: dyn.yield
// FEW: dyn.group
// FEW: onnx.MatMul
func.func @written_out(%q: !q, %k: !k, %v: !v, %m: !mask) -> !q {
  %f = onnx.Constant dense<0.5> : tensor<f32> -> tensor<f32, #dyn.value<[]>>
  %p = onnx.MatMul %q, %k : (!q, !k) -> !s
  %x = onnx.Mul %p, %f : (!s, tensor<f32, #dyn.value<[]>>) -> !s
  %a = onnx.Add %x, %m : (!s, !mask) -> !s
  %w = onnx.Softmax %a : (!s) -> !s
  %y = onnx.MatMul %w, %v : (!s, !v) -> !q
  %r = onnx.Relu %y : (!q) -> !q
  return %r : !q
}

// Several reductions of the same scores.
// CHECK-LABEL: func.func @empty_rows
// CHECK: dyn.group
// CHECK: onnx.MatMul
// CHECK: onnx.ReduceMax
// CHECK: onnx.Where
// CHECK-NEXT: onnx.MatMul
// CHECK-NOT: dyn.group
// CHECK: return
func.func @empty_rows(%q: !q, %k: !k, %v: !v, %l: tensor<f32, #dyn.value<[]>>) -> !q {
  %axis = onnx.Constant dense<-1> : tensor<1xi64> -> tensor<1xi64, #dyn.value<[1]>>
  %p = onnx.MatMul %q, %k : (!q, !k) -> !s
  %w = onnx.Softmax %p : (!s) -> !s
  %h = onnx.ReduceMax %p, %axis : (!s, tensor<1xi64, #dyn.value<[1]>>) -> !row
  %e = onnx.Equal %h, %l : (!row, tensor<f32, #dyn.value<[]>>) -> tensor<?x?x1xi1, #dyn.value<[B, M, 1]>>
  %z = onnx.Where %e, %l, %w : (tensor<?x?x1xi1, #dyn.value<[B, M, 1]>>, tensor<f32, #dyn.value<[]>>, !s) -> !s
  %y = onnx.MatMul %z, %v : (!s, !v) -> !q
  return %y : !q
}

// CHECK-LABEL: func.func @weights_are_read_too
// CHECK: onnx.MatMul
// CHECK-NEXT: dyn.yield
// CHECK: onnx.Softmax
// CHECK-NEXT: dyn.yield
// CHECK: onnx.MatMul
func.func @weights_are_read_too(%q: !q, %k: !k, %v: !v) -> (!q, !s) {
  %p = onnx.MatMul %q, %k : (!q, !k) -> !s
  %w = onnx.Softmax %p : (!s) -> !s
  %y = onnx.MatMul %w, %v : (!s, !v) -> !q
  return %y, %w : !q, !s
}

// A reduction of something else than the other one reads.
// CHECK-LABEL: func.func @two_kinds_of_scores
// CHECK: onnx.MatMul
// CHECK-NEXT: dyn.yield
// CHECK: dyn.group
func.func @two_kinds_of_scores(%q: !q, %k: !k, %v: !v) -> !q {
  %axis = onnx.Constant dense<-1> : tensor<1xi64> -> tensor<1xi64, #dyn.value<[1]>>
  %p = onnx.MatMul %q, %k : (!q, !k) -> !s
  %t = onnx.Relu %p : (!s) -> !s
  %w = onnx.Softmax %t : (!s) -> !s
  %h = onnx.ReduceMax %p, %axis : (!s, tensor<1xi64, #dyn.value<[1]>>) -> !row
  %z = onnx.Mul %w, %h : (!s, !row) -> !s
  %y = onnx.MatMul %z, %v : (!s, !v) -> !q
  return %y : !q
}

// Along the queries, not along the keys.
// CHECK-LABEL: func.func @other_axis
// CHECK: onnx.MatMul
// CHECK-NEXT: dyn.yield
// CHECK: onnx.Softmax
// CHECK-NEXT: dyn.yield
func.func @other_axis(%q: !q, %k: !k, %v: !v) -> !q {
  %p = onnx.MatMul %q, %k : (!q, !k) -> !s
  %w = onnx.Softmax %p {axis = 1 : i64} : (!s) -> !s
  %y = onnx.MatMul %w, %v : (!s, !v) -> !q
  return %y : !q
}

// The values are a constant: its panels are read once for all rows.
// CHECK-LABEL: func.func @constant_values
// CHECK: onnx.Softmax
// CHECK-NEXT: dyn.yield
!k4 = tensor<?x8x4xf32, #dyn.value<[B, 8, 4]>>
!s4 = tensor<?x?x4xf32, #dyn.value<[B, M, 4]>>
!v4 = tensor<4x8xf32, #dyn.value<[4, 8]>>
func.func @constant_values(%q: !q, %k: !k4) -> !q {
  %v = onnx.Constant dense<1.0> : tensor<4x8xf32> -> !v4
  %p = onnx.MatMul %q, %k : (!q, !k4) -> !s4
  %w = onnx.Softmax %p : (!s4) -> !s4
  %y = onnx.MatMul %w, %v : (!s4, !v4) -> !q
  return %y : !q
}

// Heads are read and stored in the places that they have beside each other.
!q4 = tensor<?x?x2x8xf32, #dyn.value<[B, M, 2, 8]>>
!k4h = tensor<?x?x2x8xf32, #dyn.value<[B, N, 2, 8]>>
!qh = tensor<?x2x?x8xf32, #dyn.value<[B, 2, M, 8]>>
!kh = tensor<?x2x8x?xf32, #dyn.value<[B, 2, 8, N]>>
!vh = tensor<?x2x?x8xf32, #dyn.value<[B, 2, N, 8]>>
!sh = tensor<?x2x?x?xf32, #dyn.value<[B, 2, M, N]>>
// CHECK-LABEL: func.func @heads
// CHECK: dyn.group
// CHECK-NEXT: ^bb0
// CHECK-COUNT-3: onnx.Transpose
// CHECK: onnx.MatMul
// CHECK-NEXT: onnx.Softmax
// CHECK-NEXT: onnx.MatMul
// CHECK-NEXT: onnx.Transpose
// CHECK-NEXT: onnx.Neg
// CHECK-NOT: dyn.group
// CHECK: return
func.func @heads(%q: !q4, %k: !k4h, %v: !k4h) -> !q4 {
  %a = onnx.Transpose %q {perm = array<i64: 0, 2, 1, 3>} : (!q4) -> !qh
  %b = onnx.Transpose %k {perm = array<i64: 0, 2, 3, 1>} : (!k4h) -> !kh
  %c = onnx.Transpose %v {perm = array<i64: 0, 2, 1, 3>} : (!k4h) -> !vh
  %p = onnx.MatMul %a, %b : (!qh, !kh) -> !sh
  %w = onnx.Softmax %p : (!sh) -> !sh
  %y = onnx.MatMul %w, %c : (!sh, !vh) -> !qh
  %t = onnx.Transpose %y {perm = array<i64: 0, 2, 1, 3>} : (!qh) -> !q4
  %r = onnx.Neg %t : (!q4) -> !q4
  return %r : !q4
}

// Columns of queries, and a result by columns, are none of it.
!qc = tensor<?x8x?xf32, #dyn.value<[B, 8, M]>>
// CHECK-LABEL: func.func @columns
// CHECK: onnx.Transpose
// CHECK-NEXT: dyn.yield
// CHECK: onnx.MatMul
// CHECK: onnx.MatMul
// CHECK-NEXT: dyn.yield
// CHECK: onnx.Transpose
// CHECK-NEXT: dyn.yield
func.func @columns(%q: !qc, %k: !k, %v: !v) -> !qc {
  %a = onnx.Transpose %q {perm = array<i64: 0, 2, 1>} : (!qc) -> !q
  %p = onnx.MatMul %a, %k : (!q, !k) -> !s
  %w = onnx.Softmax %p : (!s) -> !s
  %y = onnx.MatMul %w, %v : (!s, !v) -> !q
  %t = onnx.Transpose %y {perm = array<i64: 0, 2, 1>} : (!q) -> !qc
  return %t : !qc
}

// Without a key there is nothing to keep.
!k0 = tensor<?x8x0xf32, #dyn.value<[B, 8, 0]>>
!v0 = tensor<?x0x8xf32, #dyn.value<[B, 0, 8]>>
!s0 = tensor<?x?x0xf32, #dyn.value<[B, M, 0]>>
// CHECK-LABEL: func.func @no_keys
// CHECK: onnx.MatMul
// CHECK-NEXT: dyn.yield
// CHECK: onnx.Softmax
// CHECK-NEXT: dyn.yield
// CHECK: onnx.MatMul
func.func @no_keys(%q: !q, %k: !k0, %v: !v0) -> !q {
  %p = onnx.MatMul %q, %k : (!q, !k0) -> !s0
  %w = onnx.Softmax %p : (!s0) -> !s0
  %y = onnx.MatMul %w, %v : (!s0, !v0) -> !q
  return %y : !q
}
