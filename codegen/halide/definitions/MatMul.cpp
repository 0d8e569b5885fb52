#include "codegen/halide/schedules/MatMul.h"
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/definitions/PackedWeight.h"

using Halide::Expr;
using Halide::likely;
using Halide::RDom;
using Halide::Var;

namespace dycc::halide {
namespace {

/// One side of a product by (batch..., row or column, k).
struct Side {
  Tensor tensor;
  bool transposed; ///< Its last axis is not the one that a matrix has there.
  bool isInput;    ///< In memory, not computed.
};

/// Up to so many tiles of rows read a right side where it lies.
constexpr int tilesWithoutCopy = 3;

/// A matrix product over the last two axes of shape `out`.
class MatMulBuilder {
public:
  MatMulBuilder(KernelBuilder &builder, Side left, Side right,
                std::optional<PanelTensor> panels, Dims out,
                dyn::ExprAttr depth)
      : builder(builder), left(std::move(left)), right(std::move(right)),
        panels(std::move(panels)), out(std::move(out)), depth(depth) {
    const TargetInfo &target = builder.target();
    unsigned bytes = this->left.tensor.element.computed.bytes();
    RegisterTiles &tiles = stages.tiles;
    tiles.width = static_cast<int>(
        this->panels ? this->panels->width()
                     : dyn::choosePanelWidth(target.panelWidths(bytes),
                                             this->out.back()));
    tiles.height = static_cast<int>(target.tile(tiles.width, bytes).rows);
    stages.depth = builder.expr(depth);
    for (size_t axis = this->out.size() - 2; axis-- > 0;)
      stages.batch.emplace_back("batch" + std::to_string(axis));
    tiles.others = join({stages.block});
  }

  MatMulStages build() {
    RegisterTiles &tiles = stages.tiles;
    tiles.taps = RDom(0, stages.depth, "k");
    if (std::optional<int64_t> extent = depth.asConstant())
      tiles.depth = static_cast<int>(*extent);
    Halide::Type type = left.tensor.element.computed;
    stages.panels =
        (builder.expr(out.back()) + (tiles.width - 1)) / tiles.width;
    isAhead = panels && isFetchedAhead(builder.target(), *panels, tiles);
    stages.tilesPerStrip =
        tilesPerStrip(builder.target(), stages, type.bytes(), isAhead);
    Expr a = rowElement(), copied = panels ? Expr() : columnElement();
    tiles.define(
        builder, out[out.size() - 2], type, [&](Expr sum, size_t kind) {
          Expr b = panels ? panelElement(tiles.byHeight[kind].rows) : copied;
          return type.is_float() ? sum + a * b : wrapAdd(sum, wrapMul(a, b));
        });
    return stages;
  }

  /// The product at an index of the result.
  Expr at(const Index &index) const {
    Expr n = index.back(), m = index[index.size() - 2];
    std::vector<Expr> others{n / stages.tiles.width};
    others.insert(others.end(), index.rbegin() + 2, index.rend());
    return stages.tiles.at(n, m, others);
  }

private:
  static bool isDense(const Side &right) {
    return right.isInput && !right.transposed;
  }

  std::vector<Var> join(std::vector<Var> vars) const {
    vars.insert(vars.end(), stages.batch.begin(), stages.batch.end());
    return vars;
  }

  /// An element of one side, its batch axes broadcast.
  Expr element(const Side &side, Expr k, Expr other, bool isLeft) {
    Index index(stages.batch.rbegin(), stages.batch.rend());
    bool kLast = isLeft != side.transposed;
    index.push_back(kLast ? other : k);
    index.push_back(kLast ? k : other);
    Dims to(out.begin(), out.end() - 2);
    Dims from = side.tensor.dims;
    to.push_back(from[from.size() - 2]);
    to.push_back(from.back());
    return side.tensor(builder.broadcast(from, to, index));
  }

