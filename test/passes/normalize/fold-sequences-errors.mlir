// RUN: dycc-opt %s --dycc-fold-sequences --split-input-file --verify-diagnostics

func.func @inserted_tensor_of_another_type(%s: !onnx.seq<tensor<*xf32>>, %x: tensor<?xi64>) -> tensor<*xi64> {
  // expected-error@+1 {{expects a tensor of 'f32', as its sequence has, got one of 'i64'}}
  %t = "onnx.SequenceInsert"(%s, %x) : (!onnx.seq<tensor<*xf32>>, tensor<?xi64>) -> !onnx.seq<tensor<*xf32>>
  %n = "onnx.SequenceLength"(%t) : (!onnx.seq<tensor<*xf32>>) -> tensor<*xi64>
  return %n : tensor<*xi64>
}
