// Slots are shared like registers. In the order of definitions each buffer
// takes a free slot of the most similar size, or opens a new one. Or the
// largest buffers choose first, so that no small one keeps a large slot from
// them, or those that are large for longest. In all of these ways offsets are
// prefix sums of formulas, the same for every shape, and the peak is one. What
// still takes less where slots lie over each other is placed so.
#include "passes/plan/SlotAssignment.h"

#include "passes/plan/InPlace.h"
#include "runtime/abi/Memory.h"

#include <limits>

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::plan {

static bool isOutput(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    return isa<func::ReturnOp>(user);
  });
}

SlotAssignment::SlotAssignment(Liveness &liveness,
                               const dyn::SymbolFacts &facts, Sharing sharing)
    : liveness(liveness), order(facts), typical(facts), sharing(sharing),
      total(std::numeric_limits<double>::infinity()) {
  endOutputs();
  findTenants();
  assignInOrder();
  if (!sharing.reuse)
    return;
  for (bool forLong : {false, true})
    assignBySize(forLong);
  if (sharing.place)
    placeSlots();
}

/// What is lent to the caller outlives the run.
void SlotAssignment::endOutputs() {
  for (Buffer &buffer : liveness.buffers())
    if (buffer.value && buffer.size && isOutput(buffer.value))
      buffer.end = INT64_MAX;
}

void SlotAssignment::findTenants() {
  DenseMap<unsigned, unsigned> tenantOf;
  for (unsigned index : liveness.inOrder()) {
    const Buffer &buffer = liveness.buffers()[index];
    if (!buffer.size)
      continue;
    if (buffer.value)
      bufferOf[buffer.value] = index;
    auto over = operandsToOverwrite(buffer);
    unsigned number =
        over.empty() ? tenants.size() : tenantOf.lookup(over.front());
    tenantOf[index] = number;
    if (over.empty())
      tenants.push_back({{},
                         buffer.size,
                         double(typical.valueOf(buffer.size).value_or(0)),
                         buffer.begin,
                         buffer.end,
                         /*isHalf=*/!buffer.value});
    tenants[number].buffers.push_back(index);
    tenants[number].end = buffer.end;
  }
}

/// Buffers of operands that end here, where the kernel may write over them.
SmallVector<unsigned>
SlotAssignment::operandsToOverwrite(const Buffer &buffer) const {
  auto launch = dyn_cast<dyn::LaunchOp>(buffer.definition);
  // What is carried in one place is there before its kernel runs.
  bool isMadeHere =
      launch && buffer.begin == liveness.positionOf(buffer.definition);
  return isMadeHere && sharing.reuse && sharing.inPlace
             ? buffersToOverwrite(launch, liveness)
             : SmallVector<unsigned>();
}

void SlotAssignment::assignInOrder() {
  SlotTable table(order, sharing.reuse);
  std::vector<unsigned> chosen;
  for (const Tenant &tenant : tenants) {
    table.release(tenant.begin);
    chosen.push_back(tenant.isHalf ? table.open(tenant.size, tenant.end)
                                   : table.take(tenant.size, tenant.end));
  }
  takeIfSmaller(table.getSlots(), chosen);
}

/// The larger ones first, or those that are large for long.
void SlotAssignment::assignBySize(bool forLong) {
  int64_t last = 0;
  for (const Tenant &tenant : tenants)
    last = std::max(last, tenant.begin);
  auto weightOf = [&](const Tenant &tenant) {
    int64_t life = std::min(tenant.end, last) - tenant.begin + 1;
    return tenant.bytes * double(forLong ? life : 1);
  };
  auto queue = llvm::to_vector(llvm::seq<unsigned>(0, tenants.size()));
  llvm::stable_sort(queue, [&](unsigned a, unsigned b) {
    // Pairs first: they are neighbours.
    if (tenants[a].isHalf != tenants[b].isHalf)
      return tenants[a].isHalf;
    return !tenants[a].isHalf && weightOf(tenants[a]) > weightOf(tenants[b]);
  });
  std::vector<SharedSlot> table;
  std::vector<unsigned> chosen(tenants.size());
  for (unsigned number : queue) {
    const Tenant &tenant = tenants[number];
    unsigned slot = chosen[number] = choose(table, tenant);
    if (slot == table.size())
      table.emplace_back();
    table[slot].size.add(tenant.size, tenant.bytes, order);
    table[slot].tenants.push_back(number);
  }
  std::vector<SlotSize> sizes;
  for (SharedSlot &slot : table)
    sizes.push_back(std::move(slot.size));
  takeIfSmaller(sizes, chosen);
}

