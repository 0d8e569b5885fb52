// RUN: dycc-opt %s --dycc-form-groups --dycc-outline-kernels --split-input-file | FileCheck %s

!t = tensor<?xf32, #dyn.value<[N]>>
!h = tensor<?xf32, #dyn.value<[2 * M + 1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]

// An extent that is a larger expression is one symbol inside, so both groups
// have the same kernel. What it says of the symbol holds at both launches.
// CHECK: dyn.kernel @[[$K:relu_[0-9a-f]+]](%{{.+}}: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [0, 129]] {
// CHECK-NEXT: onnx.Relu %{{.+}} : (tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>>
// CHECK-NOT: dyn.kernel
// CHECK-LABEL: func.func @equal_bodies_share_a_kernel
// CHECK: dyn.launch @[[$K]](%arg0) symbols [N] :
// CHECK: dyn.launch @[[$K]](%arg1) symbols [2 * M + 1] :
func.func @equal_bodies_share_a_kernel(%x: !t, %y: !h) -> (!t, !h) {
  %a = onnx.Relu %x : (!t) -> !t
  %b = onnx.Relu %y : (!h) -> !h
  return %a, %b : !t, !h
}

// CHECK: dyn.kernel @[[$K:exp_[0-9a-f]+]](
// CHECK-LABEL: func.func @other_body_has_another_kernel
// CHECK: dyn.launch @[[$K]](
func.func @other_body_has_another_kernel(%x: !t) -> !t {
  %a = onnx.Exp %x : (!t) -> !t
  return %a : !t
}

