#include "codegen/halide/roots/WinogradGrid.h"

#include "codegen/halide/SymbolicExpr.h"
#include "dialects/dyn/Winograd.h"

using dycc::dyn::ExprAttr;

namespace dycc::halide {
namespace {

class Dealer {
public:
  Dealer(const ConvolutionProblem &problem, int64_t strip, int64_t whole)
      : problem(problem), strip(strip), whole(whole),
        columns(tilesOf(problem.output[3])), rows(tilesOf(problem.output[2])),
        all(ExprAttr::mul(columns, rows)) {}

  WinogradGrid deal() const {
    ExprAttr wanted = perStrip();
    ExprAttr across = dealt(columns, wanted);
    ExprAttr strips = ExprAttr::ceilDiv(ExprAttr::mul(rows, across), wanted);
    ExprAttr most = constant(std::max(strip, whole));
    ExprAttr down =
        ExprAttr::min(ExprAttr::ceilDiv(rows, strips),
                      ExprAttr::max(ExprAttr::floorDiv(most, across), one()));
    ExprAttr images = perTask();
    return {across, down, images,
            ExprAttr::mul(images, ExprAttr::mul(across, down))};
  }

private:
  mlir::MLIRContext *context() const {
    return problem.inputsPerGroup.getContext();
  }
  ExprAttr constant(int64_t value) const {
    return ExprAttr::constant(context(), value);
  }
  ExprAttr one() const { return constant(1); }
  ExprAttr threads() const {
    return ExprAttr::symbol(context(), threadsSymbol);
  }

  ExprAttr tilesOf(ExprAttr extent) const {
    return ExprAttr::max(ExprAttr::ceilDiv(extent, constant(*problem.winograd)),
                         one());
  }

  /// `count` in as few equal parts of at most `most` as there can be: one part.
  static ExprAttr dealt(ExprAttr count, ExprAttr most) {
    return ExprAttr::ceilDiv(count, ExprAttr::ceilDiv(count, most));
  }

  /// Tiles of a strip, before they are whole rows: as many strips for each
  /// thread that the images of a batch leave idle, unless that would make them
  /// smaller than what is worth a task.
  ExprAttr perStrip() const {
    ExprAttr parts =
        ExprAttr::ceilDiv(threads(), ExprAttr::max(problem.output[0], one()));
    ExprAttr fewest = ExprAttr::ceilDiv(all, constant(strip));
    ExprAttr strips = ExprAttr::mul(ExprAttr::ceilDiv(fewest, parts), parts);
    ExprAttr share =
        ExprAttr::max(ExprAttr::ceilDiv(all, strips), constant(worthATask()));
    return ExprAttr::ite(
        ExprAttr::get(dyn::ExprKind::Le, {all, constant(whole)}), all,
        ExprAttr::min(share, constant(strip)));
  }

  /// Images of a strip, where one is less than a strip: as many as `whole`
  /// tiles have, and pixels with padding that a strip in one row has, but no
  /// more than leave some for each thread.
  ExprAttr perTask() const {
    if (problem.output[0].isConstant(1))
      return one();
    ExprAttr images = ExprAttr::max(problem.output[0], one());
    ExprAttr fitting = ExprAttr::floorDiv(
        padded(constant(std::max(strip, whole)), one()), padded(columns, rows));
    ExprAttr most = ExprAttr::min(
        ExprAttr::min(ExprAttr::floorDiv(constant(whole), all), fitting),
        ExprAttr::ceilDiv(images, threads()));
    return dealt(images, ExprAttr::max(most, one()));
  }

  /// Pixels that so many tiles read.
  ExprAttr padded(ExprAttr across, ExprAttr down) const {
    int64_t outputs = *problem.winograd;
    ExprAttr around =
        constant(dyn::Winograd::find(outputs)->places() - outputs);
    return ExprAttr::mul(ExprAttr::add(across.times(outputs), around),
                         ExprAttr::add(down.times(outputs), around));
  }

  /// Tiles whose products take a few microseconds.
  int64_t worthATask() const {
    constexpr int64_t products = 1 << 17, manyChannels = 512;
    auto known = [&](ExprAttr channels) {
      return channels.asConstant().value_or(manyChannels);
    };
    int64_t places = dyn::Winograd::find(*problem.winograd)->places();
    int64_t each = places * places * known(problem.inputsPerGroup) *
                   known(problem.output[1]);
    return std::max<int64_t>(products / std::max<int64_t>(each, 1), 1);
  }

  const ConvolutionProblem &problem;
  int64_t strip, whole;
  ExprAttr columns, rows, all; ///< Of an image, in tiles.
};

} // namespace

WinogradGrid WinogradGrid::get(const ConvolutionProblem &problem, int64_t strip,
                               int64_t whole) {
  return Dealer(problem, strip, whole).deal();
}

} // namespace dycc::halide
