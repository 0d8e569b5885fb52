#include "codegen/halide/opencl/HalfStorage.h"

#include "codegen/halide/KernelError.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

bool isHalf(Halide::Type type) { return type.is_float() && type.bits() == 16; }

/// Elements of `type`, f16, as memory has them.
Halide::Type bitsOf(Halide::Type type) {
  return Halide::UInt(16, type.lanes());
}

/// "NAME" or, of vectors, "NAME4": OpenCL C has no overloads of our own.
Expr convert(const char *name, Halide::Type type, const Expr &value) {
  std::string lanes = type.is_vector() ? std::to_string(type.lanes()) : "";
  return Call::make(type, name + lanes, {value}, Call::PureExtern);
}

class HalfWriter final : public IRMutator {
public:
  using IRMutator::mutate;

  /// What has no visit of its own below would compute with the bits.
  Expr mutate(const Expr &e) override {
    Expr made = IRMutator::mutate(e);
    if (made.defined() && isHalf(made.type()))
      refuse();
    return made;
  }

private:
  using IRMutator::visit;

  [[noreturn]] static void refuse() {
    throw KernelError("computes in floats of 16 bits, which not every device "
                      "can");
  }

  Expr visit(const Cast *op) override {
    Expr value = mutate(op->value);
    bool fromHalf = isHalf(op->value.type()), toHalf = isHalf(op->type);
    if (fromHalf == toHalf)
      return fromHalf ? value : Cast::make(op->type, value);
    Halide::Type single = Halide::Float(32, op->type.lanes());
    if (fromHalf)
      return Halide::cast(op->type, convert("dycc_from_half", single, value));
    return convert("dycc_to_half", bitsOf(op->type),
                   Halide::cast(single, value));
  }

  Expr visit(const Load *op) override {
    Halide::Type type = isHalf(op->type) ? bitsOf(op->type) : op->type;
    return Load::make(type, op->name, mutate(op->index), op->image, op->param,
                      mutate(op->predicate), op->alignment);
  }

  Stmt visit(const Allocate *op) override {
    Stmt made = IRMutator::visit(op);
    const auto *same = made.as<Allocate>();
    if (!isHalf(op->type))
      return made;
    return Allocate::make(op->name, bitsOf(op->type), op->memory_type,
                          same->extents, same->condition, same->body,
                          same->new_expr, same->free_function, op->padding);
  }

  Expr visit(const Variable *op) override {
    return isHalf(op->type) ? Variable::make(bitsOf(op->type), op->name)
                            : Expr(op);
  }

  Expr visit(const FloatImm *op) override {
    if (!isHalf(op->type))
      return op;
    return UIntImm::make(Halide::UInt(16),
                         Halide::float16_t(op->value).to_bits());
  }

  Expr visit(const Reinterpret *op) override {
    Halide::Type type = isHalf(op->type) ? bitsOf(op->type) : op->type;
    return Halide::reinterpret(type, mutate(op->value));
  }

  Expr visit(const Call *op) override {
    bool moves = op->is_intrinsic(
        {Call::if_then_else, Call::likely, Call::likely_if_innermost});
    for (const Expr &argument : op->args)
      if (!moves && isHalf(argument.type()))
        refuse();
    Expr made = IRMutator::visit(op);
    const auto *call = made.as<Call>();
    if (moves && call && isHalf(call->type))
      return Call::make(bitsOf(call->type), call->name, call->args,
                        call->call_type);
    return made;
  }

  Expr visit(const VectorReduce *op) override {
    if (isHalf(op->value.type()))
      refuse();
    return IRMutator::visit(op);
  }

  /// An operator of two operands, which their bits do not stand for.
  template <typename Op>
  Expr visitNumbers(const Op *op) {
    if (isHalf(op->a.type()))
      refuse();
    return IRMutator::visit(op);
  }
  Expr visit(const Add *op) override { return visitNumbers(op); }
  Expr visit(const Sub *op) override { return visitNumbers(op); }
  Expr visit(const Mul *op) override { return visitNumbers(op); }
  Expr visit(const Div *op) override { return visitNumbers(op); }
  Expr visit(const Mod *op) override { return visitNumbers(op); }
  Expr visit(const Min *op) override { return visitNumbers(op); }
  Expr visit(const Max *op) override { return visitNumbers(op); }
  Expr visit(const EQ *op) override { return visitNumbers(op); }
  Expr visit(const NE *op) override { return visitNumbers(op); }
  Expr visit(const LT *op) override { return visitNumbers(op); }
  Expr visit(const LE *op) override { return visitNumbers(op); }
  Expr visit(const GT *op) override { return visitNumbers(op); }
  Expr visit(const GE *op) override { return visitNumbers(op); }
};

} // namespace

void addHalfStorage(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new HalfWriter);
}

} // namespace dycc::halide
