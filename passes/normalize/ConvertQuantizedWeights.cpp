// Weights of few bits are written in many ways: for the tensor, for an axis, in
// blocks, transposed, with and without sign. Kernels that dequantise them where
// they multiply them know one. As f32 they would take 4 to 16 times the memory,
// and a product with one row, as a decoder has, waits for memory.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "dialects/onnx/WeightStore.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/Quantization.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "dycc-convert-quantized-weights"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_CONVERTQUANTIZEDWEIGHTSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// A constant of two axes, as bytes.
struct Matrix {
  int64_t rows, columns;
  Type element;
  std::vector<char> bytes;

  size_t width() const { return onnx::getElementBytes(element); }

  /// The matrix of `rows` by `columns` of which it has every place of an axis
  /// that is as long, and the one place of another.
  Matrix spread(int64_t toRows, int64_t toColumns) const {
    Matrix result{toRows, toColumns, element, {}};
    for (int64_t i = 0; i < toRows; ++i)
      for (int64_t j = 0; j < toColumns; ++j) {
        const char *from =
            bytes.data() +
            ((rows == 1 ? 0 : i) * columns + (columns == 1 ? 0 : j)) * width();
        result.bytes.insert(result.bytes.end(), from, from + width());
      }
    return result;
  }

  Matrix transposed() const {
    Matrix result{columns, rows, element, {}};
    result.bytes.resize(bytes.size());
    char *to = result.bytes.data();
    for (int64_t j = 0; j < columns; ++j)
      for (int64_t i = 0; i < rows; ++i, to += width())
        std::copy_n(bytes.data() + (i * columns + j) * width(), width(), to);
    return result;
  }

  Value constant(OnnxBuilder &b) && {
    return b.constant(onnx::getWeight(
        RankedTensorType::get({rows, columns}, element), std::move(bytes)));
  }
};

/// The elements of a constant as a matrix of that many rows; nothing where they
/// are no constant or not so many.
std::optional<Matrix> matrixOf(Value value, int64_t rows, int64_t columns) {
  ElementsAttr constant = constantOf(value);
  auto bytes = constant ? onnx::getWeightBytes(constant) : std::nullopt;
  if (!bytes || constant.getNumElements() != rows * columns)
    return std::nullopt;
  return Matrix{rows,
                columns,
                constant.getElementType(),
                {bytes->bytes().begin(), bytes->bytes().end()}};
}

/// Integers of fewer than eight bits without a sign: their bits but the first
/// one stay, and zero points move with them. Those of eight bits as they are.
Matrix withoutSign(Matrix matrix) {
  auto integer = cast<IntegerType>(matrix.element);
  unsigned bits = integer.getWidth();
  if (bits == 8)
    return matrix;
  unsigned sign = integer.isUnsigned() ? 0 : 1u << (bits - 1);
  for (char &byte : matrix.bytes) // Above its bits may be anything.
    byte = static_cast<char>((byte ^ sign) & ((1u << bits) - 1));
  matrix.element =
      IntegerType::get(integer.getContext(), bits, IntegerType::Unsigned);
  return matrix;
}

/// A dequantisation of a right side (k, n), or of the same transposed, of which
/// each scale is for `block` neighbours along k.
struct Weights {
  onnx::DequantizeLinearOp from;
  bool isTransposed;
  int64_t k = 0, n = 0, block = 0;

  int64_t blocks() const { return llvm::divideCeil(k, block); }
};

bool areIntegers(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer && llvm::is_contained({2u, 4u, 8u}, integer.getWidth());
}

/// Whether kernels can have `from` as a right side: in any other form it is
/// expanded.
std::optional<Weights> weightsOf(onnx::DequantizeLinearOp from,
                                 bool isTransposed) {
  auto type = dyn_cast<RankedTensorType>(from.getX().getType());
  auto rank = rankOf(from.getXScale());
  Type scale = elementTypeOf(from.getXScale());
  if (!type || type.getRank() != 2 || type.getNumElements() == 0 || !rank ||
      !areIntegers(type.getElementType()) || scale.getIntOrFloatBitWidth() < 16)
    return std::nullopt;
  Weights weights{from, isTransposed};
  weights.k = type.getDimSize(isTransposed ? 1 : 0);
  weights.n = type.getDimSize(isTransposed ? 0 : 1);
  int64_t axis = from.getAxis() + (from.getAxis() < 0 ? 2 : 0);
  int64_t depth = isTransposed ? 1 : 0;
  weights.block = weights.k;
  if (from.getBlockSize() > 0 && *rank == 2 && axis == depth)
    weights.block = std::min(from.getBlockSize(), weights.k);
  else if (from.getBlockSize() != 0 || *rank > 1 ||
           (*rank == 1 && axis == depth &&
            cast<RankedTensorType>(from.getXScale().getType())
                    .getNumElements() != 1))
    return std::nullopt;
  return weights;
}

