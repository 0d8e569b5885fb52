#ifndef DYCC_PASSES_NORMALIZE_PASSES_TD
#define DYCC_PASSES_NORMALIZE_PASSES_TD

include "mlir/Pass/PassBase.td"

def FoldSequencesPass : Pass<"dycc-fold-sequences", "::mlir::func::FuncOp"> {
  let summary = "Puts the tensors of sequences in their place";
  let description = [{
    A sequence whose tensors are known one by one, the parts of a tensor that is
    cut evenly, and the rows that a loop appends one by one to an empty sequence are
    followed to where tensors are taken out of them. What a loop appends becomes
    a scan output. Optionals that are made of a tensor are that tensor.

    Requires: constants are folded; no rank is known.
    Ensures:  of the operators of sequences those are left whose positions only
              the run knows, or that read other sequences; SequenceMap is a loop.
    Keeps:    results.
    ```mlir
    %s = onnx.SequenceConstruct %a, %b
    %y = onnx.ConcatFromSequence %s {axis = 0}
    // becomes
    %y = onnx.Concat %a, %b {axis = 0}
    ```
  }];
}

def PackSequencesPass : Pass<"dycc-pack-sequences", "::mlir::func::FuncOp"> {
  let summary = "Makes tensors of the sequences and optionals that are left";
  let description = [{
    A sequence becomes two tensors: the elements of all its tensors one after the
    other, and a row of extents for each (docs/decisions/0036). An optional tensor
    is a sequence of at most one; an optional sequence has a third tensor, which
    says whether there is one. So do inputs and outputs of the function, whose
    first tensor has the attributes `onnx.value`, the name, and `onnx.type`.

    Requires: `dycc-propagate-ranks`: all tensors of a sequence have one rank,
              which what is put in or the types say. Else nothing is changed.
    Ensures:  no sequence and no optional is left.
    Keeps:    results.
    ```mlir
    %s = onnx.SequenceInsert %in, %x
    // becomes
    %e = onnx.Concat %in_elements, %x_elements {axis = 0}
    %d = onnx.Concat %in_extents, %x_extents {axis = 0}
    ```
  }];
}

def ExpandRecurrentPass
    : Pass<"dycc-expand-recurrent", "::mlir::func::FuncOp"> {
  let summary = "Writes LSTM, GRU and RNN out as products and a loop";
  let description = [{
    The products of all steps' inputs with the input weights are one MatMul; a
    step multiplies the state only. A sequence whose extent is known to be at
    most `max-unrolled-steps` becomes straight-line code, another one an
    `onnx.Loop` over time.

    Requires: `dycc-propagate-ranks`, to know a short sequence.
    Ensures:  no LSTM, GRU or RNN is left.
    Keeps:    the sequence lengths' meaning: a state stops changing where its
              sequence ends, and outputs beyond are zero.
    ```mlir
    %Y, %Y_h, %Y_c = onnx.LSTM %x, %w, %r, ...
    // becomes
    %xw = onnx.MatMul %x, ...
    %h:2 = onnx.Loop %steps, %h0, %c0 ... {...}
    ```
  }];
  let options = [
    Option<"maxUnrolledSteps", "max-unrolled-steps", "int64_t", /*default=*/"4",
           "Longest sequence that becomes straight-line code">];
}

def ExpandFunctionsPass
    : Pass<"dycc-expand-functions", "::mlir::func::FuncOp"> {
  let summary = "Replaces operators that no kernel needs whole by simpler ones";
  let description = [{
    Requires: `dycc-propagate-ranks`; what has no rank may stay.
    Ensures:  no Identity, CastLike, Dropout (but in training), Attention, Einsum,
              quantisation to or from integers of whole bytes (or from constants of
              fewer bits) but that of constants on the right of products, convolution or product of such integers but those of
              u8 by constant s8 without zero points, or with one in the padding
              alone, Range of f16, bf16 or f64 that are no constants, OneHot of a float depth,
              loss over class numbers, statistics of a LayerNormalization with
              known axes, normalisation by instance, group or mean and variance, LpNormalization,
              BatchNormalization, RotaryEmbedding, SwiGLU, TensorScatter,
              CenterCropPad, AffineGrid, DFT, STFT, window, MelWeightMatrix,
              and of the reductions only
              ReduceSum, ReduceMean, ReduceProd, ReduceMax and ReduceMin is left.
    Keeps:    results up to rounding.
    ```mlir
    %y = onnx.ReduceL2 %x, %axes
    // becomes
    %s = onnx.Mul %x, %x
    %t = onnx.ReduceSum %s, %axes
    %y = onnx.Sqrt %t
    ```
  }];
}

