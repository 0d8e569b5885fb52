#ifndef DYCC_COMPILER_IMPORT_NODEORDER_H
#define DYCC_COMPILER_IMPORT_NODEORDER_H

#include "compiler/import/Proto.h"
#include "llvm/ADT/SmallVector.h"

namespace dycc::import {

/// Indices of the nodes of a graph or function, each behind the nodes that make
/// what it, or a graph in it, reads. Nodes that are sorted keep their order; of
/// a cycle one node stands before what makes its inputs.
llvm::SmallVector<size_t>
sortedOrder(const google::protobuf::RepeatedPtrField<proto::NodeProto> &nodes);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_NODEORDER_H
