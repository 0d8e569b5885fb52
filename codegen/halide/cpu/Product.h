#ifndef DYCC_CODEGEN_HALIDE_CPU_PRODUCT_H
#define DYCC_CODEGEN_HALIDE_CPU_PRODUCT_H

#include "codegen/halide/roots/Product.h"

namespace dycc::halide {

/// The sums of a product, as `plan` says.
ProductSums buildProduct(KernelBuilder &builder, const Product &product,
                         dyn::ProductPlanAttr plan);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_PRODUCT_H
