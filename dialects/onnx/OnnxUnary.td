// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXUNARY_TD
#define DYCC_DIALECTS_ONNX_ONNXUNARY_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_AbsOp : Onnx_Op<"Abs", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Magnitude of each element";
  let arguments = (ins Onnx_Real:$X);
  let results = (outs Onnx_Real:$Y);
}

def Onnx_AcosOp : Onnx_Op<"Acos", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Inverse cosine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_AcoshOp : Onnx_Op<"Acosh", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Inverse hyperbolic cosine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_AsinOp : Onnx_Op<"Asin", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Inverse sine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_AsinhOp : Onnx_Op<"Asinh", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Inverse hyperbolic sine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_AtanOp : Onnx_Op<"Atan", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Inverse tangent of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_AtanhOp : Onnx_Op<"Atanh", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Inverse hyperbolic tangent of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_BitCastOp : Onnx_Op<"BitCast", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Reads the bits of each element as another type of equal width";
  let arguments = (ins Onnx_RealPackedComplexBool:$input, Onnx_IntAttr:$to);
  let results = (outs Onnx_RealPackedComplexBool:$output);
}

def Onnx_BitwiseNotOp : Onnx_Op<"BitwiseNot", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Flips every bit of each element";
  let arguments = (ins Onnx_Int:$X);
  let results = (outs Onnx_Int:$Y);
}

def Onnx_CastOp : Onnx_Op<"Cast", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Converts each element to the type that `to` names";
  let arguments = (ins Onnx_RealPackedFloat6BoolString:$input,
                       DefaultValuedAttr<StrAttr, "\"up\"">:$round_mode,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$saturate,
                       Onnx_IntAttr:$to);
  let results = (outs Onnx_RealPackedFloat6BoolString:$output);
}

def Onnx_CastLikeOp : Onnx_Op<"CastLike", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"target_type and output", [1], [0]>]> {
  let summary =
      "Converts each element to the element type of `target_type`";
  let arguments = (ins Onnx_RealPackedBoolString:$input,
                       Onnx_RealPackedBoolString:$target_type,
                       DefaultValuedAttr<StrAttr, "\"up\"">:$round_mode,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$saturate);
  let results = (outs Onnx_RealPackedBoolString:$output);
}

def Onnx_CeilOp : Onnx_Op<"Ceil", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Rounds each element up to an integer";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_CosOp : Onnx_Op<"Cos", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Cosine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_CoshOp : Onnx_Op<"Cosh", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Hyperbolic cosine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_ErfOp : Onnx_Op<"Erf", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Error function of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_ExpOp : Onnx_Op<"Exp", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Exponential of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_FloorOp : Onnx_Op<"Floor", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Rounds each element down to an integer";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_IdentityOp : Onnx_Op<"Identity", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "The input itself";
  let arguments = (ins Onnx_AnySeqOpt:$input);
  let results = (outs Onnx_AnySeqOpt:$output);
}

def Onnx_IsInfOp : Onnx_Op<"IsInf", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Tells which elements are infinite, of either or one sign";
  let arguments = (ins Onnx_Float8Float:$X,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$detect_negative,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$detect_positive);
  let results = (outs Onnx_Bool:$Y);
}

def Onnx_IsNaNOp : Onnx_Op<"IsNaN", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Tells which elements are NaN";
  let arguments = (ins Onnx_Float8Float:$X);
  let results = (outs Onnx_Bool:$Y);
}

def Onnx_LogOp : Onnx_Op<"Log", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Natural logarithm of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_NegOp : Onnx_Op<"Neg", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Each element with the opposite sign";
  let arguments = (ins Onnx_FloatSInt:$X);
  let results = (outs Onnx_FloatSInt:$Y);
}

def Onnx_NotOp : Onnx_Op<"Not", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Logical negation of each element";
  let arguments = (ins Onnx_Bool:$X);
  let results = (outs Onnx_Bool:$Y);
}

def Onnx_ReciprocalOp : Onnx_Op<"Reciprocal", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "One divided by each element";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_RoundOp : Onnx_Op<"Round", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Rounds each element to the nearest integer, halves to even";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_SignOp : Onnx_Op<"Sign", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Minus one, zero or one, by the sign of each element";
  let arguments = (ins Onnx_Real:$input);
  let results = (outs Onnx_Real:$output);
}

def Onnx_SinOp : Onnx_Op<"Sin", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Sine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_SinhOp : Onnx_Op<"Sinh", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Hyperbolic sine of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

def Onnx_SqrtOp : Onnx_Op<"Sqrt", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Square root of each element";
  let arguments = (ins Onnx_Float:$X);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_TanOp : Onnx_Op<"Tan", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Tangent of each element";
  let arguments = (ins Onnx_Float:$input);
  let results = (outs Onnx_Float:$output);
}

#endif // DYCC_DIALECTS_ONNX_ONNXUNARY_TD
