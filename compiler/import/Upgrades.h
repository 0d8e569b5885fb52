#ifndef DYCC_COMPILER_IMPORT_UPGRADES_H
#define DYCC_COMPILER_IMPORT_UPGRADES_H

#include "compiler/import/NodeForm.h"

namespace dycc::import {

/// Brings an operator from the form before opset `below` to that opset's.
struct Upgrade {
  llvm::StringLiteral op;
  int below;
  mlir::LogicalResult (*apply)(NodeForm &form, OpEmitter &emitter);
};
/// An `Upgrade::below` for what every version needs.
inline constexpr int anyVersion = INT32_MAX;

/// An operator that newer opsets have no more; an upgrade renames it.
struct RetiredOperator {
  llvm::StringLiteral op;
  llvm::ArrayRef<int> versions;
  int removed; ///< The first opset without it.
};
const RetiredOperator *findRetiredOperator(llvm::StringRef op);

/// Whether an upgrade from the forms before that opset is known.
bool hasUpgradeTo(llvm::StringRef op, int opset);

/// Changes `form`, of the operator version `version`, to the newest form; its
/// `results` are set where that took more than one op.
mlir::LogicalResult upgradeToNewest(NodeForm &form, int version,
                                    OpEmitter &emitter);

// The table, by family (compiler/import/ops). Entries of one operator are in
// ascending order of `below`.
llvm::ArrayRef<Upgrade> broadcastUpgrades();
llvm::ArrayRef<Upgrade> operandUpgrades();
llvm::ArrayRef<Upgrade> normalizationUpgrades();
llvm::ArrayRef<Upgrade> softmaxUpgrades();
llvm::ArrayRef<Upgrade> resizeUpgrades();
llvm::ArrayRef<Upgrade> loopUpgrades();
llvm::ArrayRef<Upgrade> miscUpgrades();

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_UPGRADES_H
