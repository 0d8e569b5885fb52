#ifndef DYCC_DIALECTS_ONNX_ONNXYIELD_TD
#define DYCC_DIALECTS_ONNX_ONNXYIELD_TD

include "dialects/onnx/OnnxDialect.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Onnx_YieldOp : Op<Onnx_Dialect, "Yield", [
    Pure, ReturnLike, Terminator,
    ParentOneOf<["IfOp", "LoopOp", "ScanOp", "SequenceMapOp"]>]> {
  let summary = "Ends a region and gives its values to the enclosing operator";
  let description = [{
    Not an ONNX operator: it holds the outputs of a subgraph.

    ```mlir
    onnx.Yield %sum, %next : tensor<4xf32>, tensor<i1>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$inputs);
  let assemblyFormat = "($inputs^ `:` type($inputs))? attr-dict";
}

#endif // DYCC_DIALECTS_ONNX_ONNXYIELD_TD
