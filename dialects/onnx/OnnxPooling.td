// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXPOOLING_TD
#define DYCC_DIALECTS_ONNX_ONNXPOOLING_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_AveragePoolOp : Onnx_Op<"AveragePool", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Average over a sliding window";
  let description = kind # [{

    * (C1) `auto_pad` is NOTSET, SAME_UPPER, SAME_LOWER or VALID.
    * (C2) `X` has three axes or more.
    * (C3) Window attributes have an entry (`pads` two) per spatial axis, in range.
  }];
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<StrAttr, "\"NOTSET\"">:$auto_pad,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$ceil_mode,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$count_include_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DenseI64ArrayAttr:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_Col2ImOp : Onnx_Op<"Col2Im", "ISVDOS", [1, 2], "ManyToMany", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Sums columns of sliding blocks back into an image";
  let arguments = (ins Onnx_ClassicBF16:$input, Onnx_I64:$image_shape,
                       Onnx_I64:$block_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_ClassicBF16:$output);
}

def Onnx_GlobalAveragePoolOp : Onnx_Op<"GlobalAveragePool", "ISDOS", [],
                                       "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Average over all spatial axes";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_GlobalLpPoolOp : Onnx_Op<"GlobalLpPool", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Lp norm over all spatial axes";
  let arguments = (ins Onnx_Float:$X, DefaultValuedAttr<Onnx_IntAttr, "2">:$p);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_GlobalMaxPoolOp : Onnx_Op<"GlobalMaxPool", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Largest element over all spatial axes";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_LpPoolOp : Onnx_Op<"LpPool", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Lp norm over a sliding window";
  let description = kind # [{

    * (C1) `auto_pad` is NOTSET, SAME_UPPER, SAME_LOWER or VALID.
    * (C2) `X` has three axes or more.
    * (C3) Window attributes have an entry (`pads` two) per spatial axis, in range.
  }];
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<StrAttr, "\"NOTSET\"">:$auto_pad,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$ceil_mode,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DenseI64ArrayAttr:$kernel_shape,
                       DefaultValuedAttr<Onnx_IntAttr, "2">:$p,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_MaxPoolOp : Onnx_Op<"MaxPool", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Largest element of a sliding window, and where it was";
  let description = kind # [{

    * (C1) `auto_pad` is NOTSET, SAME_UPPER, SAME_LOWER or VALID.
    * (C2) `X` has three axes or more.
    * (C3) Window attributes have an entry (`pads` two) per spatial axis, in range.
    * (C4) `storage_order` is 0 or 1.
  }];
  let arguments = (ins Onnx_FloatI8UI8:$X,
                       DefaultValuedAttr<StrAttr, "\"NOTSET\"">:$auto_pad,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$ceil_mode,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DenseI64ArrayAttr:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$storage_order,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_FloatI8UI8:$Y, Optional<Onnx_I64>:$Indices);
  let hasVerifier = 1;
}

def Onnx_MaxRoiPoolOp : Onnx_Op<"MaxRoiPool", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X, rois and Y", [0, 1], [0]>]> {
  let summary =
      "Largest element in each cell of regions of interest";
  let description = kind # [{

    * (C1) `pooled_shape` holds two positive extents.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$rois,
                       DenseI64ArrayAttr:$pooled_shape,
                       DefaultValuedAttr<F32Attr, "1.0f">:$spatial_scale);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_MaxUnpoolOp : Onnx_Op<"MaxUnpool", "ISVDOS", [2], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and output", [0], [0]>]> {
  let summary =
      "Puts pooled elements back where they came from, zeroes elsewhere";
  let description = kind # [{

    * (C1) `X` has three axes or more.
    * (C2) Window attributes have an entry (`pads` two) per spatial axis, in range.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_I64:$I,
                       Optional<Onnx_I64>:$output_shape,
                       DenseI64ArrayAttr:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_Float:$output);
  let hasVerifier = 1;
}

def Onnx_RoiAlignOp : Onnx_Op<"RoiAlign", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X, rois and Y", [0, 1], [0]>]> {
  let summary =
      "Interpolated samples of regions of interest, averaged or maximised "
      "per cell";
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$rois, Onnx_I64:$batch_indices,
                       DefaultValuedAttr<StrAttr, "\"half_pixel\"">:$coordinate_transformation_mode,
                       DefaultValuedAttr<StrAttr, "\"avg\"">:$mode,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$output_height,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$output_width,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$sampling_ratio,
                       DefaultValuedAttr<F32Attr, "1.0f">:$spatial_scale);
  let results = (outs Onnx_Float:$Y);
}

#endif // DYCC_DIALECTS_ONNX_ONNXPOOLING_TD
