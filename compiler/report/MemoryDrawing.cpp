#include "compiler/report/Html.h"
#include "compiler/report/Sections.h"

using nlohmann::json;

namespace dycc {
namespace {

using html::px;

// Pixels, as page/memory.js knows them from the attributes of the drawing.
constexpr double kLeft = 76, kTop = 12, kHeight = 340, kRight = 60;
constexpr double kRowOfSpan = 16, kAxis = 22, kLeastStep = 5, kWidth = 940;
constexpr int kTicks = 4;

class Timeline {
public:
  explicit Timeline(const json &memory)
      : memory(memory), at(memory["at"]), steps(memory["steps"].size()) {
    stepWidth = std::max(
        kLeastStep, kWidth / std::max<double>(1, static_cast<double>(steps)));
    for (size_t slot = 0; slot < at["slots"].size(); ++slot)
      arena = std::max(arena, at["offsets"][slot].get<double>() +
                                  at["slots"][slot].get<double>());
  }

  std::string render();

private:
  double x(size_t step) const {
    return kLeft + stepWidth * static_cast<double>(step);
  }
  double y(double offset) const {
    return kTop + kHeight * (1 - offset / std::max(arena, 1.0));
  }
  void addScale();
  std::pair<size_t, size_t> stepsOf(size_t slot) const;
  void addSlot(size_t slot, double offset);
  void addValue(size_t slot, size_t index, double offset);
  void addSteps();
  void addSpans();
  size_t endOf(const json &values, size_t index) const;

