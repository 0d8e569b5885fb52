// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXCONTROLFLOW_TD
#define DYCC_DIALECTS_ONNX_ONNXCONTROLFLOW_TD

include "dialects/onnx/OnnxConstraints.td"
include "dialects/onnx/OnnxYield.td"

def Onnx_IfOp : Onnx_Op<"If", "EDO", [0], "Opaque", [
    RecursiveMemoryEffects]> {
  let summary =
      "Runs one of two regions by a condition";
  let description = kind # [{

    * (C1) The branches have no block arguments.
    * (C2) Each ends in Yield.
    * (C3) Each yields a value per result.
    * (C4) Of the result's element type.
  }];
  let arguments = (ins Onnx_Bool:$cond);
  let results = (outs Variadic<Onnx_AnySeqOpt>:$outputs);
  let regions = (region SizedRegion<1>:$then_branch,
                        SizedRegion<1>:$else_branch);
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
    `then` $then_branch `else` $else_branch
  }];
  let hasVerifier = 1;
}

def Onnx_LoopOp : Onnx_Op<"Loop", "EDO", [0, 1], "Opaque", [
    RecursiveMemoryEffects, AttrSizedOperandSegments]> {
  let summary =
      "Runs its body up to a trip count and while a condition holds";
  let description = kind # [{

    * (C1) The body takes trip number, condition and the carried values.
    * (C2) The first two are tensors of i64 and i1.
    * (C3) The body ends in Yield.
    * (C4) It yields the condition and a value per result.
    * (C5) There is a result per carried value.
    * (C6) The condition is a tensor of i1.
    * (C7) A carried value keeps its element type.
  }];
  let arguments = (ins Optional<Onnx_I64>:$M, Optional<Onnx_Bool>:$cond,
                       Variadic<Onnx_AnySeqOpt>:$v_initial);
  let results = (outs Variadic<Onnx_AnySeqOpt>:$v_final_and_scan_outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
    $body
  }];
  let hasVerifier = 1;
}

def Onnx_ScanOp : Onnx_Op<"Scan", "ISDOS", [], "Opaque", [
    RecursiveMemoryEffects]> {
  let summary =
      "Runs its body over the slices of tensors, carrying a state";
  let description = kind # [{

    * (C1) `num_scan_inputs` is positive and counts operands.
    * (C2) The body ends in Yield.
    * (C3) It takes a value per operand and yields one per result.
    * (C4) There is a result per state.
    * (C5) Lists of axes and directions have an entry per scanned value.
    * (C6) Element types agree inside and outside the body.
  }];
  let arguments = (ins Variadic<Onnx_Any>:$initial_state_and_scan_inputs,
                       Onnx_IntAttr:$num_scan_inputs,
                       OptionalAttr<DenseI64ArrayAttr>:$scan_input_axes,
                       OptionalAttr<DenseI64ArrayAttr>:$scan_input_directions,
                       OptionalAttr<DenseI64ArrayAttr>:$scan_output_axes,
                       OptionalAttr<DenseI64ArrayAttr>:$scan_output_directions);
  let results = (outs Variadic<Onnx_Any>:$final_state_and_scan_outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
    $body
  }];
  let hasVerifier = 1;
}

def Onnx_SequenceMapOp : Onnx_Op<"SequenceMap", "Container", [], "Opaque", [
    RecursiveMemoryEffects]> {
  let summary =
      "Runs its body for each element of sequences";
  let description = kind # [{

    * (C1) The body ends in Yield.
    * (C2) It takes a value per operand.
    * (C3) It yields a value per result.
  }];
  let arguments = (ins Onnx_Seq:$input_sequence,
                       Variadic<Onnx_ClassicSeq>:$additional_inputs);
  let results = (outs Variadic<Onnx_Seq>:$out_sequence);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
    $body
  }];
  let hasVerifier = 1;
}

#endif // DYCC_DIALECTS_ONNX_ONNXCONTROLFLOW_TD
