#ifndef DYCC_PASSES_FUSE_PASSES_TD
#define DYCC_PASSES_FUSE_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerControlFlowPass
    : Pass<"dycc-lower-control-flow", "::mlir::func::FuncOp"> {
  let summary = "Turns onnx.If and onnx.Loop into dyn.if and dyn.loop";
  let description = [{
    Requires: every tensor type has a `#dyn.value` encoding; predicates and trip
              counts that are known symbolically are `dyn.symbolic`.
    Ensures:  no `onnx.If` and no `onnx.Loop` is left; a branch whose predicate
              is constant has taken the place of its If.
    Keeps:    the order of operations.
    ```mlir
    %r = onnx.If %c ... then {...} else {...}
    // becomes
    %r = dyn.if (%c : ...) -> ... then {...} else {...}
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def LowerViewsPass : Pass<"dycc-lower-views", "::mlir::func::FuncOp"> {
  let summary = "Turns operators that only rename elements into dyn.view";
  let description = [{
    Requires: every tensor type has a `#dyn.value` encoding.
    Ensures:  no Reshape, Flatten, Squeeze, Unsqueeze or Identity of tensors is
              left outside groups.
    Keeps:    everything else.
    ```mlir
    %y = onnx.Reshape %x, %shape : ...
    // becomes
    %y = dyn.view %x : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def LowerPartsPass : Pass<"dycc-lower-parts", "::mlir::func::FuncOp"> {
  let summary = "Turns operators that take a run of elements into dyn.part";
  let description = [{
    Requires: `dycc-lower-views`, `dycc-assign-layouts`.
    Ensures:  no Split, and no Slice by steps of one along one axis, is left of
              plain tensors whose axis has nothing but axes of extent one before
              it; with `channels`, no Split of an image into whole blocks of its
              channels, which lie innermost, that kernels alone read.
    Keeps:    everything else.
    ```mlir
    %y = onnx.Slice %x, %starts, %ends : ... [N, 4] -> ... [N - 2, 4]
    // becomes, with starts of 2
    %y = dyn.part %x from 8 : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
  let options = [
    Option<"channels", "channels", "bool", "true",
           "Some of the channels of an image are parts of it, too">,
  ];
}

def DropUnitAxesPass : Pass<"dycc-drop-unit-axes", "::mlir::func::FuncOp"> {
  let summary = "Takes axes of extent one off convolutions and transpositions";
  let description = [{
    Requires: `dycc-lower-views`; tensors are plain.
    Ensures:  no Conv of constant weights runs over an axis on which nothing
              happens (where it has another one), no Transpose moves an axis of
              extent one.
    Keeps:    everything else.
    ```mlir
    %y = onnx.Conv %x, %w {kernel_shape = [5, 1]} : (Nx8xHx1, 4x8x5x1)
    // becomes
    %v = dyn.view %x : Nx8xHx1 -> Nx8xH
    %c = onnx.Conv %v, %w1 {kernel_shape = [5]} : (Nx8xH, 4x8x5)
    %y = dyn.view %c
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def FoldMovementPass : Pass<"dycc-fold-movement", "::mlir::func::FuncOp"> {
  let summary = "Removes movement of nothing; moves views behind operators";
  let description = [{
    Requires: `dycc-lower-views`; tensors are plain.
    Ensures:  no Expand, Tile or forward Slice has the extents of its operand;
              no view reads a view; an element-wise operator reads a view of
              what a kernel makes only where operands have other shapes.
    Keeps:    everything else.
    ```mlir
    %v = dyn.view %matmul : ...
    %y = onnx.Relu %v : ...
    // becomes
    %r = onnx.Relu %matmul : ...
    %y = dyn.view %r : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def InsertIndexChecksPass
    : Pass<"dycc-insert-index-checks", "::mlir::func::FuncOp"> {
  let summary = "Checks indices that only execution knows";
  let description = [{
    Kernels clamp their indices, so that a wrong one reads no foreign memory;
    this makes it an error that names the node.

    Requires: every tensor type has a `#dyn.value` encoding.
    Ensures:  before each Gather, GatherElements, GatherND, ScatterElements and
              ScatterND whose indices are not known to be right there is a
              call of the runtime's `check_indices`.
    Keeps:    everything else.
    ```mlir
    %y = onnx.Gather %x, %i ...
    // becomes
    dyn.runtime "check_indices"(%i) with [1, N] : ...
    %y = onnx.Gather %x, %i ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def LowerRuntimeOpsPass
    : Pass<"dycc-lower-runtime-ops", "::mlir::func::FuncOp"> {
  let summary = "Turns operators that are no loop nests into dyn.runtime";
  let description = [{
    Requires: every tensor type has a `#dyn.value` encoding.
    Ensures:  NonZero, TopK, Unique, Compress, NonMaxSuppression, random
              numbers and what looks into strings are calls of the runtime.
    Keeps:    everything else.
    ```mlir
    %i = onnx.NonZero %m : ...
    // becomes
    %i = dyn.runtime "non_zero"(%m) defines [@n0] : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def WinogradOption
    : Option<"winograd", "winograd", "::dycc::dyn::WinogradUse",
             "::dycc::dyn::WinogradUse::Safe",
             "Where filters are transformed for Winograd's tiles", [{
               ::llvm::cl::values(
                 clEnumValN(::dycc::dyn::WinogradUse::Off, "off", "nowhere"),
                 clEnumValN(::dycc::dyn::WinogradUse::Safe, "safe",
                            "where its errors are small"),
                 clEnumValN(::dycc::dyn::WinogradUse::Fast, "fast",
                            "wherever it is faster"))}]>;

def PairsOption
    : Option<"pairsBf16", "pairs-bf16", "bool", "false",
             "Weights of bf16 lie in pairs: a machine has dot products of them">;

def ConvertFiltersPass : Pass<"dycc-convert-filters", "::mlir::func::FuncOp"> {
  let summary = "Convolutions by Winograd's filtering have filters of f32";
  let description = [{
    A constant filter of 16 bits that is worth transforming for Winograd's tiles
    becomes f32, and so does its convolution, between casts of the image and of the result,
    which keep their 16 bits in memory. With `pairs-bf16` filters of bf16 for
    images of few pixels stay as they are.

    Requires: shapes are known, tensors are plain.
    Ensures:  no convolution that `dycc-assign-layouts` would have Winograd's tiles for in f32
              has a filter of 16 bits.
    Keeps:    everything else.
    ```mlir
    %y = onnx.Conv %x, %w : (Nx32xHxWxf16, 32x32x3x3xf16)
    // becomes
    %a = onnx.Cast %x : Nx32xHxWxf32
    %b = onnx.Conv %a, %v : (Nx32xHxWxf32, 32x32x3x3xf32)
    %y = onnx.Cast %b : Nx32xHxWxf16
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
  let options = [WinogradOption, PairsOption];
}

def AssignLayoutsPass : Pass<"dycc-assign-layouts", "::mlir::func::FuncOp"> {
  let summary = "Chooses the layout of every tensor";
  let description = [{
    Images between convolutions and pooling keep their channels innermost;
    constant weights of convolutions and matrix products become panels of
    one of `panel-widths` columns or `filter-widths` channels, whichever leaves
    least of the last panel empty. Weights of integers and, with `pairs-bf16`, of
    bf16 lie there in the groups that dot products sum up. Filters of 3 x 3 taps are transformed for
    Winograd's tiles where that is faster. Whatever only knows the plain order gets a
    conversion.

    Images stay so across control flow: what an If gives and a Loop carries lies
    alike on each way to it.

    Requires: no control flow of the onnx dialect, no views to come.
    Ensures:  operands and results of views, runtime operators and of the
              function are plain, and so is what a Loop stacks.
    Keeps:    shapes.
    ```mlir
    %y = onnx.Conv %x, %w ... -> tensor<..., #dyn.value<[N, 32, H, W]>>
    // becomes
    %p = dyn.convert_layout %w ... -> tensor<..., #dyn.value<[...], panels<16>>>
    %y = onnx.Conv %x, %p ... -> tensor<..., #dyn.value<[N, 32, H, W], channels_last<8>>>
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
  let options = [
    ListOption<"panelWidths", "panel-widths", "int64_t",
               "Columns that a panel of a f32 matrix may have, best first">,
    ListOption<"filterWidths", "filter-widths", "int64_t",
               "Channels that a panel of f32 filters may have, best first">,
    Option<"channelBlock", "channel-block", "int64_t", "8",
           "Channels are rounded up to this in memory">,
    WinogradOption,
    PairsOption,
  ];
}

def FormGroupsPass : Pass<"dycc-form-groups", "::mlir::func::FuncOp"> {
  let summary = "Fuses operators into groups, one kernel each";
  let description = [{
    A value inside a group is used inside only. A group holds at most one root
    (an operator that is not element-wise); element-wise operators of
    symbolically equal extents join behind the root, and before a reduction, a
    convolution or a pooling that reads them as its image, a product that reads
    them as its right side. A value with several users joins once all of them are in the group.

    Requires: layouts are chosen.
    Ensures:  every onnx operator but Constant sits in a `dyn.group`.
    Keeps:    the order of what is not fused.
    ```mlir
    %a = onnx.Add %x, %y : ...
    %b = onnx.Relu %a : ...
    // becomes
    %b = dyn.group(%x, %y) : ... { ... onnx.Add ... onnx.Relu ... }
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
  let options = [
    Option<"maxOps", "max-ops", "int64_t", "48", "Operators in one group">,
    Option<"fuse", "fuse", "bool", "true",
           "False: every operator is a group of its own">,
  ];
}

def MaterializeOutputsPass
    : Pass<"dycc-materialize-outputs", "::mlir::func::FuncOp"> {
  let summary = "Gives each model output a kernel that writes it";
  let description = [{
    A value that is returned twice, or that is an input, a constant, a view or
    the result of control flow, does not come out of a kernel that could write
    to the caller's memory: it is copied there.

    Requires: `dycc-form-groups`.
    Ensures:  each returned value is the result of a group, a runtime operator
              or a dyn.symbolic of the function's own block, and returned once.
    Keeps:    everything else.
    ```mlir
    return %input : ...
    // becomes
    %copy = dyn.group(%input) : ... { yield }
    return %copy : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def JoinImagesPass : Pass<"dycc-join-images", "::mlir::ModuleOp"> {
  let summary = "Computes images whose channels are joined in one memory";
  let description = [{
    A group that only joins images along their channels, which lie innermost, becomes
    a `dyn.join` where other groups make its operands, in whole blocks of channels, and
    nothing but groups reads them. The operands then have the pitch of the whole.

    Requires: `dycc-form-groups`.
    Ensures:  nothing more.
    Keeps:    what anything computes.
    ```mlir
    %a = dyn.group ... -> tensor<..., #dyn.value<[N, 16, H, W], channels_last<8>>>
    %b = dyn.group ... -> tensor<..., #dyn.value<[N, 8, H, W], channels_last<8>>>
    %y = dyn.group(%a, %b) ... { onnx.Concat ... }
    // becomes
    %a = dyn.group ... -> tensor<..., #dyn.value<[...], channels_last<8, pitch 24>>>
    %b = dyn.group ... -> tensor<..., #dyn.value<[...], channels_last<8, pitch 24>>>
    %y = dyn.join(%a, %b) ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def GrowCachesPass : Pass<"dycc-grow-caches", "::mlir::ModuleOp"> {
  let summary = "Lets an output grow in the memory of the input that it continues";
  let description = [{
    Where an output is the Concat of an input and something else along an axis in the
    middle, and nothing but that reads the input, the output has the layout `room`,
    over a symbol that a `dyn.room` defines. It is a `dyn.join` of a copy of the
    input, which a run leaves out where the caller has the input there already, and of
    what is new, which is computed there.

    Requires: `dycc-materialize-outputs`; chunks and strips are formed.
    Ensures:  nothing more.
    Keeps:    what anything computes.
    ```mlir
    %y = dyn.group(%past, %new) ... { onnx.Concat ... }
    // becomes
    dyn.room [P + T] of input 0 in output 0 along 2 as @room0
    %a = dyn.group(%past) ... -> tensor<..., #dyn.value<[B, 12, P, 64], room<2, room0>>>
    %y = dyn.join(%a, %new) ... -> tensor<..., #dyn.value<[...], room<2, room0>>>
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def OutlineKernelsPass : Pass<"dycc-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Makes one kernel of equal groups, and a launch of each";
  let description = [{
    Names the symbols of each group's body s0, s1, ... and the kernel after its
    operators and a hash of the body's text. An extent that is a larger
    expression outside is one symbol inside wherever the body needs no more, and
    so is, in any case, what bounds inference cannot follow: conditions, floats,
    truncating division, divisions by symbols, limits of limits. What a kernel
    says of its symbols holds at each of its launches.

    Requires: `dycc-form-groups`.
    Ensures:  no `dyn.group` is left; kernels stand before the function that
              launches them, in the order of their first launches; no two have
              the same body.
    Keeps:    the groups' operands and results.
    ```mlir
    dyn.group(%x) : (tensor<?xf32, #dyn.value<[2 * H]>>) -> ... {...}
    // becomes
    dyn.kernel @relu_...(%a: tensor<?xf32, #dyn.value<[s0]>>) -> ...
        symbols [s0 in [32, 2160] multiple 2] {...}
    dyn.launch @relu_...(%x) symbols [2 * H] : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def VerifyFusePass : Pass<"dycc-verify-fuse", "::mlir::func::FuncOp"> {
  let summary = "Checks what the fuse stage ensures";
  let description = [{
    Requires: nothing.
    Ensures:  in functions there are only `dyn` operations and constants, and no
              `dyn.group`: kernels are at module level.
    Keeps:    everything.
    ```mlir
    %r = onnx.Relu %x : ... // refused: outside a kernel
    ```
  }];
}

def FormStripsPass : Pass<"dycc-form-strips", "::mlir::ModuleOp"> {
  let summary = "Runs convolutions of large images strip by strip";
  let description = [{
    Groups of a function that follow each other and compute rows of images from rows near them
    of each other's become a loop by strips (dialects/dyn/Rows.h). A trip
    computes some rows of each, many beside those that it keeps for the next trip to
    read again: no row is computed twice. Strips of a group begin at multiples
    of its Winograd tiles, so that results have the bits that whole images give.
    Where what goes out is not much smaller than what is in between, or other parts of the
    model take as much memory, all stays as it is;
    where an image is so small that strips and what is kept take no less, there is
    one strip.

    Requires: `dycc-form-groups`, `dycc-materialize-outputs`.
    Ensures:  what lies between the kernels of such a loop has the rows of a strip,
              or those that are kept.
    Keeps:    everything else.
    ```mlir
    %a = dyn.group(%x) : ([N, 3, H, W]) -> [N, 96, H, W]
    %y = dyn.group(%a) : ([N, 96, H, W]) -> [N, 3, H, W]
    // becomes
    %k, %y = dyn.loop (%none) trips [N * strips0] {dyn.strips = ...} ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
  let options = [
    Option<"cacheBytes", "cache-bytes", "int64_t", "4194304",
           "Bytes of a cache: weights that are read for each strip may take 16 times as many">,
  ];
}

def FormChunksPass : Pass<"dycc-form-chunks", "::mlir::ModuleOp"> {
  let summary = "Runs kernels that go row by row for some rows at a time";
  let description = [{
    Groups that follow each other in a block and compute rows (steps along the leading
    axis) of their results from the same rows of each other's become a loop by rows
    (dialects/dyn/Rows.h): its body computes as many rows as fit the cache. Where the
    values between them are not at least 2.5 times as large as what goes in and out,
    or their weights do not fit the cache, all stays as it is.

    Requires: `dycc-form-groups`, `dycc-materialize-outputs`.
    Ensures:  what lies between the kernels of such a loop has the rows of a chunk.
    Keeps:    everything else.
    ```mlir
    %a = dyn.group(%x) : ([N, 3, 48, 64]) -> [N, 96, 48, 64]
    %y = dyn.group(%a) : ([N, 96, 48, 64]) -> [N, 3, 48, 64]
    // becomes
    %y = dyn.loop () trips [ceil(N / chunk0)] {dyn.first_row = trip1 * chunk0} ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
  let options = [
    Option<"cacheBytes", "cache-bytes", "int64_t", "4194304",
           "Bytes that the values of a chunk may take">,
  ];
}

#endif // DYCC_PASSES_FUSE_PASSES_TD
