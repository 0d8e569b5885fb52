// RUN: dycc-opt %s --dycc-verify-fuse --split-input-file --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @operator_outside_a_group(%x: !t) -> !t {
  // expected-error@+1 {{operator 'Relu' has no kernel: expects a group, a runtime operator or control flow after the fuse stage}}
  %r = onnx.Relu %x : (!t) -> !t
  return %r : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @group_without_kernel(%x: !t) -> !t {
  // expected-error@+1 {{expects the group to have a kernel after the fuse stage}}
  %r = dyn.group(%x) : (!t) -> !t {
  ^bb0(%a: !t):
    dyn.yield %a : !t
  }
  return %r : !t
}
