// The graph inside of one region, in layers: a step of layOut().
#ifndef DYCC_COMPILER_REPORT_LAYERS_H
#define DYCC_COMPILER_REPORT_LAYERS_H

#include "compiler/report/GraphLayout.h"

namespace dycc {

/// A box of a layer, or the lane of a box's edges through it.
struct LayerItem {
  size_t box;
  bool isLane = false;
  size_t layer = 0;
  double width, height;
  double x = 0; ///< The middle.
  std::vector<size_t> above = {},
                      below = {}; ///< Neighbours in the next layers.
};

/// Boxes in layers, with lanes where an edge crosses some.
class Layers {
public:
  /// `members`: boxes of one region; `edges`: those between them, by the boxes'
  /// numbers.
  Layers(const Graph &graph, const std::vector<size_t> &members,
         const std::vector<std::pair<size_t, size_t>> &edges);

  /// Orders the items of each layer and gives them their x.
  void place();

  const std::vector<LayerItem> &items() const { return list; }
  const std::vector<std::vector<size_t>> &layers() const { return rows; }
  /// The item in `layer` that an edge from `box` passes, or starts from.
  size_t itemOn(size_t box, size_t layer) const;
  /// The item of a box.
  size_t itemOf(size_t box) const { return itemOfBox[box]; }
  /// Whether the edge goes down.
  bool goesDown(size_t from, size_t to) const;

private:
  void chooseLayers(const std::vector<size_t> &members,
                    const std::vector<std::pair<size_t, size_t>> &edges);
  void addLanes(const std::vector<std::pair<size_t, size_t>> &edges);
  void link(size_t above, size_t below);
  void sweep(bool isDownward);
  void orderRow(std::vector<size_t> &row, bool isDownward);
  void settle(bool isDownward);
  void settleRow(const std::vector<size_t> &row, bool isDownward);

  std::vector<LayerItem> list;
  std::vector<std::vector<size_t>> rows;  ///< Items by layer, from the left.
  std::vector<size_t> itemOfBox;          ///< By box.
  std::vector<std::vector<size_t>> lanes; ///< By box: items below it, in turn.
};

} // namespace dycc

#endif // DYCC_COMPILER_REPORT_LAYERS_H
