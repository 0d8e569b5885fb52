#include "compiler/report/GraphLayout.h"

#include "compiler/report/Layers.h"

#include <algorithm>
#include <map>

namespace dycc {
namespace {

constexpr double kLayerGap = 30, kPadding = 14, kHeader = 40, kRegionGap = 20;

/// Lays out the regions from the innermost ones outwards; until the end places
/// are those within the region.
class Layouter {
public:
  explicit Layouter(Graph &graph) : graph(graph) {
    for (size_t box = 0; box < graph.boxes.size(); ++box)
      members[regionOf(box)].push_back(box);
    for (size_t edge = 0; edge < graph.edges.size(); ++edge)
      edges[regionOf(graph.edges[edge].from)].push_back(edge);
  }

  void run() {
    // A box has a larger number than the one around it.
    for (size_t box = graph.boxes.size(); box-- > 0;)
      layOutInside(box);
    auto [width, height] = layOutRegion({-1, 0});
    graph.width = width;
    graph.height = height;
    for (size_t box = 0; box < graph.boxes.size(); ++box)
      if (graph.boxes[box].parent < 0)
        moveInside(box);
  }

private:
  using Region = std::pair<int, unsigned>; ///< A box and a number.

  Region regionOf(size_t box) const {
    return {graph.boxes[box].parent, graph.boxes[box].region};
  }

  void layOutInside(size_t box);
  std::pair<double, double> layOutRegion(Region region);
  void placeEdges(Region region, const Layers &layers,
                  const std::vector<double> &tops,
                  const std::vector<double> &bottoms);
  void moveInside(size_t box);

  Graph &graph;
  std::map<Region, std::vector<size_t>> members, edges;
};

void Layouter::layOutInside(size_t box) {
  int number = static_cast<int>(box);
  double width = kPadding, height = 0;
  for (auto it = members.lower_bound({number, 0});
       it != members.end() && it->first.first == number; ++it) {
    if (height > 0)
      width += kRegionGap;
    auto [insideWidth, insideHeight] = layOutRegion(it->first);
    graph.regions.push_back(
        {box, it->first.second, width, kHeader, insideWidth, insideHeight});
    width += insideWidth;
    height = std::max(height, insideHeight);
  }
  if (height == 0)
    return;
  graph.boxes[box].width = std::max(graph.boxes[box].width, width + kPadding);
  graph.boxes[box].height = kHeader + height + kPadding;
}

/// Returns width and height.
std::pair<double, double> Layouter::layOutRegion(Region region) {
  if (!members.count(region))
    return {0, 0};
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t edge : edges[region])
    pairs.push_back({graph.edges[edge].from, graph.edges[edge].to});
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  Layers layers(graph, members[region], pairs);
  layers.place();
  double left = 0, right = 0, y = kPadding;
  bool isFirst = true;
  for (const LayerItem &item : layers.items()) {
    left = isFirst ? item.x - item.width / 2
                   : std::min(left, item.x - item.width / 2);
    right = isFirst ? item.x + item.width / 2
                    : std::max(right, item.x + item.width / 2);
    isFirst = false;
  }
  std::vector<double> tops, bottoms;
  for (const auto &row : layers.layers()) {
    double height = 0;
    for (size_t item : row)
      height = std::max(height, layers.items()[item].height);
    tops.push_back(y);
    bottoms.push_back(y + height);
    y += height + kLayerGap;
  }
  for (const LayerItem &item : layers.items())
    if (!item.isLane) {
      graph.boxes[item.box].x = item.x - item.width / 2 - left + kPadding;
      graph.boxes[item.box].y = tops[item.layer];
    }
  placeEdges(region, layers, tops, bottoms);
  for (size_t edge : edges[region])
    for (auto &[x, unused] : graph.edges[edge].line)
      x += kPadding - left;
  return {right - left + 2 * kPadding, y - kLayerGap + kPadding};
}

void Layouter::placeEdges(Region region, const Layers &layers,
                          const std::vector<double> &tops,
                          const std::vector<double> &bottoms) {
  for (size_t number : edges[region]) {
    GraphEdge &edge = graph.edges[number];
    if (edge.from == edge.to || !layers.goesDown(edge.from, edge.to))
      continue;
    const LayerItem &from = layers.items()[layers.itemOf(edge.from)];
    const LayerItem &to = layers.items()[layers.itemOf(edge.to)];
    edge.line.push_back({from.x, tops[from.layer] + from.height});
    edge.line.push_back({from.x, bottoms[from.layer]});
    for (size_t layer = from.layer + 1; layer < to.layer; ++layer) {
      double x = layers.items()[layers.itemOn(edge.from, layer)].x;
      edge.line.push_back({x, tops[layer]});
      edge.line.push_back({x, bottoms[layer]});
    }
    edge.line.push_back({to.x, tops[to.layer]});
  }
}

/// From places within the box to places of the whole drawing.
void Layouter::moveInside(size_t box) {
  std::vector<size_t> open{box};
  while (!open.empty()) {
    size_t around = open.back();
    open.pop_back();
    for (GraphRegion &region : graph.regions) {
      if (region.box != around)
        continue;
      region.x += graph.boxes[around].x;
      region.y += graph.boxes[around].y;
      Region key{static_cast<int>(around), region.number};
      for (size_t inner : members[key]) {
        graph.boxes[inner].x += region.x;
        graph.boxes[inner].y += region.y;
        open.push_back(inner);
      }
      for (size_t edge : edges[key])
        for (auto &[x, y] : graph.edges[edge].line) {
          x += region.x;
          y += region.y;
        }
    }
  }
}

} // namespace

void layOut(Graph &graph) {
  graph.regions.clear();
  Layouter(graph).run();
}

} // namespace dycc
