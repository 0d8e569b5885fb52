#ifndef DYCC_PASSES_PLAN_SHAPEPOINTS_H
#define DYCC_PASSES_PLAN_SHAPEPOINTS_H

#include "dialects/dyn/Expr.h"

namespace dycc::plan {

/// Shapes that two plans are compared at: the typical one first, then all
/// extents smaller and larger than that, then one of them at a time.
std::vector<dyn::SymbolFacts> shapePoints(const dyn::SymbolFacts &facts);

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_SHAPEPOINTS_H