  const json &memory, &at;
  size_t steps;
  double stepWidth, arena = 0;
  std::string text;
};

std::string Timeline::render() {
  if (memory["slots"].empty() || steps == 0)
    return "<p class=soft>Nothing lies in the arena.</p>\n";
  size_t depth = 0;
  for (const json &step : memory["steps"])
    if (step.contains("last"))
      depth = std::max(depth, step["depth"].get<size_t>() + 1);
  double width = x(steps) + kRight;
  double height =
      kTop + kHeight + kAxis + kRowOfSpan * static_cast<double>(depth) + 16;
  addScale();
  for (size_t slot = 0; slot < memory["slots"].size(); ++slot) {
    double offset = at["offsets"][slot];
    addSlot(slot, offset);
    for (size_t i = 0; i < memory["slots"][slot]["values"].size(); ++i)
      addValue(slot, i, offset);
  }
  addSteps();
  addSpans();
  return "<svg id=timeline viewBox=\"0 "
         "0 " +
         px(width) + " " + px(height) +
         "\" style=\"min-width:" + px(std::max(720.0, width * 0.75)) +
         "px\" data-top=" + px(kTop) + " data-height=" + px(kHeight) +
         " role=img aria-label=\"Slots of the arena over the steps of a "
         "run\">\n" +
         text + "</svg>\n";
}

/// Bytes on the left.
void Timeline::addScale() {
  for (int tick = 0; tick <= kTicks; ++tick) {
    double offset = arena * tick / kTicks;
    text += "<line class=grid x1=" + px(kLeft) + " x2=" + px(x(steps)) +
            " y1=" + px(y(offset)) + " y2=" + px(y(offset)) +
            " /><text class=scale text-anchor=end x=" + px(kLeft - 8) +
            " y=" + px(y(offset) + 4) + ">" +
            html::bytesText(static_cast<int64_t>(offset)) + "</text>\n";
  }
}

/// All, where a slot has its place for itself; else those of its values.
std::pair<size_t, size_t> Timeline::stepsOf(size_t slot) const {
  const json &values = memory["slots"][slot]["values"];
  if (!memory["placed"].get<bool>() || values.empty())
    return {0, steps};
  size_t from = values[0]["first"], to = from;
  for (const json &value : values)
    to = std::max(to, value["last"].get<size_t>() + 1);
  return {from, to};
}

void Timeline::addSlot(size_t slot, double offset) {
  double bytes = at["slots"][slot];
  double height = y(offset) - y(offset + bytes);
  auto [from, to] = stepsOf(slot);
  text += "<rect class=slot x=" + px(x(from)) +
          " width=" + px(x(to) - x(from)) + " y=" + px(y(offset + bytes)) +
          " height=" + px(height) + " />";
  if (memory["placed"].get<bool>())
    return; // Names would lie over each other.
  text += "<text class=slot-name x=" + px(x(steps) + 6) +
          " y=" + px(y(offset + bytes / 2) + 4) +
          (height < 11 ? " visibility=hidden" : "") + ">slot " +
          std::to_string(slot) + "</text>\n";
}

/// The step behind a value; where the next one is written over it, that one's.
size_t Timeline::endOf(const json &values, size_t index) const {
  size_t end = values[index]["last"].get<size_t>() + 1;
  if (index + 1 < values.size() && !values[index + 1].contains("carried"))
    end = std::min(end, std::max(values[index + 1]["first"].get<size_t>(),
                                 values[index]["first"].get<size_t>() + 1));
  return end;
}

void Timeline::addValue(size_t slot, size_t index, double offset) {
  const json &values = memory["slots"][slot]["values"];
  const json &value = values[index];
  double bytes = at["values"][slot][index];
  std::string kind = value.contains("output")    ? "output"
                     : value.contains("carried") ? "carried"
                     : value.contains("over")    ? "over"
                                                 : "plain";
  size_t first = value["first"], last = value["last"];
  std::string title = html::get(value, "node") + " " + html::get(value, "type");
  if (value.contains("over"))
    title += ", in place over " + html::get(value, "over");
  if (value.contains("output"))
    title += ", output " + html::get(value, "output");
  if (value.contains("carried"))
    title += ", carried by the loop";
  text += "<rect class=\"value " + kind +
          "\" data-slot=" + std::to_string(slot) +
          " data-value=" + std::to_string(index) + " x=" + px(x(first)) +
          " width=" + px(x(endOf(values, index)) - x(first)) +
          " y=" + px(y(offset + bytes)) +
          " height=" + px(y(offset) - y(offset + bytes)) + "><title>" + title +
          "\nsteps " + std::to_string(first) + " to " + std::to_string(last) +
          ", slot " + std::to_string(slot) + "</title></rect>\n";
}

/// Numbers of steps below, as many as there is room for.
void Timeline::addSteps() {
  size_t every = 1;
  for (size_t factor : {2, 5, 10, 20, 50, 100, 200, 500, 1000})
    if (stepWidth * static_cast<double>(every) < 34)
      every = factor;
  double base = kTop + kHeight;
  for (size_t step = 0; step < steps; step += every)
    text += "<text class=scale text-anchor=middle x=" +
            px(x(step) + stepWidth / 2) + " y=" + px(base + 15) + ">" +
            std::to_string(step) + "</text>";
  text += "<text class=scale x=" + px(x(steps) + 6) + " y=" + px(base + 15) +
          ">step</text>\n";
}

/// Branches and loops, below the steps that are in them.
void Timeline::addSpans() {
  for (size_t step = 0; step < steps; ++step) {
    const json &entry = memory["steps"][step];
    if (!entry.contains("last"))
      continue;
    double top =
        kTop + kHeight + kAxis + kRowOfSpan * entry["depth"].get<double>();
    double width = x(entry["last"].get<size_t>() + 1) - x(step);
    std::string label = html::get(entry, "operation");
    text += "<g class=span><title>" + label + " " + html::get(entry, "nodes") +
            "</title><rect rx=3 x=" + px(x(step)) + " y=" + px(top) +
            " width=" + px(width) + " height=" + px(kRowOfSpan - 3) + " />";
    if (width > 34)
      text += "<text x=" + px(x(step) + 5) + " y=" + px(top + 10) + ">" +
              label + "</text>";
    text += "</g>\n";
  }
}

} // namespace

std::string renderTimeline(const json &memory) {
  return Timeline(memory).render();
}

} // namespace dycc
