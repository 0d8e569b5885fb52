#ifndef DYCC_DIALECTS_ONNX_ONNXDIALECT_TD
#define DYCC_DIALECTS_ONNX_ONNXDIALECT_TD

include "dialects/onnx/OnnxInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Onnx_Dialect : Dialect {
  let name = "onnx";
  let cppNamespace = "::dycc::onnx";
  let summary = "The operators of ONNX's default domain";
  let description = [{
    `onnx` is what the import makes of a model and what all stages up to fusion
    work on. There is one op per ONNX operator, in the operator's newest form:
    the import has rewritten older ones. Operands, results and attributes have
    ONNX's names.

    Tensors may be unranked until the shape stage ran; from then on every
    tensor type carries an encoding with a symbolic extent per axis. No op looks
    into encodings.
  }];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
  private:
    void addTypes();
#define DYCC_ONNX_FAMILY(NAME) void add##NAME##Ops();
#include "dialects/onnx/OnnxFamilies.inc"
  public:
  }];
}

// Types. Tensors are the builtin ones.

class Onnx_Type<string name, string typeMnemonic>
    : TypeDef<Onnx_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def Onnx_StringType : Onnx_Type<"String", "string"> {
  let summary = "Element type of a tensor of strings";
}

def Onnx_SeqType : Onnx_Type<"Seq", "seq"> {
  let summary = "A sequence of tensors of one element type";
  let description = "`!onnx.seq<tensor<*xf32>>`; (C1) its elements are tensors.";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
  let genVerifyDecl = 1;
}

def Onnx_OptType : Onnx_Type<"Opt", "opt"> {
  let summary = "A tensor or a sequence, or nothing";
  let description = [{
    `!onnx.opt<tensor<2xf32>>`; (C1) its element is a tensor or a sequence.
  }];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
  let genVerifyDecl = 1;
}

/// A value that one of `sets`, members of `ElementSet`, contains.
class Onnx_ValueOf<list<string> sets, string text>
    : Type<CPred<"::dycc::onnx::isValueOf($_self, " #
                 !interleave(!foreach(s, sets, "::dycc::onnx::ElementSet::" # s),
                             " | ") # ")">, text>;

// Attributes.

/// Builtin I64Attr has an unsigned getter: a negative axis would compare wrong.
def Onnx_IntAttr : TypedSignlessIntegerAttrBase<
    I64, "int64_t", "64-bit signless integer attribute"> {
  let convertFromStorage = "$_self.getValue().getSExtValue()";
}

// Operators.

/// The operands and results with the given positions have one element type.
class Onnx_OneElementType<string names, list<int> operands, list<int> results>
    : PredOpTrait<names # " have one element type", CPred<
          "::dycc::onnx::haveOneElementType({" #
          !interleave(!listconcat(
              !foreach(i, operands, "getODSOperands(" # i # ")"),
              !foreach(i, results, "getODSResults(" # i # ")")), ", ") #
          "})">>;

/// An operator with its category, the positions of the operands that steer its
/// results' shapes, and its mapping type.
class Onnx_Op<string mnemonic, string category, list<int> controlling,
              string mapping, list<Trait> traits>
    : Op<Onnx_Dialect, mnemonic, !listconcat(
          [Onnx_DynamismOpInterface, Onnx_MappingTypeOpInterface], traits)> {
  string kind =
      "Category: " # category # ". Mapping type: " # mapping # ".\n";
  let description = kind;
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration =
      "::dycc::onnx::Category getCategory() { return Category::" # category #
      "; }\n::dycc::onnx::MappingType getMappingType() { return MappingType::" #
      mapping # "; }\n::llvm::SmallVector<::mlir::Value> "
      "getControllingOperands() { return ::dycc::onnx::concatenate({" #
      !interleave(!foreach(i, controlling, "getODSOperands(" # i # ")"), ", ") #
      "}); }";
}

#endif // DYCC_DIALECTS_ONNX_ONNXDIALECT_TD
