// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXSOURCE_TD
#define DYCC_DIALECTS_ONNX_ONNXSOURCE_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_ConstantOp : Onnx_Op<"Constant", "ISDO", [], "Opaque", [
    Pure, ConstantLike]> {
  let summary =
      "A tensor that is known when the model is compiled";
  let description = kind # [{

    * (C1) `value` has the result's element type and a compatible shape.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Onnx_AnyFloat6:$output);
  let assemblyFormat = "$value attr-dict `` custom<ConstantType>(ref($value), type($output))";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Onnx_ConstantOfShapeOp : Onnx_Op<"ConstantOfShape", "ISVDOS", [0],
                                     "OneToMany", [
    Pure]> {
  let summary =
      "A tensor of the given extents filled with one value";
  let description = kind # [{

    * (C1) `value` has one element.
    * (C2) The result has its element type.
    * (C3) `input` has one axis.
  }];
  let arguments = (ins Onnx_I64:$input, OptionalAttr<ElementsAttr>:$value);
  let results = (outs Onnx_RealPackedBool:$output);
  let hasVerifier = 1;
}

def Onnx_EyeLikeOp : Onnx_Op<"EyeLike", "ISDO", [], "OneToOne", [
    Pure]> {
  let summary =
      "A matrix with the input's extents and ones on one diagonal";
  let arguments = (ins Onnx_RealBool:$input, OptionalAttr<Onnx_IntAttr>:$dtype,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$k);
  let results = (outs Onnx_RealBool:$output);
}

def Onnx_RangeOp : Onnx_Op<"Range", "ISVDOS", [0, 1, 2], "OneToOne", [
    Pure,
    Onnx_OneElementType<"start, limit, delta and output", [0, 1, 2], [0]>]> {
  let summary =
      "The numbers from `start` up to but without `limit` in steps of "
      "`delta`";
  let arguments = (ins Onnx_FloatI16I32I64:$start, Onnx_FloatI16I32I64:$limit,
                       Onnx_FloatI16I32I64:$delta,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$stash_type);
  let results = (outs Onnx_FloatI16I32I64:$output);
}

def Onnx_ShapeOp : Onnx_Op<"Shape", "ISDO", [], "OneToOne", [
    Pure]> {
  let summary =
      "The extents of a tensor, or a range of them, as a vector";
  let arguments = (ins Onnx_Any:$data, OptionalAttr<Onnx_IntAttr>:$end,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$start);
  let results = (outs Onnx_I64:$shape);
}

def Onnx_SizeOp : Onnx_Op<"Size", "ISDO", [], "OneToOne", [
    Pure]> {
  let summary =
      "The number of elements of a tensor";
  let arguments = (ins Onnx_Any:$data);
  let results = (outs Onnx_I64:$size);
}

def Onnx_BernoulliOp : Onnx_Op<"Bernoulli", "ISDOS", [], "Opaque", [
    ]> {
  let summary =
      "Draws ones with the probability that each element gives";
  let arguments = (ins Onnx_Float:$input, OptionalAttr<Onnx_IntAttr>:$dtype,
                       OptionalAttr<F32Attr>:$seed);
  let results = (outs Res<Onnx_RealBool, "", [MemAlloc]>:$output);
}

def Onnx_MultinomialOp : Onnx_Op<"Multinomial", "ISDOS", [], "Opaque", [
    ]> {
  let summary =
      "Draws class numbers from rows of unnormalised log probabilities";
  let arguments = (ins Onnx_Float:$input,
                       DefaultValuedAttr<Onnx_IntAttr, "6">:$dtype,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$sample_size,
                       OptionalAttr<F32Attr>:$seed);
  let results = (outs Res<Onnx_I32I64, "", [MemAlloc]>:$output);
}

def Onnx_RandomNormalOp : Onnx_Op<"RandomNormal", "ISDOS", [], "Opaque", [
    ]> {
  let summary =
      "A tensor of attribute shape drawn from a normal distribution";
  let arguments = (ins DefaultValuedAttr<Onnx_IntAttr, "1">:$dtype,
                       DefaultValuedAttr<F32Attr, "0.0f">:$mean,
                       DefaultValuedAttr<F32Attr, "1.0f">:$scale,
                       OptionalAttr<F32Attr>:$seed, DenseI64ArrayAttr:$shape);
  let results = (outs Res<Onnx_Float, "", [MemAlloc]>:$output);
}

def Onnx_RandomNormalLikeOp : Onnx_Op<"RandomNormalLike", "ISDOS", [], "Opaque",
                                      [
    ]> {
  let summary =
      "A tensor of the input's shape drawn from a normal distribution";
  let arguments = (ins Onnx_ClassicBF16:$input,
                       OptionalAttr<Onnx_IntAttr>:$dtype,
                       DefaultValuedAttr<F32Attr, "0.0f">:$mean,
                       DefaultValuedAttr<F32Attr, "1.0f">:$scale,
                       OptionalAttr<F32Attr>:$seed);
  let results = (outs Res<Onnx_Float, "", [MemAlloc]>:$output);
}

def Onnx_RandomUniformOp : Onnx_Op<"RandomUniform", "ISDOS", [], "Opaque", [
    ]> {
  let summary =
      "A tensor of attribute shape drawn uniformly from an interval";
  let arguments = (ins DefaultValuedAttr<Onnx_IntAttr, "1">:$dtype,
                       DefaultValuedAttr<F32Attr, "1.0f">:$high,
                       DefaultValuedAttr<F32Attr, "0.0f">:$low,
                       OptionalAttr<F32Attr>:$seed, DenseI64ArrayAttr:$shape);
  let results = (outs Res<Onnx_Float, "", [MemAlloc]>:$output);
}

def Onnx_RandomUniformLikeOp : Onnx_Op<"RandomUniformLike", "ISDOS", [],
                                       "Opaque", [
    ]> {
  let summary =
      "A tensor of the input's shape drawn uniformly from an interval";
  let arguments = (ins Onnx_ClassicBF16:$input,
                       OptionalAttr<Onnx_IntAttr>:$dtype,
                       DefaultValuedAttr<F32Attr, "1.0f">:$high,
                       DefaultValuedAttr<F32Attr, "0.0f">:$low,
                       OptionalAttr<F32Attr>:$seed);
  let results = (outs Res<Onnx_Float, "", [MemAlloc]>:$output);
}

#endif // DYCC_DIALECTS_ONNX_ONNXSOURCE_TD
