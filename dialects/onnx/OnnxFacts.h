// What dycc knows of each operator beside its schema: one row each in
// operators.tsv, which the table here is generated from.
#ifndef DYCC_DIALECTS_ONNX_ONNXFACTS_H
#define DYCC_DIALECTS_ONNX_ONNXFACTS_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringRef.h"

namespace dycc::onnx {

enum class Fact : uint8_t {
  Pointwise, ///< Each element of the result depends on one element of each
             ///< operand at the same (broadcast) index, whatever the axes are.
  Cheap,     ///< An element takes a few instructions.
  View,      ///< The operand's elements in their order under other extents.
  Moves,     ///< Each element of the results is one of the first operand, of a
             ///< Concat of any operand, or padding; in some modes alone.
  Layout,    ///< Keeps the layout of its first operand, where it is an image.
  Elements,  ///< Reads operands element by element, or as thresholds: nothing
             ///< is lost where the compiler does not know them.
  Symbolic,  ///< The shape stage computes elements of the result from those of
             ///< the operands, and needs all of them.
  Gone,      ///< Normalize leaves none of them.
};

/// The loop nest that an operator is the root of, as far as other code tells
/// kinds apart.
enum class Root : uint8_t {
  None,
  Convolution,
  Pool,
  Product,
  Recurrence,
  Reduction, ///< Reads each element of its operand once or twice.
  Resize,
  Scan,
  Scatter, ///< Copies its first operand and writes some elements of it.
};

/// What becomes of an operator.
enum class Support : uint8_t {
  Kernel,   ///< A kernel computes it.
  Runtime,  ///< A call of the runtime.
  Host,     ///< Code of the host program, a view or a constant.
  Expanded, ///< Normalize writes it by means of others.
  Refused,
};

struct OperatorFacts {
  llvm::StringLiteral name;
  unsigned facts; ///< A bit for each Fact.
  Root root;
  /// The operand that steers loops but no shape, or -1. Like those that steer
  /// shapes it has to be known when kernels are made.
  int loopOperand;
  Support support;
  llvm::StringLiteral note; ///< Why it is refused, or which form is.

  bool has(Fact fact) const { return facts >> unsigned(fact) & 1; }
};

/// By the operator's name in ONNX's default domain, e.g. "Conv"; null where
/// there is none.
const OperatorFacts *findFacts(llvm::StringRef name);
/// Of an operation; null where it is no operator of ONNX.
const OperatorFacts *findFacts(mlir::Operation *op);

bool has(mlir::Operation *op, Fact fact);
/// None where it is no operator of ONNX.
Root rootOf(mlir::Operation *op);

/// On a Conv whose sums are of integers that its element type holds, whatever
/// their order: nothing may round on the way to them.
constexpr llvm::StringLiteral kExactSums = "onnx.exact_sums";
/// On a ConvInteger whose zero point of the image stands in the padding alone:
/// what is summed up are products of the image as it is.
constexpr llvm::StringLiteral kPaddedWithPoint = "onnx.padded_with_point";
/// On an LSTM in which what is multiplied by weights is quantised to eight bits
/// first, over its own range: the input as a whole, the state in each step.
constexpr llvm::StringLiteral kRoundedInputs = "onnx.rounded_inputs";
/// On a GridSample whose grid counts pixels from the centre of the first one.
constexpr llvm::StringLiteral kPixelPositions = "onnx.pixel_positions";

/// "kernel", "runtime", "host program", "expanded" or "refused".
llvm::StringRef stringify(Support support);

} // namespace dycc::onnx

#endif // DYCC_DIALECTS_ONNX_ONNXFACTS_H
