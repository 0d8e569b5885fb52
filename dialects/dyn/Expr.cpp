#include "dialects/dyn/Expr.h"
#include "dialects/dyn/ExprDetail.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

static uint64_t combineHash(uint64_t seed, uint64_t value) {
  uint64_t words[] = {seed, value};
  return llvm::xxh3_64bits(
      ArrayRef(reinterpret_cast<const uint8_t *>(words), sizeof(words)));
}

ExprStorage::ExprStorage(const KeyTy &key) : key(key), weight(1) {
  hash = combineHash(uint64_t(key.kind), uint64_t(key.value));
  if (!key.symbol.empty())
    hash = combineHash(hash, llvm::xxh3_64bits(key.symbol));
  for (ExprAttr operand : key.operands) {
    const auto *storage = static_cast<ExprStorage *>(operand.getImpl());
    hash = combineHash(hash, storage->hash);
    weight += storage->weight;
  }
}

llvm::hash_code ExprStorage::hashKey(const KeyTy &key) {
  return llvm::hash_combine(
      key.kind, key.value, key.symbol,
      llvm::hash_combine_range(key.operands.begin(), key.operands.end()));
}

ExprStorage *ExprStorage::construct(AttributeStorageAllocator &allocator,
                                    KeyTy key) {
  key.symbol = allocator.copyInto(key.symbol);
  key.operands = allocator.copyInto(key.operands);
  return new (allocator.allocate<ExprStorage>()) ExprStorage(key);
}

ExprAttr dycc::dyn::detail::makeNode(MLIRContext *context, ExprKind kind,
                                     ArrayRef<ExprAttr> operands) {
  uint32_t weight = 1;
  for (ExprAttr operand : operands) {
    if (operand.isUnknown())
      return operand;
    weight += static_cast<ExprStorage *>(operand.getImpl())->weight;
  }
  if (weight > kMaxWeight)
    return ExprAttr::unknown(context);
  return ExprAttr::Base::get(context,
                             ExprStorage::KeyTy{kind, 0, {}, operands});
}

ExprAttr ExprAttr::constant(MLIRContext *context, int64_t value) {
  return Base::get(context,
                   ExprStorage::KeyTy{ExprKind::Constant, value, {}, {}});
}

ExprAttr ExprAttr::symbol(MLIRContext *context, StringRef name) {
  assert(!name.empty() && "a symbol needs a name");
  return Base::get(context, ExprStorage::KeyTy{ExprKind::Symbol, 0, name, {}});
}

ExprAttr ExprAttr::unknown(MLIRContext *context) {
  return Base::get(context, ExprStorage::KeyTy{ExprKind::Unknown, 0, {}, {}});
}

ExprAttr ExprAttr::constantF32(MLIRContext *context, float value) {
  int64_t bits = llvm::bit_cast<uint32_t>(value);
  return Base::get(context,
                   ExprStorage::KeyTy{ExprKind::F32Constant, bits, {}, {}});
}

ExprKind ExprAttr::getKind() const { return getImpl()->key.kind; }

int64_t ExprAttr::getValue() const {
  assert(isConstant() && "only a constant has a value");
  return getImpl()->key.value;
}

float ExprAttr::getFloat() const {
  assert(getKind() == ExprKind::F32Constant && "only an f32 constant");
  return llvm::bit_cast<float>(uint32_t(getImpl()->key.value));
}

StringRef ExprAttr::getSymbol() const {
  assert(getKind() == ExprKind::Symbol && "only a symbol has a name");
  return getImpl()->key.symbol;
}

ArrayRef<ExprAttr> ExprAttr::getOperands() const {
  return getImpl()->key.operands;
}

uint32_t ExprAttr::getWeight() const { return getImpl()->weight; }

// Unknown absorbs every operation, so it is only ever the root.
bool ExprAttr::isUnknown() const { return getKind() == ExprKind::Unknown; }

