// The matrices of Winograd's minimal filtering F(m x m, 3 x 3): the packing of
// filters, the kernels and the errors all read these.
#ifndef DYCC_DIALECTS_DYN_WINOGRAD_H
#define DYCC_DIALECTS_DYN_WINOGRAD_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace dycc::dyn {

/// Where convolutions may use it.
enum class WinogradUse {
  Off,
  Safe, ///< Errors stay within 2e-5 of the result's largest value.
  Fast, ///< Wherever it is faster.
};

/// Y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A gives the m x m results Y of a 3 x 3 filter g
/// over a tile d of (m + 2) x (m + 2) elements of an image, with (m + 2)²
/// products instead of 9 m². (A. Lavin and S. Gray, Fast algorithms for
/// convolutional neural networks, 2015; points 0, 1, -1 and infinity, for m = 4
/// 0, 5/8, -5/8, 13/8, -13/8 and infinity: half the error of 1, -1, 2, -2, and
/// what the image and the results are multiplied by is exact in f32.)
struct Winograd {
  static constexpr int64_t kTaps = 3; ///< Of the filter, along each axis.

  int64_t outputs; ///< m
  /// By rows: G has m + 2 rows of kTaps, Bᵀ m + 2 of m + 2, Aᵀ m of m + 2. The
  /// places between the first and the last are in pairs, of points p and -p:
  /// in Bᵀ two rows, in Aᵀ two columns that are equal but for signs.
  llvm::ArrayRef<double> filter, image, result;

  /// One tap along an axis, of three, from what a transformed filter has at two
  /// places: factor * (U[first] + second * U[other]), `second` being 0 or -1.
  struct Tap {
    int64_t first, other;
    double factor, second;
  };
  /// The inverse of G. The first and the last tap are each in one place alone,
  /// and the middle one is what two places of points p and -p differ in.
  Tap tapAt(int64_t position) const;

  /// m + 2: elements of a tile of the image along each axis.
  int64_t places() const { return outputs + kTaps - 1; }

  /// G g Gᵀ of each filter g of `taps` (f32, kTaps x kTaps), computed in f64.
  std::vector<char> transformed(llvm::ArrayRef<char> taps) const;

  /// The one for tiles of `outputs` results along each axis; null where there
  /// is none: `outputs` is neither 2 nor 4.
  static const Winograd *find(int64_t outputs);
};

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_WINOGRAD_H
