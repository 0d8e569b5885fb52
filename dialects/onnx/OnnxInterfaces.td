#ifndef DYCC_DIALECTS_ONNX_ONNXINTERFACES_TD
#define DYCC_DIALECTS_ONNX_ONNXINTERFACES_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/Interfaces.td"

def Onnx_Category : I32Enum<"Category", "when an operator's result is known", [
    I32EnumCase<"ISDO", 0>, I32EnumCase<"ISDOS", 1>, I32EnumCase<"ISVDOS", 2>,
    I32EnumCase<"EDO", 3>, I32EnumCase<"Container", 4>]> {
  let description = [{
    * `ISDO`: the operands' shapes give the result's shape and value.
    * `ISDOS`: the operands' shapes give the result's shape.
    * `ISVDOS`: shapes and the values of the controlling operands do.
    * `EDO`: the shape is known once the operator has run.
    * `Container`: the operator handles a sequence or an optional.
  }];
  let cppNamespace = "::dycc::onnx";
}

def Onnx_MappingType
    : I32Enum<"MappingType", "how result elements relate to operand elements", [
          I32EnumCase<"OneToOne", 0>, I32EnumCase<"OneToMany", 1>,
          I32EnumCase<"ManyToMany", 2>, I32EnumCase<"Reorganize", 3>,
          I32EnumCase<"Shuffle", 4>, I32EnumCase<"Opaque", 5>]> {
  let description = [{
    * `OneToOne`: a result element reads one element of each operand.
    * `OneToMany`: and an operand element may be read by many result elements.
    * `ManyToMany`: a result element reads many operand elements.
    * `Reorganize`: same elements in the same order under other extents.
    * `Shuffle`: same elements in another order.
    * `Opaque`: none of these; never part of a fused loop nest.

    Broadcasting operators are `OneToOne`: whether one broadcasts is a property
    of the use's shapes, not of the operator.
  }];
  let cppNamespace = "::dycc::onnx";
}

def Onnx_DynamismOpInterface : OpInterface<"DynamismOpInterface"> {
  let description = [{
    When the shape of an operator's results is known. This is the *operator's*
    category; the one of a use is stronger where the controlling operands are
    constants or symbolic values.
  }];
  let cppNamespace = "::dycc::onnx";
  let methods = [
    InterfaceMethod<"Returns the operator's own category.",
                    "::dycc::onnx::Category", "getCategory">,
    InterfaceMethod<[{
      Returns the operands whose *values* steer the results' shapes; optional
      ones only where present. Empty for ISDO and ISDOS, and for a use that is
      ISVDOS by name only (Split by `num_outputs`).
    }], "::llvm::SmallVector<::mlir::Value>", "getControllingOperands">,
  ];
}

def Onnx_MappingTypeOpInterface : OpInterface<"MappingTypeOpInterface"> {
  let description = "Which fusions an operator can take part in.";
  let cppNamespace = "::dycc::onnx";
  let methods = [
    InterfaceMethod<"Returns how result elements relate to operand elements.",
                    "::dycc::onnx::MappingType", "getMappingType">,
  ];
}

def Onnx_ShapeTransferOpInterface : OpInterface<"ShapeTransferOpInterface"> {
  let description = [{
    An operator's shape rules. The models are attached by the shape passes, so
    that this dialect knows nothing of the solver: no op lists the interface.
  }];
  let cppNamespace = "::dycc::onnx";
  let methods = [
    InterfaceMethod<"Adds what the operands tell about the results.", "void",
                    "transferForward", (ins "::dycc::shape::Solver &":$solver)>,
    InterfaceMethod<"Adds what the results tell about the operands.", "void",
                    "transferBackward", (ins "::dycc::shape::Solver &":$solver)>,
  ];
}

#endif // DYCC_DIALECTS_ONNX_ONNXINTERFACES_TD
