// One step of an optimizer over any number of tensors: ONNX's preview of
// training. Operands are the rate, the number of the step, and a group of
// tensors for each thing that is kept of what is optimized.
#include "compiler/import/contributed/Contributed.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// The arithmetic of one tensor's step, in its type.
class StepEmitter {
public:
  StepEmitter(const NodeForm &form, OpEmitter &emitter, Type type)
      : form(form), emitter(emitter), type(type) {}

  Value number(double value) { return emitter.scalar(type, value); }
  double attribute(StringRef name, double fallback) {
    return getFloat(form, name, fallback);
  }
  Value add(Value a, Value b) { return emitter.emit("Add", {a, b}); }
  Value sub(Value a, Value b) { return emitter.emit("Sub", {a, b}); }
  Value mul(Value a, Value b) { return emitter.emit("Mul", {a, b}); }
  Value div(Value a, Value b) { return emitter.emit("Div", {a, b}); }
  Value sqrt(Value x) { return emitter.emit("Sqrt", x); }
  Value pow(Value x, Value y) { return emitter.emit("Pow", {x, y}); }
  Value times(double factor, Value x) { return mul(number(factor), x); }

  Value rate() {
    return asScalar(emitter, castTo(emitter, form.operand(0), type));
  }
  Value count() {
    return asScalar(emitter, castTo(emitter, form.operand(1), type));
  }
  /// `later` from the second step on.
  Value unlessFirst(Value later, Value first) {
    Value isLater = emitter.emit("Greater", {count(), number(0)});
    return emitter.emit("Where", {isLater, later, first});
  }
  /// The gradient of half the squared norm of `x` as well.
  Value regularized(Value x, Value gradient) {
    return add(times(attribute("norm_coefficient", 0), x), gradient);
  }
  /// `kept` of what there was and the rest of what is new.
  Value averaged(double kept, Value before, Value now) {
    return add(times(kept, before), times(1 - kept, now));
  }

private:
  const NodeForm &form;
  OpEmitter &emitter;
  Type type;
};

/// Steps give the next values of a tensor and of what is kept of it.
SmallVector<Value> stepAdagrad(StepEmitter &e, ArrayRef<Value> tensor) {
  Value x = tensor[0], gradient = e.regularized(x, tensor[1]);
  Value decay = e.times(e.attribute("decay_factor", 0), e.count());
  Value rate = e.div(e.rate(), e.add(e.number(1), decay));
  Value squares = e.add(tensor[2], e.mul(gradient, gradient));
  Value own = e.add(e.sqrt(squares), e.number(e.attribute("epsilon", 1e-6)));
  return {e.sub(x, e.div(e.mul(rate, gradient), own)), squares};
}

SmallVector<Value> stepAdam(StepEmitter &e, ArrayRef<Value> tensor) {
  double alpha = e.attribute("alpha", 0.9f), beta = e.attribute("beta", 0.999f);
  Value x = tensor[0], gradient = e.regularized(x, tensor[1]);
  Value mean = e.averaged(alpha, tensor[2], gradient);
  Value squares = e.averaged(beta, tensor[3], e.mul(gradient, gradient));
  Value own = e.add(e.sqrt(squares), e.number(e.attribute("epsilon", 1e-6)));
  auto missing = [&](double kept) {
    return e.sub(e.number(1), e.pow(e.number(kept), e.count()));
  };
  Value adjusted =
      e.div(e.mul(e.rate(), e.sqrt(missing(beta))), missing(alpha));
  Value rate = e.unlessFirst(adjusted, e.rate());
  Value next = e.sub(x, e.div(e.mul(rate, mean), own));
  double left = 1 - e.attribute("norm_coefficient_post", 0);
  return {e.times(left, next), mean, squares};
}

SmallVector<Value> stepMomentum(StepEmitter &e, ArrayRef<Value> tensor,
                                bool isNesterov) {
  double alpha = e.attribute("alpha", 0);
  Value x = tensor[0], gradient = e.regularized(x, tensor[1]);
  Value beta = e.unlessFirst(e.number(e.attribute("beta", 0)), e.number(1));
  Value mean = e.add(e.times(alpha, tensor[2]), e.mul(beta, gradient));
  Value direction = isNesterov ? e.add(gradient, e.times(alpha, mean)) : mean;
  return {e.sub(x, e.mul(e.rate(), direction)), mean};
}

/// The step of each tensor, of which there are `groups`: results are its next
/// values, then those of each thing that is kept.
LogicalResult expandSteps(
    NodeForm &form, OpEmitter &emitter, size_t groups,
    llvm::function_ref<SmallVector<Value>(StepEmitter &, ArrayRef<Value>)>
        step) {
  ArrayRef<Value> all = ArrayRef(form.operands).drop_front(2);
  if (all.empty() || all.size() % groups || llvm::is_contained(all, Value()))
    return emitter.error() << "expects " << groups
                           << " tensors for each that is optimized, got "
                           << all.size();
  size_t count = all.size() / groups;
  form.results.assign(count * (groups - 1), Value());
  for (size_t i = 0; i < count; ++i) {
    SmallVector<Value> tensor;
    for (size_t group = 0; group < groups; ++group)
      tensor.push_back(all[group * count + i]);
    StepEmitter e(form, emitter, elementTypeOf(tensor.front()));
    for (auto [group, next] : llvm::enumerate(step(e, tensor)))
      form.results[group * count + i] = next;
  }
  return success();
}

LogicalResult expandAdagrad(NodeForm &form, OpEmitter &emitter) {
  return expandSteps(form, emitter, 3, stepAdagrad);
}

LogicalResult expandAdam(NodeForm &form, OpEmitter &emitter) {
  return expandSteps(form, emitter, 4, stepAdam);
}

LogicalResult expandMomentum(NodeForm &form, OpEmitter &emitter) {
  StringRef mode = form.getString("mode", "");
  if (mode != "standard" && mode != "nesterov")
    return emitter.error() << "expects mode standard or nesterov, got \""
                           << mode << "\"";
  return expandSteps(form, emitter, 3,
                     [&](StepEmitter &e, ArrayRef<Value> tensor) {
                       return stepMomentum(e, tensor, mode == "nesterov");
                     });
}

constexpr Contribution contributions[] = {
    {"Adagrad", expandAdagrad},
    {"Adam", expandAdam},
    {"Momentum", expandMomentum},
};

} // namespace

ArrayRef<Contribution> contributedOptimizers() { return contributions; }

} // namespace dycc::import
