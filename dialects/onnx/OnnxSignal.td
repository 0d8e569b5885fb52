// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXSIGNAL_TD
#define DYCC_DIALECTS_ONNX_ONNXSIGNAL_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_AffineGridOp : Onnx_Op<"AffineGrid", "ISVDOS", [1], "OneToMany", [
    Pure, Onnx_OneElementType<"theta and grid", [0], [0]>]> {
  let summary =
      "Sampling positions of an affine map";
  let arguments = (ins Onnx_Float:$theta, Onnx_I64:$size,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$align_corners);
  let results = (outs Onnx_Float:$grid);
}

def Onnx_BlackmanWindowOp : Onnx_Op<"BlackmanWindow", "ISVDOS", [0], "OneToOne",
                                    [
    Pure]> {
  let summary =
      "Blackman window of the given length";
  let arguments = (ins Onnx_I32I64:$size,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$output_datatype,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$periodic);
  let results = (outs Onnx_Real:$output);
}

def Onnx_DFTOp : Onnx_Op<"DFT", "ISVDOS", [1, 2], "ManyToMany", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Discrete Fourier transform along an axis";
  let arguments = (ins Onnx_Float:$input, Optional<Onnx_I32I64>:$dft_length,
                       Optional<Onnx_I64>:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$inverse,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$onesided);
  let results = (outs Onnx_Float:$output);
}

def Onnx_GridSampleOp : Onnx_Op<"GridSample", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Interpolates an image at the positions of a grid";
  let arguments = (ins Onnx_ClassicBF16:$X, Onnx_Float:$grid,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$align_corners,
                       DefaultValuedAttr<StrAttr, "\"linear\"">:$mode,
                       DefaultValuedAttr<StrAttr, "\"zeros\"">:$padding_mode);
  let results = (outs Onnx_ClassicBF16:$Y);
}

def Onnx_HammingWindowOp : Onnx_Op<"HammingWindow", "ISVDOS", [0], "OneToOne", [
    Pure]> {
  let summary =
      "Hamming window of the given length";
  let arguments = (ins Onnx_I32I64:$size,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$output_datatype,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$periodic);
  let results = (outs Onnx_Real:$output);
}

def Onnx_HannWindowOp : Onnx_Op<"HannWindow", "ISVDOS", [0], "OneToOne", [
    Pure]> {
  let summary =
      "Hann window of the given length";
  let arguments = (ins Onnx_I32I64:$size,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$output_datatype,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$periodic);
  let results = (outs Onnx_Real:$output);
}

def Onnx_ImageDecoderOp : Onnx_Op<"ImageDecoder", "EDO", [0], "Opaque", [
    Pure]> {
  let summary =
      "Pixels of an image file held in a byte tensor";
  let arguments = (ins Onnx_UI8:$encoded_stream,
                       DefaultValuedAttr<StrAttr, "\"RGB\"">:$pixel_format);
  let results = (outs Onnx_UI8:$image);
}

def Onnx_MelWeightMatrixOp : Onnx_Op<"MelWeightMatrix", "ISVDOS", [0, 1],
                                     "OneToOne", [
    Pure,
    Onnx_OneElementType<"num_mel_bins, dft_length and sample_rate",
        [0, 1, 2], []>,
    Onnx_OneElementType<"lower_edge_hertz and upper_edge_hertz",
        [3, 4], []>]> {
  let summary =
      "Matrix from a linear spectrum to the mel scale";
  let arguments = (ins Onnx_I32I64:$num_mel_bins, Onnx_I32I64:$dft_length,
                       Onnx_I32I64:$sample_rate, Onnx_Float:$lower_edge_hertz,
                       Onnx_Float:$upper_edge_hertz,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$output_datatype);
  let results = (outs Onnx_Real:$output);
}

def Onnx_ResizeOp : Onnx_Op<"Resize", "ISVDOS", [1, 2, 3], "OneToMany", [
    Pure, AttrSizedOperandSegments, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Interpolates to new extents, by scales or sizes";
  let arguments = (ins Onnx_ClassicBF16:$X, Optional<Onnx_F16F32F64>:$roi,
                       Optional<Onnx_F32>:$scales, Optional<Onnx_I64>:$sizes,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$antialias,
                       OptionalAttr<DenseI64ArrayAttr>:$axes,
                       DefaultValuedAttr<StrAttr, "\"half_pixel\"">:$coordinate_transformation_mode,
                       DefaultValuedAttr<F32Attr, "-0.75f">:$cubic_coeff_a,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$exclude_outside,
                       DefaultValuedAttr<F32Attr, "0.0f">:$extrapolation_value,
                       DefaultValuedAttr<StrAttr, "\"stretch\"">:$keep_aspect_ratio_policy,
                       DefaultValuedAttr<StrAttr, "\"nearest\"">:$mode,
                       DefaultValuedAttr<StrAttr, "\"round_prefer_floor\"">:$nearest_mode);
  let results = (outs Onnx_ClassicBF16:$Y);
}

def Onnx_STFTOp : Onnx_Op<"STFT", "ISVDOS", [1, 3], "ManyToMany", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"signal, window and output", [0, 2], [0]>,
    Onnx_OneElementType<"frame_step and frame_length", [1, 3], []>]> {
  let summary =
      "Fourier transforms of overlapping frames of a signal";
  let arguments = (ins Onnx_Float:$signal, Onnx_I32I64:$frame_step,
                       Optional<Onnx_Float>:$window,
                       Optional<Onnx_I32I64>:$frame_length,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$onesided);
  let results = (outs Onnx_Float:$output);
}

def Onnx_UpsampleOp : Onnx_Op<"Upsample", "ISVDOS", [1], "OneToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Old name of Resize by scales";
  let arguments = (ins Onnx_Classic:$X, Onnx_F32:$scales,
                       DefaultValuedAttr<StrAttr, "\"nearest\"">:$mode);
  let results = (outs Onnx_Classic:$Y);
}

#endif // DYCC_DIALECTS_ONNX_ONNXSIGNAL_TD
