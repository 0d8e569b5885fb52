// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXLAYOUT_TD
#define DYCC_DIALECTS_ONNX_ONNXLAYOUT_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_CenterCropPadOp : Onnx_Op<"CenterCropPad", "ISVDOS", [1], "OneToOne", [
    Pure, Onnx_OneElementType<"input_data and output_data", [0], [0]>]> {
  let summary =
      "Crops or pads axes around the centre to given extents";
  let arguments = (ins Onnx_ClassicBF16:$input_data, Onnx_I32I64:$shape,
                       OptionalAttr<DenseI64ArrayAttr>:$axes);
  let results = (outs Onnx_ClassicBF16:$output_data);
}

def Onnx_ConcatOp : Onnx_Op<"Concat", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"inputs and concat_result", [0], [0]>]> {
  let summary =
      "Joins tensors along an axis";
  let description = kind # [{

    * (C1) There is at least one operand.
    * (C2) `axis` is in range.
    * (C3) The operands have one rank.
    * (C4) Extents off the axis agree.
  }];
  let arguments = (ins Variadic<Onnx_ClassicBF16>:$inputs, Onnx_IntAttr:$axis);
  let results = (outs Onnx_ClassicBF16:$concat_result);
  let hasVerifier = 1;
}

def Onnx_DepthToSpaceOp : Onnx_Op<"DepthToSpace", "ISDOS", [], "Shuffle", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Moves blocks of channels into the two spatial axes";
  let description = kind # [{

    * (C1) `mode` is DCR or CRD.
    * (C2) `input` has four axes.
    * (C3) `blocksize` is positive.
    * (C4) Its square divides the channels.
  }];
  let arguments = (ins Onnx_ClassicBF16:$input, Onnx_IntAttr:$blocksize,
                       DefaultValuedAttr<StrAttr, "\"DCR\"">:$mode);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_ExpandOp : Onnx_Op<"Expand", "ISVDOS", [1], "OneToMany", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Broadcasts to a shape given as a tensor";
  let arguments = (ins Onnx_ClassicBF16:$input, Onnx_I64:$shape);
  let results = (outs Onnx_ClassicBF16:$output);
}

def Onnx_FlattenOp : Onnx_Op<"Flatten", "ISDOS", [], "Reorganize", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Joins the axes before and from `axis` into a matrix";
  let description = kind # [{

    * (C1) `axis` is in range or the rank.
  }];
  let arguments = (ins Onnx_Any:$input,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$axis);
  let results = (outs Onnx_Any:$output);
  let hasVerifier = 1;
}

def Onnx_PadOp : Onnx_Op<"Pad", "ISVDOS", [1, 3], "OneToOne", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"data, constant_value and output", [0, 2], [0]>]> {
  let summary =
      "Adds elements before and after each axis, or removes them";
  let arguments = (ins Onnx_Any:$data, Onnx_I64:$pads,
                       Optional<Onnx_Any>:$constant_value,
                       Optional<Onnx_I32I64>:$axes,
                       DefaultValuedAttr<StrAttr, "\"constant\"">:$mode);
  let results = (outs Onnx_Any:$output);
}

def Onnx_ReshapeOp : Onnx_Op<"Reshape", "ISVDOS", [1], "Reorganize", [
    Pure, Onnx_OneElementType<"data and reshaped", [0], [0]>]> {
  let summary =
      "Same elements with the extents given as a tensor";
  let arguments = (ins Onnx_Any:$data, Onnx_I64:$shape,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$allowzero);
  let results = (outs Onnx_Any:$reshaped);
}

def Onnx_ReverseSequenceOp : Onnx_Op<"ReverseSequence", "ISDOS", [], "Shuffle",
                                     [
    Pure, Onnx_OneElementType<"input and Y", [0], [0]>]> {
  let summary =
      "Reverses the leading part of each sequence of a batch";
  let description = kind # [{

    * (C1) `batch_axis` and `time_axis` are 0 and 1 in either order.
    * (C2) `input` has two axes or more.
  }];
  let arguments = (ins Onnx_ClassicBF16:$input, Onnx_I64:$sequence_lens,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$batch_axis,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$time_axis);
  let results = (outs Onnx_ClassicBF16:$Y);
  let hasVerifier = 1;
}