  /// Rows are limited: the last tile may hang over the end.
  Expr rowElement() {
    Expr last = builder.expr(out[out.size() - 2]) - 1;
    const RegisterTiles &tiles = stages.tiles;
    Expr row = tiles.tile * tiles.height + tiles.row;
    return element(left, tiles.taps.x, Halide::min(row, last), true);
  }

  /// Of the right side in panels, in tiles of `rows` rows.
  Expr panelElement(int rows) {
    std::optional<PanelOrder> order;
    if (isAhead && rows > 1) // A single row waits for memory anyhow.
      order = PanelOrder{stages.panels, tilesLeft()};
    return packedWeight(*panels, stages.tiles, stages.block, order);
  }

  /// Of a right side that is not packed.
  Expr columnElement() {
    const RegisterTiles &tiles = stages.tiles;
    std::vector<Expr> at{tiles.lane, tiles.taps.x};
    llvm::append_range(at, tiles.others);
    return columns()(at);
  }

  /// Tiles behind one in its strip.
  Expr tilesLeft() const {
    const RegisterTiles &tiles = stages.tiles;
    Expr strip = stages.tilesPerStrip;
    Expr all =
        (builder.expr(out[out.size() - 2]) + (tiles.height - 1)) / tiles.height;
    return Halide::min(all, (tiles.tile / strip + 1) * strip) - 1 - tiles.tile;
  }

  /// One panel of a right side that is not packed: (lane, k, block, batch...).
  Halide::Func columns() {
    Halide::Func func("columns");
    Var k("k");
    std::vector<Var> arguments = join({stages.tiles.lane, k, stages.block});
    stages.packed = packed(arguments);
    std::vector<Expr> at(arguments.begin(), arguments.end());
    Expr copied = stages.packed(at);
    if (isDense(right)) {
      // A copy that few rows share costs more than it saves.
      int few = tilesWithoutCopy * stages.tiles.height;
      stages.readsInPlace =
          builder.expr(out[out.size() - 2]) <= few && wholePanels() > 0;
      // Both sides of a select are read: the panel is limited.
      Expr panel = Halide::min(likely(stages.block), wholePanels() - 1);
      Expr n = panel * stages.tiles.width + stages.tiles.lane;
      copied = Halide::select(stages.readsInPlace && isWhole(),
                              likely(element(right, k, n, false)), copied);
    }
    func(arguments) = copied;
    return func;
  }

  Expr column() const {
    return stages.block * stages.tiles.width + stages.tiles.lane;
  }
  /// Whether all columns of the panel are there.
  Expr isWhole() const { return stages.block < wholePanels(); }
  Expr wholePanels() const {
    return builder.expr(out.back()) / stages.tiles.width;
  }

  /// The panels of a right side that is not packed: vectors of whole panels;
  /// of the last one masked vectors, and zeros behind them.
  Halide::Func packed(const std::vector<Var> &arguments) {
    Halide::Func func("packed");
    Halide::Type type = right.tensor.element.computed;
    std::vector<Expr> at(arguments.begin(), arguments.end());
    func(arguments) = Halide::undef(type);
    auto update = [&](const char *name, const std::vector<Expr> &conditions,
                      bool copies) {
      RDom k(0, stages.depth, name);
      for (const Expr &condition : conditions)
        k.where(condition);
      at[1] = k.x;
      func(at) = copies ? element(right, k.x, column(), false)
                        : Halide::Internal::make_zero(type);
    };
    update("whole", {isWhole()}, true);
    update("zeros", {!isWhole()}, false);
    update("rest", {!isWhole(), column() < builder.expr(out.back())}, true);
    return func;
  }

