// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXREDUCE_TD
#define DYCC_DIALECTS_ONNX_ONNXREDUCE_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_ArgMaxOp : Onnx_Op<"ArgMax", "ISDOS", [], "ManyToMany", [
    Pure]> {
  let summary =
      "Position of the largest element along an axis";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Real:$data,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$select_last_index);
  let results = (outs Onnx_I64:$reduced);
  let hasVerifier = 1;
}

def Onnx_ArgMinOp : Onnx_Op<"ArgMin", "ISDOS", [], "ManyToMany", [
    Pure]> {
  let summary =
      "Position of the smallest element along an axis";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Real:$data,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$select_last_index);
  let results = (outs Onnx_I64:$reduced);
  let hasVerifier = 1;
}

def Onnx_CumProdOp : Onnx_Op<"CumProd", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"x and y", [0], [0]>]> {
  let summary =
      "Running product along an axis";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$x, Onnx_I32I64:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$exclusive,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$reverse);
  let results = (outs Onnx_FloatI32I64UI32UI64:$y);
}

def Onnx_CumSumOp : Onnx_Op<"CumSum", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"x and y", [0], [0]>]> {
  let summary =
      "Running sum along an axis";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$x, Onnx_I32I64:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$exclusive,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$reverse);
  let results = (outs Onnx_FloatI32I64UI32UI64:$y);
}

def Onnx_ReduceL1Op : Onnx_Op<"ReduceL1", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Sum of magnitudes over axes";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatI32I64UI32UI64:$reduced);
}

def Onnx_ReduceL2Op : Onnx_Op<"ReduceL2", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Square root of the sum of squares over axes";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatI32I64UI32UI64:$reduced);
}

def Onnx_ReduceLogSumOp : Onnx_Op<"ReduceLogSum", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Logarithm of the sum over axes";
  let arguments = (ins Onnx_Float:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_Float:$reduced);
}

def Onnx_ReduceLogSumExpOp : Onnx_Op<"ReduceLogSumExp", "ISVDOS", [1],
                                     "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Logarithm of the sum of exponentials over axes";
  let arguments = (ins Onnx_Float:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_Float:$reduced);
}

def Onnx_ReduceMaxOp : Onnx_Op<"ReduceMax", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Largest element over axes";
  let arguments = (ins Onnx_FloatBoolI8I32I64UI8UI32UI64:$data,
                       Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatBoolI8I32I64UI8UI32UI64:$reduced);
}

def Onnx_ReduceMeanOp : Onnx_Op<"ReduceMean", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Average over axes";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatI32I64UI32UI64:$reduced);
}

def Onnx_ReduceMinOp : Onnx_Op<"ReduceMin", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Smallest element over axes";
  let arguments = (ins Onnx_FloatBoolI8I32I64UI8UI32UI64:$data,
                       Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatBoolI8I32I64UI8UI32UI64:$reduced);
}

def Onnx_ReduceProdOp : Onnx_Op<"ReduceProd", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Product over axes";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatI32I64UI32UI64:$reduced);
}

def Onnx_ReduceSumOp : Onnx_Op<"ReduceSum", "ISVDOS", [1], "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Sum over axes";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatI32I64UI32UI64:$reduced);
}

def Onnx_ReduceSumSquareOp : Onnx_Op<"ReduceSumSquare", "ISVDOS", [1],
                                     "ManyToMany", [
    Pure, Onnx_OneElementType<"data and reduced", [0], [0]>]> {
  let summary =
      "Sum of squares over axes";
  let arguments = (ins Onnx_FloatI32I64UI32UI64:$data, Optional<Onnx_I64>:$axes,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$keepdims,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatI32I64UI32UI64:$reduced);
}

#endif // DYCC_DIALECTS_ONNX_ONNXREDUCE_TD
