#ifndef DYCC_DIALECTS_DYN_DYNATTRS_TD
#define DYCC_DIALECTS_DYN_DYNATTRS_TD

include "dialects/dyn/DynDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/TensorEncoding.td"
include "mlir/IR/EnumAttr.td"

class Dyn_Attr<string className, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Dyn_Dialect, className, traits> {
  let mnemonic = attrMnemonic;
}

/// An attribute that holds one expression; the class is written by hand (Expr.h).
def Dyn_ExprAttr
    : Attr<CPred<"::llvm::isa<::dycc::dyn::ExprAttr>($_self)">,
           "symbolic expression"> {
  let storageType = "::dycc::dyn::ExprAttr";
  let returnType = "::dycc::dyn::ExprAttr";
  let convertFromStorage = "$_self";
}

def Dyn_Exprs
    : TypedArrayAttrBase<Dyn_ExprAttr, "array of symbolic expressions"> {
  let constBuilderCall = "$_builder.getArrayAttr($0)";
}

def Dyn_SymbolRefs
    : TypedArrayAttrBase<FlatSymbolRefAttr, "array of symbols"> {
  let constBuilderCall = "$_builder.getArrayAttr($0)";
}

def Dyn_LayoutKind : I32EnumAttr<"LayoutKind", "order of a tensor's elements", [
  I32EnumAttrCase<"ChannelsLast", 0, "channels_last">,
  I32EnumAttrCase<"Panels", 1, "panels">,
  I32EnumAttrCase<"Room", 2, "room">]> {
  let cppNamespace = "::dycc::dyn";
}

def Dyn_LayoutAttr : Dyn_Attr<"Layout", "layout"> {
  let summary = "How the elements of a tensor lie in memory";
  let description = [{
    Absent for the plain row-major order.

    * `channels_last<p>`: axis 1 is innermost; its extent is rounded up to `p`
      in memory, and the lanes beyond it hold anything.
    * `channels_last<p, pitch q>`: the same among other channels: it is `q` elements from
      one place of the image to the next, of which what is beyond the rounded extent is
      another tensor's.
    * `panels<r>`: a packed weight. Of a filter (O, I, k...): blocks of `r`
      output channels, in each the taps, in each I, innermost the `r` channels.
      Of a matrix (k, n): blocks of `r` columns, in each k rows of `r`. Zero
      beyond O or n.
    * `panels<r, winograd m>`: the same of a filter of 3 x 3 taps that Winograd's
      filtering F(m x m, 3 x 3) has transformed: it has (m + 2) x (m + 2) places
      in the place of taps (dialects/dyn/Winograd.h).
    * `panels<r, group g>`: the axis that products are summed over, I or k, lies in
      groups of `g`, which are innermost: blocks of `r` columns, in each the groups,
      in each the `r` columns, in each the `g` elements. Zero beyond I or k.
    * `room<a, e>`: row-major in memory of the caller that has `e` places along axis
      `a`, which is not the first: what it has beyond the extent is room to grow.
      Memory of the arena has none (docs/decisions/0060-caches-in-place.md).
  }];
  let parameters = (ins "::dycc::dyn::LayoutKind":$kind, "int64_t":$width,
                        DefaultValuedParameter<"int64_t", "0">:$winograd,
                        DefaultValuedParameter<"int64_t", "0">:$group,
                        DefaultValuedParameter<"int64_t", "0">:$pitch,
                        DefaultValuedParameter<"::dycc::dyn::ExprAttr",
                                               "{}">:$stored);
  let builders = [
    // Without a pitch, and perhaps without groups and a transform.
    AttrBuilder<(ins "::dycc::dyn::LayoutKind":$kind, "int64_t":$width,
                     CArg<"int64_t", "0">:$winograd,
                     CArg<"int64_t", "0">:$group), [{
      return $_get($_ctxt, kind, width, winograd, group, 0,
                   ::dycc::dyn::ExprAttr());
    }]>];
  let extraClassDeclaration = [{
    /// The same with `pitch`, 0: none.
    LayoutAttr withPitch(int64_t pitch);
    /// Row-major with `stored` places along `axis`.
    static LayoutAttr getRoom(unsigned axis, ::dycc::dyn::ExprAttr stored);
    bool hasRoom() const {
      return getKind() == ::dycc::dyn::LayoutKind::Room;
    }
  }];
  let hasCustomAssemblyFormat = 1;
}

