// RUN: dycc-opt %s --dycc-pack-sequences --split-input-file --verify-diagnostics

func.func @axis_of_a_join(%s: !onnx.seq<tensor<?x3xf32>>) -> tensor<*xf32> {
  // expected-error@+1 {{expects axis in [-3, 2], got 3}}
  %y = "onnx.ConcatFromSequence"(%s) {axis = 3 : i64, new_axis = 1 : i64} : (!onnx.seq<tensor<?x3xf32>>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
