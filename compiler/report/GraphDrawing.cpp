#include "compiler/report/GraphBoxes.h"
#include "compiler/report/Html.h"
#include "compiler/report/Sections.h"

#include "llvm/ADT/StringExtras.h"

using nlohmann::json;

namespace dycc {
namespace {

using html::px;

/// Boxes beyond which a drawing helps nobody.
constexpr size_t kMostBoxes = 6000;
/// Letters of a row of a box; of a shape, which is in a wide font.
constexpr size_t kLetters = 36, kShapeLetters = 40;
constexpr double kRow = 20, kHead = 20;

std::string textAt(double x, double y, llvm::StringRef name,
                   const std::string &html) {
  return "<text class=" + name.str() + " x=" + px(x) + " y=" + px(y) + ">" +
         html + "</text>";
}

class Drawing {
public:
  explicit Drawing(const json &report)
      : report(report), nodes(report["nodes"]), model(report) {}

  std::string render() {
    if (model.boxes.empty() || model.boxes.size() > kMostBoxes)
      return "<p class=soft>A graph of " + std::to_string(model.boxes.size()) +
             " boxes is not drawn: the nodes are listed below.</p>\n";
    layOut(model.graph);
    text = "<svg id=graph width=" + px(model.graph.width) +
           " height=" + px(model.graph.height) + " viewBox=\"0 0 " +
           px(model.graph.width) + " " + px(model.graph.height) +
           "\" role=group aria-label=\"The nodes of the model, by kernel\">\n";
    // What is inside lies over what is around it.
    for (size_t box = 0; box < model.boxes.size(); ++box)
      if (model.boxes[box].kind == ModelBox::Region)
        addRegionBox(box);
    for (const GraphRegion &region : model.graph.regions)
      addRegion(region);
    for (const GraphEdge &edge : model.graph.edges)
      addEdge(edge);
    for (size_t box = 0; box < model.boxes.size(); ++box)
      if (model.boxes[box].kind != ModelBox::Region)
        addBox(box);
    return text + "</svg>\n";
  }

private:
  void begin(size_t number, const std::string &name);
  void addRegionBox(size_t number);
  void addRegion(const GraphRegion &region);
  void addEdge(const GraphEdge &edge);
  void addBox(size_t number);
  void addEnd(const ModelBox &box);
  void addRow(size_t node, double y, double width);
  std::string titleOf(const json &node) const;
  std::string shapeOf(const json &node) const {
    return node["shapes"].empty() ? ""
                                  : node["shapes"].back().get<std::string>();
  }

