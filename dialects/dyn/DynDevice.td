// What a device beside the processor needs of the dialect. Apart from the rest:
// few sources know of devices.
#ifndef DYCC_DIALECTS_DYN_DYNDEVICE_TD
#define DYCC_DIALECTS_DYN_DYNDEVICE_TD

include "dialects/dyn/DynDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def Dyn_DevicePlanAttr : AttrDef<Dyn_Dialect, "DevicePlan"> {
  let mnemonic = "device_plan";
  let summary = "A kernel whose loops are those of a device";
  let description = [{
    The only step of the plan of a version for a device: groups of `threads`
    threads. Where sums of products share what they load, a thread computes a tile
    of at most `lanes` elements that are neighbours in memory, as vectors, in each
    of at most `rows` places along another axis; else an element.

    ```mlir
    #dyn.kernel_plan<vector = 16, task = 0,
                     steps = [#dyn.device_plan<threads = 64, lanes = 4, rows = 4>]>
    ```
  }];
  let parameters = (ins "int64_t":$threads, "int64_t":$lanes, "int64_t":$rows);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Dyn_Side : I32EnumAttr<"Side", "where the values of a tensor are", [
  I32EnumAttrCase<"Host", 0, "host">,
  I32EnumAttrCase<"Device", 1, "device">]> {
  let cppNamespace = "::dycc::dyn";
}

def Dyn_TransferOp : Dyn_Op<"transfer"> {
  let summary = "Sends a tensor to the device, or brings it to the host";
  let description = [{
    Memory of the host has an image on the device, at the same offsets: a tensor has
    one place. Its values are on the side where they were made, and behind this
    operation on `side` too. On a machine without a device there is nothing to do.

    The place may be memory of the caller, which has it on one side alone. With
    `where` the tensor is transferred only if memory of that side holds it; the
    arena is the host's.

    ```mlir
    dyn.transfer %x to device : tensor<?xf32, #dyn.value<[N]>>
    dyn.transfer %y to host where host : tensor<?xf32, #dyn.value<[N]>>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, Dyn_Side:$side,
                       OptionalAttr<Dyn_Side>:$where);
  let assemblyFormat =
      "$input `to` $side (`where` $where^)? attr-dict `:` type($input)";
}

#endif // DYCC_DIALECTS_DYN_DYNDEVICE_TD
