// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXINDEXING_TD
#define DYCC_DIALECTS_ONNX_ONNXINDEXING_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_CompressOp : Onnx_Op<"Compress", "EDO", [1], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Keeps the slices whose condition is true";
  let description = kind # [{

    * (C1) `axis` is in range.
    * (C2) `condition` has one axis.
  }];
  let arguments = (ins Onnx_ClassicBF16:$input, Onnx_Bool:$condition,
                       OptionalAttr<Onnx_IntAttr>:$axis);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_GatherOp : Onnx_Op<"Gather", "ISDOS", [], "OneToMany", [
    Pure, Onnx_OneElementType<"data and output", [0], [0]>]> {
  let summary =
      "Slices along an axis, picked by indices";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_ClassicBF16:$data, Onnx_I32I64:$indices,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_GatherElementsOp : Onnx_Op<"GatherElements", "ISDOS", [], "OneToMany",
                                    [
    Pure, Onnx_OneElementType<"data and output", [0], [0]>]> {
  let summary =
      "One element per index, along an axis";
  let description = kind # [{

    * (C1) `axis` is in range.
    * (C2) `indices` has the rank of `data`.
  }];
  let arguments = (ins Onnx_ClassicBF16:$data, Onnx_I32I64:$indices,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_GatherNDOp : Onnx_Op<"GatherND", "ISDOS", [], "OneToMany", [
    Pure, Onnx_OneElementType<"data and output", [0], [0]>]> {
  let summary =
      "Slices picked by index tuples";
  let description = kind # [{

    * (C1) `batch_dims` is not negative.
    * (C2) `data` and `indices` have more axes than that.
    * (C3) An index tuple is no longer than the other axes of `data`.
  }];
  let arguments = (ins Onnx_ClassicBF16:$data, Onnx_I64:$indices,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$batch_dims);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_NonMaxSuppressionOp : Onnx_Op<"NonMaxSuppression", "EDO",
                                       [0, 1, 2, 3, 4], "Opaque", [
    Pure, AttrSizedOperandSegments]> {
  let summary =
      "Best boxes of each class that do not overlap a better one";
  let arguments = (ins Onnx_F32:$boxes, Onnx_F32:$scores,
                       Optional<Onnx_I64>:$max_output_boxes_per_class,
                       Optional<Onnx_F32>:$iou_threshold,
                       Optional<Onnx_F32>:$score_threshold,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$center_point_box);
  let results = (outs Onnx_I64:$selected_indices);
}

def Onnx_NonZeroOp : Onnx_Op<"NonZero", "EDO", [0], "Opaque", [
    Pure]> {
  let summary =
      "Index tuples of the elements that are not zero";
  let arguments = (ins Onnx_ClassicBF16:$X);
  let results = (outs Onnx_I64:$Y);
}

def Onnx_OneHotOp : Onnx_Op<"OneHot", "ISVDOS", [1], "OneToMany", [
    Pure, Onnx_OneElementType<"values and output", [2], [0]>]> {
  let summary =
      "Adds an axis with one value at the index and another elsewhere";
  let arguments = (ins Onnx_IntF16F32F64:$indices, Onnx_IntF16F32F64:$depth,
                       Onnx_ClassicBF16:$values,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis);
  let results = (outs Onnx_ClassicBF16:$output);
}

def Onnx_ScatterOp : Onnx_Op<"Scatter", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"data, updates and output", [0, 2], [0]>]> {
  let summary =
      "Old name of ScatterElements without a reduction";
  let description = kind # [{

    * (C1) `axis` is in range.
    * (C2) `indices` has the rank of `data`.
    * (C3) `updates` has the rank of `data`.
  }];
  let arguments = (ins Onnx_Classic:$data, Onnx_I32I64:$indices,
                       Onnx_Classic:$updates,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis);
  let results = (outs Onnx_Classic:$output);
  let hasVerifier = 1;
}

def Onnx_ScatterElementsOp : Onnx_Op<"ScatterElements", "ISDOS", [], "OneToOne",
                                     [
    Pure, Onnx_OneElementType<"data, updates and output", [0, 2], [0]>]> {
  let summary =
      "Copy of a tensor with elements replaced or combined along an axis";
  let description = kind # [{

    * (C1) `axis` is in range.
    * (C2) `indices` has the rank of `data`.
    * (C3) `updates` has the rank of `data`.
    * (C4) `reduction` is none, add, mul, max or min.
  }];
  let arguments = (ins Onnx_ClassicBF16:$data, Onnx_I32I64:$indices,
                       Onnx_ClassicBF16:$updates,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis,
                       DefaultValuedAttr<StrAttr, "\"none\"">:$reduction);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_ScatterNDOp : Onnx_Op<"ScatterND", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"data, updates and output", [0, 2], [0]>]> {
  let summary =
      "Copy of a tensor with slices at index tuples replaced or combined";
  let description = kind # [{

    * (C1) `reduction` is none, add, mul, max or min.
    * (C2) `indices` is no scalar.
    * (C3) An index tuple is no longer than the axes of `data`.
  }];
  let arguments = (ins Onnx_ClassicBF16:$data, Onnx_I64:$indices,
                       Onnx_ClassicBF16:$updates,
                       DefaultValuedAttr<StrAttr, "\"none\"">:$reduction);
  let results = (outs Onnx_ClassicBF16:$output);
  let hasVerifier = 1;
}

def Onnx_TensorScatterOp : Onnx_Op<"TensorScatter", "ISDOS", [], "OneToOne", [
    Pure,
    Onnx_OneElementType<"past_cache, update and present_cache",
        [0, 1], [0]>]> {
  let summary =
      "Writes an update into a cache at per-batch positions";
  let arguments = (ins Onnx_ClassicFloat8BF16F8E8M0FNUF4E2M1FNI4UI4:$past_cache,
                       Onnx_ClassicFloat8BF16F8E8M0FNUF4E2M1FNI4UI4:$update,
                       Optional<Onnx_I64>:$write_indices,
                       DefaultValuedAttr<Onnx_IntAttr, "-2">:$axis,
                       DefaultValuedAttr<StrAttr, "\"linear\"">:$mode);
  let results = (outs
                      Onnx_ClassicFloat8BF16F8E8M0FNUF4E2M1FNI4UI4:$present_cache);
}

def Onnx_TopKOp : Onnx_Op<"TopK", "ISVDOS", [1], "Opaque", [
    Pure, Onnx_OneElementType<"X and Values", [0], [0]>]> {
  let summary =
      "Largest or smallest K elements along an axis and their positions";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Real:$X, Onnx_I64:$K,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$largest,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$sorted);
  let results = (outs Onnx_Real:$Values, Onnx_I64:$Indices);
  let hasVerifier = 1;
}

def Onnx_UniqueOp : Onnx_Op<"Unique", "EDO", [0], "Opaque", [
    Pure, AttrSizedResultSegments, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Distinct elements or slices, with positions and counts";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_ClassicBF16:$X, OptionalAttr<Onnx_IntAttr>:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$sorted);
  let results = (outs Onnx_ClassicBF16:$Y, Optional<Onnx_I64>:$indices,
                      Optional<Onnx_I64>:$inverse_indices,
                      Optional<Onnx_I64>:$counts);
  let hasVerifier = 1;
}

#endif // DYCC_DIALECTS_ONNX_ONNXINDEXING_TD