  const json &report, &nodes;
  ModelGraph model;
  std::string text;
};

void Drawing::begin(size_t number, const std::string &name) {
  const GraphBox &place = model.graph.boxes[number];
  text += "<g class=\"box " + name + "\" data-box=" + std::to_string(number) +
          " transform=\"translate(" + px(place.x) + " " + px(place.y) +
          ")\"><rect class=frame rx=7 width=" + px(place.width) +
          " height=" + px(place.height) + " />";
}

/// What a pointer on a node shows.
std::string Drawing::titleOf(const json &node) const {
  std::string title = node["operator"].get<std::string>() + "  " +
                      node["name"].get<std::string>() + "\n" +
                      node["category"].get<std::string>() + ", here " +
                      node["effective"].get<std::string>() + ": " +
                      node["reason"].get<std::string>();
  for (const json &shape : node["shapes"])
    title += "\n" + shape.get<std::string>();
  std::string lines;
  for (llvm::StringRef line : llvm::split(title, '\n'))
    lines += (lines.empty() ? "" : "\n") + html::escape(line);
  return "<title>" + lines + "</title>";
}

/// The name of a node beside its operator: without what both say.
static std::string nameBeside(llvm::StringRef name, llvm::StringRef op) {
  if (name.consume_back(op))
    name = name.rtrim("/._");
  return html::cutFront(
      name, kLetters > op.size() + 4 ? kLetters - op.size() - 1 : 3);
}

void Drawing::addRow(size_t number, double y, double width) {
  const json &node = nodes[number];
  std::string op = node["operator"], category = node["effective"];
  text += "<a href=\"#node-" + std::to_string(number) + "\"><g class=\"row " +
          html::categoryClass(category) + "\">" + titleOf(node) +
          "<rect class=back x=4 y=" + px(y + 1) + " width=" + px(width - 8) +
          " height=" + px(kRow - 2) +
          " rx=4 /><rect class=stripe x=4 y=" + px(y + 1) +
          " width=5 height=" + px(kRow - 2) +
          " rx=2 /><text x=15 y=" + px(y + 14) + "><tspan class=op>" +
          html::escape(html::cut(op, 26)) + "</tspan> <tspan class=name>" +
          html::escape(
              nameBeside(node["name"].get_ref<const std::string &>(), op)) +
          "</tspan></text></g></a>";
}

void Drawing::addBox(size_t number) {
  const ModelBox &box = model.boxes[number];
  const GraphBox &place = model.graph.boxes[number];
  if (box.nodes.empty()) {
    begin(number, "end");
    addEnd(box);
    return;
  }
  bool isKernel = box.kind == ModelBox::Kernel;
  begin(number, isKernel ? "kernel" : "single");
  double y = 3;
  if (isKernel) {
    std::string kernel = report["groups"][box.launch]["kernel"];
    text += "<a href=\"#" + html::escape(kernel) + "\">" +
            textAt(9, 14, "head",
                   "launch " + std::to_string(box.launch) + "  " +
                       html::escape(html::cut(kernel, 30))) +
            "</a>";
    y = kHead;
  }
  for (size_t node : box.nodes) {
    addRow(node, y, place.width);
    y += kRow;
  }
  text += textAt(9, y + 12, "shape",
                 html::escape(html::cut(shapeOf(nodes[box.nodes.back()]),
                                        kShapeLetters))) +
          "</g>\n";
}

/// An input or output of the model.
void Drawing::addEnd(const ModelBox &box) {
  bool isInput = box.kind == ModelBox::Input;
  for (const json &value : report["model"][isInput ? "inputs" : "outputs"])
    if (value["name"] == box.name)
      text += "<title>" + html::get(value, "name") + " " +
              html::get(value, "type") + "</title>" +
              textAt(9, 16, "op",
                     (isInput ? "input " : "output ") +
                         html::escape(html::cut(box.name, kLetters - 7))) +
              textAt(9, 31, "shape",
                     html::escape(
                         html::cut(value["type"].get_ref<const std::string &>(),
                                   kShapeLetters)));
  text += "</g>\n";
}

void Drawing::addRegionBox(size_t number) {
  begin(number, "region");
  addRow(model.boxes[number].nodes[0], 4, model.graph.boxes[number].width);
  text += "</g>\n";
}

void Drawing::addRegion(const GraphRegion &region) {
  const json &node = nodes[model.boxes[region.box].nodes[0]];
  std::string label = "body";
  if (node["operator"] == "If")
    label = region.number == 0 ? "then" : "else";
  text += "<rect class=inside rx=5 x=" + px(region.x) + " y=" + px(region.y) +
          " width=" + px(region.width) + " height=" + px(region.height) +
          " />" + textAt(region.x + 6, region.y - 3, "head", label) + "\n";
}

/// Straight through layers, curved between them.
void Drawing::addEdge(const GraphEdge &edge) {
  if (edge.line.empty())
    return;
  auto point = [](std::pair<double, double> at) {
    return px(at.first) + " " + px(at.second);
  };
  std::string path = "M" + point(edge.line[0]);
  for (size_t i = 1; i < edge.line.size(); ++i) {
    auto [fromX, fromY] = edge.line[i - 1];
    auto [toX, toY] = edge.line[i];
    double middle = (fromY + toY) / 2;
    path += i % 2 == 1 ? "L" + point(edge.line[i])
                       : "C" + point({fromX, middle}) + " " +
                             point({toX, middle}) + " " + point(edge.line[i]);
  }
  text += "<path class=edge data-from=" + std::to_string(edge.from) +
          " data-to=" + std::to_string(edge.to) + " d=\"" + path + "\" />\n";
}

} // namespace

std::string renderGraph(const json &report) { return Drawing(report).render(); }

} // namespace dycc
