#include "dialects/dyn/ExprInterval.h"
#include "dialects/dyn/ExprDetail.h"

#include <algorithm>

using namespace dycc::dyn;
using namespace dycc::dyn::detail;

static bool isUnbounded(int64_t end) {
  return end == INT64_MIN || end == INT64_MAX;
}

static int64_t clamp(__int128 value) {
  return int64_t(std::clamp<__int128>(value, INT64_MIN, INT64_MAX));
}

/// An unbounded end stays the `unbounded` that it is.
static int64_t addEnds(int64_t a, int64_t b, int64_t unbounded) {
  if (a == unbounded || b == unbounded)
    return unbounded;
  return clamp(__int128(a) + b);
}

static int64_t mulEnds(int64_t a, int64_t b) {
  if (a == 0 || b == 0)
    return 0;
  if (isUnbounded(a) || isUnbounded(b))
    return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
  return clamp(__int128(a) * b);
}

Interval dycc::dyn::detail::intersect(Interval a, Interval b) {
  return {std::max(a.lower, b.lower), std::min(a.upper, b.upper)};
}

Interval dycc::dyn::detail::hull(Interval a, Interval b) {
  return {std::min(a.lower, b.lower), std::max(a.upper, b.upper)};
}

Interval dycc::dyn::detail::addIntervals(Interval a, Interval b) {
  return {addEnds(a.lower, b.lower, INT64_MIN),
          addEnds(a.upper, b.upper, INT64_MAX)};
}

Interval dycc::dyn::detail::mulIntervals(Interval a, Interval b) {
  auto [lower, upper] =
      std::minmax({mulEnds(a.lower, b.lower), mulEnds(a.lower, b.upper),
                   mulEnds(a.upper, b.lower), mulEnds(a.upper, b.upper)});
  return {lower, upper};
}

/// `a / b` for b > 0, which may be unbounded.
static int64_t divEnds(ExprKind kind, int64_t a, int64_t b) {
  if (isUnbounded(a) && !isUnbounded(b))
    return a; // An unbounded number by a bounded one.
  if (isUnbounded(b)) {
    if (kind == ExprKind::FloorDiv)
      return a < 0 ? -1 : 0;
    return kind == ExprKind::CeilDiv && a > 0;
  }
  return *applyInteger(kind, a, b);
}

static Interval divByPositive(ExprKind kind, Interval a, Interval b) {
  auto [lower, upper] = std::minmax(
      {divEnds(kind, a.lower, b.lower), divEnds(kind, a.lower, b.upper),
       divEnds(kind, a.upper, b.lower), divEnds(kind, a.upper, b.upper)});
  return {lower, upper};
}

static int64_t negateEnd(int64_t end) {
  if (isUnbounded(end))
    return end == INT64_MIN ? INT64_MAX : INT64_MIN;
  return -end;
}

static Interval negate(Interval a) {
  return {negateEnd(a.upper), negateEnd(a.lower)};
}

Interval dycc::dyn::detail::divIntervals(ExprKind kind, Interval a,
                                         Interval b) {
  Interval positive = intersect(b, {1, INT64_MAX});
  Interval negative = intersect(b, {INT64_MIN, -1});
  bool hasPositive = positive.lower <= positive.upper;
  bool hasNegative = negative.lower <= negative.upper;
  if (hasPositive && hasNegative)
    return hull(divByPositive(kind, a, positive),
                divByPositive(kind, negate(a), negate(negative)));
  if (hasPositive)
    return divByPositive(kind, a, positive);
  if (hasNegative)
    return divByPositive(kind, negate(a), negate(negative));
  return kFullInterval;
}

Interval dycc::dyn::detail::shrinkInterval(Interval a, int64_t divisor) {
  return {isUnbounded(a.lower)
              ? a.lower
              : *applyInteger(ExprKind::CeilDiv, a.lower, divisor),
          isUnbounded(a.upper) ? a.upper : floorDivide(a.upper, divisor)};
}
