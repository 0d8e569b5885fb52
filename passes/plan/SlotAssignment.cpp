// Slots are shared like registers, in two ways. In the order of definitions
// each buffer takes a free slot of the most similar size, or opens a new one.
// Or the largest buffers choose first, so that no small one keeps a large slot
// from them. In both offsets are prefix sums of formulas, the same for every
// shape, and the peak is one.
#include "passes/plan/SlotAssignment.h"

#include "passes/plan/InPlace.h"
#include "runtime/abi/Memory.h"

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
    : liveness(liveness), facts(facts), typical(facts), sharing(sharing) {
  findTenants();
  assignInOrder();
  if (sharing.reuse)
    assignBySize();
}

void SlotAssignment::findTenants() {
  for (unsigned index : liveness.inOrder()) {
    Buffer &buffer = liveness.buffers()[index];
    if (!buffer.size)
      continue;
    if (buffer.value)
      bufferOf[buffer.value] = index;
    // What is lent to the caller outlives the run.
    if (buffer.value && isOutput(buffer.value))
      buffer.end = INT64_MAX;
    unsigned number = tenantOver(buffer).value_or(tenants.size());
    if (number == tenants.size()) {
      tenants.push_back({{},
                         buffer.size,
                         buffer.begin,
                         buffer.end,
                         /*isHalf=*/!buffer.value});
    }
    tenants[number].buffers.push_back(index);
    tenants[number].end = std::max(tenants[number].end, buffer.end);
    tenantOf[index] = number;
  }
}

/// That of an operand that ends here, where the kernel may write over it.
std::optional<unsigned> SlotAssignment::tenantOver(const Buffer &buffer) const {
  auto launch = dyn_cast<dyn::LaunchOp>(buffer.definition);
  if (!sharing.reuse || !sharing.inPlace || !launch)
    return std::nullopt;
  auto over = buffersToOverwrite(launch, liveness);
  return over.empty() ? std::nullopt
                      : std::optional(tenantOf.lookup(over.front()));
}

void SlotAssignment::assignInOrder() {
  SlotTable table(facts, sharing.reuse);
  for (Tenant &tenant : tenants) {
    table.release(tenant.begin);
    tenant.slot = tenant.isHalf ? table.open(tenant.size, tenant.end)
                                : table.take(tenant.size, tenant.end);
  }
  slots = table.sizes();
  total = bytesOf(slots);
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

void SlotAssignment::assignBySize() {
  std::vector<double> bytes;
  for (const Tenant &tenant : tenants)
    bytes.push_back(double(typical.valueOf(tenant.size).value_or(0)));
  auto order = llvm::to_vector(llvm::seq<unsigned>(0, tenants.size()));
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    // Pairs first: they are neighbours.
    if (tenants[a].isHalf != tenants[b].isHalf)
      return tenants[a].isHalf;
    return !tenants[a].isHalf && bytes[a] > bytes[b];
  });
  std::vector<SharedSlot> table;
  std::vector<unsigned> chosen(tenants.size());
  for (unsigned number : order) {
    unsigned slot = chosen[number] = choose(table, tenants[number]);
    if (slot == table.size())
      table.emplace_back();
    table[slot].size.add(tenants[number].size, bytes[number], facts);
    table[slot].tenants.push_back(number);
  }
  SmallVector<ExprAttr> sizes;
  for (const SharedSlot &slot : table)
    sizes.push_back(slot.size.get(facts));
  double needed = bytesOf(sizes);
  if (needed >= total)
    return;
  total = needed;
  slots = std::move(sizes);
  for (auto [tenant, slot] : llvm::zip(tenants, chosen))
    tenant.slot = slot;
}

/// Of the slots where nobody is in the way the smallest that is large enough
/// for all extents, or, where none surely is, at the typical ones; else a new
/// one.
unsigned SlotAssignment::choose(ArrayRef<SharedSlot> table,
                                const Tenant &tenant) const {
  unsigned best = table.size();
  bool bestCovers = false;
  for (auto [number, slot] : llvm::enumerate(table)) {
    if (tenant.isHalf || llvm::any_of(slot.tenants, [&](unsigned other) {
          return conflict(tenant, tenants[other]);
        }))
      continue;
    bool covers = slot.size.covers(tenant.size, facts);
    bool isSmaller =
        best == table.size() || slot.size.typical < table[best].size.typical;
    if (covers != bestCovers ? covers : isSmaller) {
      best = number;
      bestCovers = covers;
    }
  }
  return best;
}

double SlotAssignment::bytesOf(ArrayRef<ExprAttr> sizes) {
  double sum = 0;
  for (ExprAttr size : sizes) {
    int64_t bytes = std::max<int64_t>(typical.valueOf(size).value_or(0), 0);
    sum += double(llvm::alignTo(bytes, DYCC_SLOT_ALIGNMENT));
  }
  return sum;
}

void SlotAssignment::explain(PlacementRemarks &remarks) const {
  ArrayRef<Buffer> buffers = liveness.buffers();
  for (unsigned index : liveness.inOrder()) {
    auto found = tenantOf.find(index);
    if (found == tenantOf.end())
      continue;
    const Tenant &tenant = tenants[found->second];
    auto place = llvm::find(tenant.buffers, index);
    if (place != tenant.buffers.begin()) {
      remarks.liesOver(buffers[index], buffers[*std::prev(place)], tenant.slot);
      continue;
    }
    if (!tenant.isHalf)
      remarks.liesOverNone(buffers[index], liveness);
    remarks.liesIn(tenant.slot, buffers[index]);
  }
}

std::optional<int64_t> SlotAssignment::slotOf(Value value) const {
  auto buffer = bufferOf.find(value);
  if (buffer == bufferOf.end())
    return std::nullopt;
  return tenants[tenantOf.lookup(buffer->second)].slot;
}

std::optional<int64_t> SlotAssignment::pairOf(Operation *loop,
                                              int carried) const {
  ArrayRef<Buffer> buffers = liveness.buffers();
  for (const Tenant &tenant : tenants)
    if (const Buffer &half = buffers[tenant.buffers.front()];
        tenant.isHalf && half.definition == loop && half.carried == carried)
      return tenant.slot; // The first of the two.
  return std::nullopt;
}

} // namespace dycc::plan
