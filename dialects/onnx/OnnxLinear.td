// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXLINEAR_TD
#define DYCC_DIALECTS_ONNX_ONNXLINEAR_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_CausalConvWithStateOp : Onnx_Op<"CausalConvWithState", "ISDOS", [],
      "ManyToMany", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"input, weight, bias, past_state, output and present_state",
        [0, 1, 2, 3], [0, 1]>]> {
  let summary =
      "Convolution over time that sees the past only and carries its tail "
      "as state";
  let arguments = (ins Onnx_F16BF16F32:$input, Onnx_F16BF16F32:$weight,
                       Optional<Onnx_F16BF16F32>:$bias,
                       Optional<Onnx_F16BF16F32>:$past_state,
                       DefaultValuedAttr<StrAttr, "\"none\"">:$activation);
  let results = (outs Onnx_F16BF16F32:$output, Onnx_F16BF16F32:$present_state);
}

def Onnx_ConvOp : Onnx_Op<"Conv", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X, W, B and Y", [0, 1, 2], [0]>]> {
  let summary =
      "Convolution with optional groups, dilation and bias";
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
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$W, Optional<Onnx_Float>:$B,
                       DefaultValuedAttr<StrAttr, "\"NOTSET\"">:$auto_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$group,
                       OptionalAttr<DenseI64ArrayAttr>:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_ConvTransposeOp : Onnx_Op<"ConvTranspose", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X, W, B and Y", [0, 1, 2], [0]>]> {
  let summary =
      "Transposed convolution with optional groups, dilation and bias";
  let description = kind # [{

    * (C1) `auto_pad` is NOTSET, SAME_UPPER, SAME_LOWER or VALID.
    * (C2) `X` has three axes or more.
    * (C3) Window attributes have an entry (`pads` two) per spatial axis, in range.
    * (C4) `W` has the rank of `X`.
    * (C5) `kernel_shape` holds the spatial extents of `W`.
    * (C6) `group` is positive and divides the channels.
    * (C7) `X` has as many channels as `W`.
    * (C8) `B` has an element per output channel.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$W, Optional<Onnx_Float>:$B,
                       DefaultValuedAttr<StrAttr, "\"NOTSET\"">:$auto_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$group,
                       OptionalAttr<DenseI64ArrayAttr>:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$output_padding,
                       OptionalAttr<DenseI64ArrayAttr>:$output_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_DeformConvOp : Onnx_Op<"DeformConv", "ISDOS", [], "ManyToMany", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"X, W, offset, B, mask and Y",
        [0, 1, 2, 3, 4], [0]>]> {
  let summary =
      "Convolution whose taps are displaced by an offset tensor";
  let description = kind # [{

    * (C1) `auto_pad` is NOTSET, SAME_UPPER, SAME_LOWER or VALID.
    * (C2) `X` has three axes or more.
    * (C3) Window attributes have an entry (`pads` two) per spatial axis, in range.
    * (C4) `W` has the rank of `X`.
    * (C5) `kernel_shape` holds the spatial extents of `W`.
    * (C6) `group` is positive and divides the output channels.
    * (C7) `X` has `group` times as many channels as `W`.
    * (C8) `B` has an element per output channel.
    * (C9) `offset_group` is positive and divides the channels.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$W, Onnx_Float:$offset,
                       Optional<Onnx_Float>:$B, Optional<Onnx_Float>:$mask,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$group,
                       OptionalAttr<DenseI64ArrayAttr>:$kernel_shape,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$offset_group,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_DetOp : Onnx_Op<"Det", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Determinant of the matrices in the last two axes";
  let description = kind # [{

    * (C1) `X` has two axes or more.
    * (C2) The matrices are square.
  }];
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_EinsumOp : Onnx_Op<"Einsum", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"Inputs and Output", [0], [0]>]> {
  let summary =
      "Sum of products that an index equation describes";
  let arguments = (ins Variadic<Onnx_Real>:$Inputs, StrAttr:$equation);
  let results = (outs Onnx_Real:$Output);
}

def Onnx_GemmOp : Onnx_Op<"Gemm", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"A, B, C and Y", [0, 1, 2], [0]>]> {
  let summary =
      "Scaled matrix product plus a scaled broadcast matrix";
  let description = kind # [{

    * (C1) `A` and `B` have two axes.
    * (C2) The contracted extents agree.
  }];
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$A, Onnx_FloatI32I64UI32UI64:$B,
                       Optional<Onnx_FloatI32I64UI32UI64>:$C,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha,
                       DefaultValuedAttr<F32Attr, "1.0f">:$beta,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$transA,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$transB);
  let results = (outs Onnx_FloatI32I64UI32UI64:$Y);
  let hasVerifier = 1;
}

def Onnx_MatMulOp : Onnx_Op<"MatMul", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"A, B and Y", [0, 1], [0]>]> {
  let summary =
      "Matrix product over broadcast leading axes";
  let description = kind # [{

    * (C1) No operand is a scalar.
    * (C2) The contracted extents agree.
  }];
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$A,
                       Onnx_FloatI32I64UI32UI64:$B);
  let results = (outs Onnx_FloatI32I64UI32UI64:$Y);
  let hasVerifier = 1;
}

#endif // DYCC_DIALECTS_ONNX_ONNXLINEAR_TD
