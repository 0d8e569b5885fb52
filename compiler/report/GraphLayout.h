// Drawings of graphs, layer by layer from top to bottom.
#ifndef DYCC_COMPILER_REPORT_GRAPHLAYOUT_H
#define DYCC_COMPILER_REPORT_GRAPHLAYOUT_H

#include <cstddef>
#include <utility>
#include <vector>

namespace dycc {

/// A box of a drawing, in pixels. One around others is as large as they need.
struct GraphBox {
  double width, height;
  int parent = -1; ///< The box around it, which has a smaller number.
  unsigned region =
      0; ///< Of the parent: boxes of one are beside those of others.
  double x = 0, y = 0; ///< Is set: the upper left corner.
};

/// Points that a line goes through, downwards.
using GraphLine = std::vector<std::pair<double, double>>;

/// An edge. Both ends have the same parent.
struct GraphEdge {
  size_t from, to;
  GraphLine line = {}; ///< Is set.
};

/// A part of a box that holds other boxes, with its place.
struct GraphRegion {
  size_t box;
  unsigned number;
  double x, y, width, height;
};

struct Graph {
  std::vector<GraphBox> boxes;
  std::vector<GraphEdge> edges;
  std::vector<GraphRegion> regions = {}; ///< Is set.
  double width = 0, height = 0;          ///< Is set.
};

/// Gives boxes and edges their places: no two boxes of a parent overlap, and an
/// edge goes down, from the lower side of its first box to the upper side of
/// the other one. Edges that would close a circle get no line. Takes about
/// linear time in the boxes and the layers that edges cross. The same graph
/// gives the same drawing.
///
/// The steps are those of Sugiyama, Tagawa and Toda, "Methods for visual
/// understanding of hierarchical system structures" (1981): layers by longest
/// paths; the order in a layer by the mean place of neighbours, in sweeps; then
/// places as near to the neighbours as the order allows. What crosses layers
/// passes them in a lane, one for all edges from a box.
void layOut(Graph &graph);

} // namespace dycc

#endif // DYCC_COMPILER_REPORT_GRAPHLAYOUT_H
