// Operators that permute the elements of one tensor.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/operators/IndexMap.h"

using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

void defineTranspose(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  std::vector<int64_t> backward;
  for (int axis = x.rank() - 1; axis >= 0; --axis)
    backward.push_back(axis);
  std::vector<int64_t> perm = intsAttribute(op, "perm", backward);
  builder.define(op, [&](const Index &index) {
    Index at(index.size());
    for (auto [i, axis] : llvm::enumerate(perm))
      at[axis] = index[i];
    return x(at);
  });
}

void defineReshape(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  Dims to = builder.dims(op->getResult(0));
  builder.define(op, [&](const Index &index) {
    return x(reshapeIndex(builder, x.dims, to, index));
  });
}

/// Channels of a block are its rows and columns first (DCR) or last (CRD).
struct BlockChannels {
  BlockChannels(mlir::Operation *op)
      : size(static_cast<int>(intAttribute(op, "blocksize", 1))),
        depthFirst(stringAttribute(op, "mode", "DCR") == "DCR") {}

  /// Of channel `c` at (row, column) of the block, of `channels` in all.
  Expr deep(Expr c, Expr row, Expr column, Expr channels) const {
    Expr place = row * size + column;
    return depthFirst ? place * channels + c : c * (size * size) + place;
  }

  int size;
  bool depthFirst;
};

void defineDepthToSpace(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  BlockChannels block(op);
  Expr channels = builder.expr(builder.dims(op->getResult(0))[1]);
  builder.define(op, [&](const Index &i) {
    Expr row = i[2] % block.size, column = i[3] % block.size;
    return x({i[0], block.deep(i[1], row, column, channels), i[2] / block.size,
              i[3] / block.size});
  });
}

void defineSpaceToDepth(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  BlockChannels block(op);
  Expr channels = Halide::max(builder.expr(x.dims[1]), 1);
  int area = block.size * block.size;
  builder.define(op, [&](const Index &i) {
    Expr place = block.depthFirst ? i[1] / channels : i[1] % area;
    Expr c = block.depthFirst ? i[1] % channels : i[1] / area;
    return x({i[0], c, i[2] * block.size + place / block.size,
              i[3] * block.size + place % block.size});
  });
}

void defineReverseSequence(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), lengths = builder.operand(op, 1);
  int batch = axisAttribute(op, x.rank(), 1, "batch_axis");
  int time = axisAttribute(op, x.rank(), 0, "time_axis");
  Expr steps = Halide::cast<int64_t>(builder.expr(x.dims[time]));
  builder.define(op, [&](const Index &index) {
    Expr length = Halide::max(Halide::min(lengths({index[batch]}), steps),
                              Expr(int64_t(0)));
    Expr count = Halide::cast<int32_t>(length), t = index[time];
    Index at = index;
    at[time] = select(t < count, count - 1 - t, t);
    return x(at);
  });
}

} // namespace

void addShuffles(Registry &registry) {
  registry["Transpose"] = {defineTranspose};
  for (const char *name : {"Reshape", "Flatten", "Squeeze", "Unsqueeze"})
    registry[name] = {defineReshape};
  registry["DepthToSpace"] = {defineDepthToSpace};
  registry["SpaceToDepth"] = {defineSpaceToDepth};
  registry["ReverseSequence"] = {defineReverseSequence};
}

} // namespace dycc::halide
