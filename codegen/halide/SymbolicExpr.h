#ifndef DYCC_CODEGEN_HALIDE_SYMBOLICEXPR_H
#define DYCC_CODEGEN_HALIDE_SYMBOLICEXPR_H

#include "dialects/dyn/Expr.h"
#include <Halide.h>

namespace dycc::halide {

/// The value of a kernel symbol.
using SymbolValue = llvm::function_ref<Halide::Expr(llvm::StringRef)>;

/// How many threads run the loops of a launch, at least 1: a symbol beside
/// those of the shape. How loops are dealt out may depend on it, results and
/// memory must not.
constexpr llvm::StringLiteral threadsSymbol = "threads()";

/// A symbolic expression over the kernel's int32 symbols as code: int32, or
/// f32 where it is one. Constants beyond int32 saturate: every extent is an
/// int32, so such a constant is a limit that means "to the end".
Halide::Expr toHalide(dyn::ExprAttr expr, SymbolValue symbol);

/// The other way, for an integer expression over variables named like symbols.
/// Null where it holds anything else.
dyn::ExprAttr fromHalide(const Halide::Expr &expr, mlir::MLIRContext *context);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SYMBOLICEXPR_H
