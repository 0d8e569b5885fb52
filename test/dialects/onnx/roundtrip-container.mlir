// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @container
// CHECK-SAME: %[[SEQ:[a-z0-9]+]]: !onnx.seq<tensor<*xf32>>
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[OPT:[a-z0-9]+]]: !onnx.opt<tensor<*xf32>>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @container(%seq: !onnx.seq<tensor<*xf32>>, %f: tensor<*xf32>, %opt:
    !onnx.opt<tensor<*xf32>>, %i: tensor<*xi64>) {
  // CHECK: onnx.ConcatFromSequence %[[SEQ]] {axis = 1 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  %concatFromSequence = onnx.ConcatFromSequence %seq {axis = 1 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  // CHECK: onnx.Optional %[[F]] {type = tensor<*xf32>} : (tensor<*xf32>) -> !onnx.opt<tensor<*xf32>>
  %optional = onnx.Optional %f {type = tensor<*xf32>} : (tensor<*xf32>) -> !onnx.opt<tensor<*xf32>>
  // CHECK: onnx.OptionalGetElement %[[OPT]] : (!onnx.opt<tensor<*xf32>>) -> tensor<*xf32>
  %optionalGetElement = onnx.OptionalGetElement %opt : (!onnx.opt<tensor<*xf32>>) -> tensor<*xf32>
  // CHECK: onnx.OptionalHasElement %[[OPT]] : (!onnx.opt<tensor<*xf32>>) -> tensor<*xi1>
  %optionalHasElement = onnx.OptionalHasElement %opt : (!onnx.opt<tensor<*xf32>>) -> tensor<*xi1>
  // CHECK: onnx.SequenceAt %[[SEQ]], %[[I]] : (!onnx.seq<tensor<*xf32>>, tensor<*xi64>) -> tensor<*xf32>
  %sequenceAt = onnx.SequenceAt %seq, %i : (!onnx.seq<tensor<*xf32>>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.SequenceConstruct %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  %sequenceConstruct = onnx.SequenceConstruct %f, %f : (tensor<*xf32>, tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  // CHECK: onnx.SequenceEmpty : () -> !onnx.seq<tensor<*xf32>>
  %sequenceEmpty = onnx.SequenceEmpty : () -> !onnx.seq<tensor<*xf32>>
  // CHECK: onnx.SequenceErase %[[SEQ]], %[[I]] : (!onnx.seq<tensor<*xf32>>, tensor<*xi64>) -> !onnx.seq<tensor<*xf32>>
  %sequenceErase = onnx.SequenceErase %seq, %i : (!onnx.seq<tensor<*xf32>>, tensor<*xi64>) -> !onnx.seq<tensor<*xf32>>
  // CHECK: onnx.SequenceInsert %[[SEQ]], %[[F]], %[[I]] : (!onnx.seq<tensor<*xf32>>, tensor<*xf32>, tensor<*xi64>) -> !onnx.seq<tensor<*xf32>>
  %sequenceInsert = onnx.SequenceInsert %seq, %f, %i : (!onnx.seq<tensor<*xf32>>, tensor<*xf32>, tensor<*xi64>) -> !onnx.seq<tensor<*xf32>>
  // CHECK: onnx.SequenceLength %[[SEQ]] : (!onnx.seq<tensor<*xf32>>) -> tensor<*xi64>
  %sequenceLength = onnx.SequenceLength %seq : (!onnx.seq<tensor<*xf32>>) -> tensor<*xi64>
  // CHECK: onnx.SplitToSequence %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> !onnx.seq<tensor<*xf32>>
  %splitToSequence = onnx.SplitToSequence %f, %i : (tensor<*xf32>, tensor<*xi64>) -> !onnx.seq<tensor<*xf32>>
  return
}
