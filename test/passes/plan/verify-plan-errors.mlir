// RUN: dycc-opt %s --dycc-verify-plan --verify-diagnostics

!t = tensor<?xf32, #dyn.value<[N]>>
func.func @value_without_a_place(%x: !t) -> !t {
  // expected-error@+1 {{expects a place for each of 1 results after the plan stage}}
  %r = dyn.view %x : !t -> !t
  return %r : !t
}