/// What is given for each block and column, or for all, as (blocks, n).
std::optional<Matrix> perBlock(Value value, const Weights &weights) {
  int64_t blocks = weights.blocks(), n = weights.n;
  if (auto one = matrixOf(value, 1, 1))
    return one->spread(blocks, n);
  if (!weights.isTransposed)
    return matrixOf(value, blocks, n);
  auto turned = matrixOf(value, n, blocks);
  return turned ? std::optional(turned->transposed()) : std::nullopt;
}

/// Zero points, one where all are equal and null where that is 0. Nothing where
/// they are no constants.
std::optional<Value> pointsOf(OnnxBuilder &b, Weights weights) {
  Value given = weights.from.getXZeroPoint();
  auto type = cast<IntegerType>(elementTypeOf(weights.from.getX()));
  Matrix zero{1, 1, type, {0}};
  auto points = given ? perBlock(given, weights)
                      : std::optional(zero.spread(weights.blocks(), weights.n));
  if (!points)
    return std::nullopt;
  *points = withoutSign(std::move(*points));
  char first = points->bytes.front();
  if (llvm::any_of(points->bytes, [&](char byte) { return byte != first; }))
    return std::move(*points).constant(b);
  if (first == 0)
    return Value();
  return b.constant(onnx::getWeight(RankedTensorType::get({}, points->element),
                                    std::vector<char>{first}));
}

/// The right side in the form of kernels; null where it has another one.
Value converted(OnnxBuilder &b, Weights weights) {
  Value x = weights.from.getX();
  auto steps = weights.isTransposed ? matrixOf(x, weights.n, weights.k)
                                    : matrixOf(x, weights.k, weights.n);
  auto scales = perBlock(weights.from.getXScale(), weights);
  auto points = steps && scales ? pointsOf(b, weights) : std::nullopt;
  if (!points)
    return {};
  *steps = withoutSign(std::move(*steps));
  if (weights.isTransposed)
    *steps = steps->transposed();
  Type to = elementTypeOf(weights.from.getY());
  Value y = b.create(
      "DequantizeLinear",
      {std::move(*steps).constant(b), std::move(*scales).constant(b), *points},
      to, {b.attr("axis", 0), b.attr("block_size", weights.block)});
  y.setType(RankedTensorType::get({weights.k, weights.n}, to));
  return y;
}

class ConvertQuantizedWeights final
    : public impl::ConvertQuantizedWeightsPassBase<ConvertQuantizedWeights> {
  void runOnOperation() override {
    SmallVector<Operation *> products;
    getOperation().walk([&](Operation *op) {
      if (isa<onnx::MatMulOp, onnx::GemmOp>(op))
        products.push_back(op);
    });
    for (Operation *op : products)
      convertRightSide(op);
    for (Operation *op : before) // A transposition before what it turns.
      if (op->use_empty())
        op->erase();
    rightSides.clear();
    before.clear();
  }

  void convertRightSide(Operation *op) {
    Value right = op->getOperand(1);
    auto gemm = dyn_cast<onnx::GemmOp>(op);
    bool isTransposed = gemm && gemm.getTransB() != 0;
    auto turns = right.getDefiningOp<onnx::TransposeOp>();
    if (turns) {
      auto perm = turns.getPerm();
      if (perm && !llvm::equal(*perm, ArrayRef<int64_t>{1, 0}))
        return;
      right = turns.getData();
      isTransposed = !isTransposed;
    }
    auto from = right.getDefiningOp<onnx::DequantizeLinearOp>();
    if (!from || elementTypeOf(right) != elementTypeOf(op->getOperand(0)))
      return;
    Value &made = rightSides[{from, unsigned(isTransposed)}];
    auto weights = made ? std::nullopt : weightsOf(from, isTransposed);
    if (weights) {
      OpBuilder builder(from);
      OnnxBuilder b(builder, from.getLoc());
      made = converted(b, *weights);
    }
    if (!made)
      return;
    op->setOperand(1, made);
    if (gemm)
      gemm.setTransB(0);
    if (turns)
      before.insert(turns);
    before.insert(from);
  }

  /// By what they are dequantised by, and whether that is transposed.
  DenseMap<std::pair<Operation *, unsigned>, Value> rightSides;
  llvm::SetVector<Operation *> before; ///< What products read.
};

} // namespace
} // namespace dycc
