#include "compiler/report/Layers.h"

#include <algorithm>
#include <queue>

namespace dycc {
namespace {

constexpr size_t kNone = SIZE_MAX;
constexpr double kBoxGap = 22, kLaneGap = 8, kLaneWidth = 2;
constexpr int kSweeps = 6;

using Edges = std::vector<std::pair<size_t, size_t>>;

/// The boxes so that edges go forward, the smallest number first; in a circle
/// the one with the smallest number comes first.
std::vector<size_t> topologicalOrder(const std::vector<size_t> &members,
                                     const Edges &edges, size_t count) {
  std::vector<std::vector<size_t>> next(count);
  std::vector<size_t> open(count, 0), order;
  for (auto [from, to] : edges) {
    next[from].push_back(to);
    ++open[to];
  }
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  std::vector<bool> isPlaced(count, false);
  for (size_t box : members)
    if (open[box] == 0)
      ready.push(box);
  auto left = members.begin();
  while (order.size() < members.size()) {
    if (ready.empty()) {
      while (isPlaced[*left])
        ++left;
      ready.push(*left);
    }
    size_t box = ready.top();
    ready.pop();
    if (isPlaced[box])
      continue;
    isPlaced[box] = true;
    order.push_back(box);
    for (size_t to : next[box])
      if (--open[to] == 0)
        ready.push(to);
  }
  return order;
}

} // namespace

Layers::Layers(const Graph &graph, const std::vector<size_t> &members,
               const Edges &edges)
    : itemOfBox(graph.boxes.size(), kNone), lanes(graph.boxes.size()) {
  for (size_t box : members) {
    itemOfBox[box] = list.size();
    list.push_back({.box = box,
                    .width = graph.boxes[box].width,
                    .height = graph.boxes[box].height});
  }
  chooseLayers(members, edges);
  addLanes(edges);
}

bool Layers::goesDown(size_t from, size_t to) const {
  return list[itemOfBox[from]].layer < list[itemOfBox[to]].layer;
}

void Layers::chooseLayers(const std::vector<size_t> &members,
                          const Edges &edges) {
  std::vector<size_t> order =
      topologicalOrder(members, edges, itemOfBox.size());
  std::vector<size_t> place(itemOfBox.size());
  for (size_t i = 0; i < order.size(); ++i)
    place[order[i]] = i;
  std::vector<std::vector<size_t>> next(itemOfBox.size());
  std::vector<bool> hasSource(itemOfBox.size(), false);
  for (auto [from, to] : edges)
    if (place[from] < place[to]) {
      next[from].push_back(to);
      hasSource[to] = true;
    }
  for (size_t from : order)
    for (size_t to : next[from])
      list[itemOfBox[to]].layer =
          std::max(list[itemOfBox[to]].layer, list[itemOfBox[from]].layer + 1);
  // What nothing comes before stands right above what reads it first.
  for (size_t box : order) {
    size_t first = kNone;
    for (size_t to : next[box])
      first = std::min(first, list[itemOfBox[to]].layer);
    if (!hasSource[box] && first != kNone)
      list[itemOfBox[box]].layer = first - 1;
  }
  for (size_t box : order) {
    size_t layer = list[itemOfBox[box]].layer;
    rows.resize(std::max(rows.size(), layer + 1));
    rows[layer].push_back(itemOfBox[box]);
  }
}

void Layers::link(size_t above, size_t below) {
  list[above].below.push_back(below);
  list[below].above.push_back(above);
}

void Layers::addLanes(const Edges &edges) {
  std::vector<size_t> deepest(itemOfBox.size(), 0);
  for (auto [from, to] : edges)
    if (goesDown(from, to))
      deepest[from] = std::max(deepest[from], list[itemOfBox[to]].layer);
  size_t boxes = list.size();
  for (size_t item = 0; item < boxes; ++item) {
    size_t box = list[item].box, above = item;
    for (size_t layer = list[item].layer + 1; layer < deepest[box]; ++layer) {
      size_t lane = list.size();
      list.push_back({.box = box,
                      .isLane = true,
                      .layer = layer,
                      .width = kLaneWidth,
                      .height = 0});
      rows[layer].push_back(lane);
      lanes[box].push_back(lane);
      link(above, lane);
      above = lane;
    }
  }
  for (auto [from, to] : edges)
    if (goesDown(from, to))
      link(itemOn(from, list[itemOfBox[to]].layer - 1), itemOfBox[to]);
}

size_t Layers::itemOn(size_t box, size_t layer) const {
  size_t first = list[itemOfBox[box]].layer;
  return layer == first ? itemOfBox[box] : lanes[box][layer - first - 1];
}

void Layers::place() {
  for (auto &row : rows) {
    double x = 0;
    for (size_t item : row) {
      list[item].x = x + list[item].width / 2;
      x += list[item].width + kBoxGap;
    }
  }
  for (int i = 0; i < kSweeps; ++i) {
    sweep(/*isDownward=*/true);
    sweep(/*isDownward=*/false);
  }
  for (int i = 0; i < kSweeps; ++i) {
    settle(/*isDownward=*/true);
    settle(/*isDownward=*/false);
  }
}

void Layers::sweep(bool isDownward) {
  for (size_t i = 0; i < rows.size(); ++i)
    orderRow(rows[isDownward ? i : rows.size() - 1 - i], isDownward);
  settle(isDownward);
}

/// The mean x of neighbours, or where the item is.
static double wishOf(const std::vector<LayerItem> &list, const LayerItem &item,
                     bool isDownward) {
  const std::vector<size_t> &near = isDownward ? item.above : item.below;
  if (near.empty())
    return item.x;
  double sum = 0;
  for (size_t other : near)
    sum += list[other].x;
  return sum / static_cast<double>(near.size());
}

void Layers::orderRow(std::vector<size_t> &row, bool isDownward) {
  std::vector<std::pair<double, size_t>> keys;
  for (size_t item : row)
    keys.push_back({wishOf(list, list[item], isDownward), item});
  std::stable_sort(keys.begin(), keys.end(), [](const auto &a, const auto &b) {
    return a.first < b.first;
  });
  for (size_t i = 0; i < row.size(); ++i)
    row[i] = keys[i].second;
}

void Layers::settle(bool isDownward) {
  for (size_t i = 0; i < rows.size(); ++i)
    settleRow(rows[isDownward ? i : rows.size() - 1 - i], isDownward);
}

/// Least squares to the wishes with the order and the gaps kept: pools of items
/// that touch share the mean of their wishes (pool adjacent violators).
void Layers::settleRow(const std::vector<size_t> &row, bool isDownward) {
  struct Pool {
    double sum, weight;
    size_t items;
    double mean() const { return sum / weight; }
  };
  std::vector<Pool> pools;
  std::vector<double> offsets; // Of an item's middle behind the first one's.
  for (size_t i = 0; i < row.size(); ++i) {
    const LayerItem &item = list[row[i]];
    double offset = 0;
    if (i > 0) {
      const LayerItem &left = list[row[i - 1]];
      double gap = item.isLane && left.isLane ? kLaneGap : kBoxGap;
      offset = offsets.back() + left.width / 2 + gap + item.width / 2;
    }
    offsets.push_back(offset);
    // A lane that goes straight is worth more than a box in the middle.
    double weight = item.isLane ? 4 : 1;
    double wish = wishOf(list, item, isDownward) - offset;
    pools.push_back({wish * weight, weight, 1});
    while (pools.size() > 1 &&
           pools[pools.size() - 2].mean() > pools.back().mean()) {
      Pool last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().weight += last.weight;
      pools.back().items += last.items;
    }
  }
  size_t i = 0;
  for (const Pool &pool : pools)
    for (size_t end = i + pool.items; i < end; ++i)
      list[row[i]].x = pool.mean() + offsets[i];
}

} // namespace dycc
