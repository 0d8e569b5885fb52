#include "codegen/halide/lowering/Shapes.h"

#include "llvm/ADT/StringRef.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

class ShapeWriter final : public IRMutator {
public:
  explicit ShapeWriter(std::map<std::string, BufferShape> shapes)
      : shapes(std::move(shapes)) {}

private:
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    bool isMin = op->name == Call::buffer_get_min,
         isExtent = op->name == Call::buffer_get_extent;
    if (!isMin && !isExtent && op->name != Call::buffer_get_stride)
      return IRMutator::visit(op);
    const auto *buffer = op->args[0].as<Variable>();
    std::optional<int64_t> dim = as_const_int(op->args[1]);
    llvm::StringRef name;
    if (buffer)
      name = buffer->name;
    name.consume_back(".buffer");
    auto it = shapes.find(name.str());
    if (it == shapes.end() || !dim)
      return IRMutator::visit(op);
    const auto &values = isExtent ? it->second.extents : it->second.strides;
    return isMin ? Expr(0) : values.at(static_cast<size_t>(*dim));
  }

  std::map<std::string, BufferShape> shapes;
};

} // namespace

void addShapes(Halide::Pipeline &pipeline,
               const std::map<std::string, BufferShape> &shapes) {
  pipeline.add_custom_lowering_pass(new ShapeWriter(shapes));
}

} // namespace dycc::halide
