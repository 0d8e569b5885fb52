// How the loops of a kernel run. A plan says everything that a back end decides;
// what is computed, and at which shapes, the kernel's body says.
#ifndef DYCC_DIALECTS_DYN_DYNKERNELPLANS_TD
#define DYCC_DIALECTS_DYN_DYNKERNELPLANS_TD

include "dialects/dyn/DynAttrs.td"

def Dyn_TileAttr : Dyn_Attr<"Tile", "tile"> {
  let summary = "Accumulators that stay in registers";
  let description = [{
    `rows` of a matrix (or pixels along the last axis of an image) by `width`
    columns (or channels): one panel of a packed weight. `heights` are the
    numbers of rows that there is code for: what is left behind the whole tiles
    takes the lowest that is high enough. Behind `in` stands how many sums each
    element is made of: low tiles have too few elements to keep the multipliers
    busy. In tiles of the first height `unroll` steps of the innermost sum run
    without a branch.

    ```mlir
    #dyn.tile<14 x 32, [14, 10, 7, 3, 1 in 4], unroll 1>
    ```
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$width,
                        ArrayRefParameter<"int64_t">:$heights,
                        ArrayRefParameter<"int64_t">:$parts,
                        "int64_t":$unroll);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Whether there is a height for each tile that `count` rows need; for any
    /// number of rows where it is absent.
    bool covers(std::optional<int64_t> count) const;
  }];
}

class Dyn_PlanEnum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::dycc::dyn";
}

def Dyn_ConvolutionLoops : Dyn_PlanEnum<"ConvolutionLoops",
    "order of a convolution's loops", [
  I32EnumAttrCase<"Rows", 0, "rows">,
  I32EnumAttrCase<"Pixels", 1, "pixels">,
  I32EnumAttrCase<"Panels", 2, "panels">]>;

def Dyn_ConvolutionInput : Dyn_PlanEnum<"ConvolutionInput",
    "how a convolution reads its image", [
  I32EnumAttrCase<"InPlace", 0, "in_place">,
  I32EnumAttrCase<"Copied", 1, "copied">,
  I32EnumAttrCase<"Edges", 2, "edges">,
  I32EnumAttrCase<"Reached", 3, "reached">]>;

def Dyn_ConvolutionAhead : Dyn_PlanEnum<"ConvolutionAhead",
    "what a convolution asks the caches for ahead of its use", [
  I32EnumAttrCase<"Nothing", 0, "nothing">,
  I32EnumAttrCase<"Weights", 1, "weights">,
  I32EnumAttrCase<"Image", 2, "image">]>;

