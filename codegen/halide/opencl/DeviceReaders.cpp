#include "codegen/halide/opencl/DeviceReaders.h"

#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace Halide::Internal;
using Halide::Expr;
using Halide::Func;

namespace dycc::halide {
namespace {

/// Whether a call has the arguments of the definition that it is in.
bool isAtSameIndex(const Call *call, const std::vector<std::string> &index) {
  if (call->args.size() != index.size())
    return false;
  for (auto [argument, name] : llvm::zip(call->args, index)) {
    const auto *variable = argument.as<Variable>();
    if (!variable || variable->name != name)
      return false;
  }
  return true;
}

/// What is read by one definition, and whether at its own index.
using Reads = std::vector<std::pair<std::string, bool>>;

void add(Reads &reads, const std::string &name, bool isSame) {
  std::pair<std::string, bool> read(name, isSame);
  if (!llvm::is_contained(reads, read))
    reads.push_back(read);
}

class ReadFinder final : public IRGraphVisitor {
public:
  static std::map<std::string, Function> find(const Function &function,
                                              Reads &reads) {
    ReadFinder finder(function, reads);
    function.accept(&finder);
    return std::move(finder.found);
  }

private:
  using IRGraphVisitor::visit;

  ReadFinder(const Function &function, Reads &reads)
      : name(function.name()), index(function.args()), reads(reads) {}

  void visit(const Call *op) override {
    IRGraphVisitor::visit(op);
    if (op->call_type != Call::Halide || op->name == name)
      return;
    Function callee(op->func);
    found.emplace(callee.name(), callee);
    add(reads, callee.name(), isAtSameIndex(op, index));
  }

  std::string name;
  std::vector<std::string> index;
  Reads &reads;
  std::map<std::string, Function> found;
};

/// Notes what has loops of its own and is read by `reader`, itself or by what
/// is inlined into it.
void addReads(const Function &reader, ReaderGraph &graph) {
  Reads all;
  std::map<std::string, Function> functions = ReadFinder::find(reader, all);
  for (size_t next = 0; next < all.size(); ++next) {
    auto [name, isSame] = all[next]; // A copy: more are added.
    Function callee = functions.at(name);
    if (!callee.can_be_inlined()) {
      graph.readers[name].push_back({reader.name(), isSame});
      continue;
    }
    Reads inner;
    functions.merge(ReadFinder::find(callee, inner));
    for (auto &[read, isSameInside] : inner)
      add(all, read, isSame && isSameInside);
  }
}

} // namespace

ReaderGraph findReaders(const Halide::Pipeline &pipeline) {
  ReaderGraph graph;
  std::map<std::string, Function> functions;
  std::vector<Function> outputs;
  for (const Func &output : pipeline.outputs()) {
    outputs.push_back(output.function());
    for (auto &[name, function] : find_transitive_calls(output.function()))
      functions.emplace(name, function);
  }
  std::set<std::string> results;
  for (const Function &output : outputs)
    results.insert(output.name());
  std::vector<std::string> order = topological_order(outputs, functions);
  for (const std::string &name : llvm::reverse(order)) {
    const Function &function = functions.at(name);
    if (!results.contains(name) && function.can_be_inlined())
      continue;
    graph.funcs.emplace_back(function);
    addReads(function, graph);
  }
  return graph;
}

} // namespace dycc::halide