def Dyn_ValueAttr : Dyn_Attr<"Value", "value", [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "Symbolic shape and layout of a tensor";
  let description = [{
    The encoding of every tensor type from the shape stage on. One expression
    per dim; a constant one agrees with the static dim of the type.

    ```mlir
    tensor<?x32x?xf32, #dyn.value<[N, 32, 2 * H + 1], channels_last<8>>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::dycc::dyn::ExprAttr">:$dims,
                        OptionalParameter<"::dycc::dyn::LayoutAttr">:$layout);
  let hasCustomAssemblyFormat = 1;
}

def Dyn_KernelSymbolAttr : Dyn_Attr<"KernelSymbol", "kernel_symbol"> {
  let summary = "A symbol of a kernel and what holds of it at every launch";
  let description = [{
    A parameter of the kernel. Its value lies in [`lower`, `upper`], where `*` is
    an end without a limit, and is divisible by `multiple`: the least range around
    those of all launches and the largest divisor that they have in common.

    ```mlir
    #dyn.kernel_symbol<s0 in [16, *] multiple 4>
    ```
  }];
  let parameters = (ins "::mlir::StringAttr":$symbol, "int64_t":$lower,
                        "int64_t":$upper, "int64_t":$multiple);
  let hasCustomAssemblyFormat = 1;
}

def Dyn_KernelSymbols
    : TypedArrayAttrBase<Dyn_KernelSymbolAttr, "array of kernel symbols"> {
  let constBuilderCall = "$_builder.getArrayAttr($0)";
}

def Dyn_PlaceKind : I32EnumAttr<"PlaceKind", "where a value lives", [
  I32EnumAttrCase<"Arena", 0, "arena">,
  I32EnumAttrCase<"Output", 1, "output">,
  I32EnumAttrCase<"Alias", 2, "alias">,
  I32EnumAttrCase<"Heap", 3, "heap">,
  I32EnumAttrCase<"Dynamic", 4, "dynamic">,
  I32EnumAttrCase<"Weights", 5, "weights">,
  I32EnumAttrCase<"Joined", 6, "joined">]> {
  let cppNamespace = "::dycc::dyn";
}

def Dyn_PlaceAttr : Dyn_Attr<"Place", "place"> {
  let summary = "Where the result of an operation lives";
  let description = [{
    * `arena<i>`: slot `i` of the function's `dyn.memory`.
    * `output<i>`: the memory of model output `i`.
    * `alias<i>`: the memory of operand `i` of the operation.
    * `heap<i>`: memory beyond the arena, of a size that only execution knows and
      nothing bounds; entry `i` of the run's pointer table owns it.
    * `dynamic<i>`: a branch or loop decides; entry `i` of the run's pointer
      table.
    * `weights<i>`: byte `i` of the weights.
    * `joined<i>`: in the memory of the `dyn.join` that uses it, behind the
      join's operands before operand `i`.
  }];
  let parameters = (ins "::dycc::dyn::PlaceKind":$kind, "int64_t":$index);
  let assemblyFormat = "`<` $kind `,` $index `>`";
}

def Dyn_Places : TypedArrayAttrBase<Dyn_PlaceAttr, "array of places">;

/// Integers of the plan stage. No DenseI64ArrayAttr of ODS, whose builders set
/// an empty one where none is given: the text of a kernel's body is its name.
def Dyn_Integers
    : Attr<CPred<"::llvm::isa<::mlir::DenseI64ArrayAttr>($_self)">,
           "array of integers"> {
  let storageType = "::mlir::DenseI64ArrayAttr";
  let returnType = "::mlir::DenseI64ArrayAttr";
  let convertFromStorage = "$_self";
  let constBuilderCall = "$_builder.getDenseI64ArrayAttr($0)";
}

/// What the plan stage says of an operation with results, and of any: entries of
/// the pointer table whose memory is given back behind it.
defvar Dyn_Releases =
    (ins DefaultValuedOptionalAttr<Dyn_Integers, "{}">:$releases);
defvar Dyn_Plan =
    !con((ins DefaultValuedOptionalAttr<Dyn_Places, "{}">:$places),
         Dyn_Releases);

def Dyn_MemoryAttr : Dyn_Attr<"Memory", "memory"> {
  let summary = "What the plan stage has decided of a function's memory";
  let description = [{
    The attribute `dyn.memory` of the function.

    * `slots`: the sizes of the arena's slots in bytes, over input symbols; slots
      follow each other, each rounded up to DYCC_SLOT_ALIGNMENT.
    * `outputs`: where each output lies for a caller who brings no memory (`none`:
      where its value is anyway), and the input that it is computed in once that
      is donated.
    * `pointers`: entries of the run's pointer table.
    * `unbounded`: results that lie beyond the arena.
    * `weights`: bytes of the weights.

    ```mlir
    #dyn.memory<slots [4 * N, 64], outputs [slot 1, slot 0 or input 2, none],
                pointers 3, unbounded 0, weights 128>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::dycc::dyn::ExprAttr">:$slots,
                        ArrayRefParameter<"int64_t">:$outputSlots,
                        ArrayRefParameter<"int64_t">:$outputInputs,
                        "int64_t":$pointers, "int64_t":$unbounded,
                        "int64_t":$weightBytes);
  let hasCustomAssemblyFormat = 1;
}

#endif // DYCC_DIALECTS_DYN_DYNATTRS_TD
