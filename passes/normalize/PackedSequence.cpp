// Sequences as two tensors. Positions become indices of a Gather, so that the
// check of indices is what refuses a wrong one; extents become those of a
// Reshape, which expects as many elements as there are.
#include "passes/normalize/PackedSequence.h"

#include <limits>

using namespace mlir;

namespace dycc {

constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();

SmallVector<Value> PackedSequence::parts() const {
  SmallVector<Value> result;
  if (present)
    result.push_back(present);
  result.push_back(elements);
  result.push_back(extents);
  return result;
}

static ElementsAttr noElements(Type elementType) {
  auto type = RankedTensorType::get({0}, elementType);
  if (elementType.isIntOrFloat())
    return DenseElementsAttr::get(type, ArrayRef<Attribute>());
  return DenseElementsAttr::get(type, ArrayRef<StringRef>());
}

PackedSequence SequenceBuilder::empty(Type elementType, int64_t rank) {
  auto extents = RankedTensorType::get({0, rank}, i64);
  return {{},
          b.constant(noElements(elementType)),
          b.constant(DenseElementsAttr::get(extents, ArrayRef<int64_t>())),
          rank};
}

PackedSequence SequenceBuilder::make(Values tensors, Type elementType,
                                     int64_t rank) {
  if (tensors.empty())
    return empty(elementType, rank);
  SmallVector<Value> elements, extents;
  for (Value tensor : tensors) {
    elements.push_back(b.create("Reshape", {tensor, b.ints(-1)}));
    extents.push_back(b.unsqueeze(b.shape(tensor), 0));
  }
  return {{}, b.concat(elements, 0), b.concat(extents, 0), rank};
}

/// A number as a vector of one i64.
Value SequenceBuilder::vector(Value x) {
  return b.create("Reshape", {b.cast(x, i64), b.ints(1)});
}

/// Of the extents along `axis`, 1 where there are none.
Value SequenceBuilder::product(Value extents, int64_t axis, bool keeps) {
  return b.create("ReduceProd", {extents, b.ints(axis)},
                  b.attr("keepdims", keeps));
}

/// Of each count those before it.
Value SequenceBuilder::sumUpTo(Value counts) {
  return b.create("CumSum", {counts, b.scalar(i64, 0)}, b.attr("exclusive", 1));
}

Value SequenceBuilder::countOf(const PackedSequence &in) {
  return b.extent(in.extents, 0);
}

/// Where to insert, from the front. Of what is no place the double: it is none
/// among one more either.
Value SequenceBuilder::placeToInsert(const PackedSequence &in, Value position) {
  Value place = vector(position), count = countOf(in);
  Value fromFront = add(place, count), none = add(place, place);
  auto isNegative = [&](Value x) {
    return b.create("Less", {x, b.ints(0)}, b.getBuilder().getI1Type());
  };
  Value checked =
      b.create("Where", {isNegative(fromFront), none, fromFront}, i64);
  return b.create("Where", {isNegative(place), checked, place}, i64);
}

Value SequenceBuilder::from(Value x, Value begin) {
  return b.create("Slice", {x, begin, b.ints(kEnd), b.ints(0)});
}

Value SequenceBuilder::upTo(Value x, Value end) {
  return b.create("Slice", {x, b.ints(0), end, b.ints(0)});
}

PackedSequence SequenceBuilder::insert(const PackedSequence &in, Value tensor,
                                       Value position) {
  PackedSequence one = make(tensor, elementTypeOf(tensor), in.rank);
  if (!position)
    return {{},
            b.concat({in.elements, one.elements}, 0),
            b.concat({in.extents, one.extents}, 0),
            in.rank};
  // Behind the last one is a place, too.
  Value begins = sumUpTo(
      b.concat({product(in.extents, 1, /*keeps=*/false), b.ints(0)}, 0));
  Value place = placeToInsert(in, position);
  Value begin = b.create("Gather", {begins, place});
  return {
      {},
      b.concat(
          {upTo(in.elements, begin), one.elements, from(in.elements, begin)},
          0),
      b.concat({upTo(in.extents, place), one.extents, from(in.extents, place)},
               0),
      in.rank};
}

PackedSequence SequenceBuilder::erase(const PackedSequence &in,
                                      Value position) {
  Value places = b.range(b.asScalar(countOf(in)));
  Value place = b.create(
      "Gather", {places, vector(position ? position : b.scalar(i64, -1))});
  Value sizes = product(in.extents, 1, /*keeps=*/false);
  Value size = b.create("Gather", {sizes, place});
  Value begin = b.create("Gather", {sumUpTo(sizes), place});
  return {
      {},
      b.concat({upTo(in.elements, begin), from(in.elements, add(begin, size))},
               0),
      b.concat(
          {upTo(in.extents, place), from(in.extents, add(place, b.ints(1)))},
          0),
      in.rank};
}

Value SequenceBuilder::at(const PackedSequence &in, Value position) {
  Value place = vector(position);
  Value sizes = product(in.extents, 1, /*keeps=*/false);
  Value begin = b.create("Gather", {sumUpTo(sizes), place});
  Value end = add(begin, b.create("Gather", {sizes, place}));
  Value elements = b.create("Slice", {in.elements, begin, end, b.ints(0)});
  Value extents = b.squeeze(b.create("Gather", {in.extents, place}), 0);
  return b.create("Reshape", {elements, extents}, b.attr("allowzero", 1));
}

Value SequenceBuilder::length(const PackedSequence &in) {
  return b.asScalar(countOf(in));
}

PackedSequence SequenceBuilder::held(const PackedSequence &in) {
  if (!in.present)
    return in;
  // An index that is wrong where there is nothing.
  Value missing = b.create("Not", in.present);
  Value all = b.create("Gather", {countOf(in), vector(missing)});
  return {{}, in.elements, upTo(in.extents, all), in.rank};
}

/// Of all tensors. Where they differ it is more than there are elements for.
Value SequenceBuilder::largest(Value extents) {
  Value most =
      b.create("ReduceMax", {extents, b.ints(0)}, b.attr("keepdims", 0));
  return b.create("Max", {most, b.scalar(i64, 0)}); // Where there is none.
}

/// Where each element of a tensor of `outer`, all of `sizes` and `inner` places
/// lies once its parts of these sizes lie one after the other.
Value SequenceBuilder::places(Value sizes, Value outer, Value inner) {
  Value begins = sumUpTo(sizes), ends = add(begins, sizes);
  Value all = b.create("ReduceSum", {sizes, b.ints(0)}, b.attr("keepdims", 0));
  Value place = b.range(all);
  Value isBehind =
      b.create("GreaterOrEqual", {b.unsqueeze(place, 1), b.unsqueeze(ends, 0)},
               b.getBuilder().getI1Type());
  Value part = b.create("ReduceSum", {b.cast(isBehind, i64), b.ints(1)},
                        b.attr("keepdims", 0));
  Value begin = b.create("Gather", {begins, part});
  Value size = b.create("Gather", {sizes, part});
  auto times = [&](Value x, Value y) { return b.create("Mul", {x, y}); };
  // [outer, place] of the part, then its elements.
  Value row = b.unsqueeze(b.range(b.asScalar(outer)), 1);
  Value within = add(times(row, size),
                     add(b.create("Sub", {place, begin}), times(begin, outer)));
  Value element = b.range(b.asScalar(inner));
  return add(times(b.unsqueeze(within, 2), inner), element);
}

Value SequenceBuilder::join(const PackedSequence &in, int64_t axis,
                            bool isNew) {
  int64_t rank = in.rank + isNew;
  if (axis < 0)
    axis += rank;
  Value most = largest(in.extents);
  Value before = b.slice(most, 0, 0, axis);
  Value behind = b.slice(most, 0, isNew ? axis : axis + 1, kEnd);
  Value count = countOf(in);
  Value sizes =
      isNew ? b.create("Expand", {b.ints(1), count})
            : b.create("Reshape",
                       {b.slice(in.extents, 1, axis, axis + 1), b.ints(-1)});
  Value along =
      b.create("ReduceSum", {sizes, b.ints(0)}, b.attr("keepdims", 1));
  Value extents = b.concat({before, along, behind}, 0);
  Value elements = in.elements;
  if (axis != 0)
    elements = b.create(
        "Gather",
        {elements, b.create("Reshape", {places(sizes, product(before, 0, true),
                                               product(behind, 0, true)),
                                        b.ints(-1)})});
  return b.create("Reshape", {elements, extents}, b.attr("allowzero", 1));
}

Value SequenceBuilder::evenSizes(Value tensor, int64_t axis, Value size) {
  Value all = b.create("Gather", {b.shape(tensor), b.ints(axis)});
  Value above = b.create("Sub", {add(all, size), b.ints(1)});
  Value count = b.create("Div", {above, size});
  Value begins = b.create("Mul", {b.range(b.asScalar(count)), size});
  return b.create("Min", {b.create("Sub", {all, begins}), size});
}

PackedSequence SequenceBuilder::split(Value tensor, int64_t axis, Value sizes,
                                      bool keepsAxis, int64_t rank) {
  int64_t full = rank + !keepsAxis;
  if (axis < 0)
    axis += full;
  Value shape = b.shape(tensor);
  Value before = b.slice(shape, 0, 0, axis),
        behind = b.slice(shape, 0, axis + 1, kEnd);
  Value rows = b.create("Reshape", {sizes, b.ints({-1, 1})});
  auto forAll = [&](Value extents) {
    return b.create(
        "Expand",
        {extents, b.concat({b.extent(rows, 0), b.shape(extents)}, 0)});
  };
  SmallVector<Value> columns = {forAll(before)};
  if (keepsAxis)
    columns.push_back(rows);
  columns.push_back(forAll(behind));
  // A check that the parts are all of it.
  Value all = b.create("ReduceSum", {sizes, b.ints(0)}, b.attr("keepdims", 1));
  Value whole =
      b.create("Reshape", {tensor, b.concat({before, all, behind}, 0)},
               b.attr("allowzero", 1));
  Value elements = b.create("Reshape", {whole, b.ints(-1)});
  if (axis != 0) {
    Value at =
        places(sizes, product(before, 0, true), product(behind, 0, true));
    elements =
        b.create("ScatterElements",
                 {elements, b.create("Reshape", {at, b.ints(-1)}), elements},
                 b.attr("axis", 0));
  }
  return {{}, elements, b.concat(columns, 1), rank};
}

} // namespace dycc
