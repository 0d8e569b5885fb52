// The part of the report that says what lies where.
#ifndef DYCC_COMPILER_DRIVER_REPORTMEMORY_H
#define DYCC_COMPILER_DRIVER_REPORTMEMORY_H

#include "compiler/driver/PeakFormula.h"

#include <nlohmann/json.hpp>

namespace dycc {

/// `memory` of a planned module:
/// * `slots`: of each slot of the arena `bytes` (a formula), `short` (the same
///   with names for terms that several slots have) and `values` in order of
///   time: `node`, `type`, `bytes`, and where it is so `over` (the node over
///   whose result it is written), `output` (a name), `carried` (by a loop).
/// * `terms`: `name` and `is` of each name that `short` has and the model not.
/// * `unbounded_results`, `weight_bytes`.
nlohmann::json describeMemory(mlir::ModuleOp module);

/// How a value of a slot comes there: ", in place over Conv_1, output y".
std::string placeNotes(const nlohmann::json &value);

/// Adds what runs take: `peak`, `scratch` (formulas; of the latter the largest
/// counts for each thread), and `at`: `symbols` (name, value), and the bytes
/// there of the `arena`, of its `slots` and of `scratch`, one thread's, and the
/// `seconds` that a run is thought to take.
/// setValues() says what `at` is.
llvm::Error addPeak(mlir::ModuleOp module, const PeakFormula &peak,
                    llvm::ArrayRef<std::string> at, nlohmann::json &memory);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_REPORTMEMORY_H
