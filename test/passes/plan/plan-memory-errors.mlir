// RUN: dycc-opt %s --dycc-plan-memory --verify-diagnostics

dyn.symbol @N in [0, 64]
dyn.symbol @open in [0, 2147483647] execution

// An operator that cannot take memory by itself needs a bound.
func.func @unbounded_result(%x: tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, open]>> {
  // expected-error@+1 {{operator 'draw' decides the size of a result, which nothing bounds; expects a bound on each extent of its inputs, declare one with --dim or a trip count}}
  %i = dyn.runtime "draw"(%x) defines [@open] : (tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, open]>>
  return %i : tensor<1x?xi64, #dyn.value<[1, open]>>
}
