// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXNARY_TD
#define DYCC_DIALECTS_ONNX_ONNXNARY_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_AddOp : Onnx_Op<"Add", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Sum of two broadcast tensors";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Real:$C);
}

def Onnx_AndOp : Onnx_Op<"And", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Logical conjunction of two broadcast tensors";
  let arguments = (ins Onnx_Bool:$A, Onnx_Bool:$B);
  let results = (outs Onnx_Bool:$C);
}

def Onnx_BitShiftOp : Onnx_Op<"BitShift", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X, Y and Z", [0, 1], [0]>]> {
  let summary =
      "Shifts the bits of one broadcast tensor by the other";
  let description = kind # [{

    * (C1) `direction` is LEFT or RIGHT.
  }];
  let arguments = (ins Onnx_Int:$X, Onnx_Int:$Y, StrAttr:$direction);
  let results = (outs Onnx_Int:$Z);
  let hasVerifier = 1;
}

def Onnx_BitwiseAndOp : Onnx_Op<"BitwiseAnd", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Bit by bit conjunction of two broadcast tensors";
  let arguments = (ins Onnx_Int:$A, Onnx_Int:$B);
  let results = (outs Onnx_Int:$C);
}

def Onnx_BitwiseOrOp : Onnx_Op<"BitwiseOr", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Bit by bit disjunction of two broadcast tensors";
  let arguments = (ins Onnx_Int:$A, Onnx_Int:$B);
  let results = (outs Onnx_Int:$C);
}

def Onnx_BitwiseXorOp : Onnx_Op<"BitwiseXor", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Bit by bit exclusive disjunction of two broadcast tensors";
  let arguments = (ins Onnx_Int:$A, Onnx_Int:$B);
  let results = (outs Onnx_Int:$C);
}

def Onnx_DivOp : Onnx_Op<"Div", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Quotient of two broadcast tensors; of integers truncated toward zero";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Real:$C);
}

def Onnx_EqualOp : Onnx_Op<"Equal", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A and B", [0, 1], []>]> {
  let summary =
      "Tells where two broadcast tensors agree";
  let arguments = (ins Onnx_RealBoolString:$A, Onnx_RealBoolString:$B);
  let results = (outs Onnx_Bool:$C);
}

def Onnx_GreaterOp : Onnx_Op<"Greater", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A and B", [0, 1], []>]> {
  let summary =
      "Tells where the first broadcast tensor is above the second";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Bool:$C);
}

def Onnx_GreaterOrEqualOp : Onnx_Op<"GreaterOrEqual", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A and B", [0, 1], []>]> {
  let summary =
      "Tells where the first broadcast tensor is not below the second";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Bool:$C);
}

def Onnx_LessOp : Onnx_Op<"Less", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A and B", [0, 1], []>]> {
  let summary =
      "Tells where the first broadcast tensor is below the second";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Bool:$C);
}

def Onnx_LessOrEqualOp : Onnx_Op<"LessOrEqual", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A and B", [0, 1], []>]> {
  let summary =
      "Tells where the first broadcast tensor is not above the second";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Bool:$C);
}

def Onnx_MaxOp : Onnx_Op<"Max", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"data_0 and max", [0], [0]>]> {
  let summary =
      "Largest element of any number of broadcast tensors";
  let description = kind # [{

    * (C1) There is at least one operand.
  }];
  let arguments = (ins Variadic<Onnx_Real>:$data_0);
  let results = (outs Onnx_Real:$max);
  let hasVerifier = 1;
}

def Onnx_MeanOp : Onnx_Op<"Mean", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"data_0 and mean", [0], [0]>]> {
  let summary =
      "Average of any number of broadcast tensors";
  let description = kind # [{

    * (C1) There is at least one operand.
  }];
  let arguments = (ins Variadic<Onnx_Float>:$data_0);
  let results = (outs Onnx_Float:$mean);
  let hasVerifier = 1;
}

def Onnx_MinOp : Onnx_Op<"Min", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"data_0 and min", [0], [0]>]> {
  let summary =
      "Smallest element of any number of broadcast tensors";
  let description = kind # [{

    * (C1) There is at least one operand.
  }];
  let arguments = (ins Variadic<Onnx_Real>:$data_0);
  let results = (outs Onnx_Real:$min);
  let hasVerifier = 1;
}

def Onnx_ModOp : Onnx_Op<"Mod", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Remainder of two broadcast tensors, with the divisor's sign or as "
      "C's fmod";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$fmod);
  let results = (outs Onnx_Real:$C);
}

def Onnx_MulOp : Onnx_Op<"Mul", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Product of two broadcast tensors";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Real:$C);
}

def Onnx_OrOp : Onnx_Op<"Or", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Logical disjunction of two broadcast tensors";
  let arguments = (ins Onnx_Bool:$A, Onnx_Bool:$B);
  let results = (outs Onnx_Bool:$C);
}

def Onnx_PowOp : Onnx_Op<"Pow", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X and Z", [0], [0]>]> {
  let summary =
      "One broadcast tensor raised to the power of the other";
  let arguments = (ins Onnx_FloatI32I64:$X, Onnx_Real:$Y);
  let results = (outs Onnx_FloatI32I64:$Z);
}

def Onnx_SubOp : Onnx_Op<"Sub", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"A, B and C", [0, 1], [0]>]> {
  let summary =
      "Difference of two broadcast tensors";
  let arguments = (ins Onnx_Real:$A, Onnx_Real:$B);
  let results = (outs Onnx_Real:$C);
}

def Onnx_SumOp : Onnx_Op<"Sum", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"data_0 and sum", [0], [0]>]> {
  let summary =
      "Sum of any number of broadcast tensors";
  let description = kind # [{

    * (C1) There is at least one operand.
  }];
  let arguments = (ins Variadic<Onnx_Float>:$data_0);
  let results = (outs Onnx_Float:$sum);
  let hasVerifier = 1;
}

def Onnx_WhereOp : Onnx_Op<"Where", "ISDOS", [], "OneToOne", [
    Pure, Onnx_OneElementType<"X, Y and output", [1, 2], [0]>]> {
  let summary =
      "Picks from two broadcast tensors by a condition";
  let arguments = (ins Onnx_Bool:$condition, Onnx_ClassicBF16:$X,
                       Onnx_ClassicBF16:$Y);
  let results = (outs Onnx_ClassicBF16:$output);
}

def Onnx_XorOp : Onnx_Op<"Xor", "ISDOS", [], "OneToOne", [
    Pure]> {
  let summary =
      "Logical exclusive disjunction of two broadcast tensors";
  let arguments = (ins Onnx_Bool:$A, Onnx_Bool:$B);
  let results = (outs Onnx_Bool:$C);
}

#endif // DYCC_DIALECTS_ONNX_ONNXNARY_TD
