// Slices of a table of few bits: what is gathered is made real, not the table.
#include "compiler/import/contributed/Contributed.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// The axes and the numbers of a GatherBlockQuantized.
struct Table {
  int64_t rank, gathered, quantized, block, bits;
};

FailureOr<Table> readTable(const NodeForm &form, OpEmitter &emitter) {
  ElementsAttr data = getConstant(form.operand(0));
  auto scales = dyn_cast<RankedTensorType>(form.operand(2).getType());
  int64_t rank = data ? data.getShapedType().getRank() : 0;
  if (rank == 0 || !scales || scales.getRank() != rank)
    return emitter.error()
           << "expects a constant 'data' and 'scales' of its rank";
  auto fromFront = [&](StringRef name, int64_t fallback) {
    int64_t axis = form.getInt(name, fallback);
    return axis < 0 ? axis + rank : axis;
  };
  Table table{rank, fromFront("gather_axis", 0), fromFront("quantize_axis", 1),
              form.getInt("block_size", 128), form.getInt("bits", 4)};
  for (int64_t axis : {table.gathered, table.quantized})
    if (axis < 0 || axis >= rank)
      return emitter.error() << "expects axes of 'data', which has " << rank;
  if (table.gathered == table.quantized || table.block < 16 ||
      !llvm::is_contained({2, 4, 8}, table.bits))
    return emitter.error()
           << "expects two axes, blocks of 16 or more and 2, 4 or 8 bits, got "
           << table.gathered << " and " << table.quantized << ", "
           << table.block << " and " << table.bits;
  return table;
}

/// Integers as a tensor of bytes: packed along the last axis where they are
/// bytes already, else narrow ones. Null after an error.
Value inBytes(OpEmitter &emitter, Value x, const Table &table) {
  auto type = cast<IntegerType>(elementTypeOf(x));
  MLIRContext *context = emitter.getBuilder().getContext();
  if (type.getWidth() < 8)
    return castTo(emitter, x,
                  IntegerType::get(context, 8, type.getSignedness()));
  if (table.bits == 8)
    return x;
  ElementsAttr packed = getConstant(x);
  if (!packed) {
    emitter.error() << "expects packed numbers that are constants";
    return {};
  }
  SmallVector<int64_t> shape(packed.getShapedType().getShape());
  int64_t bytes = shape.back(), each = bytes * 8 / table.bits;
  shape.back() = each;
  Value rows =
      unpackedRows(emitter, packed, table.bits,
                   bytes ? packed.getNumElements() / bytes : 0, each, bytes);
  return rows ? emitter.emit("Reshape", {rows, emitter.vector(shape)})
              : Value();
}

/// The zero points of all blocks; without any, bytes have them in the middle.
Value pointsOf(const NodeForm &form, OpEmitter &emitter, const Table &table) {
  if (Value given = form.operand(3))
    return inBytes(emitter, given, table);
  Type type = elementTypeOf(form.operand(0));
  if (!type.isUnsignedInteger(8))
    return {};
  return emitter.emit("Expand",
                      {emitter.scalar(type, double(1 << (table.bits - 1))),
                       emitter.emit("Shape", form.operand(2))});
}

LogicalResult expandGather(NodeForm &form, OpEmitter &emitter) {
  if (!isa_and_nonnull<IntegerType>(elementTypeOf(form.operand(0))))
    return emitter.error() << "floats of few bits are not supported";
  FailureOr<Table> table = readTable(form, emitter);
  if (failed(table))
    return failure();
  Value steps = inBytes(emitter, form.operand(0), *table);
  Value points = pointsOf(form, emitter, *table);
  if (!steps || (form.operand(3) && !points))
    return failure();
  auto gathered = [&](Value x) {
    return x ? emitter.emit("Gather", {x, form.operand(1)},
                            emitter.attr("axis", table->gathered))
             : x;
  };
  // Behind the gathered one axes are counted from the end: there are as many
  // more of them as the indices have.
  int64_t axis = table->quantized;
  axis -= axis > table->gathered ? table->rank : 0;
  form.results = {emitter.emit(
      "DequantizeLinear",
      {gathered(steps), gathered(form.operand(2)), gathered(points)},
      {emitter.attr("axis", axis), emitter.attr("block_size", table->block)})};
  return success();
}

constexpr Contribution contributions[] = {
    {"GatherBlockQuantized", expandGather},
};

} // namespace

ArrayRef<Contribution> contributedQuantizedGathers() { return contributions; }

} // namespace dycc::import
