// RUN: dycc-opt %s --dycc-form-groups --dycc-canonicalize-groups | FileCheck %s

!t = tensor<?xf32, #dyn.value<[N]>>
!h = tensor<?xf32, #dyn.value<[2 * M + 1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @M in [0, 64]

// An extent that is a larger expression is one symbol inside, so both groups
// have the same kernel.
// CHECK-LABEL: func.func @equal_bodies_share_a_kernel
// CHECK: dyn.group(%arg0) symbols [N] kernel "[[K:relu_[0-9a-f]+]]"
// CHECK: onnx.Relu %{{.+}} : (tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>>
// CHECK: dyn.group(%arg1) symbols [2 * M + 1] kernel "[[K]]"
func.func @equal_bodies_share_a_kernel(%x: !t, %y: !h) -> (!t, !h) {
  %a = onnx.Relu %x : (!t) -> !t
  %b = onnx.Relu %y : (!h) -> !h
  return %a, %b : !t, !h
}

// CHECK-LABEL: func.func @other_body_has_another_kernel
// CHECK: kernel "exp_{{[0-9a-f]+}}"
func.func @other_body_has_another_kernel(%x: !t) -> !t {
  %a = onnx.Exp %x : (!t) -> !t
  return %a : !t
}

// The body needs M itself: it keeps its symbol.
// CHECK-LABEL: func.func @symbol_used_twice_stays
// CHECK: dyn.group(%arg0, %arg1) symbols [M] kernel
func.func @symbol_used_twice_stays(%x: tensor<?x?xf32, #dyn.value<[M, 2 * M]>>, %y: tensor<?xf32, #dyn.value<[2 * M]>>) -> tensor<?x?xf32, #dyn.value<[M, 2 * M]>> {
  %a = onnx.Add %x, %y : (tensor<?x?xf32, #dyn.value<[M, 2 * M]>>, tensor<?xf32, #dyn.value<[2 * M]>>) -> tensor<?x?xf32, #dyn.value<[M, 2 * M]>>
  return %a : tensor<?x?xf32, #dyn.value<[M, 2 * M]>>
}

// What bounds inference of kernels cannot follow is a symbol of its own, even
// where the body has its symbols otherwise; sums and quotients by constants
// stay what they are.
// CHECK-LABEL: func.func @opaque_parts_are_symbols
// CHECK: dyn.group(%arg0, %arg1) symbols [M, (M - 3) truncdiv 2] kernel
// CHECK-NEXT: ^bb0(%{{.+}}: tensor<?x?xf32, #dyn.value<[s0, s1 + 1]>>, %{{.+}}: tensor<?xf32, #dyn.value<[s1 + 1]>>)
!u = tensor<?x?xf32, #dyn.value<[M, (M - 3) truncdiv 2 + 1]>>
func.func @opaque_parts_are_symbols(%x: !u, %y: tensor<?xf32, #dyn.value<[(M - 3) truncdiv 2 + 1]>>) -> !u {
  %a = onnx.Add %x, %y : (!u, tensor<?xf32, #dyn.value<[(M - 3) truncdiv 2 + 1]>>) -> !u
  return %a : !u
}

// CHECK-LABEL: func.func @conditions_floats_and_nested_limits_are_symbols
// CHECK: dyn.group(%arg0) symbols [M, N, ite(lt(M, N), 1, N), to_int(f32_floor(f32_mul(to_f32(M), f32(3.0e-01)))), max(0, min(M, 2 * N) - 1), N floordiv M] kernel
// CHECK-NEXT: ^bb0(%{{.+}}: {{.+}}#dyn.value<[s0, s1, s2, s3, s4, s5, min(s0, s1)]>>)
!v = tensor<?x?x?x?x?x?x?xf32, #dyn.value<[M, N, ite(lt(M, N), 1, N), to_int(f32_floor(f32_mul(to_f32(M), f32(3.0e-01)))), max(0, min(M, 2 * N) - 1), N floordiv M, min(M, N)]>>
func.func @conditions_floats_and_nested_limits_are_symbols(%x: !v) -> !v {
  %a = onnx.Relu %x : (!v) -> !v
  return %a : !v
}
