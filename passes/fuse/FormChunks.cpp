// Depth first instead of breadth first: where kernels that follow each other
// treat the rows of their tensors apart, the patches of an image or the images
// of a batch, all of them run for as many rows as fit the cache, then for the
// next. What they hand on is as large as these rows.
#include "passes/fuse/Passes.h"

#include "dialects/dyn/Rows.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"
#include "passes/fuse/LoopSymbols.h"
#include "passes/fuse/RowChain.h"

#include "mlir/IR/IRMapping.h"

#define DEBUG_TYPE "dycc-form-chunks"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::remarks::Reason;

namespace dycc {
#define GEN_PASS_DEF_FORMCHUNKSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

using fuse::RowChain;

class FormChunks final : public impl::FormChunksPassBase<FormChunks> {
  using FormChunksPassBase::FormChunksPassBase;

  void runOnOperation() override {
    bounds.emplace(getOperation());
    symbols.emplace(getOperation());
    SmallVector<Block *> blocks;
    for (auto function : getOperation().getOps<func::FuncOp>())
      function.walk([&](Operation *op) {
        if (isa<func::FuncOp, dyn::IfOp, dyn::LoopOp>(op))
          for (Region &region : op->getRegions())
            for (Block &block : region)
              blocks.push_back(&block);
      });
    for (Block *block : blocks)
      fuse::findChains<RowChain>(*block, *bounds,
                                 [&](RowChain &chain) { decide(chain); });
  }

  void decide(RowChain &chain) {
    if (chain.empty())
      return;
    Location location = chain.ops.back()->getLoc();
    Reason why = chain.whyNotWorth(cacheBytes);
    if (!why)
      why = whyNotMany(chain.rows);
    if (!why)
      why = whyNotBounded(chain);
    if (!why)
      return outline(chain);
    remarks::missed(remarks::kFuse, location, DEBUG_TYPE)
        << "is computed for all rows at once: " << why;
  }

  /// A batch of images of which nobody says how many there are is one image.
  Reason whyNotMany(ExprAttr rows) {
    auto fact = bounds->getFacts().find(
        rows.getKind() == dyn::ExprKind::Symbol ? rows.getSymbol() : "");
    if (fact == bounds->getFacts().end() ||
        fact->second.range.upper < std::numeric_limits<int32_t>::max())
      return {};
    for (auto function : getOperation().getOps<func::FuncOp>())
      for (Type type : function.getArgumentTypes())
        if (auto dims = dyn::getDims(type);
            dims.size() >= kRankOfBatch && dims[0] == rows)
          return {"a batch of {0} is taken for one: declare its range", rows};
    return {};
  }
  static constexpr size_t kRankOfBatch = 3;

  /// Every result has a size that is known before the loop.
  Reason whyNotBounded(const RowChain &chain) {
    if (!bounds->isOverInputs(chain.bytesPerRow()))
      return {"execution decides what a row takes"};
    if (!bounds->bound(chain.rows))
      return {"nothing bounds the number of rows"};
    return {};
  }

  //===--- Symbols --------------------------------------------------------===//

  ExprAttr number(int64_t value) {
    return ExprAttr::constant(&getContext(), value);
  }

  ExprAttr name(StringRef prefix, ExprAttr definition) {
    return symbols->name(prefix, definition, bounds->getFacts());
  }

  ExprAttr define(OpBuilder &builder, Location location, StringRef prefix,
                  ExprAttr expression, ExprAttr bound) {
    return symbols->define(
        builder, location, prefix, expression, bound,
        fuse::LoopSymbols::someOf(bound, bounds->getFacts()));
  }

  /// Rows of a chunk: as many as fit, in chunks of equal size.
  ExprAttr declareChunk(OpBuilder &builder, Location location, ExprAttr rows,
                        ExprAttr fitting) {
    ExprAttr trips = ExprAttr::max(ExprAttr::ceilDiv(rows, fitting), number(1));
    ExprAttr chunk = ExprAttr::max(ExprAttr::ceilDiv(rows, trips), number(1));
    if (bounds->isOverInputs(rows))
      return name("chunk", chunk);
    ExprAttr most = bounds->bound(rows);
    return define(builder, location, "chunk", chunk,
                  ExprAttr::max(ExprAttr::min(most, fitting), number(1)));
  }

  //===--- The loop -------------------------------------------------------===//

  void outline(RowChain &chain) {
    Operation *last = chain.ops.back();
    Location location = last->getLoc();
    OpBuilder builder(last);
    ExprAttr fitting =
        name("fitting", ExprAttr::max(ExprAttr::floorDiv(number(cacheBytes),
                                                         chain.bytesPerRow()),
                                      number(1)));
    ExprAttr chunk = declareChunk(builder, location, chain.rows, fitting);
    SmallVector<Value> results = chain.escaping();
    auto loop = dyn::LoopOp::create(
        builder, location, TypeRange(ValueRange(results)), ValueRange(),
        Value(), ExprAttr::ceilDiv(chain.rows, chunk), /*tests=*/false,
        builder.getArrayAttr({}), builder.getArrayAttr({}));
    fillBody(loop, chain, chunk, results);
    for (auto [value, result] : llvm::zip(results, loop.getResults()))
      chain.replaceOutside(value, result);
    for (Operation *op : llvm::reverse(chain.ops))
      op->erase();
    remarks::taken(remarks::kFuse, location, DEBUG_TYPE)
        << "is computed in chunks of " << fitting << " rows by "
        << int64_t(chain.ops.size()) << " kernels and views";
  }

  void fillBody(dyn::LoopOp loop, RowChain &chain, ExprAttr chunk,
                ArrayRef<Value> results) {
    Location location = loop.getLoc();
    OpBuilder builder = OpBuilder::atBlockBegin(&loop.getBody().emplaceBlock());
    Block &body = loop.getBody().front();
    body.addArgument(dyn::getTensorType({}, builder.getI64Type()), location);
    body.addArgument(dyn::getTensorType({}, builder.getI1Type()), location);
    ExprAttr trip = symbols->readTrip(builder, body.getArgument(0));
    ExprAttr first = ExprAttr::mul(trip, chunk);
    ExprAttr most = bounds->isOverInputs(chain.rows)
                        ? chunk
                        : dyn::ExecutionBounds(getOperation()).bound(chunk);
    ExprAttr here =
        define(builder, location, "rows",
               ExprAttr::min(chunk, ExprAttr::sub(chain.rows, first)), most);
    dyn::setFirstRow(loop, first);
    IRMapping mapping;
    chain.cloneInto(builder, mapping, first, here);
    SmallVector<Value> yielded{body.getArgument(1)};
    for (Value result : results)
      yielded.push_back(mapping.lookup(result));
    dyn::YieldOp::create(builder, location, yielded);
  }

  std::optional<dyn::ExecutionBounds> bounds;
  std::optional<fuse::LoopSymbols> symbols;
};

} // namespace
} // namespace dycc
