// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXCONSTRAINTS_TD
#define DYCC_DIALECTS_ONNX_ONNXCONSTRAINTS_TD

include "dialects/onnx/OnnxDialect.td"

def Onnx_BF16F32 : Onnx_ValueOf<["BF16", "F32"],
    "tensor of bf16 or f32">;

def Onnx_F16BF16F32 : Onnx_ValueOf<["F16", "BF16", "F32"],
    "tensor of f16 or bf16 or f32">;

def Onnx_Float : Onnx_ValueOf<["Float"],
    "tensor of f16 or bf16 or f32 or f64">;

def Onnx_Float8Float : Onnx_ValueOf<["Float8", "Float"],
    "tensor of f16 or bf16 or f32 or f64 or f8E4M3FN or f8E4M3FNUZ or "
    "f8E5M2 or f8E5M2FNUZ">;

def Onnx_FloatI16I32I64 : Onnx_ValueOf<["Float", "I16", "I32", "I64"],
    "tensor of f16 or bf16 or f32 or f64 or i16 or i32 or i64">;

def Onnx_FloatI32I64 : Onnx_ValueOf<["Float", "I32", "I64"],
    "tensor of f16 or bf16 or f32 or f64 or i32 or i64">;

def Onnx_FloatI32I64UI32UI64 : Onnx_ValueOf<["Float", "I32", "I64", "UI32",
      "UI64"],
    "tensor of f16 or bf16 or f32 or f64 or i32 or i64 or ui32 or ui64">;

