// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXRECURRENT_TD
#define DYCC_DIALECTS_ONNX_ONNXRECURRENT_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_AttentionOp : Onnx_Op<"Attention", "ISDOS", [], "ManyToMany", [
    Pure, AttrSizedOperandSegments, AttrSizedResultSegments,
    Onnx_OneElementType<"Q, K, past_key, Y, present_key and qk_matmul_output",
        [0, 1, 4], [0, 1, 3]>,
    Onnx_OneElementType<"V, past_value and present_value", [2, 5], [2]>]> {
  let summary =
      "Scaled dot product attention with mask, cache and head groups";
  let arguments = (ins Onnx_Float:$Q, Onnx_Float:$K, Onnx_Float:$V,
                       Optional<Onnx_RealBool>:$attn_mask,
                       Optional<Onnx_Float>:$past_key,
                       Optional<Onnx_Float>:$past_value,
                       Optional<Onnx_I64>:$nonpad_kv_seqlen,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$is_causal,
                       OptionalAttr<Onnx_IntAttr>:$kv_num_heads,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$left_window_size,
                       OptionalAttr<Onnx_IntAttr>:$q_num_heads,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$qk_matmul_output_mode,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$right_window_size,
                       OptionalAttr<F32Attr>:$scale,
                       DefaultValuedAttr<F32Attr, "0.0f">:$softcap,
                       OptionalAttr<Onnx_IntAttr>:$softmax_precision);
  let results = (outs Onnx_Float:$Y, Optional<Onnx_Float>:$present_key,
                      Optional<Onnx_Float>:$present_value,
                      Optional<Onnx_Float>:$qk_matmul_output);
}

def Onnx_GRUOp : Onnx_Op<"GRU", "ISDOS", [], "ManyToMany", [
    Pure, AttrSizedOperandSegments, AttrSizedResultSegments,
    Onnx_OneElementType<"X, W, R, B, initial_h, Y and Y_h",
        [0, 1, 2, 3, 5], [0, 1]>]> {
  let summary =
      "Gated recurrent unit over a sequence";
  let description = kind # [{

    * (C1) `direction` is forward, reverse or bidirectional.
    * (C2) `X`, `W` and `R` have three axes.
    * (C3) `W` and `R` lead with an entry per direction.
    * (C4) `R` has a block of rows per gate.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$W, Onnx_Float:$R,
                       Optional<Onnx_Float>:$B,
                       Optional<Onnx_I32>:$sequence_lens,
                       Optional<Onnx_Float>:$initial_h,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_alpha,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_beta,
                       OptionalAttr<StrArrayAttr>:$activations,
                       OptionalAttr<F32Attr>:$clip,
                       DefaultValuedAttr<StrAttr, "\"forward\"">:$direction,
                       OptionalAttr<Onnx_IntAttr>:$hidden_size,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$layout,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$linear_before_reset);
  let results = (outs Optional<Onnx_Float>:$Y, Optional<Onnx_Float>:$Y_h);
  let hasVerifier = 1;
}

def Onnx_LSTMOp : Onnx_Op<"LSTM", "ISDOS", [], "ManyToMany", [
    Pure, AttrSizedOperandSegments, AttrSizedResultSegments,
    Onnx_OneElementType<"X, W, R, B, initial_h, initial_c, P, Y, Y_h and Y_c",
        [0, 1, 2, 3, 5, 6, 7], [0, 1, 2]>]> {
  let summary =
      "Long short-term memory over a sequence";
  let description = kind # [{

    * (C1) `direction` is forward, reverse or bidirectional.
    * (C2) `X`, `W` and `R` have three axes.
    * (C3) `W` and `R` lead with an entry per direction.
    * (C4) `R` has a block of rows per gate.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$W, Onnx_Float:$R,
                       Optional<Onnx_Float>:$B,
                       Optional<Onnx_I32>:$sequence_lens,
                       Optional<Onnx_Float>:$initial_h,
                       Optional<Onnx_Float>:$initial_c, Optional<Onnx_Float>:$P,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_alpha,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_beta,
                       OptionalAttr<StrArrayAttr>:$activations,
                       OptionalAttr<F32Attr>:$clip,
                       DefaultValuedAttr<StrAttr, "\"forward\"">:$direction,
                       OptionalAttr<Onnx_IntAttr>:$hidden_size,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$input_forget,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$layout);
  let results = (outs Optional<Onnx_Float>:$Y, Optional<Onnx_Float>:$Y_h,
                      Optional<Onnx_Float>:$Y_c);
  let hasVerifier = 1;
}

