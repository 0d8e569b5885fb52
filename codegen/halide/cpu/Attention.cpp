#include "codegen/halide/cpu/Attention.h"

#include "codegen/target/Backend.h"

using Halide::Expr;
using Halide::Func;
using Halide::Var;

namespace dycc::halide {

AttentionBuilder::AttentionBuilder(KernelBuilder &builder, mlir::Operation *op,
                                   const Product &product,
                                   dyn::ProductPlanAttr plan)
    : builder(builder), scores(builder, product, plan) {
  scores.keepRight();
  stages.scores = scores.build();
  builder.define(op, [&](const Index &index) { return scores.at(index); });
  mlir::Value kept = builder.chain()->kept;
  builder.whenDefined(kept, [this, kept] { keep(kept); });
}

/// Gives the scores memory, a tile of rows at a time.
void AttentionBuilder::keep(mlir::Value value) {
  Tensor all = builder.tensor(value);
  Var k("k");
  stages.kept = Func("scores");
  stages.kept(scores.tileVars(k)) = all(scores.tileIndex(k));
  Expr columns = builder.expr(all.dims.back());
  Tensor kept =
      builder.make("kept", all.element, all.dims, [&](const Index &index) {
        std::vector<Expr> batch(index.rbegin() + 2, index.rend());
        return stages.kept(scores.inTiles(index.back(), columns,
                                          index[index.size() - 2], batch));
      });
  builder.setTensor(value, kept);
}

ProductSums AttentionBuilder::finish(const Product &product,
                                     dyn::ProductPlanAttr plan) {
  int64_t rows = stages.scores.plan.getTile().getRows();
  if (plan.getTile().getRows() != rows)
    throw codegen::PlanError(
        "plan: expects both products of an attention to have tiles of as many "
        "rows, got " +
        std::to_string(rows) + " and " +
        std::to_string(plan.getTile().getRows()));
  auto values = std::make_shared<ProductBuilder>(builder, product, plan);
  Var k("k");
  stages.weights = Func("weights");
  stages.weights(values->tileVars(k)) =
      product.left.tensor(values->tileIndex(k));
  values->readLeft(stages.weights);
  values->keepRight();
  stages.values = values->build();
  KernelBuilder &b = builder;
  return {[values](const Index &index) { return values->at(index); },
          [&b, stages = stages](const Store &store) {
            scheduleAttention(b, stages, store);
          }};
}

} // namespace dycc::halide
