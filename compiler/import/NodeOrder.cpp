// ONNX asks for sorted nodes, but tools append nodes behind their readers
// (conversions to f16 write a Cast so), and ONNX Runtime runs such files.
#include "compiler/import/NodeOrder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <algorithm>
#include <vector>

using namespace llvm;

namespace dycc::import {
namespace {

using Nodes = google::protobuf::RepeatedPtrField<proto::NodeProto>;

class NodeSorter {
public:
  explicit NodeSorter(const Nodes &nodes) : nodes(nodes), isSeen(nodes.size()) {
    for (const auto &[index, node] : enumerate(nodes))
      for (const std::string &output : node.output())
        if (!output.empty())
          producers.try_emplace(output, index);
  }

  SmallVector<size_t> run() {
    for (size_t index : seq<size_t>(nodes.size())) {
      enter(index);
      while (!stack.empty())
        step();
    }
    return std::move(order);
  }

private:
  struct Visit {
    size_t node;
    SmallVector<size_t> producers; ///< To be entered, the last one first.
  };

  void enter(size_t index) {
    if (isSeen[index])
      return;
    isSeen[index] = true;
    Visit &visit = stack.emplace_back(Visit{index, {}});
    addProducers(nodes[int(index)], visit.producers);
    std::reverse(visit.producers.begin(), visit.producers.end());
  }

  void step() {
    Visit &visit = stack.back();
    if (!visit.producers.empty())
      return enter(visit.producers.pop_back_val());
    order.push_back(visit.node);
    stack.pop_back();
  }

  /// The importer's limit of nested graphs, and protobuf's own, end this.
  void addProducers(const proto::NodeProto &node, SmallVector<size_t> &found) {
    for (const std::string &input : node.input())
      addProducer(input, found);
    for (const proto::AttributeProto &attribute : node.attribute())
      if (attribute.has_g()) {
        for (const proto::NodeProto &inner : attribute.g().node())
          addProducers(inner, found);
        for (const proto::ValueInfoProto &output : attribute.g().output())
          addProducer(output.name(), found);
      }
  }

  void addProducer(StringRef name, SmallVector<size_t> &found) {
    auto producer = producers.find(name);
    if (producer != producers.end() && !isSeen[producer->second])
      found.push_back(producer->second);
  }

  const Nodes &nodes;
  StringMap<size_t> producers;
  std::vector<bool> isSeen;
  SmallVector<Visit> stack;
  SmallVector<size_t> order;
};

} // namespace

SmallVector<size_t> sortedOrder(const Nodes &nodes) {
  return NodeSorter(nodes).run();
}

} // namespace dycc::import
