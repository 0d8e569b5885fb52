// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXQUANTIZE_TD
#define DYCC_DIALECTS_ONNX_ONNXQUANTIZE_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_DequantizeLinearOp : Onnx_Op<"DequantizeLinear", "ISDOS", [],
                                      "OneToOne", [
    Pure, Onnx_OneElementType<"x and x_zero_point", [0, 2], []>]> {
  let summary =
      "Real numbers from quantised ones by scale and zero point";
  let arguments = (ins Onnx_Float8Float6I8I16I32UI8UI16F4E2M1FNI4UI4I2UI2:$x,
                       Onnx_F16BF16F32F8E8M0FNU:$x_scale,
                       Optional<Onnx_Float8Float6I8I16I32UI8UI16F4E2M1FNI4UI4I2UI2>:$x_zero_point,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$block_size,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$output_dtype);
  let results = (outs Onnx_F16BF16F32:$y);
}

def Onnx_DynamicQuantizeLinearOp : Onnx_Op<"DynamicQuantizeLinear", "ISDOS", [],
      "ManyToMany", [
    Pure]> {
  let summary =
      "Quantises to eight bits with a scale from the input's own range";
  let arguments = (ins Onnx_F32:$x);
  let results = (outs Onnx_UI8:$y, Onnx_F32:$y_scale, Onnx_UI8:$y_zero_point);
}

def Onnx_QuantizeLinearOp : Onnx_Op<"QuantizeLinear", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"y_zero_point and y", [2], [0]>]> {
  let summary =
      "Quantised numbers from real ones by scale and zero point";
  let arguments = (ins Onnx_F16BF16F32I32:$x,
                       Onnx_F16BF16F32I32F8E8M0FNU:$y_scale,
                       Optional<Onnx_Float8Float6I8I16UI8UI16F4E2M1FNI4UI4I2UI2>:$y_zero_point,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$block_size,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$output_dtype,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$precision,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$saturate);
  let results = (outs Onnx_Float8Float6I8I16UI8UI16F4E2M1FNI4UI4I2UI2:$y);
}

def Onnx_ConvIntegerOp : Onnx_Op<"ConvInteger", "ISDOS", [], "ManyToMany", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"x and x_zero_point", [0, 2], []>,
    Onnx_OneElementType<"w and w_zero_point", [1, 3], []>]> {
  let summary =
      "Convolution of eight-bit integers into 32-bit sums";
  let description = kind # [{

    * (C1) `auto_pad` is NOTSET, SAME_UPPER, SAME_LOWER or VALID.
    * (C2) `X` has three axes or more.
    * (C3) Window attributes have an entry (`pads` two) per spatial axis, in range.
    * (C4) `W` has the rank of `X`.
    * (C5) `kernel_shape` holds the spatial extents of `W`.
    * (C6) `group` is positive and divides the output channels.
    * (C7) `X` has `group` times as many channels as `W`.
  }];
  let arguments = (ins Onnx_I8UI8:$x, Onnx_I8UI8:$w,
                       Optional<Onnx_I8UI8>:$x_zero_point,
                       Optional<Onnx_I8UI8>:$w_zero_point,
                       DefaultValuedAttr<StrAttr, "\"NOTSET\"">:$auto_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$group,
                       OptionalAttr<DenseI64ArrayAttr>:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_I32:$y);
  let hasVerifier = 1;
}

def Onnx_MatMulIntegerOp : Onnx_Op<"MatMulInteger", "ISDOS", [], "ManyToMany", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"A and a_zero_point", [0, 2], []>,
    Onnx_OneElementType<"B and b_zero_point", [1, 3], []>]> {
  let summary =
      "Matrix product of eight-bit integers into 32-bit sums";
  let description = kind # [{

    * (C1) No operand is a scalar.
    * (C2) The contracted extents agree.
  }];
  let arguments = (ins Onnx_I8UI8:$A, Onnx_I8UI8:$B,
                       Optional<Onnx_I8UI8>:$a_zero_point,
                       Optional<Onnx_I8UI8>:$b_zero_point);
  let results = (outs Onnx_I32:$Y);
  let hasVerifier = 1;
}

def Onnx_QLinearConvOp : Onnx_Op<"QLinearConv", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"x and x_zero_point", [0, 2], []>,
    Onnx_OneElementType<"w and w_zero_point", [3, 5], []>,
    Onnx_OneElementType<"y_zero_point and y", [7], [0]>]> {
  let summary =
      "Convolution from quantised to quantised numbers";
  let description = kind # [{

    * (C1) `auto_pad` is NOTSET, SAME_UPPER, SAME_LOWER or VALID.
    * (C2) `X` has three axes or more.
    * (C3) Window attributes have an entry (`pads` two) per spatial axis, in range.
    * (C4) `W` has the rank of `X`.
    * (C5) `kernel_shape` holds the spatial extents of `W`.
    * (C6) `group` is positive and divides the output channels.
    * (C7) `X` has `group` times as many channels as `W`.
    * (C8) `B` has an element per output channel.
  }];
  let arguments = (ins Onnx_I8UI8:$x, Onnx_F32:$x_scale,
                       Onnx_I8UI8:$x_zero_point, Onnx_I8UI8:$w,
                       Onnx_F32:$w_scale, Onnx_I8UI8:$w_zero_point,
                       Onnx_F32:$y_scale, Onnx_I8UI8:$y_zero_point,
                       Optional<Onnx_I32>:$B,
                       DefaultValuedAttr<StrAttr, "\"NOTSET\"">:$auto_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$group,
                       OptionalAttr<DenseI64ArrayAttr>:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_I8UI8:$y);
  let hasVerifier = 1;
}

def Onnx_QLinearMatMulOp : Onnx_Op<"QLinearMatMul", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"a and a_zero_point", [0, 2], []>,
    Onnx_OneElementType<"a_scale, b_scale and y_scale", [1, 4, 6], []>,
    Onnx_OneElementType<"b and b_zero_point", [3, 5], []>,
    Onnx_OneElementType<"y_zero_point and y", [7], [0]>]> {
  let summary =
      "Matrix product from quantised to quantised numbers";
  let description = kind # [{

    * (C1) No operand is a scalar.
    * (C2) The contracted extents agree.
  }];
  let arguments = (ins Onnx_Float8I8UI8:$a, Onnx_F16BF16F32:$a_scale,
                       Onnx_Float8I8UI8:$a_zero_point, Onnx_Float8I8UI8:$b,
                       Onnx_F16BF16F32:$b_scale, Onnx_Float8I8UI8:$b_zero_point,
                       Onnx_F16BF16F32:$y_scale,
                       Onnx_Float8I8UI8:$y_zero_point);
  let results = (outs Onnx_Float8I8UI8:$y);
  let hasVerifier = 1;
}

#endif // DYCC_DIALECTS_ONNX_ONNXQUANTIZE_TD
