#include "compiler/report/GraphBoxes.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

using nlohmann::json;

namespace dycc {
namespace {

constexpr double kWidth = 272, kRow = 20, kHead = 20, kShape = 18, kEnd = 40;

} // namespace

ModelGraph::ModelGraph(const json &report)
    : nodes(report["nodes"]), report(report), boxOf(nodes.size()) {
  for (const json &input : report["model"]["inputs"])
    addBox({ModelBox::Input, {}, 0, input["name"]}, -1, 0);
  std::set<size_t> around;
  for (const json &node : nodes)
    if (node.contains("parent"))
      around.insert(node["parent"].get<size_t>());
  std::map<std::tuple<int, unsigned, size_t>, size_t> kernels;
  for (size_t number = 0; number < nodes.size(); ++number) {
    const json &node = nodes[number];
    int parent = -1;
    unsigned region = 0;
    if (node.contains("parent")) {
      parent = static_cast<int>(boxOf[node["parent"].get<size_t>()]);
      region = node["region"];
    }
    if (!node.contains("launches") || around.count(number)) {
      auto kind = around.count(number) ? ModelBox::Region : ModelBox::Single;
      boxOf[number] = addBox({kind, {number}, 0, ""}, parent, region);
      continue;
    }
    size_t launch = node["launches"][0];
    auto [it, isNew] = kernels.try_emplace({parent, region, launch}, 0);
    if (isNew)
      it->second = addBox({ModelBox::Kernel, {}, launch, ""}, parent, region);
    boxes[it->second].nodes.push_back(number);
    boxOf[number] = it->second;
  }
  for (size_t number = 0; number < nodes.size(); ++number)
    addEdges(number);
  addEnds();
  for (size_t box = 0; box < boxes.size(); ++box)
    measure(box);
  auto before = [](const GraphEdge &a, const GraphEdge &b) {
    return std::pair(a.from, a.to) < std::pair(b.from, b.to);
  };
  auto isSame = [](const GraphEdge &a, const GraphEdge &b) {
    return a.from == b.from && a.to == b.to;
  };
  std::sort(graph.edges.begin(), graph.edges.end(), before);
  graph.edges.erase(std::unique(graph.edges.begin(), graph.edges.end(), isSame),
                    graph.edges.end());
}

size_t ModelGraph::addBox(ModelBox box, int parent, unsigned region) {
  boxes.push_back(std::move(box));
  graph.boxes.push_back({0, 0, parent, region});
  return boxes.size() - 1;
}

/// Ends are lifted out of branches and bodies until they have one parent.
void ModelGraph::addEdge(size_t from, size_t to) {
  auto parentOf = [&](size_t box) { return graph.boxes[box].parent; };
  std::set<int> above{-1};
  for (int box = static_cast<int>(from); box >= 0; box = parentOf(box))
    above.insert(parentOf(box));
  while (!above.count(parentOf(to)))
    to = parentOf(to);
  while (parentOf(from) != parentOf(to))
    from = parentOf(from);
  // Branches of one If do not see each other.
  if (from != to && graph.boxes[from].region == graph.boxes[to].region)
    graph.edges.push_back({from, to});
}

void ModelGraph::addEdges(size_t number) {
  for (const json &read : nodes[number]["reads"])
    addEdge(boxOf[read.get<size_t>()], boxOf[number]);
  for (const json &name : nodes[number]["inputs"])
    for (size_t box = 0; boxes[box].kind == ModelBox::Input; ++box)
      if (boxes[box].name == name.get_ref<const std::string &>())
        addEdge(box, boxOf[number]);
}

void ModelGraph::addEnds() {
  for (const json &output : report["model"]["outputs"]) {
    size_t box = addBox({ModelBox::Output, {}, 0, output["name"]}, -1, 0);
    for (size_t number = 0; number < nodes.size(); ++number)
      for (const json &name : nodes[number]["outputs"])
        if (name == output["name"])
          addEdge(boxOf[number], box);
  }
}

void ModelGraph::measure(size_t number) {
  const ModelBox &box = boxes[number];
  GraphBox &place = graph.boxes[number];
  place.width = kWidth;
  bool isEnd = box.kind == ModelBox::Input || box.kind == ModelBox::Output;
  place.height = isEnd ? kEnd
                       : kRow * static_cast<double>(box.nodes.size()) + kShape +
                             (box.kind == ModelBox::Kernel ? kHead : 6);
}

} // namespace dycc
