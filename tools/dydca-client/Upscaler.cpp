#include "Upscaler.h"

#include "Failure.h"
#include "ModelFacts.h"

#include <algorithm>
#include <cstring>

namespace dydca {
namespace {

int64_t wholeCells(int64_t extent, int64_t cell) {
  return halo ? extent : (extent + cell - 1) / cell * cell;
}

/// What A1 and B have in common: a frame in, of whole cells where the model
/// knows no neighbours of them, and an image out.
template <typename Interface>
class Upscaling : public Upscaler {
public:
  Upscaling(uint32_t threads, const Bits *bits)
      : bits(bits), model(dycc::Model<Interface>::create(threads).value()),
        context(model.context().value()) {}

  void upscale(Picture &picture) override {
    const Frame &low = picture.low;
    typename Interface::Inputs inputs;
    const Frame &source = padded(low);
    inputs.frame = {source.planes, {1, 3, source.height, source.width}};
    route(inputs, picture);
    int64_t rows = scale * source.height, columns = scale * source.width;
    int64_t high = bits ? bits->height() : scale * low.height;
    int64_t wide = bits ? bits->width() : scale * low.width;
    bool isWhole = rows == high && columns == wide;
    Frame &target = isWhole ? picture.high : larger;
    target.resize(rows, columns);
    typename Interface::Buffers buffers;
    buffers.image = {target.planes, {1, 3, rows, columns}};
    auto outputs = context.run(inputs, buffers).value();
    if (outputs.image.shape != dycc::Shape<4>{1, 3, rows, columns})
      throw Failure("the model's image is not " + std::to_string(scale) +
                    " times its frame");
    if (!isWhole)
      crop(picture.high, high, wide);
  }

protected:
  virtual void route(typename Interface::Inputs &inputs,
                     const Picture &picture) = 0;

  const Bits *bits;

private:
  /// Repeats the last row and column.
  const Frame &padded(const Frame &low) {
    int64_t rows = wholeCells(low.height, cellHeight);
    int64_t columns = wholeCells(low.width, cellWidth);
    if (rows == low.height && columns == low.width)
      return low;
    cells.resize(rows, columns);
    for (int c = 0; c < 3; ++c)
      for (int64_t y = 0; y < rows; ++y) {
        const uint8_t *from =
            low.plane(c) + std::min(y, low.height - 1) * low.width;
        uint8_t *to = cells.plane(c) + y * columns;
        std::copy_n(from, low.width, to);
        std::fill(to + low.width, to + columns, from[low.width - 1]);
      }
    return cells;
  }

  void crop(Frame &frame, int64_t rows, int64_t columns) const {
    frame.resize(rows, columns);
    for (int c = 0; c < 3; ++c)
      for (int64_t y = 0; y < rows; ++y)
        std::copy_n(larger.plane(c) + y * larger.width, columns,
                    frame.plane(c) + y * columns);
  }

  dycc::Model<Interface> model;
  dycc::Context<Interface> context;
  Frame cells, larger;
};

class ByBits final : public Upscaling<dydca_model::Interface> {
public:
  using Upscaling::Upscaling;

private:
  void route(dydca_model::Inputs &inputs, const Picture &picture) override {
    checkPlace(picture);
    std::vector<uint8_t> found = bits->classesOf(picture.number);
    CellsOfClass *routes[classes];
    routesOf(inputs, routes);
    for (int64_t k = 0; k < classes; ++k) {
      cells[k].clear();
      for (size_t g = 0; g < found.size(); ++g)
        if (found[g] == k)
          cells[k].push_back(int64_t(g));
      *routes[k] = {cells[k], {int64_t(cells[k].size())}};
    }
  }

  void checkPlace(const Picture &picture) const {
    if (picture.number >= bits->frames())
      throw Failure("the video goes on behind the " +
                    std::to_string(bits->frames()) + " frames of " +
                    bits->path());
    if (picture.low.height != bits->lowHeight() ||
        picture.low.width != bits->lowWidth())
      throw Failure("frame " + std::to_string(picture.number) + " has " +
                    std::to_string(picture.low.width) + "x" +
                    std::to_string(picture.low.height) + " pixels, " +
                    bits->path() + " is of " +
                    std::to_string(bits->lowWidth()) + "x" +
                    std::to_string(bits->lowHeight()));
  }

  std::vector<int64_t> cells[classes];
};

#ifdef DYDCA_HAS_FORM_B
class ByItself final : public Upscaling<dydca_model_b::Interface> {
public:
  using Upscaling::Upscaling;

private:
  void route(dydca_model_b::Inputs &, const Picture &) override {}
};
#endif

} // namespace

std::unique_ptr<Upscaler> makeUpscaler(uint32_t threads, const Bits *bits) {
  if (bits)
    return std::make_unique<ByBits>(threads, bits);
#ifdef DYDCA_HAS_FORM_B
  return std::make_unique<ByItself>(threads, nullptr);
#else
  throw Failure("this program has no form B, which routes by itself: give "
                "--bits, or export it and build again");
#endif
}

} // namespace dydca
