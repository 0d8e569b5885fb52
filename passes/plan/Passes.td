#ifndef DYCC_PASSES_PLAN_PASSES_TD
#define DYCC_PASSES_PLAN_PASSES_TD

include "mlir/Pass/PassBase.td"

def ElideCopiesPass : Pass<"dycc-elide-copies", "::mlir::ModuleOp"> {
  let summary = "Computes what is joined where it belongs";
  let description = [{
    A launch of a kernel that does nothing but a Concat whose operands lie one after the
    other in its result becomes a `dyn.join`, if kernels of the same block make
    them for nothing that has memory of its own (outputs, carried values), with
    nothing in between that takes memory, and where each begins is known before
    it is computed.

    Requires: `dycc-outline-kernels`.
    Ensures:  nothing is left to copy for such a Concat; every kernel has a
              launch.
    Keeps:    everything else.
    ```mlir
    %y = dyn.launch @concat_3f2a(%a, %b) : ... // its body is an onnx.Concat
    // becomes
    %y = dyn.join(%a, %b) : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def OrderLaunchesPass : Pass<"dycc-order-launches", "::mlir::func::FuncOp"> {
  let summary = "Runs launches in the order that needs least memory";
  let description = [{
    In each block the order with the lowest peak of live bytes at a typical
    shape, and of those the one that keeps values for the shortest time: exact
    between points that all operations come before or behind, where there are up
    to some 25 launches between two; a search of the most promising beginnings
    where there are more. An operation with regions counts by what its own order
    takes at most. Whatever the search says, the order given stays where slots
    would take more at the typical shape.

    Requires: `dycc-outline-kernels`, `dycc-elide-copies`.
    Ensures:  the arena at the typical shape is no larger than in the order given.
    Keeps:    the order of what can fail (`dyn.read`, `dyn.require`, operators of
              the runtime, loops without a count), so that a run reports the same error; what
              follows a `dyn.require` stays behind it; execution symbols are set
              before they are used; outputs in donated inputs.
    ```mlir
    %a = dyn.launch @grow(%x) : ...
    %b = dyn.launch @grow(%y) : ...
    %c = dyn.launch @shrink(%a) : ...
    // becomes
    %a = dyn.launch @grow(%x) : ...
    %c = dyn.launch @shrink(%a) : ...
    %b = dyn.launch @grow(%y) : ...
    ```
  }];
  let options = [
    Option<"inPlace", "in-place", "bool", "true",
           "False: no result will be written over an operand">,
    Option<"placeSlots", "place", "bool", "true",
           "False: slots will follow each other">,
  ];
}

def ElideBranchBuffersPass : Pass<"dycc-elide-branch-buffers", "::mlir::func::FuncOp"> {
  let summary = "Computes in a branch over what the other one keeps";
  let description = [{
    Where one branch yields a value of outside, that value has memory until the
    result is needed no more. A kernel of the other branch that reads each
    element of it just for the element of its result in the same place writes
    over it, where nothing that can run behind it reads it under any other name
    than that of the result; and so does one behind, over the result of the
    whole. So a chain of blocks that may be skipped takes the memory of one.

    Requires: `dycc-outline-kernels`, the order in which launches run.
    Ensures:  such a launch has the place `alias` and the number of the operand.
    Keeps:    everything else; no memory is kept for longer.
    ```mlir
    %y = dyn.if %skip -> ... {
      dyn.yield %x : ...
    } else {
      %z = dyn.launch @block(%a, %x) : ... // its place: #dyn.place<alias, 1>
      dyn.yield %z : ...
    }
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def PlanMemoryPass : Pass<"dycc-plan-memory", "::mlir::func::FuncOp"> {
  let summary = "Gives every value a place";
  let description = [{
    Values whose live ranges do not overlap share a slot of the arena. A slot's
    size is the largest of its values' sizes, over input symbols: execution
    symbols enter at their bounds. Views, branch results and loop carries are
    other names of memory and keep what they may name alive. A kernel that
    reads each element of an operand just for the element of its result in the
    same place writes over the operand where that ends there. Where it takes
    less, slots lie over each other that are not needed together; of the ways in
    which they do, plan() takes the one that needs least. A value whose size
    nothing bounds has no slot, but an entry of the pointer table that owns its
    memory beyond the arena.

    Requires: `dycc-outline-kernels`.
    Ensures:  every operation with results has `places`, a constant that is read
              `dyn.place`, the function `dyn.memory`, and `dyn.placements` where slots
              lie over each other; a loop has `arguments`,
              `next`, `pairs` and `owners`; an operation has `releases`, the
              entries that are given back behind it.
    Keeps:    the order of operations.
    ```mlir
    %y = dyn.launch @relu_3f2a(%x) {places = [#dyn.place<arena, 0>]} : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
  let options = [
    Option<"reuse", "reuse", "bool", "true",
           "False: every value has a slot of its own">,
    Option<"inPlace", "in-place", "bool", "true",
           "False: no result is written over an operand">,
    Option<"placeSlots", "place", "bool", "true",
           "False: slots follow each other">,
  ];
}

def PlaceTransfersPass : Pass<"dycc-place-transfers", "::mlir::func::FuncOp"> {
  let summary = "Transfers tensors between the host and a device";
  let description = [{
    Inputs, results of the runtime's operators and of kernels without a version for a
    device are made on the host, others on the device. What the other side reads is
    transferred once, before the first operation of its block that reads it there,
    under whatever name.

    Requires: `dycc-plan-memory`.
    Ensures:  a kernel with a version for a device finds its operands there, on a
              machine that has one; everything else on the host.
    Keeps:    everything of a module without such kernels.
    ```mlir
    %y = dyn.launch @relu_3f2a(%x) : ...
    // becomes
    dyn.transfer %x to device : ...
    %y = dyn.launch @relu_3f2a(%x) : ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def VerifyPlanPass : Pass<"dycc-verify-plan", "::mlir::func::FuncOp"> {
  let summary = "Checks what the plan stage ensures";
  let description = [{
    Requires: nothing.
    Ensures:  no `dyn.group` is there; every result has a place, of the kind that its value needs, which
              exists; no two share an entry of the pointer table. Parts, views and
              joins do not surely leave what they are of, weights lie apart. A value is
              no larger than its slot, as is proved or tried at a few points, and no two values that are live
              together share one or lie over each other, unless a kernel may write the one over the
              other. Memory beyond the arena is given back once, behind its last
              use.
    Keeps:    everything.
    ```mlir
    %y = dyn.launch @relu_3f2a(%x) : ... // refused: no places
    ```
  }];
}

#endif // DYCC_PASSES_PLAN_PASSES_TD
