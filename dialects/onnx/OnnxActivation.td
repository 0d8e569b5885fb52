// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXACTIVATION_TD
#define DYCC_DIALECTS_ONNX_ONNXACTIVATION_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_CeluOp : Onnx_Op<"Celu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "ELU whose slope is continuous at zero for every `alpha`";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_ClipOp : Onnx_Op<"Clip", "ISDOS", [], "OneToOne", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"input, min, max and output", [0, 1, 2], [0]>]> {
  let summary =
      "Limits each element to the interval from `min` to `max`";
  let arguments = (ins Onnx_Real:$input, Optional<Onnx_Real>:$min,
                       Optional<Onnx_Real>:$max);
  let results = (outs Onnx_Real:$output);
}

def Onnx_DropoutOp : Onnx_Op<"Dropout", "ISDOS", [], "OneToOne", [
    AttrSizedOperandSegments,
    Onnx_OneElementType<"data and output", [0], [0]>]> {
  let summary =
      "The input when not training; else zeroes elements at random";
  let arguments = (ins Onnx_Float8Float:$data,
                       Optional<Onnx_Float8Float>:$ratio,
                       Optional<Onnx_Bool>:$training_mode,
                       OptionalAttr<Onnx_IntAttr>:$seed);
  let results = (outs Res<Onnx_Float8Float, "", [MemAlloc]>:$output,
                      Res<Optional<Onnx_Bool>, "", [MemAlloc]>:$mask);
}

def Onnx_EluOp : Onnx_Op<"Elu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "The element where positive, else `alpha` times (exp(x) - 1)";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_GeluOp : Onnx_Op<"Gelu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Each element weighted by the normal distribution at it";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<StrAttr, "\"none\"">:$approximate);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_HardSigmoidOp : Onnx_Op<"HardSigmoid", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "A line `alpha` x + `beta` limited to [0, 1]";
  let arguments = (ins Onnx_Float:$X, DefaultValuedAttr<F32Attr, "0.2f">:$alpha,
                       DefaultValuedAttr<F32Attr, "0.5f">:$beta);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_HardSwishOp : Onnx_Op<"HardSwish", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Each element times the hard sigmoid of slope one sixth";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_LeakyReluOp : Onnx_Op<"LeakyRelu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "The element where not negative, else `alpha` times it";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<F32Attr, "0.01f">:$alpha);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_MishOp : Onnx_Op<"Mish", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Each element times the tanh of its softplus";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_PReluOp : Onnx_Op<"PRelu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X, slope and Y", [0, 1], [0]>]> {
  let summary =
      "The element where not negative, else a broadcast slope times it";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$X,
                       Onnx_FloatI32I64UI32UI64:$slope);
  let results = (outs Onnx_FloatI32I64UI32UI64:$Y);
}

def Onnx_ReluOp : Onnx_Op<"Relu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "The larger of each element and zero";
  let arguments = (ins Onnx_FloatSInt:$X);
  let results = (outs Onnx_FloatSInt:$Y);
}

def Onnx_SeluOp : Onnx_Op<"Selu", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "ELU scaled by `gamma`, which keeps mean and variance";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<F32Attr, "1.6732632f">:$alpha,
                       DefaultValuedAttr<F32Attr, "1.050701f">:$gamma);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_ShrinkOp : Onnx_Op<"Shrink", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Moves elements beyond `lambd` toward zero by `bias`, zeroes the rest";
  let arguments = (ins Onnx_IntF16F32F64:$input,
                       DefaultValuedAttr<F32Attr, "0.0f">:$bias,
                       DefaultValuedAttr<F32Attr, "0.5f">:$lambd);
  let results = (outs Onnx_IntF16F32F64:$output);
}

def Onnx_SigmoidOp : Onnx_Op<"Sigmoid", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Logistic function of each element";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_SoftplusOp : Onnx_Op<"Softplus", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "log(exp(x) + 1) of each element";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_SoftsignOp : Onnx_Op<"Softsign", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "x over one plus the magnitude of x, of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_SwiGLUOp : Onnx_Op<"SwiGLU", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and Y", [0, 1], [0]>]> {
  let summary =
      "The Swish of one tensor gates the other";
  let arguments = (ins Onnx_Float:$A, Onnx_Float:$B,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_SwishOp : Onnx_Op<"Swish", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Each element times the sigmoid of `alpha` times it";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_TanhOp : Onnx_Op<"Tanh", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Hyperbolic tangent of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_ThresholdedReluOp : Onnx_Op<"ThresholdedRelu", "ISDOS", [], "OneToOne",
                                     [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "The element where above `alpha`, else zero";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_Float:$Y);
}

#endif // DYCC_DIALECTS_ONNX_ONNXACTIVATION_TD
