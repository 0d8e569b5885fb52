#include "tools/dycc-bench/Points.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace dycc::bench {
namespace {

using run::UsageError;

int64_t parse(std::string_view digits, std::string_view text) {
  int64_t value = 0;
  auto [stop, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || stop != digits.end() || value < 0)
    throw UsageError(
        fmt::format("'{}': expects NAME=VALUE or NAME=LO..HI:STEP, got '{}'",
                    text, digits));
  return value;
}

/// VALUE or LO..HI[:STEP], where steps are multiples of `multiple`.
Range parseRange(std::string_view value, std::string_view text,
                 int64_t multiple) {
  size_t dots = value.find("..");
  if (dots == std::string_view::npos) {
    int64_t only = parse(value, text);
    return {only, only, multiple};
  }
  std::string_view rest = value.substr(dots + 2);
  size_t colon = rest.find(':');
  Range range = {parse(value.substr(0, dots), text),
                 parse(rest.substr(0, colon), text), multiple};
  if (colon != std::string_view::npos)
    range.step = parse(rest.substr(colon + 1), text);
  if (range.step < 1 || range.lower > range.upper)
    throw UsageError(fmt::format("'{}': expects a step of at least 1 and a "
                                 "range that does not fall",
                                 text));
  return range;
}

/// The middle of a declared range, or some size where it has no end.
Range middleOf(const dycc_symbol_info &symbol) {
  constexpr int64_t usual = 64;
  constexpr int64_t noEnd = 1 << 30;
  int64_t value = symbol.upper >= noEnd
                      ? std::max(usual, symbol.lower)
                      : symbol.lower + (symbol.upper - symbol.lower) / 2;
  value = value / symbol.multiple * symbol.multiple;
  if (value < symbol.lower)
    value += symbol.multiple;
  return {value, value, symbol.multiple};
}

int64_t countOf(const Range &range) {
  return (range.upper - range.lower) / range.step + 1;
}

std::string join(const std::vector<std::string> &names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace

Points::Points(const dycc_model_info &info,
               const std::vector<std::string> &dims)
    : info(info) {
  for (uint32_t i = 0; i < info.num_symbols; ++i)
    ranges.push_back(middleOf(info.symbols[i]));
  for (const std::string &text : dims)
    set(text);
}

void Points::set(const std::string &text) {
  size_t equals = text.rfind('=');
  std::string name = text.substr(0, equals);
  std::vector<std::string> known;
  for (uint32_t i = 0; i < info.num_symbols; ++i) {
    known.push_back(info.symbols[i].name);
    if (equals == text.npos || name != known.back())
      continue;
    ranges[i] = parseRange(std::string_view(text).substr(equals + 1), text,
                           info.symbols[i].multiple);
    return;
  }
  throw UsageError(
      fmt::format("'{}': expects NAME=VALUE or NAME=LO..HI:STEP of "
                  "one of the model's symbols: {}",
                  text, known.empty() ? "none" : join(known)));
}

std::vector<Point> Points::all() const {
  constexpr int64_t most = 10000;
  int64_t count = 1;
  for (const Range &range : ranges) {
    count = std::min(count * countOf(range), most + 1);
    if (count > most)
      throw UsageError(fmt::format("more than {} sizes, expects fewer", most));
  }
  std::vector<Point> points(1);
  for (const Range &range : ranges) {
    std::vector<Point> longer;
    for (const Point &point : points)
      for (int64_t i = 0; i < countOf(range); ++i) {
        longer.push_back(point);
        longer.back().push_back(range.lower + i * range.step);
      }
    points = std::move(longer);
  }
  return points;
}

Point Points::draw(std::mt19937_64 &engine) const {
  Point point;
  for (const Range &range : ranges)
    point.push_back(range.lower +
                    int64_t(engine() % uint64_t(countOf(range))) * range.step);
  return point;
}

std::string Points::text(const Point &point) const {
  std::vector<std::string> parts;
  for (size_t i = 0; i < point.size(); ++i)
    parts.push_back(fmt::format("{}={}", info.symbols[i].name, point[i]));
  return join(parts);
}

/// What the elements of each input are taken from, by its index.
static std::map<uint32_t, std::string>
parseFills(const run::Artifact &artifact,
           const std::vector<std::string> &fills) {
  std::map<uint32_t, std::string> result;
  for (const std::string &text : fills) {
    size_t equals = text.rfind('=');
    if (equals == text.npos || equals + 1 == text.size())
      throw UsageError(
          fmt::format("'{}': expects NAME=LO..HI or NAME=VALUE", text));
    result[artifact.inputIndex(text.substr(0, equals))] =
        ":" + text.substr(equals + 1);
  }
  return result;
}

run::Inputs makeInputs(const run::Artifact &artifact, const Point &point,
                       const std::vector<std::string> &fills, uint64_t seed) {
  std::map<uint32_t, std::string> fillOf = parseFills(artifact, fills);
  const dycc_model_info &info = artifact.info();
  run::Inputs inputs(info.num_inputs);
  for (uint32_t i = 0; i < info.num_inputs; ++i) {
    const dycc_value_info &input = info.inputs[i];
    if (input.has_default && !fillOf.count(i))
      continue;
    std::string text;
    for (int32_t axis = 0; axis < input.rank; ++axis) {
      const dycc_dim_info &dim = input.dims[axis];
      text +=
          fmt::format("{}x", dim.symbol < 0 ? dim.value : point[dim.symbol]);
    }
    inputs[i] =
        run::makeTensor(text + run::nameOf(input.dtype) + fillOf[i], seed + i);
  }
  return inputs;
}

} // namespace dycc::bench