def FoldConstantsPass : Pass<"dycc-fold-constants", "::mlir::func::FuncOp"> {
  let summary = "Computes at compile time what depends on constants only";
  let description = [{
    Operators that move elements are folded at any size that does not grow,
    element-wise ones only where the result is small, or weights that they
    dequantise. A constant matrix that
    Gemm takes transposed is transposed.

    Requires: nothing.
    Ensures:  no such operator is left; no constant is without a use.
    Keeps:    the bits that the operators give at run time for what is exact in
              IEEE arithmetic.
    ```mlir
    %t = onnx.Transpose %weights {perm = array<i64: 1, 0>}
    // becomes
    %t = onnx.Constant ...
    ```
  }];
}

def ConvertUnsignedProductsPass
    : Pass<"dycc-convert-unsigned-products", "::mlir::func::FuncOp"> {
  let summary = "Makes sums of products of u8 by s8 those of s8 by s8";
  let description = [{
    For processors whose dot products are of s8 by s8. The left side less 128 is
    such an s8; what 128 times the weights of a column or filter are is constant,
    and added to the sums, or to what is added to them already.

    Requires: `dycc-expand-functions`.
    Ensures:  MatMulInteger of u8 by constant s8, and ConvInteger of more than a
              channel for each filter, have `onnx.left_less_128`.
    Keeps:    the bits of all results.
    ```mlir
    %s = onnx.MatMulInteger %x, %w
    %y = onnx.Sub %s, %moved
    // becomes
    %s = onnx.MatMulInteger %x, %w {onnx.left_less_128}
    %y = onnx.Sub %s, %less // %moved - 128 * (sums of the columns of %w)
    ```
  }];
}

def FoldBatchNormPass : Pass<"dycc-fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "Moves affine functions of channels into the weights before them";
  let description = [{
    A normalisation with constant parameters, and a sum or product with a
    constant per channel, is an affine function: its factor scales the filters
    of the Conv, ConvTranspose or Gemm (or the parameters of another
    normalisation) whose only use it is, the rest becomes the bias.

    Requires: weights that are constants (`dycc-fold-constants`);
              `dycc-propagate-ranks`, to know the axis of channels.
    Ensures:  no BatchNormalization with constant parameters follows a
              convolution or Gemm with constant weights that has no other use.
    Keeps:    results up to rounding; the location of both nodes.
    ```mlir
    %c = onnx.Conv %x, %w
    %y = onnx.BatchNormalization %c, %scale, %b, %mean, %var
    // becomes
    %y = onnx.Conv %x, %w2, %b2
    ```
  }];
}

def ConvertPrecisionPass
    : Pass<"dycc-convert-precision", "::mlir::func::FuncOp"> {
  let summary = "Stores the f32 of a model in 16 bits";
  let description = [{
    Operators whose f32 operands and results may be rounded have those of 16 bits
    (`element`: f16 or bf16), constants too. Kernels compute in f32 all the same.
    These stay f32: inputs, outputs, what control flow carries; element-wise
    results of inputs, integers and statistics alone; sums but those of products,
    squares, powers and exponentials; positions and what steers shapes; what reads a constant
    that the 16 bits do not hold; what has no form in 16 bits; and nodes of the
    names `keep-f32`. A result of these is rounded where others read it; where
    what stays f32 reads a named one's, it has all of it.

    Requires: `dycc-expand-functions`; patterns of integers are known.
    Ensures:  products and convolutions of f32 are of 16 bits but for those cases.
    Keeps:    types of inputs and outputs; results up to the rounding of what is
              stored.
    ```mlir
    %y = onnx.MatMul %x, %w
    return %y
    // becomes
    %h = onnx.Cast %x {to = 10}
    %s = onnx.MatMul %h, %w16
    %y = onnx.Cast %s {to = 1}
    return %y
    ```
  }];
  let options = [
    Option<"element", "element", "std::string", /*default=*/"\"f16\"",
           "f16 or bf16">,
    ListOption<"keepF32", "keep-f32", "std::string",
               "Names of nodes that stay f32">];
}

def VerifyNormalizePass : Pass<"dycc-verify-normalize", "::mlir::func::FuncOp"> {
  let summary = "Checks what the normalize stage ensures";
  let description = [{
    Requires: nothing.
    Ensures:  no recurrent operator, Identity, CastLike or LpNormalization is
              left.
    Keeps:    everything.
    ```mlir
    %y = onnx.Identity %x // refused
    ```
  }];
}

