// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXNORMALIZE_TD
#define DYCC_DIALECTS_ONNX_ONNXNORMALIZE_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_BatchNormalizationOp : Onnx_Op<"BatchNormalization", "ISDOS", [],
      "OneToOne", [
    Pure, AttrSizedResultSegments, Onnx_OneElementType<"X and Y", [0], [0]>,
    Onnx_OneElementType<"scale and B", [1, 2], []>,
    Onnx_OneElementType<"input_mean, input_var, running_mean and running_var",
        [3, 4], [1, 2]>]> {
  let summary =
      "Normalises each channel by given, or when training own, statistics";
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$scale, Onnx_Float:$B,
                       Onnx_Float:$input_mean, Onnx_Float:$input_var,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       DefaultValuedAttr<F32Attr, "0.9f">:$momentum,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$training_mode);
  let results = (outs Onnx_Float:$Y, Optional<Onnx_Float>:$running_mean,
                      Optional<Onnx_Float>:$running_var);
}

def Onnx_GroupNormalizationOp : Onnx_Op<"GroupNormalization", "ISDOS", [],
      "ManyToMany", [
    Pure, Onnx_OneElementType<"X, scale, bias and Y", [0, 1, 2], [0]>]> {
  let summary =
      "Normalises groups of channels by their own statistics";
  let description = kind # [{

    * (C1) `num_groups` is positive and divides the channels.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$scale, Onnx_Float:$bias,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       Onnx_IntAttr:$num_groups,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$stash_type);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_HardmaxOp : Onnx_Op<"Hardmax", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "One at the first maximum along an axis, zero elsewhere";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Float:$input,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis);
  let results = (outs Onnx_Float:$output);
  let hasVerifier = 1;
}

def Onnx_InstanceNormalizationOp : Onnx_Op<"InstanceNormalization", "ISDOS", [],
      "ManyToMany", [
    Pure, Onnx_OneElementType<"input, scale, B and output", [0, 1, 2], [0]>]> {
  let summary =
      "Normalises each channel of each image by its own statistics";
  let arguments = (ins Onnx_Float:$input, Onnx_Float:$scale, Onnx_Float:$B,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon);
  let results = (outs Onnx_Float:$output);
}

def Onnx_LRNOp : Onnx_Op<"LRN", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Divides by the energy of neighbouring channels";
  let description = kind # [{

    * (C1) `size` is positive.
  }];
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<F32Attr, "1e-04f">:$alpha,
                       DefaultValuedAttr<F32Attr, "0.75f">:$beta,
                       DefaultValuedAttr<F32Attr, "1.0f">:$bias,
                       Onnx_IntAttr:$size);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_LayerNormalizationOp : Onnx_Op<"LayerNormalization", "ISDOS", [],
      "ManyToMany", [
    Pure, AttrSizedResultSegments,
    Onnx_OneElementType<"X, Scale, B and Y", [0, 1, 2], [0]>,
    Onnx_OneElementType<"Mean and InvStdDev", [], [1, 2]>]> {
  let summary =
      "Normalises over the axes from `axis` on, then scales and shifts";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$Scale,
                       Optional<Onnx_Float>:$B,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$stash_type);
  let results = (outs Onnx_Float:$Y, Optional<Onnx_BF16F32>:$Mean,
                      Optional<Onnx_BF16F32>:$InvStdDev);
  let hasVerifier = 1;
}

def Onnx_LogSoftmaxOp : Onnx_Op<"LogSoftmax", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Logarithm of the softmax along an axis";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Float:$input,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis);
  let results = (outs Onnx_Float:$output);
  let hasVerifier = 1;
}

def Onnx_LpNormalizationOp : Onnx_Op<"LpNormalization", "ISDOS", [],
                                     "ManyToMany", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Divides by the L1 or L2 norm along an axis";
  let description = kind # [{

    * (C1) `axis` is in range.
    * (C2) `p` is 1 or 2.
  }];
  let arguments = (ins Onnx_Float:$input,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis,
                       DefaultValuedAttr<Onnx_IntAttr, "2">:$p);
  let results = (outs Onnx_Float:$output);
  let hasVerifier = 1;
}

def Onnx_MeanVarianceNormalizationOp : Onnx_Op<"MeanVarianceNormalization",
      "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"X and Y", [0], [0]>]> {
  let summary =
      "Zero mean and unit variance over given axes";
  let arguments = (ins Onnx_Float:$X,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{0, 2, 3}">:$axes);
  let results = (outs Onnx_Float:$Y);
}

def Onnx_RMSNormalizationOp : Onnx_Op<"RMSNormalization", "ISDOS", [],
                                      "ManyToMany", [
    Pure, Onnx_OneElementType<"scale and Y", [1], [0]>]> {
  let summary =
      "Divides by the root mean square over the axes from `axis` on";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Float:$X, Onnx_Float:$scale,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       DefaultValuedAttr<Onnx_IntAttr, "1">:$stash_type);
  let results = (outs Onnx_Float:$Y);
  let hasVerifier = 1;
}

def Onnx_SoftmaxOp : Onnx_Op<"Softmax", "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"input and output", [0], [0]>]> {
  let summary =
      "Exponentials along an axis divided by their sum";
  let description = kind # [{

    * (C1) `axis` is in range.
  }];
  let arguments = (ins Onnx_Float:$input,
                       DefaultValuedAttr<Onnx_IntAttr, "-1">:$axis);
  let results = (outs Onnx_Float:$output);
  let hasVerifier = 1;
}

def Onnx_NegativeLogLikelihoodLossOp : Onnx_Op<"NegativeLogLikelihoodLoss",
      "ISDOS", [], "ManyToMany", [
    Pure, Onnx_OneElementType<"input, weight and loss", [0, 2], [0]>]> {
  let summary =
      "Weighted loss from log probabilities and class numbers";
  let description = kind # [{

    * (C1) `reduction` is none, sum or mean.
  }];
  let arguments = (ins Onnx_Float:$input, Onnx_I32I64:$target,
                       Optional<Onnx_Float>:$weight,
                       OptionalAttr<Onnx_IntAttr>:$ignore_index,
                       DefaultValuedAttr<StrAttr, "\"mean\"">:$reduction);
  let results = (outs Onnx_Float:$loss);
  let hasVerifier = 1;
}

def Onnx_SoftmaxCrossEntropyLossOp : Onnx_Op<"SoftmaxCrossEntropyLoss", "ISDOS",
      [], "ManyToMany", [
    Pure,
    Onnx_OneElementType<"scores, weights, output and log_prob",
        [0, 2], [0, 1]>]> {
  let summary =
      "Cross entropy between scores and class numbers";
  let description = kind # [{

    * (C1) `reduction` is none, sum or mean.
  }];
  let arguments = (ins Onnx_Float:$scores, Onnx_I32I64:$labels,
                       Optional<Onnx_Float>:$weights,
                       OptionalAttr<Onnx_IntAttr>:$ignore_index,
                       DefaultValuedAttr<StrAttr, "\"mean\"">:$reduction);
  let results = (outs Onnx_Float:$output, Optional<Onnx_Float>:$log_prob);
  let hasVerifier = 1;
}

#endif // DYCC_DIALECTS_ONNX_ONNXNORMALIZE_TD
