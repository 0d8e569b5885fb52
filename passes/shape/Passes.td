#ifndef DYCC_PASSES_SHAPE_PASSES_TD
#define DYCC_PASSES_SHAPE_PASSES_TD

include "mlir/Pass/PassBase.td"

def DecideBranchesPass : Pass<"dycc-decide-branches", "::mlir::ModuleOp"> {
  let summary = "Settles which of two ranks a value has";
  let description = [{
    An exporter writes "squeeze, if the extent is 1" for what is always so, and
    the rest of the model runs with one of the ranks only. A Squeeze without
    axes is that for each of its extents.

    Requires: as `dycc-propagate-shapes`.
    Ensures:  an If that yields one rank or another by a symbolic condition, and
              with one of which no run comes through, has a constant condition
              and a `dyn.require` before it. A Squeeze of which so only one
              choice of axes is left has that as its axes, and a `dyn.require`
              for each extent that may not be 1; that the others are 1 is checked
              as for any Squeeze.
    Keeps:    all else.
    ```mlir
    %y = onnx.If %is_one ... then {squeezed} else {%x}
    // becomes
    dyn.require [eq(W, 1)] "expects ..." []
    %y = onnx.If %true ...
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def PropagateRanksPass : Pass<"dycc-propagate-ranks", "::mlir::ModuleOp"> {
  let summary = "Gives tensor types their ranks, before operators are expanded";
  let description = [{
    The solver of `dycc-propagate-shapes` says them, on the model as it was
    written. What is wrong with the model is not reported: that is done where
    shapes are found for good.

    Requires: as `dycc-propagate-shapes`.
    Ensures:  the type of every value whose rank can be known has it, and the
              extents that are constants. In the branch of an If that no run
              takes, types may stay without. What nobody needs is gone.
    Keeps:    other operations; the types of arguments.
    ```mlir
    %y = onnx.Concat %x, %x {axis = 0 : i64}
        : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<*xf32>
    // becomes
    %y = onnx.Concat %x, %x {axis = 0 : i64}
        : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def LimitPropagationPass : Pass<"dycc-limit-propagation", "::mlir::ModuleOp"> {
  let summary = "Has shapes found as far as ONNX's own inference finds them";
  let description = [{
    `--disable propagate`: what the symbolic propagation of shapes and values is
    worth shows where it stops early. Constants and the model's names pass
    through operators; what an operator computes of them does not: neither an
    extent such as `2 * H`, nor an element of an integer tensor.

    Ensures:  `dycc-propagate-shapes` and what comes after it give an extent that
              is an expression a symbol of its own, which a `dyn.define` computes
              while the model runs and of which nothing else is known; elements
              that steer shapes and are no constants are read by `dyn.read`.
    Keeps:    all operations.
    ```mlir
    %y = onnx.Concat %x, %x {axis = 0 : i64} : (tensor<?x3xf32>, ...)
    // becomes, behind dycc-propagate-shapes
    %y = onnx.Concat %x, %x {axis = 0 : i64}
        : (...) -> tensor<?x3xf32, #dyn.value<[e0, 3]>>
    dyn.define [2 * N] as @e0
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def PropagateShapesPass
    : Pass<"dycc-propagate-shapes", "::mlir::ModuleOp"> {
  let summary = "Gives every tensor type its symbolic shape";
  let description = [{
    Requires: ranked function arguments; `dyn.dims` names their extents, where
              they have names; `dyn.symbol` declares what is known of them.
    Ensures:  tensor types carry a `#dyn.value` encoding; each symbol in them is
              declared; a value that steers a shape and is known only while the
              model runs is read by `dyn.read`.
    Keeps:    operations and their order.
    ```mlir
    func.func @main(%x: tensor<?x3xf32> {dyn.dims = ["N", 3]}) -> tensor<*xf32>
    %y = onnx.Concat %x, %x {axis = 0 : i64} : (...) -> tensor<*xf32>
    // becomes
    dyn.symbol @N in [0, 2147483647]
    %y = onnx.Concat %x, %x {axis = 0 : i64}
        : (...) -> tensor<?x3xf32, #dyn.value<[2 * N, 3]>>
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def InsertShapeChecksPass
    : Pass<"dycc-insert-shape-checks", "::mlir::ModuleOp"> {
  let summary = "Checks at run time what the shapes rely on";
  let description = [{
    Requires: `dycc-propagate-shapes`. Shape arithmetic is still there: what it
              relies on is checked too.
    Ensures:  a `dyn.require` for each fact about symbols that a node relies on
              and an input can break, before anything that relies on it; its
              location is the node's.
    Keeps:    operations and types.
    ```mlir
    %z = onnx.MatMul %x, %y : ... // [N, K] and [4, M]
    // gets
    dyn.require [eq(K, 4)] "expects equal extents to sum over, got %d and %d" [K, 4]
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def ExpandDataAxesPass : Pass<"dycc-expand-data-axes", "::mlir::ModuleOp"> {
  let summary = "Makes a branch for each axis that the data may choose";
  let description = [{
    Requires: `dycc-propagate-shapes`, `dycc-insert-shape-checks`: an axis out of
              range ends the run before the branches.
    Ensures:  the axis of a CumSum or CumProd is a constant.
    Keeps:    all else.
    ```mlir
    %y = onnx.CumSum %x, %axis : (tensor<2x3xf32, ...>, tensor<i64, ...>) -> ...
    // becomes
    %first = dyn.symbolic [or(eq(e0, -2), eq(e0, 0))] : tensor<i1, ...>
    %y = onnx.If %first ... then {along axis 0} else {along axis 1}
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def FoldShapeArithmeticPass
    : Pass<"dycc-fold-shape-arithmetic", "::mlir::ModuleOp"> {
  let summary = "Replaces what computes shapes by expressions";
  let description = [{
    Requires: `dycc-propagate-shapes`.
    Ensures:  a value whose elements are known symbolically is an
              `onnx.Constant` or a `dyn.symbolic`; an If with a constant
              condition has given way to its branch; what only served shapes is
              gone, unless it defines an extent that is in use.
    Keeps:    the types of all other values.
    ```mlir
    %s = onnx.Shape %x : (tensor<?x3xf32, ...>) -> tensor<2xi64, ...>
    // becomes
    %s = dyn.symbolic [N, 3] : tensor<2xi64, #dyn.value<[2]>>
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def ElideDuplicatesPass
    : Pass<"dycc-elide-duplicates", "::mlir::func::FuncOp"> {
  let summary = "Makes equal operations one";
  let description = [{
    Requires: `dycc-propagate-shapes`.
    Ensures:  of equal pure operations one is left; unused ones are gone.
    Keeps:    an operation whose result nobody reads, if that result's type
              defines an execution symbol that is used elsewhere.
    ```mlir
    %n = onnx.NonZero %x : (...) -> tensor<1x?xi64, #dyn.value<[1, e0]>>
    %s = dyn.symbolic [1, e0] : tensor<2xi64, #dyn.value<[2]>>
    // stays
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def ConvertScanToLoopPass
    : Pass<"dycc-convert-scan-to-loop", "::mlir::ModuleOp"> {
  let summary = "Makes a Loop of each Scan";
  let description = [{
    The trip count is the scanned extent. The body reads its number into a
    symbol and cuts the slices out of the scanned operands at it: along the
    outermost axis that is no copy. Scan outputs backwards, or along another
    axis than the first, are brought into order behind the loop.

    Requires: `dycc-fold-shape-arithmetic`.
    Ensures:  no Scan is left; a `dyn.require` in the body where only the body
              knows whether a state keeps its shape.
    Keeps:    the types of results; captured values.
    ```mlir
    %r:2 = onnx.Scan %s, %x {num_scan_inputs = 1 : i64} ... {
    ^bb0(%state: ..., %row: ...):
      ...
    }
    // becomes
    %n = dyn.symbolic [N] : tensor<i64, ...>
    %r:2 = onnx.Loop %n, %s ... {
    ^bb0(%i: tensor<i64, ...>, %c: tensor<i1, ...>, %state: ...):
      dyn.read %i[0] as @e0
      %row = ... // onnx.Slice %x from [e0] to [e0 + 1], onnx.Squeeze
      ...
    }
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def VerifyShapePass : Pass<"dycc-verify-shape", "::mlir::ModuleOp"> {
  let summary = "Fails unless the shape stage has done its duty";
  let description = [{
    Ensures:  every value is a tensor with an encoding that holds no `?`; each
              symbol is declared; an execution symbol has its value where it is
              used (a `dyn.read`, a `dyn.define`, an operator that decides the
              extent, or the argument of a loop that carries it, before the use
              and in its block or around it); operands that steer shapes are
              `onnx.Constant` or `dyn.symbolic`.
  }];
}

#endif // DYCC_PASSES_SHAPE_PASSES_TD