def ConvertSignedStepsPass
    : Pass<"dycc-convert-signed-steps", "::mlir::func::FuncOp"> {
  let summary = "Quantises to u8 what is quantised to s8 in between";
  let description = [{
    Numbers that are quantised to s8 and read by dequantisations alone are
    quantised to u8, with zero points that are 128 larger.

    Requires: `dycc-propagate-ranks`.
    Ensures:  no such s8 with constant zero points for the tensor is left.
    Keeps:    the bits of all results, but of a NaN that is quantised, whose step
              ONNX leaves open.
    ```mlir
    %q = onnx.QuantizeLinear %x, %s, %z // -3
    %y = onnx.DequantizeLinear %q, %s, %z
    // becomes
    %q = onnx.QuantizeLinear %x, %s, %u // 125
    %y = onnx.DequantizeLinear %q, %s, %u
    ```
  }];
}

def ElideDequantizationsPass
    : Pass<"dycc-elide-dequantizations", "::mlir::func::FuncOp"> {
  let summary = "Moves elements while they are quantised";
  let description = [{
    What moves elements of dequantised numbers of eight bits, and is quantised as
    they were, moves the integers. So does what a product or a convolution has on
    its left. One scheme, a scale and a zero point for the tensor, holds for all of
    them; to quantise what was dequantised by it gives the same integers.

    Requires: `dycc-propagate-ranks`; DequantizeLinear is not expanded yet
              (`dycc-expand-functions`).
    Ensures:  no QuantizeLinear reads a DequantizeLinear of its own scheme.
    Keeps:    the bits of all results.
    ```mlir
    %f = onnx.DequantizeLinear %q, %s, %z
    %t = onnx.Transpose %f
    %y = onnx.QuantizeLinear %t, %s, %z
    // becomes
    %y = onnx.Transpose %q
    ```
  }];
}

def FuseDequantizedProductsPass
    : Pass<"dycc-fuse-dequantized-products", "::mlir::func::FuncOp"> {
  let summary = "Multiplies the integers that operands of a product come from";
  let description = [{
    A product of matrices that are both dequantised is their product as integers
    of eight bits, scaled behind it: sums are exact, and weights stay as they are.
    The right side is a constant matrix with a scale for all of it or for each
    column; the left one has one scale. So is a convolution with constant filters that have a scale
    for all of them or for each one: of all channels, of one each, or of groups of
    a multiple of four.

    Requires: `dycc-propagate-ranks`; DequantizeLinear is not expanded yet
              (`dycc-expand-functions`).
    Ensures:  no such MatMul or Conv is left, and no such Gemm without factors.
    Keeps:    results up to rounding.
    ```mlir
    %a = onnx.DequantizeLinear %x, %sx, %zx
    %b = onnx.DequantizeLinear %w, %sw
    %y = onnx.MatMul %a, %b
    // becomes
    %i = onnx.MatMulInteger %x, %w, %zx
    %f = onnx.Cast %i
    %s = onnx.Mul %sx, %sw
    %y = onnx.Mul %f, %s
    ```
  }];
}

def ConvertQuantizedWeightsPass
    : Pass<"dycc-convert-quantized-weights", "::mlir::func::FuncOp"> {
  let summary = "Brings right sides that are dequantised to one form";
  let description = [{
    A constant matrix of integers of 2, 4 or 8 bits that a MatMul or Gemm has on
    its right, perhaps transposed, and that has a scale for all of it, for each
    column or for each column of each block along the depth, stays as it is until
    kernels dequantise it. It is (k, n), in blocks along k; integers of fewer
    than eight bits are unsigned; zero points that are all equal are one.

    Requires: `dycc-propagate-ranks`; DequantizeLinear is not expanded yet
              (`dycc-expand-functions`, which leaves this form).
    Ensures:  every such right side has this form.
    Keeps:    the bits of all results, but that kernels do not round what is
              dequantised to halves.
    ```mlir
    %w = onnx.DequantizeLinear %q, %s {axis = 1, block_size = 32} // 8x64xi4
    %t = onnx.Transpose %w
    %y = onnx.MatMul %x, %t
    // becomes
    %w = onnx.DequantizeLinear %u, %v, %p {axis = 0, block_size = 32} // 64x8xui4
    %y = onnx.MatMul %x, %w
    ```
  }];
}

#endif // DYCC_PASSES_NORMALIZE_PASSES_TD
