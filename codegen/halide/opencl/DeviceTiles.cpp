#include "codegen/halide/opencl/DeviceTiles.h"

#include "codegen/halide/Float.h"

#include "llvm/ADT/STLExtras.h"
#include <map>
#include <optional>

using namespace Halide::Internal;
using Halide::Expr;
using Halide::Func;

namespace dycc::halide {
namespace {

/// Axes of a launch, a bit for each position.
using Axes = uint64_t;

Axes axis(size_t position) { return Axes(1) << position; }

/// Finds what a sum loads from memory, and with which axes the element changes.
class LoadFinder final : public IRGraphVisitor {
public:
  /// `registers` are no memory.
  LoadFinder(const std::set<std::string> &registers,
             const std::function<bool(const std::string &)> &isStored)
      : registers(registers), isStored(isStored) {}

  void find(const Function &sum) {
    names.clear();
    for (auto [position, name] : llvm::enumerate(sum.args()))
      names[name] = axis(position);
    for (const Definition &update : sum.updates())
      for (const Expr &value : update.values())
        value.accept(this);
  }
  const std::vector<Axes> &getLoads() const { return loads; }
  /// Functions that are called for one product.
  int getCalls() const { return calls; }

private:
  using IRGraphVisitor::visit;

  class AxesOf final : public IRGraphVisitor {
  public:
    AxesOf(const Expr &e, const std::map<std::string, Axes> &names)
        : names(names) {
      e.accept(this);
    }
    Axes found = 0;

  private:
    using IRGraphVisitor::visit;
    void visit(const Variable *op) override {
      auto it = names.find(op->name);
      found |= it == names.end() ? 0 : it->second;
    }
    const std::map<std::string, Axes> &names;
  };

  void visit(const Let *op) override {
    names[op->name] = AxesOf(op->value, names).found;
    IRGraphVisitor::visit(op);
  }

  void visit(const Call *op) override {
    IRGraphVisitor::visit(op);
    bool isFunc = op->call_type == Call::Halide;
    calls += !isFunc && op->call_type != Call::Image;
    if ((!isFunc && op->call_type != Call::Image) ||
        registers.contains(op->name))
      return;
    std::vector<Axes> index;
    for (const Expr &argument : op->args)
      index.push_back(AxesOf(argument, names).found);
    if (!seen.insert({op->name, index}).second)
      return;
    Function callee = isFunc ? Function(op->func) : Function();
    if (isFunc && callee.can_be_inlined() && !isStored(op->name))
      return findInlined(callee, index);
    Axes all = 0;
    for (Axes one : index)
      all |= one;
    loads.push_back(all);
  }

  void findInlined(const Function &callee, const std::vector<Axes> &index) {
    LoadFinder inner(registers, isStored);
    for (auto [name, axes] : llvm::zip_equal(callee.args(), index))
      inner.names[name] = axes;
    inner.seen = std::move(seen);
    for (const Expr &value : callee.values())
      value.accept(&inner);
    seen = std::move(inner.seen);
    calls += inner.calls;
    llvm::append_range(loads, inner.loads);
  }

  const std::set<std::string> &registers;
  const std::function<bool(const std::string &)> &isStored;
  std::map<std::string, Axes> names; ///< What varies with which axes.
  /// Elements that were met: two loads of them are one.
  std::set<std::pair<std::string, std::vector<Axes>>> seen;
  std::vector<Axes> loads;
  int calls = 0;
};

std::set<std::string> namesOf(const std::vector<Func> &funcs) {
  std::set<std::string> names;
  for (const Func &func : funcs)
    names.insert(func.name());
  return names;
}

/// Limits the indices of reads, and makes fused products of sums of products.
class SumWriter final : public IRMutator {
public:
  SumWriter(const std::set<std::string> &registers,
            const std::map<std::string, Expr> &limits)
      : registers(registers), limits(limits) {}

private:
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    bool isRead = op->call_type == Call::Halide || op->call_type == Call::Image;
    if (isRead && registers.contains(op->name))
      return op;
    bool was = isInRead;
    isInRead |= isRead;
    Expr result = IRMutator::visit(op);
    isInRead = was;
    return result;
  }

  Expr visit(const Variable *op) override {
    auto limit = limits.find(op->name);
    return limit == limits.end() ? Expr(op) : limit->second;
  }

  Expr visit(const Add *op) override {
    bool isFloat = op->type == Halide::Float(32) && !isInRead;
    const Mul *left = op->a.as<Mul>(), *right = op->b.as<Mul>();
    if (!isFloat || (!left && !right))
      return IRMutator::visit(op);
    const Mul *product = right ? right : left;
    return multiplyAdd(mutate(product->a), mutate(product->b),
                       mutate(right ? op->a : op->b));
  }

  const std::set<std::string> &registers;
  const std::map<std::string, Expr> &limits;
  bool isInRead = false;
};

/// How many of an axis can be computed together, of at most `most`.
int limited(const Expr &extent, int64_t most) {
  std::optional<int64_t> constant = as_const_int(simplify(extent));
  return static_cast<int>(constant ? std::clamp<int64_t>(*constant, 1, most)
                                   : most);
}

/// Elements that a tile loads for each of its products.
double loadsPerProduct(const std::vector<Axes> &loads, Axes lane, int lanes,
                       Axes row, int rows) {
  double count = 0;
  for (Axes load : loads)
    count += (load & lane ? lanes : 1.0) * (load & row ? rows : 1.0);
  return count / (lanes * rows);
}

} // namespace

DeviceTile chooseTile(const DeviceLaunch &launch, dyn::DevicePlanAttr plan) {
  DeviceTile best;
  if (launch.extents.empty() || launch.order.empty() || launch.sums.empty())
    return best;
  std::set<std::string> registers = namesOf(launch.sums);
  LoadFinder finder(registers, launch.isStored);
  for (const Func &sum : launch.sums) {
    if (sum.types().size() != 1 || sum.type() != Halide::Float(32))
      return best;
    finder.find(sum.function());
  }
  const std::vector<Axes> &loads = finder.getLoads();
  size_t inner = launch.order.front();
  int lanes = limited(launch.extents[inner], plan.getLanes());
  double fewest = static_cast<double>(loads.size());
  for (size_t position : llvm::drop_begin(launch.order)) {
    int rows = limited(launch.extents[position], plan.getRows());
    double count =
        loadsPerProduct(loads, axis(inner), lanes, axis(position), rows);
    if (count >= fewest)
      continue;
    fewest = count;
    best = {lanes, rows, position};
  }
  // Functions of what is loaded would be written out for each step.
  constexpr int fewCalls = 8;
  if (finder.getCalls() <= fewCalls)
    best.steps = 4;
  return best;
}

void prepareSums(const DeviceLaunch &launch, const DeviceTile &tile) {
  std::set<std::string> registers = namesOf(launch.sums);
  for (const Func &sum : launch.sums) {
    std::map<std::string, Expr> limits;
    auto limit = [&](size_t position) {
      Halide::Var variable = sum.args()[position];
      limits[variable.name()] =
          Halide::min(variable, launch.extents[position] - 1);
    };
    if (tile.rows > 1)
      limit(tile.rowAxis);
    if (tile.lanes > 1)
      limit(launch.order.front());
    SumWriter writer(registers, limits);
    Function function = sum.function();
    for (int i = 0; i < static_cast<int>(function.updates().size()); ++i)
      for (Expr &value : function.update(i).values())
        value = writer.mutate(value);
  }
}

} // namespace dycc::halide
