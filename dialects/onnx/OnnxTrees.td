#ifndef DYCC_DIALECTS_ONNX_ONNXTREES_TD
#define DYCC_DIALECTS_ONNX_ONNXTREES_TD

include "dialects/onnx/OnnxDialect.td"

def Onnx_DecisionTreesOp : Onnx_Op<"DecisionTrees", "ISDOS", [], "Opaque", [
    Pure, AllElementTypesMatch<["X", "Y"]>]> {
  let summary = "Weights of the leaves that rows reach in decision trees";
  let description = kind # [{
    Not an ONNX operator: it is what the import makes of TreeEnsemble,
    TreeEnsembleRegressor and TreeEnsembleClassifier of domain `ai.onnx.ml`.
    Nodes are packed as runtime/abi/Trees.h has them. `X` is (rows, features),
    `Y` is (rows, `targets`): what `reduction` makes of the weights of all leaves
    that a row reaches, tree by tree. Where there are several targets, `leaves`
    are the ends of the leaves' weights, their targets and themselves.

    * (C1) `leaves` are three operands, or none where there is one target.

    ```mlir
    %y = onnx.DecisionTrees %x, %nodes, %roots {features = 4 : i64,
        reduction = 0 : i64, steps = 300 : i64, targets = 1 : i64,
        test = 0 : i64} : (tensor<?x4xf32>, tensor<63x16xui8>,
        tensor<9x2xi32>) -> tensor<?x1xf32>
    ```
  }];
  let arguments = (ins TensorOf<[F32, F64]>:$X, TensorOf<[UI8]>:$nodes,
                       TensorOf<[I32]>:$roots,
                       Variadic<TensorOf<[I32, F32, F64]>>:$leaves,
                       Onnx_IntAttr:$targets, Onnx_IntAttr:$features,
                       Onnx_IntAttr:$test, Onnx_IntAttr:$reduction,
                       Onnx_IntAttr:$steps);
  let results = (outs TensorOf<[F32, F64]>:$Y);
  let hasVerifier = 1;
}

#endif // DYCC_DIALECTS_ONNX_ONNXTREES_TD