def Dyn_ConvolutionPlanAttr : Dyn_Attr<"ConvolutionPlan", "convolution_plan"> {
  let summary = "A direct convolution in register tiles";
  let description = [{
    * `loops`: in strips of rows all panels of the filter pass over a row
      (`rows`) or over a strip of pixels (`pixels`), for filters that stay in the
      second-level cache; else each panel passes over all rows (`panels`).
    * `input`: the image is read where it lies (`in_place`), from a copy with its
      padding (`copied`), or from copies in the tiles at the edges alone (`edges`).
      `reached`: taps that lie outside of the image for all pixels of a tile are
      left out, so that a copy has few columns of padding and no rows of it.
    * `ahead`: what is asked for before its turn: the next panel of the filter,
      or the rows of the image and of the result.
    * `anyOutputs`: it is as good for any number of whole panels of output
      channels, which may then be a symbol.
    * `anyInputs`: it loses little where the number of input channels is a symbol.

    ```mlir
    #dyn.convolution_plan<tile = <6 x 32, [6, 3, 1], unroll 4>, loops = rows,
        input = edges, ahead = image, anyOutputs = true>
    ```
  }];
  let parameters = (ins "::dycc::dyn::TileAttr":$tile,
                        EnumParameter<Dyn_ConvolutionLoops>:$loops,
                        EnumParameter<Dyn_ConvolutionInput>:$input,
                        EnumParameter<Dyn_ConvolutionAhead>:$ahead,
                        DefaultValuedParameter<"bool", "false">:$anyOutputs,
                        DefaultValuedParameter<"bool", "false">:$anyInputs);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Dyn_WinogradPlanAttr : Dyn_Attr<"WinogradPlan", "winograd_plan"> {
  let summary = "A convolution by Winograd's minimal filtering";
  let description = [{
    Of a filter that its layout says to be transformed. Rows of a register tile
    are tiles of the image.
    * `strip`: tiles of the image that are transformed before their products are
      summed up, panel by panel, at most. Strips are shared out to threads.
    * `whole`: images of so many tiles are one strip.
    * `sharesPanels`: the panels of an image that is one strip are shared out in
      the place of strips.
    * `anyOutputs`: as of a direct convolution.

    ```mlir
    #dyn.winograd_plan<tile = <14 x 32, [14, 10, 7, 3, 1], unroll 1>, strip = 28,
        whole = 42, sharesPanels = true, anyOutputs = true>
    ```
  }];
  let parameters = (ins "::dycc::dyn::TileAttr":$tile, "int64_t":$strip,
                        "int64_t":$whole, "bool":$sharesPanels,
                        DefaultValuedParameter<"bool", "false">:$anyOutputs);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Dyn_DepthwisePlanAttr : Dyn_Attr<"DepthwisePlan", "depthwise_plan"> {
  let summary = "A depthwise convolution or a pooling, vector by vector of "
                "channels";
  let description = [{
    `pixels` neighbours share what they load; with `unrolled` the taps along the
    last axis run without a branch.

    ```mlir
    #dyn.depthwise_plan<pixels = 4, unrolled = true>
    ```
  }];
  let parameters = (ins "int64_t":$pixels, "bool":$unrolled);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Dyn_WindowPlanAttr : Dyn_Attr<"WindowPlan", "window_plan"> {
  let summary = "Windows over images in row-major order";
  let description = [{
    Of a pooling, of a convolution with one filter per channel, or of a padding,
    whose windows have one tap. A strip of rows of one channel is copied with its
    padding; vectors of windows along the last axis read the copy.
    * `rows`: of windows that share what they load.
    * `strip`: bytes of such a copy, which stays in the first-level cache.
    * `unrolled`: all taps of a window run without a branch.

    ```mlir
    #dyn.window_plan<rows = 4, strip = 16384, unrolled = true>
    ```
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$strip, "bool":$unrolled);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Dyn_ProductPlanAttr : Dyn_Attr<"ProductPlan", "product_plan"> {
  let summary = "A matrix product in register tiles";
  let description = [{
    Tiles of rows share a panel of columns before the next one is used: at least
    `few` of them, or `many` where there are panels enough for tasks of their own.
    * `strip`: bytes of the left side that such tiles have at most (0: any).
    * `ahead`: the next panel is asked for before its turn.
    * `inPlace`: whole panels of a right side that is not packed are read where
      they lie; else they are copied, which pays where rows enough share them.
    * `task`: panels that one task takes at least.
    * `sharesPanels`: strips of tiles run one after the other, and each shares out
      its panels to threads; else strips are shared out where there are several.
    * `anyColumns`, `anyDepth`: it is as good, or loses little, where these extents
      are symbols: whole panels of columns, whole vectors of products.

    ```mlir
    #dyn.product_plan<tile = <14 x 32, [14, 7, 3 in 2, 1 in 4], unroll 1>, few = 64,
        many = 256, strip = 0, ahead = false, inPlace = false, task = 4>
    ```
  }];
  let parameters = (ins "::dycc::dyn::TileAttr":$tile, "int64_t":$few,
                        "int64_t":$many, "int64_t":$strip, "bool":$ahead,
                        "bool":$inPlace, "int64_t":$task,
                        DefaultValuedParameter<"bool", "false">:$sharesPanels,
                        DefaultValuedParameter<"bool", "false">:$anyColumns,
                        DefaultValuedParameter<"bool", "false">:$anyDepth);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Dyn_LoopsForm : Dyn_PlanEnum<"LoopsForm", "form of plain loops", [
  I32EnumAttrCase<"Vectors", 0, "vectors">,
  I32EnumAttrCase<"Tiles", 1, "tiles">,
  I32EnumAttrCase<"Unrolled", 2, "unrolled">,
  I32EnumAttrCase<"Lanes", 3, "lanes">,
  I32EnumAttrCase<"Columns", 4, "columns">,
  I32EnumAttrCase<"InOrder", 5, "in_order">,
  I32EnumAttrCase<"Strips", 6, "strips">,
  I32EnumAttrCase<"Slices", 7, "slices">,
  I32EnumAttrCase<"Rows", 8, "rows">]>;

def Dyn_LoopsPlanAttr : Dyn_Attr<"LoopsPlan", "loops_plan"> {
  let summary = "Loops over elements, reductions, scans, scatters";
  let description = [{
    * `vectors`: along the innermost axis of memory.
    * `tiles`: of one vector by `axis`, which is innermost where the elements come
      from.
    * `unrolled`: each vector of a row has code of its own.
    * `lanes`: a reduction or scan runs along the lanes of a vector.
    * `columns`: each lane has a reduction or scan of its own; with `axis`, of the
      rows that lie beside each other along it.
    * `rows`: `vectors` scans of neighbouring rows run side by side; what is
      interpolated has its rows made first, and kept.
    * `in_order`, `strips`, `slices`: updates one after the other, in parallel
      strips of rows, or each a slice of neighbours.

    An iteration has `vectors` vectors.

    ```mlir
    #dyn.loops_plan<form = columns, vectors = 2>
    ```
  }];
  let parameters = (ins EnumParameter<Dyn_LoopsForm>:$form,
                        DefaultValuedParameter<"int64_t", "1">:$vectors,
                        DefaultValuedParameter<"int64_t", "-1">:$axis);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Dyn_KernelPlanAttr : Dyn_Attr<"KernelPlan", "kernel_plan"> {
  let summary = "How the loops of a kernel run";
  let description = [{
    * `vector`: bytes of a vector, 16, 32 or 64.
    * `task`: operations that are worth handing to another thread; 0: the kernel
      runs on the thread that calls it. At most 32768.
    * `steps`: a plan for each root of the body, in its order, and for each result
      whose loops are not those of a root.

    ```mlir
    #dyn.kernel_plan<vector = 32, task = 32768,
                     steps = [#dyn.loops_plan<form = vectors>]>
    ```
  }];
  let parameters = (ins "int64_t":$vector, "int64_t":$task,
                        "::mlir::ArrayAttr":$steps);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Dyn_VersionAttr : Dyn_Attr<"Version", "version"> {
  let summary = "One way to compute a kernel, and when it is taken";
  let description = [{
    * `machine`: the kind of processor that it is for, where a model has kernels
      for several of them; absent: it is for all that run the model. One machine's
      versions are taken, which one is decided when the model is created.
    * `when`: over the symbols of the kernel; absent: always.
    * `cost`: nanoseconds that one launch is thought to take, over the symbols of
      the kernel. Unless it follows from a file of a machine, the parameters behind
      it are not calibrated: such costs compare versions, kernels and models, and
      are no times.

    ```mlir
    #dyn.version<name = "serial", when = #dyn.expr<1 + -1 * min(1, s0 floordiv 64)>,
                 plan = <vector = 32, task = 0, steps = []>>
    #dyn.version<name = "any", machine = "x86-64-v3",
                 plan = <vector = 32, task = 32768, steps = []>>
    ```
  }];
  let parameters = (ins "::mlir::StringAttr":$name,
                        OptionalParameter<"::mlir::StringAttr">:$machine,
                        OptionalParameter<"::dycc::dyn::ExprAttr">:$when,
                        "::dycc::dyn::KernelPlanAttr":$plan,
                        OptionalParameter<"::dycc::dyn::ExprAttr">:$cost);
  let builders = [
    // For all machines.
    AttrBuilder<(ins "::mlir::StringAttr":$name, "::dycc::dyn::ExprAttr":$when,
                     "::dycc::dyn::KernelPlanAttr":$plan,
                     "::dycc::dyn::ExprAttr":$cost), [{
      return $_get($_ctxt, name, ::mlir::StringAttr(), when, plan, cost);
    }]>];
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// The same but for one parameter.
    VersionAttr withMachine(mlir::StringAttr machine) const {
      return get(getContext(), getName(), machine, getWhen(), getPlan(),
                 getCost());
    }
    VersionAttr withWhen(ExprAttr when) const {
      return get(getContext(), getName(), getMachine(), when, getPlan(),
                 getCost());
    }
    VersionAttr withCost(ExprAttr cost) const {
      return get(getContext(), getName(), getMachine(), getWhen(), getPlan(),
                 cost);
    }
  }];
}

def Dyn_Versions : TypedArrayAttrBase<Dyn_VersionAttr, "array of versions"> {
  let constBuilderCall = "$_builder.getArrayAttr($0)";
}

#endif // DYCC_DIALECTS_DYN_DYNKERNELPLANS_TD
