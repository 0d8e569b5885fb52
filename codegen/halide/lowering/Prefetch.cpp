#include "codegen/halide/lowering/Prefetch.h"

#include "llvm/ADT/STLExtras.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Begins the name of a call: (value, count, step, forWriting, first...). The
/// buffer's name ends it.
const std::string prefetchingName = "dycc_prefetching:";

/// What is the same in all lanes, or the first of them.
Expr firstLane(const Expr &e) {
  if (const auto *same = e.as<Broadcast>())
    return same->value;
  if (const auto *ramp = e.as<Ramp>())
    return ramp->base;
  return e;
}

/// Puts the requests for lines at the beginning of the bodies of loops.
class PrefetchWriter final : public IRMutator {
public:
  explicit PrefetchWriter(FindBuffer find) : find(std::move(find)) {}

private:
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    if (op->name.compare(0, prefetchingName.size(), prefetchingName) != 0)
      return IRMutator::visit(op);
    if (auto place = find(op->name.substr(prefetchingName.size())))
      ask(*place, op->args);
    return mutate(op->args[0]);
  }

  void ask(const BufferPlace &place, const std::vector<Expr> &args) {
    auto constant = [&](size_t i) {
      return static_cast<int>(*as_const_int(firstLane(args[i])));
    };
    int step = constant(2), forWriting = constant(3);
    Expr first = Halide::cast<int64_t>(0);
    for (size_t dim = 0; dim + 4 < args.size(); ++dim) {
      Expr position = firstLane(args[dim + 4]);
      if (!position.type().is_scalar())
        return;
      first += Halide::cast<int64_t>(position) * place.strides[dim];
    }
    int bytes = args[0].type().bytes();
    Expr buffer = Variable::make(Halide::Handle(), place.parameter);
    auto request = [&](const Expr &number) {
      Expr address = Halide::reinterpret<int64_t>(buffer) +
                     (first + number * step) * bytes;
      // Halide's own intrinsic makes one of lines that no cache keeps.
      return Evaluate::make(
          Call::make(Halide::Int(32), "llvm.prefetch.p0",
                     {Halide::reinterpret(Halide::Handle(), address),
                      forWriting, forWriting ? 3 : 2, 1},
                     Call::Extern));
    };
    Expr count = simplify(firstLane(args[1]));
    if (std::optional<int64_t> known = as_const_int(count)) {
      for (int i = 0; i < static_cast<int>(*known); ++i)
        wanted.push_back(request(i));
      return;
    }
    // One name for all, so that equal requests of unrolled copies are one.
    const std::string line = "line";
    wanted.push_back(For::make(line, 0, count, ForType::Serial,
                               Halide::Partition::Never,
                               Halide::DeviceAPI::Host,
                               request(Variable::make(Halide::Int(32), line))));
  }

  template <typename LetNode>
  auto inside(const LetNode *op) {
    size_t before = wanted.size();
    auto body = mutate(op->body);
    for (Stmt &request : llvm::drop_begin(wanted, before))
      request = substitute(op->name, op->value, request);
    return body;
  }

  // What is asked for inside may be asked for outside. (The base class visits
  // chains of both at once.)
  Expr visit(const Let *op) override {
    return Let::make(op->name, mutate(op->value), inside(op));
  }
  Stmt visit(const LetStmt *op) override {
    return LetStmt::make(op->name, mutate(op->value), inside(op));
  }

  Stmt visit(const For *op) override {
    std::vector<Stmt> outside, here;
    std::swap(outside, wanted);
    Stmt body = mutate(op->body);
    for (const Stmt &request : wanted) {
      auto &list = stmt_uses_var(request, op->name) ? here : outside;
      if (llvm::none_of(list, [&](const Stmt &s) { return equal(s, request); }))
        list.push_back(request);
    }
    for (const Stmt &request : here)
      body = Block::make(request, body);
    wanted = std::move(outside);
    return For::make(op->name, mutate(op->min), mutate(op->extent),
                     op->for_type, op->partition_policy, op->device_api, body);
  }

  FindBuffer find;
  std::vector<Stmt> wanted; ///< By the statements of the loop's body so far.
};

} // namespace

Expr prefetching(Expr value, const LinesAhead &lines) {
  std::vector<Expr> args{value, lines.count, lines.step,
                         static_cast<int>(lines.forWriting)};
  args.insert(args.end(), lines.first.begin(), lines.first.end());
  return Call::make(value.type(), prefetchingName + lines.buffer, args,
                    Call::PureExtern);
}

void addPrefetches(Halide::Pipeline &pipeline, FindBuffer find) {
  pipeline.add_custom_lowering_pass(new PrefetchWriter(std::move(find)));
}

} // namespace dycc::halide
