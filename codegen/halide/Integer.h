// Integer arithmetic with ONNX's semantics. Halide's division floors, x / 0 is
// 0 there, and overflow of 32 and 64 bits is undefined.
#ifndef DYCC_CODEGEN_HALIDE_INTEGER_H
#define DYCC_CODEGEN_HALIDE_INTEGER_H

#include <Halide.h>

namespace dycc::halide {

/// Sum, difference, product that wrap.
Halide::Expr wrapAdd(Halide::Expr a, Halide::Expr b);
Halide::Expr wrapSub(Halide::Expr a, Halide::Expr b);
Halide::Expr wrapMul(Halide::Expr a, Halide::Expr b);
/// The negative; of the smallest value that value.
Halide::Expr wrapNeg(Halide::Expr a);
/// |a|; of the smallest value that value.
Halide::Expr wrapAbs(Halide::Expr a);

/// Quotient toward zero; 0 where `b` is 0; the smallest value / -1 wraps.
Halide::Expr truncDiv(Halide::Expr a, Halide::Expr b);
/// Remainder with the sign of `a` (C's %); 0 where `b` is 0.
Halide::Expr truncMod(Halide::Expr a, Halide::Expr b);
/// Remainder with the sign of `b` (Python's %); 0 where `b` is 0.
Halide::Expr floorMod(Halide::Expr a, Halide::Expr b);

/// a^b by squaring, wrapping; 0^negative is 0, (+-1)^negative is +-1, other
/// bases give 0.
Halide::Expr wrapPow(Halide::Expr a, Halide::Expr b);

/// `a` shifted by `b` bits; all bits are shifted out where `b` is negative or
/// at least the width.
Halide::Expr shiftLeft(Halide::Expr a, Halide::Expr b);
Halide::Expr shiftRight(Halide::Expr a, Halide::Expr b);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_INTEGER_H