bool ExprAttr::isConstant(int64_t value) const {
  return isConstant() && getValue() == value;
}

std::optional<int64_t> ExprAttr::asConstant() const {
  return isConstant() ? std::optional(getValue()) : std::nullopt;
}

bool ExprAttr::isF32() const {
  if (getKind() == ExprKind::Ite)
    return getOperands()[1].isF32();
  return isF32Kind(getKind());
}

ExprAttr ExprAttr::add(ExprAttr a, ExprAttr b) {
  return get(ExprKind::Add, {a, b});
}
ExprAttr ExprAttr::sub(ExprAttr a, ExprAttr b) {
  return get(ExprKind::Add, {a, b.times(-1)});
}
ExprAttr ExprAttr::mul(ExprAttr a, ExprAttr b) {
  return get(ExprKind::Mul, {a, b});
}
ExprAttr ExprAttr::floorDiv(ExprAttr a, ExprAttr b) {
  return get(ExprKind::FloorDiv, {a, b});
}
ExprAttr ExprAttr::ceilDiv(ExprAttr a, ExprAttr b) {
  return get(ExprKind::CeilDiv, {a, b});
}
ExprAttr ExprAttr::min(ExprAttr a, ExprAttr b) {
  return get(ExprKind::Min, {a, b});
}
ExprAttr ExprAttr::max(ExprAttr a, ExprAttr b) {
  return get(ExprKind::Max, {a, b});
}
ExprAttr ExprAttr::ite(ExprAttr condition, ExprAttr then, ExprAttr otherwise) {
  return get(ExprKind::Ite, {condition, then, otherwise});
}
ExprAttr ExprAttr::plus(int64_t value) const {
  return add(*this, constant(getContext(), value));
}
ExprAttr ExprAttr::times(int64_t value) const {
  return mul(*this, constant(getContext(), value));
}

static void visitSymbols(ExprAttr expr, llvm::StringSet<> &seen,
                         llvm::function_ref<void(StringRef)> visit) {
  if (expr.getKind() == ExprKind::Symbol &&
      seen.insert(expr.getSymbol()).second)
    visit(expr.getSymbol());
  for (ExprAttr operand : expr.getOperands())
    visitSymbols(operand, seen, visit);
}

void ExprAttr::forEachSymbol(llvm::function_ref<void(StringRef)> visit) const {
  llvm::StringSet<> seen;
  visitSymbols(*this, seen, visit);
}

/// Rebuilds `expr` with what `map` gives for a node in place of the node.
static ExprAttr rewrite(ExprAttr expr,
                        llvm::function_ref<ExprAttr(ExprAttr)> map) {
  if (ExprAttr mapped = map(expr))
    return mapped;
  if (expr.getOperands().empty())
    return expr;
  SmallVector<ExprAttr> operands;
  for (ExprAttr operand : expr.getOperands())
    operands.push_back(rewrite(operand, map));
  if (ArrayRef<ExprAttr>(operands) == expr.getOperands())
    return expr;
  return ExprAttr::get(expr.getKind(), operands);
}

ExprAttr
ExprAttr::substitute(llvm::function_ref<ExprAttr(StringRef)> map) const {
  return rewrite(*this, [&](ExprAttr node) {
    return node.getKind() == ExprKind::Symbol ? map(node.getSymbol())
                                              : ExprAttr();
  });
}

ExprAttr ExprAttr::replace(ExprAttr from, ExprAttr to) const {
  return rewrite(*this,
                 [&](ExprAttr node) { return node == from ? to : ExprAttr(); });
}

ExprAttr
dycc::dyn::expandNames(ExprAttr expr, uint32_t maxWeight,
                       llvm::function_ref<ExprAttr(StringRef)> definitionOf) {
  for (;;) {
    ExprAttr expanded = expr.substitute(definitionOf);
    if (expanded == expr || expanded.isUnknown() ||
        expanded.getWeight() > maxWeight)
      return expr;
    expr = expanded;
  }
}
