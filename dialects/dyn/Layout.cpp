#include "dialects/dyn/Layout.h"

#include "dialects/dyn/Winograd.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>

using namespace mlir;

namespace dycc::dyn {

using Part = MemoryDim::Part;

int64_t getElementsInByte(Type element) {
  auto integer = dyn_cast<IntegerType>(element);
  unsigned bits = integer ? integer.getWidth() : 0;
  return bits == 2 || bits == 4 ? 8 / bits : 0;
}

bool sharesBytes(Type packed) {
  LayoutAttr layout = getLayout(packed);
  int64_t inByte = getElementsInByte(getElementTypeOrSelf(packed));
  return layout && inByte > 0 && layout.getGroup() == inByte;
}

static ExprAttr roundUp(ExprAttr value, int64_t multiple) {
  ExprAttr by = ExprAttr::constant(value.getContext(), multiple);
  return ExprAttr::mul(ExprAttr::ceilDiv(value, by), by);
}

static MemoryDim whole(ArrayRef<ExprAttr> dims, unsigned axis) {
  return {axis, Part::Whole, dims[axis], dims[axis]};
}

/// Places of a transform in the stead of taps.
static MemoryDim transformed(ArrayRef<ExprAttr> dims, unsigned axis,
                             int64_t winograd) {
  auto places = ExprAttr::constant(dims[axis].getContext(),
                                   Winograd::find(winograd)->places());
  return {axis, Part::Transformed, places, places};
}

/// The places of a block along `axis`, and the blocks.
static std::pair<MemoryDim, MemoryDim> inBlocks(ArrayRef<ExprAttr> dims,
                                                unsigned axis, int64_t extent) {
  ExprAttr lanes = ExprAttr::constant(dims[axis].getContext(), extent);
  ExprAttr blocks = ExprAttr::ceilDiv(dims[axis], lanes);
  return {{axis, Part::Lane, lanes, lanes},
          {axis, Part::Block, blocks, blocks}};
}

/// [O/r][k...][I][r] of a filter (O, I, k...), [n/r][k][r] of a matrix (k, n);
/// with groups [I/g][r][g] and [k/g][r][g].
static SmallVector<MemoryDim> panels(ArrayRef<ExprAttr> dims,
                                     LayoutAttr layout) {
  bool isMatrix = dims.size() == 2;
  unsigned summed = isMatrix ? 0 : 1;
  auto [lane, block] = inBlocks(dims, 1 - summed, layout.getWidth());
  SmallVector<MemoryDim> memory{lane};
  if (dims.size() > 1 && layout.getGroup() > 0) {
    auto [place, group] = inBlocks(dims, summed, layout.getGroup());
    memory = {place, lane, group};
  } else if (dims.size() > 1) {
    memory.push_back(whole(dims, summed));
  }
  for (unsigned axis = dims.size(); axis-- > 2;)
    memory.push_back(layout.getWinograd() > 0
                         ? transformed(dims, axis, layout.getWinograd())
                         : whole(dims, axis));
  memory.push_back(block);
  return memory;
}

SmallVector<unsigned> Layout::axisOrder(unsigned rank, bool isChannelsLast) {
  SmallVector<unsigned> order;
  if (isChannelsLast)
    order.push_back(1);
  for (unsigned axis = rank; axis-- > 0;)
    if (!isChannelsLast || axis != 1)
      order.push_back(axis);
  return order;
}

Layout::Layout(MLIRContext *context, ArrayRef<ExprAttr> dims, LayoutAttr layout)
    : context(context) {
  if (layout && layout.getKind() == LayoutKind::Panels) {
    memory = panels(dims, layout);
    return;
  }
  hasRoom = layout && layout.hasRoom();
  for (unsigned axis : axisOrder(dims.size(), layout && !hasRoom))
    memory.push_back(whole(dims, axis));
  if (hasRoom)
    memory[dims.size() - 1 - layout.getWidth()].stored = layout.getStored();
  if (!layout || hasRoom)
    return;
  ExprAttr &channels = memory.front().stored;
  channels = layout.getPitch() > 0
                 ? ExprAttr::constant(context, layout.getPitch())
                 : roundUp(channels, layout.getWidth());
}

Layout::Layout(Type type)
    : Layout(type.getContext(), getDims(type), getLayout(type)) {}

SmallVector<ExprAttr> Layout::strides() const {
  SmallVector<ExprAttr> result;
  ExprAttr stride = ExprAttr::constant(context, 1);
  for (const MemoryDim &dim : memory) {
    result.push_back(stride);
    stride = ExprAttr::mul(stride, dim.stored);
  }
  return result;
}

ExprAttr Layout::elements() const {
  ExprAttr count = ExprAttr::constant(context, 1);
  for (const MemoryDim &dim : memory)
    count = ExprAttr::mul(count, hasRoom ? dim.extent : dim.stored);
  return count;
}

int64_t Layout::blockExtent(unsigned axis) const {
  const auto *lane = llvm::find_if(memory, [&](const MemoryDim &dim) {
    return dim.axis == axis && dim.part == Part::Lane;
  });
  return *lane->extent.asConstant();
}

bool Layout::isBlocked() const {
  return llvm::any_of(
      memory, [](const MemoryDim &dim) { return dim.part != Part::Whole; });
}

static std::string whyNotTransformed(ArrayRef<ExprAttr> dims) {
  auto isTap = [](ExprAttr dim) { return dim.isConstant(Winograd::kTaps); };
  if (dims.size() == 4 && llvm::all_of(dims.drop_front(2), isTap))
    return "";
  std::string got;
  for (ExprAttr dim : dims)
    got += (got.empty() ? "" : ", ") + dim.str();
  return "expects a filter of 3 x 3 taps for Winograd's tiles, got [" + got +
         "]";
}

std::string Layout::whyNot(LayoutAttr layout, ArrayRef<ExprAttr> dims) {
  size_t rank = dims.size();
  unsigned least = layout.getKind() == LayoutKind::ChannelsLast ? 3
                   : layout.getGroup() > 0                      ? 2
                                                                : 1;
  if (layout.getWinograd() > 0)
    return whyNotTransformed(dims);
  if (layout.hasRoom())
    least = layout.getWidth() + 1;
  if (rank >= least)
    return "";
  return "expects a rank of " + std::to_string(least) + " or more for " +
         stringifyLayoutKind(layout.getKind()).str() + ", got " +
         std::to_string(rank);
}

bool isPlain(Type type) {
  LayoutAttr layout = getLayout(type);
  return !layout || layout.hasRoom();
}

Type mapExtents(Type type, llvm::function_ref<ExprAttr(ExprAttr)> map) {
  LayoutAttr layout = getLayout(type);
  SmallVector<ExprAttr> dims = llvm::map_to_vector(getDims(type), map);
  if (layout && layout.hasRoom())
    layout = LayoutAttr::getRoom(layout.getWidth(), map(layout.getStored()));
  return getTensorType(dims, getElementTypeOrSelf(type), layout);
}

bool areAlong(TypeRange parts, Type whole) {
  LayoutAttr layout = getLayout(whole);
  if (!layout || !layout.hasRoom())
    return false;
  unsigned axis = layout.getWidth();
  SmallVector<ExprAttr> dims(getDims(whole));
  ExprAttr count = ExprAttr::constant(whole.getContext(), 0);
  for (Type part : parts) {
    if (getDims(part).size() != dims.size())
      return false;
    dims[axis] = getDims(part)[axis];
    count = ExprAttr::add(count, dims[axis]);
    if (part != getTensorType(dims, getElementTypeOrSelf(whole), layout))
      return false;
  }
  return count == getDims(whole)[axis];
}

LayoutAttr layoutOfChannels(Type image) {
  LayoutAttr layout = getLayout(image);
  if (!layout || layout.getKind() != LayoutKind::ChannelsLast)
    return {};
  Layout whole(image);
  std::optional<int64_t> pitch = whole.dims().front().stored.asConstant();
  return pitch.value_or(0) > 0 ? layout.withPitch(*pitch) : LayoutAttr();
}

bool areChannels(Type part, int64_t first, Type image) {
  LayoutAttr layout = layoutOfChannels(image);
  if (!layout || getLayout(part) != layout ||
      getElementTypeOrSelf(part) != getElementTypeOrSelf(image))
    return false;
  std::optional<int64_t> count = getDims(part)[1].asConstant();
  std::optional<int64_t> all = getDims(image)[1].asConstant();
  auto isWhole = [&](int64_t channels) {
    return channels % layout.getWidth() == 0;
  };
  return getDims(part).size() == getDims(image).size() && count && all &&
         isWhole(first) && first + *count <= *all &&
         (isWhole(*count) || first + *count == *all);
}

namespace {

/// Copies the elements of a constant in the order of memory.
class Packer {
public:
  Packer(ArrayRef<char> source, Type type)
      : source(source), layout(type),
        bytes(getElementBytes(getElementTypeOrSelf(type))) {
    ArrayRef<ExprAttr> dims = getDims(type);
    limits.resize(dims.size());
    steps.resize(dims.size());
    int64_t step = 1;
    for (unsigned axis = dims.size(); axis-- > 0;) {
      limits[axis] = *dims[axis].asConstant();
      steps[axis] = step;
      step *= limits[axis];
    }
    places.resize(dims.size());
  }

