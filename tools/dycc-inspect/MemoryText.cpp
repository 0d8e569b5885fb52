// The memory formula on a screen: terms that slots share have names, and of a
// slot's values the first stand for all.
#include "tools/dycc-inspect/Text.h"

#include "compiler/driver/ReportMemory.h"

#include <algorithm>
#include <fmt/format.h>

using nlohmann::json;

namespace dycc {
namespace {

constexpr size_t kColumns = 100;
/// Of a slot with one more, all are shown.
constexpr size_t kValuesShown = 2;

std::string get(const json &object, const char *key) {
  return object[key].get<std::string>();
}

/// Where a line of `text` ends: behind a comma, else at a space.
size_t breakOf(const std::string &text, size_t width) {
  size_t comma = text.rfind(", ", width - 1), space = text.rfind(' ', width);
  if (comma != text.npos && comma > width / 2)
    return comma + 1;
  return space != text.npos ? space : text.find(' ');
}

/// Prints `text`, over several lines where it is longer than the screen.
void printWrapped(size_t indent, std::string text) {
  std::string margin(indent, ' ');
  for (size_t width = kColumns - indent; text.size() > width;) {
    size_t at = breakOf(text, width);
    if (at == text.npos)
      break;
    fmt::print("{}{}\n", margin, text.substr(0, at));
    text.erase(0, at + 1);
    margin.assign(indent + 4, ' ');
    width = kColumns - indent - 4;
  }
  fmt::print("{}{}\n", margin, text);
}

/// Whether the formula of the peak fits into a line as it is.
bool isShort(const json &memory) {
  return memory["slots"].size() < 2 ||
         get(memory, "peak").size() <= kColumns / 2;
}

/// Whether slots lie over each other.
bool isPlaced(const json &memory) { return memory.value("placed", false); }

/// "slot 0 + slot 1", or the formula itself where that is as short.
std::string arenaText(const json &memory) {
  const json &slots = memory["slots"];
  if (isShort(memory))
    return get(memory, "peak");
  if (isPlaced(memory))
    return fmt::format("where the highest of slots 0 to {} ends, each rounded "
                       "up to 64",
                       slots.size() - 1);
  std::string between = slots.size() == 2 ? " + " : " + ... + ";
  return "slot 0" + between + "slot " + std::to_string(slots.size() - 1) +
         ", each rounded up to 64";
}

/// What each thread of a run has for itself, where the sum does not say it.
void printScratch(const json &memory) {
  std::string text;
  for (const json &scratch : memory["scratch"])
    text += (text.empty() ? "" : ", ") + scratch.get<std::string>();
  if (memory["scratch"].size() > 1)
    text = "max(" + text + ")";
  if (!text.empty())
    printWrapped(2, "scratch, bytes: threads * align128(" + text + ")");
}

/// "N = 1, H = 64": the first symbols.
std::string pointText(const json &symbols) {
  constexpr size_t kShown = 6;
  std::string text;
  for (size_t i = 0; i < symbols.size(); ++i) {
    if (i == kShown)
      return text + ", ...";
    const json &symbol = symbols[i];
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ",
                        get(symbol, "name"), symbol["value"].get<int64_t>());
  }
  return text.empty() ? "all inputs" : text;
}

/// The slots that come to most of the arena, the largest first.
std::string dominantText(const json &slots, int64_t arena) {
  std::vector<std::pair<int64_t, size_t>> bySize;
  for (size_t slot = 0; slot < slots.size(); ++slot)
    bySize.push_back({-slots[slot].get<int64_t>(), slot});
  std::sort(bySize.begin(), bySize.end());
  std::string text;
  double sum = 0;
  for (auto [bytes, slot] : bySize) {
    text += (text.empty() ? "" : ", ") + std::to_string(slot);
    sum -= bytes;
    if (sum >= 0.75 * arena)
      break;
  }
  return fmt::format("{:.0f} % in slots {}", 100 * sum / arena, text);
}

void printPoint(const json &memory) {
  const json &at = memory["at"];
  int64_t arena = at["arena"];
  std::string text =
      fmt::format("at {}: {} bytes", pointText(at["symbols"]), arena);
  if (at.contains("scratch") && at["scratch"] != 0)
    text += fmt::format(" + threads * {}", at["scratch"].get<int64_t>());
  if (at.contains("threads"))
    text += " with one thread";
  if (at.contains("slots") && at["slots"].size() > 1 && arena > 0 &&
      !isPlaced(memory))
    text += ", " + dominantText(at["slots"], arena);
  printWrapped(2, text);
}

std::string valueText(const json &value) {
  return get(value, "node") + "  " + get(value, "type") + placeNotes(value);
}

void printValues(const json &values) {
  size_t shown =
      values.size() <= kValuesShown + 1 ? values.size() : kValuesShown;
  for (size_t i = 0; i < shown; ++i) {
    std::string text = valueText(values[i]);
    if (i + 1 == shown && shown < values.size())
      text += fmt::format(", ... and {} more", values.size() - shown);
    printWrapped(4, text);
  }
}

void printSlot(const json &memory, size_t number) {
  const json &slot = memory["slots"][number];
  std::string share;
  if (memory.contains("at") && memory["at"].contains("slots") &&
      memory["at"]["arena"] != 0) {
    const json &at = memory["at"];
    share = fmt::format(", {} bytes", at["slots"][number].get<int64_t>());
    if (isPlaced(memory))
      share += fmt::format(" at {}", at["offsets"][number].get<int64_t>());
  }
  printWrapped(2,
               fmt::format("slot {}{}: {}", number, share, get(slot, "short")));
  if (slot.contains("values"))
    printValues(slot["values"]);
}

} // namespace

void printMemory(const json &memory) {
  fmt::print("\nmemory\n");
  printWrapped(2, "arena, bytes: " + arenaText(memory));
  if (!isShort(memory))
    printScratch(memory);
  fmt::print("  weights, bytes: {}\n", memory["weight_bytes"].get<int64_t>());
  if (memory.contains("at"))
    printPoint(memory);
  if (memory.contains("at") && memory["at"].contains("seconds"))
    fmt::print("  thought to take, seconds: {:.3g} (no clock without "
               "--machine of dycc)\n",
               memory["at"]["seconds"].get<double>());
  for (const json &term : memory["terms"])
    printWrapped(2, get(term, "name") + " = " + get(term, "is"));
  for (size_t slot = 0; slot < memory["slots"].size(); ++slot)
    printSlot(memory, slot);
}

} // namespace dycc
