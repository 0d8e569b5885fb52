// RUN: dycc-opt %s --dycc-verify-fuse --split-input-file --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @operator_outside_a_group(%x: !t) -> !t {
  // expected-error@+1 {{operator 'Relu' has no kernel: expects a launch, a runtime operator or control flow after the fuse stage}}
  %r = onnx.Relu %x : (!t) -> !t
  return %r : !t
}

// -----

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @group_without_a_launch(%x: !t) -> !t {
  // expected-error@+1 {{expects a launch of a kernel after the fuse stage, got a group}}
  %r = dyn.group(%x) : (!t) -> !t {
  ^bb0(%a: !t):
    dyn.yield %a : !t
  }
  return %r : !t
}
