// The part of the report that has the model's nodes.
#ifndef DYCC_COMPILER_DRIVER_REPORTNODES_H
#define DYCC_COMPILER_DRIVER_REPORTNODES_H

#include "mlir/IR/BuiltinOps.h"
#include "nlohmann/json.hpp"

namespace dycc {

/// Every node after propagation, before shape arithmetic is folded away:
/// `name`, `operator`, `category`, `shapes`; `reads`, the numbers of the nodes
/// whose results it reads, and `inputs`, the model inputs that it reads;
/// `outputs`, the model outputs that it gives. One in a branch or a body has
/// the number of the node around it, `parent`, and of that one's `region`.
nlohmann::json describeNodes(mlir::ModuleOp module);

/// Adds to each node its category once operands are known, `effective`, and the
/// `reason`, from what folding has left.
void addEffective(mlir::ModuleOp module, nlohmann::json &nodes);

/// Adds to each node that kernels compute the numbers of the `launches` that
/// do, in the order of describeGroups().
void addLaunches(mlir::ModuleOp module, nlohmann::json &nodes);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_REPORTNODES_H