// The body needs M itself: it keeps its symbol.
// CHECK-LABEL: func.func @symbol_used_twice_stays
// CHECK: dyn.launch @{{.+}}(%arg0, %arg1) symbols [M] :
func.func @symbol_used_twice_stays(%x: tensor<?x?xf32, #dyn.value<[M, 2 * M]>>, %y: tensor<?xf32, #dyn.value<[2 * M]>>) -> tensor<?x?xf32, #dyn.value<[M, 2 * M]>> {
  %a = onnx.Add %x, %y : (tensor<?x?xf32, #dyn.value<[M, 2 * M]>>, tensor<?xf32, #dyn.value<[2 * M]>>) -> tensor<?x?xf32, #dyn.value<[M, 2 * M]>>
  return %a : tensor<?x?xf32, #dyn.value<[M, 2 * M]>>
}

// What bounds inference of kernels cannot follow is a symbol of its own, even
// where the body has its symbols otherwise; sums and quotients by constants
// stay what they are.
// CHECK: dyn.kernel @{{.+}}(%{{.+}}: tensor<?x?xf32, #dyn.value<[s0, s1 + 1]>>, %{{.+}}: tensor<?xf32, #dyn.value<[s1 + 1]>>)
// CHECK-LABEL: func.func @opaque_parts_are_symbols
// CHECK: dyn.launch @{{.+}}(%arg0, %arg1) symbols [M, (M - 3) truncdiv 2] :
!u = tensor<?x?xf32, #dyn.value<[M, (M - 3) truncdiv 2 + 1]>>
func.func @opaque_parts_are_symbols(%x: !u, %y: tensor<?xf32, #dyn.value<[(M - 3) truncdiv 2 + 1]>>) -> !u {
  %a = onnx.Add %x, %y : (!u, tensor<?xf32, #dyn.value<[(M - 3) truncdiv 2 + 1]>>) -> !u
  return %a : !u
}

// CHECK: dyn.kernel @{{.+}}(%{{.+}}: {{.+}}#dyn.value<[s0, s1, s2, s3, s4, s5, min(s0, s1)]>>)
// CHECK-LABEL: func.func @conditions_floats_and_nested_limits_are_symbols
// CHECK: dyn.launch @{{.+}}(%arg0) symbols [M, N, ite(lt(M, N), 1, N), to_int(f32_floor(f32_mul(to_f32(M), f32(3.0e-01)))), max(0, min(M, 2 * N) - 1), N floordiv M] :
!v = tensor<?x?x?x?x?x?x?xf32, #dyn.value<[M, N, ite(lt(M, N), 1, N), to_int(f32_floor(f32_mul(to_f32(M), f32(3.0e-01)))), max(0, min(M, 2 * N) - 1), N floordiv M, min(M, N)]>>
func.func @conditions_floats_and_nested_limits_are_symbols(%x: !v) -> !v {
  %a = onnx.Relu %x : (!v) -> !v
  return %a : !v
}

// -----

!a = tensor<?x?xf32, #dyn.value<[H, W]>>
!b = tensor<?x?xf32, #dyn.value<[6 * N, P]>>
dyn.symbol @H in [16, 64] multiple 4
dyn.symbol @W in [0, 8] multiple 8
dyn.symbol @N in [1, 4]
dyn.symbol @P in [0, 9223372036854775807]

// The range around those of both launches, the divisor that both have.
// CHECK: dyn.kernel @[[$K:relu_[0-9a-f]+]]
// CHECK-SAME: symbols [s0 in [6, 64] multiple 2, s1 in [0, *]] {
// CHECK-LABEL: func.func @facts_hold_at_every_launch
// CHECK: dyn.launch @[[$K]](%arg0) symbols [H, W] :
// CHECK: dyn.launch @[[$K]](%arg1) symbols [6 * N, P] :
func.func @facts_hold_at_every_launch(%x: !a, %y: !b) -> (!a, !b) {
  %a = onnx.Relu %x : (!a) -> !a
  %b = onnx.Relu %y : (!b) -> !b
  return %a, %b : !a, !b
}

// -----

!a = tensor<?xf32, #dyn.value<[N]>>
!s = tensor<1xf32, #dyn.value<[1]>>
dyn.symbol @N in [0, 64]

// Kernels of several functions and of regions; one of constants has no symbols.
// CHECK: dyn.kernel @[[$R:relu_[0-9a-f]+]](
// CHECK: func.func @one
// CHECK: dyn.if
// CHECK: dyn.launch @[[$R]](%arg0) symbols [N] :
// CHECK: dyn.kernel @[[$S:relu_[0-9a-f]+]](%{{.+}}: tensor<1xf32, #dyn.value<[1]>>) -> tensor<1xf32, #dyn.value<[1]>> {
// CHECK: func.func @two
// CHECK: dyn.launch @[[$S]](%arg0) : (tensor<1xf32,
// CHECK: dyn.launch @[[$R]](%arg1) symbols [N] :
func.func @one(%x: !a) -> !a {
  %r = dyn.if when [lt(N, 3)] -> !a then {
    %a = onnx.Relu %x : (!a) -> !a
    dyn.yield %a : !a
  } else {
    dyn.yield %x : !a
  }
  return %r : !a
}
func.func @two(%s: !s, %x: !a) -> (!s, !a) {
  %b = onnx.Relu %s : (!s) -> !s
  %a = onnx.Relu %x : (!a) -> !a
  return %b, %a : !s, !a
}

// -----

// A symbol of the model may be called as anything.
!q = tensor<?x?xf32, #dyn.value<["'0", "''a"]>>
dyn.symbol @"'0" in [0, 64]
dyn.symbol @"''a" in [0, 64]

// CHECK: dyn.kernel @{{.+}}(%{{.+}}: tensor<?x?xf32, #dyn.value<[s0, s1]>>)
// CHECK-LABEL: func.func @quotes_in_names
// CHECK: dyn.launch @{{.+}}(%arg0) symbols ["'0", "''a"] :
func.func @quotes_in_names(%x: !q) -> !q {
  %a = onnx.Relu %x : (!q) -> !q
  return %a : !q
}

// -----

// What a result has room for is a symbol of the kernel, too.
!n = tensor<2x?x4xf32, #dyn.value<[2, N, 4]>>
!m = tensor<2x?x4xf32, #dyn.value<[2, M, 4]>>
!rn = tensor<2x?x4xf32, #dyn.value<[2, N, 4], room<1, C>>>
!rm = tensor<2x?x4xf32, #dyn.value<[2, M, 4], room<1, D>>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]
dyn.symbol @C in [0, 70] execution
dyn.symbol @D in [0, 80] execution

// CHECK: dyn.kernel @[[$K:copy_[0-9a-f]+]](%{{.+}}: tensor<2x?x4xf32, #dyn.value<[2, s0, 4]>>) -> tensor<2x?x4xf32, #dyn.value<[2, s0, 4], room<1, s1>>> symbols [s0 in [0, 64], s1 in [0, 80]] {
// CHECK-NOT: dyn.kernel
// CHECK-LABEL: func.func @room
// CHECK: dyn.launch @[[$K]](%arg0) symbols [N, C] :
// CHECK: dyn.launch @[[$K]](%arg1) symbols [M, D] :
func.func @room(%x: !n, %y: !m) -> (!rn, !rm) {
  %a = dyn.group(%x) : (!n) -> !rn {
  ^bb0(%i: !n):
    dyn.yield %i : !n
  }
  %b = dyn.group(%y) : (!m) -> !rm {
  ^bb0(%i: !m):
    dyn.yield %i : !m
  }
  return %a, %b : !rn, !rm
}