  KernelBuilder &builder;
  Side left, right;
  std::optional<PanelTensor> panels;
  Dims out;
  dyn::ExprAttr depth;
  bool isAhead = false; ///< Panels come before their turn.
  MatMulStages stages;
};

/// True where the right operand is a plain tensor in memory.
bool isInput(mlir::Operation *op) {
  mlir::Value right = KernelBuilder::operandValue(op, 1);
  return mlir::isa<mlir::BlockArgument>(right) &&
         !dyn::getLayout(right.getType());
}

dyn::ExprAttr one(mlir::Operation *op) {
  return dyn::ExprAttr::constant(op->getContext(), 1);
}

/// A vector operand as a matrix; the result has no such axis.
Tensor withAxis(KernelBuilder &builder, const Tensor &t, bool first,
                dyn::ExprAttr extent) {
  Dims dims = t.dims;
  dims.insert(first ? dims.begin() : dims.end(), extent);
  return builder.make("matrix", t.element, dims,
                      [&](const Index &i) { return t({first ? i[1] : i[0]}); });
}

void defineMatMul(KernelBuilder &builder, mlir::Operation *op) {
  Tensor a = builder.operand(op, 0), b = builder.operand(op, 1);
  Dims out = builder.dims(op->getResult(0));
  bool rowVector = a.rank() == 1, columnVector = b.rank() == 1;
  dyn::ExprAttr depth = a.dims.back();
  if (rowVector) {
    a = withAxis(builder, a, true, one(op));
    out.insert(out.end() - (columnVector ? 0 : 1), one(op));
  }
  if (columnVector) {
    b = withAxis(builder, b, false, one(op));
    out.push_back(one(op));
  }
  MatMulBuilder product(builder, {a, false, true},
                        {b, false, !columnVector && isInput(op)},
                        builder.panels(op, 1), out, depth);
  MatMulStages stages = product.build();
  // The loops want both matrix axes: with a vector the result goes through a
  // tensor that has them.
  Tensor matrix =
      builder.make("product", KernelBuilder::element(op->getResult(0)), out,
                   [&](const Index &i) { return product.at(i); });
  builder.define(op, [&](const Index &index) {
    Index full = index;
    if (rowVector)
      full.insert(full.end() - (columnVector ? 0 : 1), Expr(0));
    if (columnVector)
      full.emplace_back(0);
    return matrix(full);
  });
  if (!rowVector && !columnVector)
    return builder.addRoot(op, [&builder, stages](const Store &store) {
      scheduleMatMul(builder, stages, store);
    });
  builder.addInner(matrix, [&builder, stages](const Store &store) {
    scheduleMatMul(builder, stages, store);
  });
}

void defineGemm(KernelBuilder &builder, mlir::Operation *op) {
  bool transA = intAttribute(op, "transA", 0);
  bool transB = intAttribute(op, "transB", 0);
  Tensor a = builder.operand(op, 0), b = builder.operand(op, 1);
  Dims out = builder.dims(op->getResult(0));
  if (builder.panels(op, 1) && transB)
    throw KernelError("expects a packed weight that is not transposed");
  MatMulBuilder product(builder, {a, transA, true}, {b, transB, isInput(op)},
                        builder.panels(op, 1), out,
                        transA ? a.dims.front() : a.dims.back());
  MatMulStages stages = product.build();
  double alpha = floatAttribute(op, "alpha", 1);
  double beta = floatAttribute(op, "beta", 1);
  builder.define(op, [&](const Index &index) {
    Expr value = product.at(index);
    auto scaled = [&](Expr x, double factor) {
      Expr f = Halide::Internal::make_const(x.type(), factor);
      if (factor == 1)
        return x;
      return x.type().is_float() ? strict(x * f) : wrapMul(x, f);
    };
    value = scaled(value, alpha);
    if (!KernelBuilder::hasOperand(op, 2))
      return value;
    Tensor c = builder.operand(op, 2);
    Expr addend = scaled(c(builder.broadcast(c.dims, out, index)), beta);
    return value.type().is_float() ? strict(value + addend)
                                   : wrapAdd(value, addend);
  });
  builder.addRoot(op, [&builder, stages](const Store &store) {
    scheduleMatMul(builder, stages, store);
  });
}

} // namespace

void addMatrixProducts(Registry &registry) {
  registry["MatMul"] = {defineMatMul};
  registry["Gemm"] = {defineGemm};
}

} // namespace dycc::halide
