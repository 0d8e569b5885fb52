#ifndef DYCC_DIALECTS_DYN_EXPRINTERVAL_H
#define DYCC_DIALECTS_DYN_EXPRINTERVAL_H

#include "dialects/dyn/Expr.h"

namespace dycc::dyn::detail {

/// Every int64_t; both ends mean "unbounded" and stay so in arithmetic.
constexpr Interval kFullInterval{INT64_MIN, INT64_MAX};

Interval intersect(Interval a, Interval b);
Interval hull(Interval a, Interval b);
Interval addIntervals(Interval a, Interval b);
Interval mulIntervals(Interval a, Interval b);
/// Of FloorDiv, CeilDiv or TruncDiv; zero in `b` is left out.
Interval divIntervals(ExprKind kind, Interval a, Interval b);
/// The integers whose `divisor`-fold (> 0) lies in `a`.
Interval shrinkInterval(Interval a, int64_t divisor);

} // namespace dycc::dyn::detail

#endif // DYCC_DIALECTS_DYN_EXPRINTERVAL_H
