// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXCONTROLFLOW_TD
#define DYCC_DIALECTS_ONNX_ONNXCONTROLFLOW_TD

include "dialects/onnx/OnnxConstraints.td"
include "dialects/onnx/OnnxYield.td"

def Onnx_IfOp : Onnx_Op<"If", "EDO", [0], "Opaque", [
    RecursiveMemoryEffects]> {
  let summary =
      "Runs one of two regions by a condition";
  let arguments = (ins Onnx_Bool:$cond);
  let results = (outs Variadic<Onnx_AnySeqOpt>:$outputs);
  let regions = (region SizedRegion<1>:$then_branch,
                        SizedRegion<1>:$else_branch);
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
    `then` $then_branch `else` $else_branch
  }];
}

def Onnx_LoopOp : Onnx_Op<"Loop", "EDO", [0, 1], "Opaque", [
    RecursiveMemoryEffects, AttrSizedOperandSegments]> {
  let summary =
      "Runs its body up to a trip count and while a condition holds";
  let arguments = (ins Optional<Onnx_I64>:$M, Optional<Onnx_Bool>:$cond,
                       Variadic<Onnx_AnySeqOpt>:$v_initial);
  let results = (outs Variadic<Onnx_AnySeqOpt>:$v_final_and_scan_outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
    $body
  }];
}

def Onnx_ScanOp : Onnx_Op<"Scan", "ISDOS", [], "Opaque", [
    RecursiveMemoryEffects]> {
  let summary =
      "Runs its body over the slices of tensors, carrying a state";
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
}

def Onnx_SequenceMapOp : Onnx_Op<"SequenceMap", "Container", [], "Opaque", [
    RecursiveMemoryEffects]> {
  let summary =
      "Runs its body for each element of sequences";
  let arguments = (ins Onnx_Seq:$input_sequence,
                       Variadic<Onnx_ClassicSeq>:$additional_inputs);
  let results = (outs Variadic<Onnx_Seq>:$out_sequence);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
    $body
  }];
}

#endif // DYCC_DIALECTS_ONNX_ONNXCONTROLFLOW_TD
