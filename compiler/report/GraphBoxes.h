// Which boxes the drawing of a model has.
#ifndef DYCC_COMPILER_REPORT_GRAPHBOXES_H
#define DYCC_COMPILER_REPORT_GRAPHBOXES_H

#include "compiler/report/GraphLayout.h"

#include <nlohmann/json.hpp>
#include <string>

namespace dycc {

/// What a box of the drawing stands for.
struct ModelBox {
  enum Kind { Kernel, Single, Region, Input, Output } kind;
  std::vector<size_t> nodes; ///< In order; of Region the If, Loop or Scan.
  size_t launch = 0;         ///< Of Kernel.
  std::string name;          ///< Of Input and Output.
};

/// The nodes that a launch computes are one box; an If, Loop or Scan is one
/// around those of its branches or body; any other node has its own. Edges are
/// results that boxes read, each pair of boxes once.
class ModelGraph {
public:
  /// `report` must outlive it.
  explicit ModelGraph(const nlohmann::json &report);

  Graph graph; ///< Box by box as `boxes`; without places.
  std::vector<ModelBox> boxes;

private:
  void addNode(size_t number);
  size_t addBox(ModelBox box, int parent, unsigned region);
  void addEdges(size_t number);
  void addEdge(size_t from, size_t to);
  void addEnds();
  void measure(size_t box);

  const nlohmann::json &nodes, &report;
  std::vector<size_t> boxOf; ///< By node.
};

} // namespace dycc

#endif // DYCC_COMPILER_REPORT_GRAPHBOXES_H