def Onnx_SliceOp : Onnx_Op<"Slice", "ISVDOS", [1, 2, 3, 4], "OneToOne", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"data and output", [0], [0]>,
    Onnx_OneElementType<"starts, ends, axes and steps", [1, 2, 3, 4], []>]> {
  let summary =
      "A strided box of a tensor";
  let arguments = (ins Onnx_ClassicBF16:$data, Onnx_I32I64:$starts,
                       Onnx_I32I64:$ends, Optional<Onnx_I32I64>:$axes,
                       Optional<Onnx_I32I64>:$steps);
  let results = (outs Onnx_ClassicBF16:$output);
}

def Onnx_SpaceToDepthOp : Onnx_Op<"SpaceToDepth", "ISDOS", [], "Shuffle", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Moves spatial blocks into the channel axis";
  let description = kind # [{

    * (C1) `mode` is DCR or CRD.
    * (C2) `input` has four axes.
    * (C3) `blocksize` is positive and divides the spatial extents.
  }];
  let arguments = (ins Onnx_ClassicBF16:$input, Onnx_IntAttr:$blocksize,
                       DefaultValuedAttr<StrAttr, "\"DCR\"">:$mode);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_SplitOp : Onnx_Op<"Split", "ISVDOS", [1], "OneToOne", [
    Pure, Onnx_OneElementType<"input and outputs", [0], [0]>]> {
  let summary =
      "Cuts a tensor into parts along an axis";
  let description = kind # [{

    * (C1) `axis` is in range.
    * (C2) `split` and `num_outputs` are not both there.
    * (C3) `num_outputs` is the number of results.
    * (C4) So is the extent of `split`.
  }];
  let arguments = (ins Onnx_ClassicBF16:$input, Optional<Onnx_I64>:$split,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis,
                       OptionalAttr<Onnx_IntAttr>:$num_outputs);
  let results = (outs Variadic<Onnx_ClassicBF16>:$outputs);
  let hasVerifier = 1;
}

def Onnx_SqueezeOp : Onnx_Op<"Squeeze", "ISVDOS", [1], "Reorganize", [
    Pure, Onnx_OneElementType<"data and squeezed", [0], [0]>]> {
  let summary =
      "Removes axes of extent one";
  let arguments = (ins Onnx_Any:$data, Optional<Onnx_I64>:$axes);
  let results = (outs Onnx_Any:$squeezed);
}

def Onnx_TileOp : Onnx_Op<"Tile", "ISVDOS", [1], "OneToMany", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Repeats a tensor along each axis";
  let arguments = (ins Onnx_ClassicBF16:$input, Onnx_I64:$repeats);
  let results = (outs Onnx_ClassicBF16:$output);
}

def Onnx_TransposeOp : Onnx_Op<"Transpose", "ISDOS", [], "Shuffle", [
    Pure, Onnx_OneElementType<"data and transposed", [0], [0]>]> {
  let summary =
      "Permutes the axes";
  let description = kind # [{

    * (C1) `perm` has an entry per axis.
    * (C2) `perm` is a permutation.
  }];
  let arguments = (ins Onnx_Any:$data, OptionalAttr<DenseI64ArrayAttr>:$perm);
  let results = (outs Onnx_Any:$transposed);
  let hasVerifier = 1;
}

def Onnx_TriluOp : Onnx_Op<"Trilu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Keeps the upper or lower triangle of matrices, zeroes the rest";
  let arguments = (ins Onnx_ClassicBF16:$input, Optional<Onnx_I64>:$k,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$upper);
  let results = (outs Onnx_ClassicBF16:$output);
}

def Onnx_UnsqueezeOp : Onnx_Op<"Unsqueeze", "ISVDOS", [1], "Reorganize", [
    Pure, Onnx_OneElementType<"data and expanded", [0], [0]>]> {
  let summary =
      "Inserts axes of extent one";
  let arguments = (ins Onnx_Any:$data, Onnx_I64:$axes);
  let results = (outs Onnx_Any:$expanded);
}

#endif // DYCC_DIALECTS_ONNX_ONNXLAYOUT_TD
