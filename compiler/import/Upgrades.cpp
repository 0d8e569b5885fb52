#include "compiler/import/Upgrades.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace dycc::import {

static constexpr int upsampleVersions[] = {7, 9}, scatterVersions[] = {9};
static constexpr RetiredOperator retiredOperators[] = {
    {"Upsample", upsampleVersions, 10}, {"Scatter", scatterVersions, 11}};

const RetiredOperator *findRetiredOperator(StringRef op) {
  for (const RetiredOperator &retired : retiredOperators)
    if (retired.op == op)
      return &retired;
  return nullptr;
}

using UpgradeMap = llvm::StringMap<SmallVector<Upgrade, 2>>;

static UpgradeMap collectUpgrades() {
  UpgradeMap map;
  for (ArrayRef<Upgrade> family :
       {broadcastUpgrades(), operandUpgrades(), normalizationUpgrades(),
        softmaxUpgrades(), resizeUpgrades(), loopUpgrades(), miscUpgrades()})
    for (const Upgrade &upgrade : family)
      map[upgrade.op].push_back(upgrade);
  return map;
}

static ArrayRef<Upgrade> upgradesOf(StringRef op) {
  static const UpgradeMap map = collectUpgrades();
  auto found = map.find(op);
  return found == map.end() ? ArrayRef<Upgrade>() : ArrayRef(found->second);
}

bool hasUpgradeTo(StringRef op, int opset) {
  return llvm::any_of(upgradesOf(op), [&](const Upgrade &upgrade) {
    return upgrade.below == opset;
  });
}

LogicalResult upgradeToNewest(NodeForm &form, int version, OpEmitter &emitter) {
  // An upgrade that renames the operator brings it to the newest form at once.
  for (const Upgrade &upgrade : upgradesOf(form.op)) {
    if (version >= upgrade.below || !form.results.empty())
      continue;
    if (failed(upgrade.apply(form, emitter)))
      return failure();
  }
  return success();
}

} // namespace dycc::import