def Onnx_LinearAttentionOp : Onnx_Op<"LinearAttention", "ISDOS", [],
                                     "ManyToMany", [
    Pure, AttrSizedOperandSegments,
    Onnx_OneElementType<"query, key, value, decay, beta and output",
        [0, 1, 2, 4, 5], [0]>,
    Onnx_OneElementType<"past_state and present_state", [3], [1]>]> {
  let summary =
      "Attention without softmax as a recurrence over a state matrix";
  let arguments = (ins Onnx_F16BF16F32:$query, Onnx_F16BF16F32:$key,
                       Onnx_F16BF16F32:$value,
                       Optional<Onnx_F16BF16F32>:$past_state,
                       Optional<Onnx_F16BF16F32>:$decay,
                       Optional<Onnx_F16BF16F32>:$beta,
                       DefaultValuedAttr<Onnx_IntAttr, "64">:$chunk_size,
                       Onnx_IntAttr:$kv_num_heads, Onnx_IntAttr:$q_num_heads,
                       DefaultValuedAttr<F32Attr, "0.0f">:$scale,
                       DefaultValuedAttr<StrAttr, "\"gated_delta\"">:$update_rule);
  let results = (outs Onnx_F16BF16F32:$output, Onnx_F16BF16F32:$present_state);
}

def Onnx_RNNOp : Onnx_Op<"RNN", "ISDOS", [], "ManyToMany", [
    Pure, AttrSizedOperandSegments, AttrSizedResultSegments,
    Onnx_OneElementType<"X, W, R, B, initial_h, Y and Y_h",
        [0, 1, 2, 3, 5], [0, 1]>]> {
  let summary =
      "Plain recurrent network over a sequence";
  let description = kind # [{

    * (C1) `direction` is forward, reverse or bidirectional.
    * (C2) `X`, `W` and `R` have three axes.
    * (C3) `W` and `R` lead with an entry per direction.
    * (C4) `R` has a block of rows per gate.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$W, Onnx_Float:$R,
                       Optional<Onnx_Float>:$B,
                       Optional<Onnx_I32>:$sequence_lens,
                       Optional<Onnx_Float>:$initial_h,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_alpha,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_beta,
                       DefaultValuedAttr<StrArrayAttr, "{\"Tanh\", \"Tanh\"}">:$activations,
                       OptionalAttr<F32Attr>:$clip,
                       DefaultValuedAttr<StrAttr, "\"forward\"">:$direction,
                       OptionalAttr<Onnx_IntAttr>:$hidden_size,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$layout);
  let results = (outs Optional<Onnx_Float>:$Y, Optional<Onnx_Float>:$Y_h);
  let hasVerifier = 1;
}

def Onnx_RotaryEmbeddingOp : Onnx_Op<"RotaryEmbedding", "ISDOS", [], "OneToOne",
                                     [
    Pure,
    Onnx_OneElementType<"X, cos_cache, sin_cache and Y", [0, 1, 2], [0]>]> {
  let summary =
      "Rotates pairs of features by the angle of their position";
  let arguments = (ins Onnx_F16BF16F32:$X, Onnx_F16BF16F32:$cos_cache,
                       Onnx_F16BF16F32:$sin_cache,
                       Optional<Onnx_I64>:$position_ids,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$interleaved,
                       OptionalAttr<Onnx_IntAttr>:$num_heads,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$rotary_embedding_dim);
  let results = (outs Onnx_F16BF16F32:$Y);
}

#endif // DYCC_DIALECTS_ONNX_ONNXRECURRENT_TD