/// Of the slots where nobody is in the way the one that grows least at the
/// typical shape, then one that surely suffices at all others, then the
/// smallest; else a new one.
unsigned SlotAssignment::choose(ArrayRef<SharedSlot> table,
                                const Tenant &tenant) {
  unsigned best = table.size();
  std::tuple<double, bool, double> bestRank;
  for (auto [number, slot] : llvm::enumerate(table)) {
    if (tenant.isHalf || llvm::any_of(slot.tenants, [&](unsigned other) {
          return conflict(tenant, tenants[other]);
        }))
      continue;
    std::tuple rank(std::max(tenant.bytes - slot.size.typical, 0.0),
                    !slot.size.covers(tenant.size, order), slot.size.typical);
    if (best == table.size() || rank < bestRank) {
      best = number;
      bestRank = rank;
    }
  }
  return best;
}

/// Of two results of which one branch makes the one, and the other branch the
/// other, there is never both.
bool SlotAssignment::conflict(const Tenant &a, const Tenant &b) const {
  if (a.end < b.begin || b.end < a.begin)
    return false;
  ArrayRef<Buffer> buffers = liveness.buffers();
  return llvm::any_of(a.buffers, [&](unsigned one) {
    return llvm::any_of(b.buffers, [&](unsigned other) {
      return !isInOtherBranch(buffers[one].definition,
                              buffers[other].definition);
    });
  });
}

void SlotAssignment::takeIfSmaller(ArrayRef<SlotSize> sizes,
                                   ArrayRef<unsigned> chosen) {
  double needed = 0;
  SmallVector<ExprAttr> formulas;
  for (const SlotSize &slot : sizes) {
    formulas.push_back(slot.get(order.getFacts()));
    int64_t bytes = typical.valueOf(formulas.back()).value_or(0);
    needed +=
        double(llvm::alignTo(std::max<int64_t>(bytes, 0), DYCC_SLOT_ALIGNMENT));
  }
  if (needed >= total)
    return;
  total = needed;
  slots = std::move(formulas);
  for (auto [tenant, slot] : llvm::zip(tenants, chosen))
    for (unsigned buffer : tenant.buffers)
      slotOfBuffer[buffer] = slot;
}

void SlotAssignment::placeSlots() {
  std::vector<PlacedTenant> placed;
  for (const Tenant &tenant : tenants)
    placed.push_back({tenant.size,
                      {tenant.begin, tenant.end},
                      tenant.isHalf,
                      slotOfBuffer.lookup(tenant.buffers.front())});
  ArrayRef<Buffer> buffers = liveness.buffers();
  auto areTogether = [&](unsigned a, unsigned b) {
    return llvm::any_of(tenants[a].buffers, [&](unsigned one) {
      return llvm::any_of(tenants[b].buffers, [&](unsigned other) {
        return plan::areTogether(buffers[one], buffers[other]);
      });
    });
  };
  std::optional<SlotPlacement> placement =
      placeTenants(placed, areTogether, slots, order.getFacts());
  if (!placement)
    return;
  total = placement->bytes;
  slots = std::move(placement->sizes);
  ways = std::move(placement->placements);
  for (auto [tenant, slot] : llvm::zip(tenants, placement->slotOf))
    for (unsigned buffer : tenant.buffers)
      slotOfBuffer[buffer] = slot;
}

ExprAttr SlotAssignment::arena() const {
  if (!ways.empty())
    return {};
  ExprAttr sum;
  for (ExprAttr slot : slots)
    sum = sum ? ExprAttr::add(sum, slot) : slot;
  return sum;
}

void SlotAssignment::explain(PlacementRemarks &remarks) const {
  ArrayRef<Buffer> buffers = liveness.buffers();
  for (unsigned index : liveness.inOrder()) {
    const Buffer &buffer = buffers[index];
    if (!buffer.size)
      continue;
    unsigned slot = slotOfBuffer.lookup(index);
    auto over = operandsToOverwrite(buffer);
    if (!over.empty()) {
      remarks.liesOver(buffer, buffers[over.front()], slot);
      continue;
    }
    if (buffer.value)
      remarks.liesOverNone(buffer, liveness);
    remarks.liesIn(slot, buffer, !ways.empty());
  }
}

std::optional<int64_t> SlotAssignment::slotOf(Value value) const {
  auto buffer = bufferOf.find(value);
  if (buffer == bufferOf.end())
    return std::nullopt;
  return slotOfBuffer.lookup(buffer->second);
}

std::optional<int64_t> SlotAssignment::pairOf(Operation *loop,
                                              int carried) const {
  for (auto [index, buffer] : llvm::enumerate(liveness.buffers()))
    if (!buffer.value && buffer.size && buffer.definition == loop &&
        buffer.carried == carried)
      return slotOfBuffer.lookup(index); // The first of the two.
  return std::nullopt;
}

} // namespace dycc::plan