  std::vector<char> run() {
    result.assign(*layout.elements().asConstant() * bytes, 0);
    target = result.data();
    walk(layout.dims());
    return std::move(result);
  }

private:
  /// `dims` from the innermost on are still to be walked; `places` holds where
  /// the others are along the logical axes.
  void walk(ArrayRef<MemoryDim> dims) {
    if (dims.size() < 2)
      return copyRow(dims);
    const MemoryDim &dim = dims.back();
    int64_t &place = places[dim.axis], start = place;
    int64_t step = dim.part == Part::Block ? layout.blockExtent(dim.axis) : 1;
    int64_t count = *dim.stored.asConstant();
    for (int64_t i = 0; i < count; ++i, place += step)
      walk(dims.drop_back());
    place = start;
  }

  /// The elements along the innermost dim, or the one where there is no dim.
  void copyRow(ArrayRef<MemoryDim> dims) {
    int64_t at = 0;
    bool isThere = true;
    for (auto [place, limit, step] : llvm::zip(places, limits, steps)) {
      isThere &= place < limit;
      at += place * step;
    }
    int64_t count = 1, there = isThere, step = 0;
    if (!dims.empty()) {
      unsigned axis = dims.front().axis;
      count = *dims.front().stored.asConstant();
      there = isThere ? std::min(count, limits[axis] - places[axis]) : 0;
      step = steps[axis];
    }
    const char *from = source.data() + at * bytes;
    if (bytes == 4)
      copyElements<4>(from, there, step);
    else
      for (int64_t i = 0; i < there; ++i)
        std::copy_n(from + i * step * bytes, bytes, target + i * bytes);
    target += count * bytes;
  }

