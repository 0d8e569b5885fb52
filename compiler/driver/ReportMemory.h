// The part of the report that says what lies where.
#ifndef DYCC_COMPILER_DRIVER_REPORTMEMORY_H
#define DYCC_COMPILER_DRIVER_REPORTMEMORY_H

#include "compiler/driver/ModelFormulas.h"

#include <nlohmann/json.hpp>

namespace dycc {

/// `memory` of a planned module:
/// * `slots`: of each slot of the arena `bytes` (a formula), `short` (the same
///   with names for terms that several slots have) and `values` in order of
///   time: `node`, `type`, `bytes`, `first` and `last` (the steps from which
///   and up to which it is there), and where it is so `over` (the node over
///   whose result it is written), `output` (a name), `carried` (by a loop).
/// * `steps`, in the order in which they run: `operation`, `nodes`, `depth`,
/// and
///   `last` of a branch or loop, the last step in it, or `launch`, its number.
/// * `terms`: `name` and `is` of each name that `short` has and the model not.
/// * `placed`: slots lie over each other; else they follow each other.
/// * `unbounded_results`, `weight_bytes`.
nlohmann::json describeMemory(mlir::ModuleOp module);

/// How a value of a slot comes there: ", in place over Conv_1, output y".
std::string placeNotes(const nlohmann::json &value);

/// Adds what runs take: `peak`, `scratch` (formulas; of the latter the largest
/// counts for each thread), and `at`: `symbols` (name, value), and the bytes
/// there of the `arena`, of its `slots`, before each of them, `offsets`, of
/// their `values`, of `scratch`, one thread's, and of both with one thread,
/// `peak`; the `seconds` that a run is thought to take, the same as
/// `nanoseconds`, those of each launch, `costs`, and the `versions` taken (-1:
/// the run decides); and why a run does not take these extents, `refusal`,
/// where that is so. setValues() says what `at` is.
llvm::Error addPeak(mlir::ModuleOp module, const PeakFormula &peak,
                    llvm::ArrayRef<std::string> at, nlohmann::json &memory);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_REPORTMEMORY_H
