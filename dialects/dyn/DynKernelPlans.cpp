#include "dialects/dyn/DynOps.h"

#include "mlir/IR/DialectImplementation.h"

using namespace mlir;

namespace dycc::dyn {

/// `<` rows `x` width `,` `[` height (`in` parts)? ... `]` `,` `unroll` steps
/// `>`
Attribute TileAttr::parse(AsmParser &parser, Type) {
  int64_t rows = 0, width = 0, unroll = 0;
  SmallVector<int64_t> heights, parts;
  auto parseHeight = [&]() -> ParseResult {
    if (parser.parseInteger(heights.emplace_back()))
      return failure();
    parts.push_back(1);
    if (failed(parser.parseOptionalKeyword("in")))
      return success();
    return parser.parseInteger(parts.back());
  };
  if (parser.parseLess() || parser.parseInteger(rows) ||
      parser.parseKeyword("x") || parser.parseInteger(width) ||
      parser.parseComma() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     parseHeight) ||
      parser.parseComma() || parser.parseKeyword("unroll") ||
      parser.parseInteger(unroll) || parser.parseGreater())
    return {};
  auto emitError = [&] { return parser.emitError(parser.getNameLoc()); };
  if (failed(verify(emitError, rows, width, heights, parts, unroll)))
    return {};
  return get(parser.getContext(), rows, width, heights, parts, unroll);
}

void TileAttr::print(AsmPrinter &printer) const {
  printer << '<' << getRows() << " x " << getWidth() << ", [";
  llvm::interleaveComma(llvm::zip_equal(getHeights(), getParts()), printer,
                        [&](auto height) {
                          auto [rows, parts] = height;
                          printer << rows;
                          if (parts != 1)
                            printer << " in " << parts;
                        });
  printer << "], unroll " << getUnroll() << '>';
}

LogicalResult TileAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               int64_t rows, int64_t width,
                               ArrayRef<int64_t> heights,
                               ArrayRef<int64_t> parts, int64_t unroll) {
  auto isPositive = [](int64_t value) { return value > 0; };
  if (!isPositive(rows) || !isPositive(width) || !isPositive(unroll) ||
      !llvm::all_of(heights, isPositive) || !llvm::all_of(parts, isPositive))
    return emitError() << "expects a tile of positive numbers, got " << rows
                       << " x " << width << ", heights [" << heights
                       << "], parts [" << parts << "], unroll " << unroll;
  bool isFalling = llvm::is_sorted(heights, std::greater_equal<int64_t>());
  if (heights.empty() || !isFalling || heights.front() > rows)
    return emitError() << "expects heights that fall from at most " << rows
                       << ", got [" << heights << "]";
  return success();
}

bool TileAttr::covers(std::optional<int64_t> count) const {
  int64_t tallest = getHeights().front();
  bool hasWhole = !count || *count >= getRows() || *count == 0;
  return (!hasWhole || tallest == getRows()) &&
         (!count || *count % getRows() <= tallest);
}

LogicalResult
KernelPlanAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                       int64_t vector, int64_t task, ArrayAttr) {
  if (vector != 16 && vector != 32 && vector != 64)
    return emitError() << "expects vectors of 16, 32 or 64 bytes, got "
                       << vector;
  if (task < 0 || task > kLargestTask)
    return emitError() << "expects tasks of 0 to " << kLargestTask
                       << " operations, got " << task;
  return success();
}

} // namespace dycc::dyn
