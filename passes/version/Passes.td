#ifndef DYCC_PASSES_VERSION_PASSES_TD
#define DYCC_PASSES_VERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ShareKernelsPass : Pass<"dycc-share-kernels", "::mlir::ModuleOp"> {
  let summary = "Layers that differ in their channels alone share a kernel";
  let description = [{
    Plans say which numbers of channels they need not know. Where two kernels or
    more are one as soon as such extents are symbols, that one takes their place;
    a kernel that would stay alone keeps its constants. Extents that cost nothing
    as symbols are tried first.

    Requires: `dycc-outline-kernels`, versions.
    Ensures:  no two kernels with the same versions differ only in extents that
              their plans leave free.
    Keeps:    what each launch computes.
    ```mlir
    dyn.kernel @conv_1(%x: [N, 32, H, W], %w: [64, 32, 1, 1]) ...
    dyn.kernel @conv_2(%x: [N, 32, H, W], %w: [128, 32, 1, 1]) ...
    // become
    dyn.kernel @conv_3(%x: [N, 32, H, W], %w: [32 * s3, 32, 1, 1]) ...
    dyn.launch @conv_3(...) symbols [..., 2]
    dyn.launch @conv_3(...) symbols [..., 4]
    ```
  }];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def PruneVersionsPass : Pass<"dycc-prune-versions", "::mlir::ModuleOp"> {
  let summary = "Drops versions that no launch can take";
  let description = [{
    A condition that is false for all values that the kernel's symbols have is of
    a version that goes; one that is always true makes its version the last. With
    `single` the last version alone is left, which is right for all symbols; with
    `only` that version of each kernel which has it, whatever its condition says.
    All this is done for each machine that there are versions for; `only` may name
    one, as in `x86-64-v3/any`, and leaves those of the others as they are.

    Requires: `dycc-outline-kernels`.
    Ensures:  each condition is true for some values and false for others, as far
              as that follows from the symbols' ranges.
    Keeps:    everything else.
    ```mlir
    dyn.kernel @k(...) symbols [s0 in [8, 64]] attributes {versions = [
        #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, ...>,
        #dyn.version<name = "any", ...>]}
    // becomes
    dyn.kernel @k(...) symbols [s0 in [8, 64]] attributes {versions = [
        #dyn.version<name = "any", ...>]}
    ```
  }];
  let options = [Option<"single", "single", "bool", "false",
                        "Leave one version of each kernel">,
                 Option<"only", "only", "std::string", "\"\"",
                        "Leave the version of this name alone, where there is one: "
                        "any, or x86-64-v3/any of one machine">];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

def EstimateCostsPass : Pass<"dycc-estimate-costs", "::mlir::ModuleOp"> {
  let summary = "Says what a launch of each version is thought to take";
  let description = [{
    The cost of a version is an expression over the kernel's symbols, in
    nanoseconds: what its operations take, or its bytes where they take longer,
    and what the launch and handing out tasks add. The parameters are those of
    the version's machine and not calibrated.

    Requires: `dycc-outline-kernels`.
    Ensures:  each version has a cost.
    Keeps:    everything else.
    ```mlir
    #dyn.version<name = "any", plan = ...>
    // becomes, for a Relu of s0 elements
    #dyn.version<name = "any", plan = ...,
                 cost = #dyn.expr<max(s0 ceildiv 64, s0) + 100>>
    ```
  }];
  let options = [
    ListOption<"machines", "machines", "std::string",
               "Machines of the versions; none: versions have no machine">,
    ListOption<"operations", "operations-per-ns", "int64_t",
               "Floating-point operations per nanosecond of each machine (64)">,
    ListOption<"bytes", "bytes-per-ns", "int64_t",
               "Bytes of memory per nanosecond of each machine (8)">,
    Option<"launch", "launch-ns", "int64_t", "100", "Nanoseconds of a launch">,
    Option<"tasks", "tasks-ns", "int64_t", "1000",
           "Nanoseconds of handing tasks to threads">];
  let dependentDialects = ["::dycc::dyn::DynDialect"];
}

#endif // DYCC_PASSES_VERSION_PASSES_TD
