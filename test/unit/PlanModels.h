// Small models whose plans have all that a plan can have.
#ifndef DYCC_TEST_UNIT_PLANMODELS_H
#define DYCC_TEST_UNIT_PLANMODELS_H

#include "test/unit/ModelMaker.h"

#include <utility>

namespace dycc::test {

/// By name: convolutions with weights; matrix products with parts and a join; a
/// cache that is updated in place; branches without a bound; loops that carry
/// and scan in slots, and beyond the arena.
std::vector<std::pair<std::string, ModelMaker>> planModels();

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_PLANMODELS_H
