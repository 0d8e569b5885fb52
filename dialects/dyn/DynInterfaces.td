#ifndef DYCC_DIALECTS_DYN_DYNINTERFACES_TD
#define DYCC_DIALECTS_DYN_DYNINTERFACES_TD

include "dialects/dyn/DynAttrs.td"
include "mlir/IR/OpBase.td"

def Dyn_PlacedOp : OpInterface<"PlacedOp"> {
  let cppNamespace = "::dycc::dyn";
  let description = [{
    An operation whose results the plan stage gives places.
  }];
  let methods = [
    InterfaceMethod<"One place for each result; null before the plan stage.",
                    "::mlir::ArrayAttr", "getPlacesAttr">,
    InterfaceMethod<"Sets the places.", "void", "setPlacesAttr",
                    (ins "::mlir::ArrayAttr":$places)>];
}

def Dyn_ReleasingOp : OpInterface<"ReleasingOp"> {
  let cppNamespace = "::dycc::dyn";
  let description = [{
    An operation behind which entries of the pointer table may be given back.
  }];
  let methods = [
    InterfaceMethod<"The entries; null where there is none.",
                    "::mlir::DenseI64ArrayAttr", "getReleasesAttr">,
    InterfaceMethod<"Sets the entries.", "void", "setReleasesAttr",
                    (ins "::mlir::DenseI64ArrayAttr":$entries)>];
}

#endif // DYCC_DIALECTS_DYN_DYNINTERFACES_TD
