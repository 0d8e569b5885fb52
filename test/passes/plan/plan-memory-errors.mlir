// RUN: dycc-opt %s --dycc-plan-memory --verify-diagnostics

dyn.symbol @N in [0, 64]
dyn.symbol @open in [0, 2147483647] execution

func.func @unbounded_result(%x: tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, open]>> {
  // expected-error@+1 {{nothing bounds the size of a result; expects a bound on each extent, declare one with --dim or a trip count}}
  %i = dyn.runtime "non_zero"(%x) defines [@open] : (tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, open]>>
  return %i : tensor<1x?xi64, #dyn.value<[1, open]>>
}