  /// Of a size that the compiler knows: most weights are f32.
  template <int64_t Bytes>
  void copyElements(const char *from, int64_t count, int64_t step) {
    for (int64_t i = 0; i < count; ++i)
      std::memcpy(target + i * Bytes, from + i * step * Bytes, Bytes);
  }

  ArrayRef<char> source;
  Layout layout;
  int64_t bytes;
  SmallVector<int64_t> limits, steps; ///< Of the logical axes.
  SmallVector<int64_t> places;
  std::vector<char> result;
  char *target = nullptr;
};

/// The type of the transformed filter as a plain one.
Type withPlaces(Type type, const Winograd &winograd) {
  MLIRContext *context = type.getContext();
  SmallVector<ExprAttr> dims(getDims(type));
  for (ExprAttr &dim : MutableArrayRef(dims).drop_front(2))
    dim = ExprAttr::constant(context, winograd.places());
  return getTensorType(
      dims, getElementTypeOrSelf(type),
      LayoutAttr::get(context, LayoutKind::Panels, getLayout(type).getWidth()));
}

} // namespace

/// Neighbouring elements of few bits, a byte each, in one byte.
static std::vector<char> joined(ArrayRef<char> elements, int64_t inByte) {
  std::vector<char> result(elements.size() / inByte);
  int64_t bits = 8 / inByte;
  for (auto [i, element] : llvm::enumerate(elements)) {
    int low = element & ((1 << bits) - 1);
    char &byte = result[i / inByte];
    byte = static_cast<char>(byte | low << (i % inByte * bits));
  }
  return result;
}

std::vector<char> pack(ArrayRef<char> rowMajor, Type type) {
  LayoutAttr layout = getLayout(type);
  if (!layout)
    return {rowMajor.begin(), rowMajor.end()};
  if (sharesBytes(type))
    return joined(Packer(rowMajor, type).run(),
                  getElementsInByte(getElementTypeOrSelf(type)));
  if (layout.getWinograd() == 0)
    return Packer(rowMajor, type).run();
  const Winograd &winograd = *Winograd::find(layout.getWinograd());
  return Packer(winograd.transformed(rowMajor), withPlaces(type, winograd))
      .run();
}

} // namespace dycc::dyn
