// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXCONTAINER_TD
#define DYCC_DIALECTS_ONNX_ONNXCONTAINER_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_ConcatFromSequenceOp : Onnx_Op<"ConcatFromSequence", "Container", [],
      "Opaque", [
    Pure]> {
  let summary =
      "Joins or stacks the tensors of a sequence";
  let arguments = (ins Onnx_Seq:$input_sequence, Onnx_IntAttr:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$new_axis);
  let results = (outs Onnx_Classic:$concat_result);
}

def Onnx_OptionalOp : Onnx_Op<"Optional", "Container", [], "Opaque", [
    Pure]> {
  let summary =
      "An optional that holds the input, or nothing";
  let description = kind # [{

    * (C1) There is an input or a `type`.
    * (C2) The result holds what the input is.
  }];
  let arguments = (ins Optional<Onnx_AnyFloat6Seq>:$input,
                       OptionalAttr<TypeAttr>:$type);
  let results = (outs Onnx_Opt:$output);
  let hasVerifier = 1;
}

def Onnx_OptionalGetElementOp : Onnx_Op<"OptionalGetElement", "Container", [],
      "Opaque", [
    Pure]> {
  let summary =
      "The element of an optional that holds one";
  let arguments = (ins Onnx_AnyFloat6SeqOpt:$input);
  let results = (outs Onnx_AnyFloat6Seq:$output);
}

def Onnx_OptionalHasElementOp : Onnx_Op<"OptionalHasElement", "Container", [],
      "Opaque", [
    Pure]> {
  let summary =
      "Tells whether an optional holds an element";
  let arguments = (ins Optional<Onnx_AnyFloat6SeqOpt>:$input);
  let results = (outs Onnx_Bool:$output);
}

def Onnx_SequenceAtOp : Onnx_Op<"SequenceAt", "Container", [1], "Opaque", [
    Pure]> {
  let summary =
      "The tensor at a position of a sequence";
  let arguments = (ins Onnx_Seq:$input_sequence, Onnx_I32I64:$position);
  let results = (outs Onnx_Classic:$tensor);
}

def Onnx_SequenceConstructOp : Onnx_Op<"SequenceConstruct", "Container", [],
                                       "Opaque", [
    Pure, Onnx_OneElementType<"inputs", [0], []>]> {
  let summary =
      "A sequence of the given tensors";
  let arguments = (ins Variadic<Onnx_Classic>:$inputs);
  let results = (outs Onnx_Seq:$output_sequence);
}

def Onnx_SequenceEmptyOp : Onnx_Op<"SequenceEmpty", "Container", [], "Opaque", [
    Pure]> {
  let summary =
      "A sequence without elements";
  let arguments = (ins OptionalAttr<Onnx_IntAttr>:$dtype);
  let results = (outs Onnx_Seq:$output);
}

def Onnx_SequenceEraseOp : Onnx_Op<"SequenceErase", "Container", [1], "Opaque",
                                   [
    Pure]> {
  let summary =
      "A sequence without the element at a position";
  let arguments = (ins Onnx_Seq:$input_sequence,
                       Optional<Onnx_I32I64>:$position);
  let results = (outs Onnx_Seq:$output_sequence);
}

def Onnx_SequenceInsertOp : Onnx_Op<"SequenceInsert", "Container", [2],
                                    "Opaque", [
    Pure]> {
  let summary =
      "A sequence with a tensor inserted at a position";
  let arguments = (ins Onnx_Seq:$input_sequence, Onnx_Classic:$tensor,
                       Optional<Onnx_I32I64>:$position);
  let results = (outs Onnx_Seq:$output_sequence);
}

def Onnx_SequenceLengthOp : Onnx_Op<"SequenceLength", "Container", [], "Opaque",
                                    [
    Pure]> {
  let summary =
      "The number of tensors of a sequence";
  let arguments = (ins Onnx_Seq:$input_sequence);
  let results = (outs Onnx_I64:$length);
}

def Onnx_SplitToSequenceOp : Onnx_Op<"SplitToSequence", "Container", [1],
                                     "Opaque", [
    Pure]> {
  let summary =
      "Cuts a tensor along an axis into a sequence";
  let arguments = (ins Onnx_ClassicBF16:$input, Optional<Onnx_I32I64>:$split,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims);
  let results = (outs Onnx_Seq:$output_sequence);
}

#endif // DYCC_DIALECTS_ONNX_ONNXCONTAINER_TD