def Onnx_FloatSInt : Onnx_ValueOf<["Float", "SInt"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64">;

def Onnx_Real : Onnx_ValueOf<["Real"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64">;

def Onnx_RealBool : Onnx_ValueOf<["Real", "Bool"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1">;

def Onnx_RealPackedComplexBool : Onnx_ValueOf<["Real", "Packed", "Complex",
      "Bool"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or complex<f32> or complex<f64> "
    "or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or f8E8M0FNU or "
    "f4E2M1FN or i4 or ui4 or i2 or ui2">;

def Onnx_RealPackedBool : Onnx_ValueOf<["Real", "Packed", "Bool"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or f8E4M3FN or f8E4M3FNUZ or "
    "f8E5M2 or f8E5M2FNUZ or f8E8M0FNU or f4E2M1FN or i4 or ui4 or i2 or "
    "ui2">;

def Onnx_RealBoolString : Onnx_ValueOf<["Real", "Bool", "String"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string">;

def Onnx_ClassicBF16 : Onnx_ValueOf<["Classic", "BF16"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64>">;

def Onnx_AnyFloat6 : Onnx_ValueOf<["Any", "Float6"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64> or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or "
    "f8E8M0FNU or f4E2M1FN or f6E2M3FN or f6E3M2FN or i4 or ui4 or i2 or "
    "ui2">;

def Onnx_AnyFloat6Seq : Onnx_ValueOf<["Any", "Float6", "Seq"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64> or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or "
    "f8E8M0FNU or f4E2M1FN or f6E2M3FN or f6E3M2FN or i4 or ui4 or i2 or "
    "ui2, or sequence">;

def Onnx_AnyFloat6SeqOpt : Onnx_ValueOf<["Any", "Float6", "Seq", "Opt"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64> or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or "
    "f8E8M0FNU or f4E2M1FN or f6E2M3FN or f6E3M2FN or i4 or ui4 or i2 or "
    "ui2, or sequence, or optional">;

def Onnx_ClassicFloat8BF16F8E8M0FNUF4E2M1FNI4UI4 : Onnx_ValueOf<["Classic",
      "Float8", "BF16", "F8E8M0FNU", "F4E2M1FN", "I4", "UI4"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64> or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or "
    "f8E8M0FNU or f4E2M1FN or i4 or ui4">;

def Onnx_Any : Onnx_ValueOf<["Any"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64> or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or "
    "f8E8M0FNU or f4E2M1FN or i4 or ui4 or i2 or ui2">;

def Onnx_AnySeqOpt : Onnx_ValueOf<["Any", "Seq", "Opt"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64> or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or "
    "f8E8M0FNU or f4E2M1FN or i4 or ui4 or i2 or ui2, or sequence, or "
    "optional">;

def Onnx_RealPackedFloat6BoolString : Onnx_ValueOf<["Real", "Packed", "Float6",
      "Bool", "String"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or f8E4M3FN or "
    "f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or f8E8M0FNU or f4E2M1FN or "
    "f6E2M3FN or f6E3M2FN or i4 or ui4 or i2 or ui2">;

def Onnx_RealPackedBoolString : Onnx_ValueOf<["Real", "Packed", "Bool",
      "String"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i16 or i32 or i64 or "
    "ui8 or ui16 or ui32 or ui64 or i1 or string or f8E4M3FN or "
    "f8E4M3FNUZ or f8E5M2 or f8E5M2FNUZ or f8E8M0FNU or f4E2M1FN or i4 "
    "or ui4 or i2 or ui2">;

def Onnx_FloatBoolI8I32I64UI8UI32UI64 : Onnx_ValueOf<["Float", "Bool", "I8",
      "I32", "I64", "UI8", "UI32", "UI64"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or i32 or i64 or ui8 or "
    "ui32 or ui64 or i1">;

def Onnx_FloatI8UI8 : Onnx_ValueOf<["Float", "I8", "UI8"],
    "tensor of f16 or bf16 or f32 or f64 or i8 or ui8">;

def Onnx_F16BF16F32F8E8M0FNU : Onnx_ValueOf<["F16", "BF16", "F32", "F8E8M0FNU"],
    "tensor of f16 or bf16 or f32 or f8E8M0FNU">;

def Onnx_F16BF16F32I32 : Onnx_ValueOf<["F16", "BF16", "F32", "I32"],
    "tensor of f16 or bf16 or f32 or i32">;

def Onnx_F16BF16F32I32F8E8M0FNU : Onnx_ValueOf<["F16", "BF16", "F32", "I32",
      "F8E8M0FNU"],
    "tensor of f16 or bf16 or f32 or i32 or f8E8M0FNU">;

def Onnx_F16F32F64 : Onnx_ValueOf<["F16", "F32", "F64"],
    "tensor of f16 or f32 or f64">;

def Onnx_IntF16F32F64 : Onnx_ValueOf<["Int", "F16", "F32", "F64"],
    "tensor of f16 or f32 or f64 or i8 or i16 or i32 or i64 or ui8 or "
    "ui16 or ui32 or ui64">;

def Onnx_Classic : Onnx_ValueOf<["Classic"],
    "tensor of f16 or f32 or f64 or i8 or i16 or i32 or i64 or ui8 or "
    "ui16 or ui32 or ui64 or i1 or string or complex<f32> or complex<f64>">;

def Onnx_ClassicSeq : Onnx_ValueOf<["Classic", "Seq"],
    "tensor of f16 or f32 or f64 or i8 or i16 or i32 or i64 or ui8 or "
    "ui16 or ui32 or ui64 or i1 or string or complex<f32> or "
    "complex<f64>, or sequence">;

def Onnx_F32 : Onnx_ValueOf<["F32"],
    "tensor of f32">;

def Onnx_Bool : Onnx_ValueOf<["Bool"],
    "tensor of i1">;

def Onnx_I32 : Onnx_ValueOf<["I32"],
    "tensor of i32">;

def Onnx_I32I64 : Onnx_ValueOf<["I32", "I64"],
    "tensor of i32 or i64">;

def Onnx_StringI32I64 : Onnx_ValueOf<["String", "I32", "I64"],
    "tensor of i32 or i64 or string">;

def Onnx_I64 : Onnx_ValueOf<["I64"],
    "tensor of i64">;

def Onnx_Int : Onnx_ValueOf<["Int"],
    "tensor of i8 or i16 or i32 or i64 or ui8 or ui16 or ui32 or ui64">;

def Onnx_Float8Float6I8I16I32UI8UI16F4E2M1FNI4UI4I2UI2 : Onnx_ValueOf<["Float8",
      "Float6", "I8", "I16", "I32", "UI8", "UI16", "F4E2M1FN", "I4", "UI4",
      "I2", "UI2"],
    "tensor of i8 or i16 or i32 or ui8 or ui16 or f8E4M3FN or f8E4M3FNUZ "
    "or f8E5M2 or f8E5M2FNUZ or f4E2M1FN or f6E2M3FN or f6E3M2FN or i4 "
    "or ui4 or i2 or ui2">;

def Onnx_Float8Float6I8I16UI8UI16F4E2M1FNI4UI4I2UI2 : Onnx_ValueOf<["Float8",
      "Float6", "I8", "I16", "UI8", "UI16", "F4E2M1FN", "I4", "UI4", "I2",
      "UI2"],
    "tensor of i8 or i16 or ui8 or ui16 or f8E4M3FN or f8E4M3FNUZ or "
    "f8E5M2 or f8E5M2FNUZ or f4E2M1FN or f6E2M3FN or f6E3M2FN or i4 or "
    "ui4 or i2 or ui2">;

def Onnx_I8UI8 : Onnx_ValueOf<["I8", "UI8"],
    "tensor of i8 or ui8">;

def Onnx_Float8I8UI8 : Onnx_ValueOf<["Float8", "I8", "UI8"],
    "tensor of i8 or ui8 or f8E4M3FN or f8E4M3FNUZ or f8E5M2 or "
    "f8E5M2FNUZ">;

def Onnx_Opt : Onnx_ValueOf<["Opt"],
    "optional">;

def Onnx_Seq : Onnx_ValueOf<["Seq"],
    "sequence">;

def Onnx_String : Onnx_ValueOf<["String"],
    "tensor of string">;

def Onnx_UI8 : Onnx_ValueOf<["UI8"],
    "tensor of ui8">;

#endif // DYCC_DIALECTS_ONNX_ONNXCONSTRAINTS_TD
