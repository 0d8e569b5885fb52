// Values of any kind: sequences and optionals are packed into tensors before a
// run, and what it gives is taken apart behind it (docs/decisions/0036).
#include "runtime/src/Values.h"

namespace dycc::rt {

static bool isOptional(const DyccValueDesc &desc) {
  return desc.form == DYCC_FORM_OPTIONAL ||
         desc.form == DYCC_FORM_OPTIONAL_SEQUENCE;
}

static bool hasPresence(const DyccValueDesc &desc) {
  return desc.form == DYCC_FORM_OPTIONAL_SEQUENCE;
}

/// Memory of the context until its next call.
template <typename T>
static T *take(dycc_context &context, uint64_t count) {
  return static_cast<T *>(context.packs.take(
      context.allocator, count * sizeof(T), context.heapLimit));
}

static dycc_status refuseMemory(dycc_context &context, const char *role,
                                const char *name) {
  return fail(context, DYCC_OUT_OF_MEMORY,
              "%s \"%s\": no memory for its tensors", role, name);
}

static const char *nameOf(uint32_t kind) {
  static const char *const kinds[] = {"nothing", "a tensor", "a sequence",
                                      "an optional", "strings"};
  return kind <= DYCC_VALUE_STRING ? kinds[kind] : "of an unknown kind";
}

static dycc_status refuseKind(dycc_context &context, const char *role,
                              const char *name, uint32_t kind,
                              const char *expected) {
  return fail(context, DYCC_INVALID_ARGUMENT, "%s \"%s\": is %s, expects %s",
              role, name, nameOf(kind), expected);
}

dycc_status unpackTensor(dycc_context &context, const char *role,
                         const DyccTensorDesc &desc, const dycc_value &value,
                         DLTensor *&tensor) {
  if (value.kind == DYCC_VALUE_NONE && desc.defaultData) {
    tensor = nullptr;
    return DYCC_OK;
  }
  if (value.kind != DYCC_VALUE_TENSOR)
    return refuseKind(context, role, desc.name, value.kind, "a tensor");
  tensor = value.as.tensor;
  return DYCC_OK;
}

namespace {

/// The tensors in a value.
struct Items {
  const dycc_value *values;
  uint64_t count;
  bool isPresent;
};

} // namespace

/// What an optional holds, null for nothing; another value itself.
static const dycc_value *heldBy(const DyccValueDesc &desc,
                                const dycc_value &value) {
  if (!isOptional(desc) ||
      (value.kind != DYCC_VALUE_NONE && value.kind != DYCC_VALUE_OPTIONAL))
    return &value;
  return value.kind == DYCC_VALUE_NONE ? nullptr : value.as.optional;
}

static dycc_status itemsOf(dycc_context &context, const DyccValueDesc &desc,
                           const dycc_value &value, Items &items) {
  const dycc_value *held = heldBy(desc, value);
  items = {held, held != nullptr, held != nullptr};
  if (!held || desc.form == DYCC_FORM_OPTIONAL)
    return DYCC_OK;
  if (held->kind != DYCC_VALUE_SEQUENCE)
    return refuseKind(context, "input", desc.tensor.name, held->kind,
                      "a sequence");
  items.values = held->as.sequence.items;
  items.count = held->as.sequence.count;
  if (items.count > kMaxItems || (items.count && !items.values))
    return fail(context, DYCC_INVALID_ARGUMENT,
                "input \"%s\": has %d tensors, expects at most %d and their "
                "address",
                desc.tensor.name, items.count, kMaxItems);
  return DYCC_OK;
}

static dycc_status checkItem(dycc_context &context, const DyccTensorDesc &desc,
                             const dycc_value &item, uint64_t index,
                             int64_t &elements) {
  char role[48];
  Text text(role);
  text << "tensor " << static_cast<int64_t>(index) << " of input";
  if (item.kind != DYCC_VALUE_TENSOR)
    return refuseKind(context, role, desc.name, item.kind, "a tensor");
  const DLTensor *given = item.as.tensor;
  if (dycc_status status = checkRank(context, role, desc, given))
    return status;
  if (dycc_status status = checkTensor(context, role, desc, *given, elements))
    return status;
  const DLTensor &tensor = *item.as.tensor;
  for (int32_t d = 0; d < desc.rank; ++d)
    if (desc.dims[d].value >= 0 && tensor.shape[d] != desc.dims[d].value)
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "%s \"%s\": dim %d is %d, expects %d", role, desc.name, d,
                  tensor.shape[d], desc.dims[d].value);
  return DYCC_OK;
}

/// A tensor of the context's, with data and extents of its own.
static DLTensor *makeTensor(dycc_context &context, const DyccTensorDesc &desc,
                            void *data, const int64_t *dims) {
  auto *memory = static_cast<uint8_t *>(context.packs.take(
      context.allocator,
      sizeof(DLTensor) + uint64_t(desc.rank) * sizeof(int64_t),
      context.heapLimit));
  if (!memory)
    return nullptr;
  auto *tensor = reinterpret_cast<DLTensor *>(memory);
  auto *shape = reinterpret_cast<int64_t *>(memory + sizeof(DLTensor));
  for (int32_t d = 0; d < desc.rank; ++d)
    shape[d] = dims ? dims[d] : 0;
  *tensor = {data,  {kDLCPU, 0}, desc.rank, {desc.code, desc.bits, 1},
             shape, nullptr,     0};
  return tensor;
}

static dycc_status packItems(dycc_context &context, const DyccValueDesc &desc,
                             const Items &items, DLTensor **parts) {
  const DyccTensorDesc &held = desc.tensor;
  const DyccTensorDesc *inputs = context.model->desc->inputs + desc.first;
  int64_t total = 0;
  for (uint64_t i = 0; i < items.count; ++i) {
    int64_t elements;
    if (dycc_status status =
            checkItem(context, held, items.values[i], i, elements))
      return status;
    total += elements;
    if (total > INT32_MAX)
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": its tensors have more than %d elements",
                  held.name, INT32_MAX);
  }
  auto *elements = take<uint8_t>(context, bytesOf(total, held.bits));
  auto *extents = take<int64_t>(context, items.count * uint64_t(held.rank));
  auto *present = take<uint8_t>(context, 1);
  if (!elements || !extents || !present)
    return refuseMemory(context, "input", held.name);
  uint64_t at = 0;
  for (uint64_t i = 0; i < items.count; ++i) {
    const DLTensor &tensor = *items.values[i].as.tensor;
    memcpy(extents + i * held.rank, tensor.shape,
           uint64_t(held.rank) * sizeof(int64_t));
    uint64_t bytes =
        bytesOf(countElements(tensor.shape, held.rank, INT32_MAX), held.bits);
    if (bytes)
      memcpy(elements + at,
             static_cast<uint8_t *>(tensor.data) + tensor.byte_offset, bytes);
    at += bytes;
  }
  *present = items.isPresent;
  const int64_t rows[] = {static_cast<int64_t>(items.count), held.rank};
  bool marks = hasPresence(desc);
  if (marks)
    parts[0] = makeTensor(context, inputs[0], present, nullptr);
  parts[marks] = makeTensor(context, inputs[marks], elements, &total);
  parts[marks + 1] = makeTensor(context, inputs[marks + 1], extents, rows);
  if (!parts[0] || !parts[marks] || !parts[marks + 1])
    return refuseMemory(context, "input", held.name);
  return DYCC_OK;
}

dycc_status packInput(dycc_context &context, const DyccValueDesc &desc,
                      const dycc_value &value, DLTensor **parts) {
  if (desc.form == DYCC_FORM_TENSOR)
    return unpackTensor(context, "input", desc.tensor, value, parts[0]);
  Items items;
  if (dycc_status status = itemsOf(context, desc, value, items))
    return status;
  return packItems(context, desc, items, parts);
}

dycc_status expectOutput(dycc_context &context, const DyccValueDesc &desc,
                         const dycc_value &value, DLTensor **parts) {
  if (desc.form == DYCC_FORM_TENSOR)
    return unpackTensor(context, "output", desc.tensor, value, parts[0]);
  const DyccTensorDesc *outputs = context.model->desc->outputs + desc.first;
  for (uint32_t i = 0; i < 2u + hasPresence(desc); ++i) {
    parts[i] = makeTensor(context, outputs[i], nullptr, nullptr);
    if (!parts[i])
      return refuseMemory(context, "output", desc.tensor.name);
  }
  return DYCC_OK;
}

/// Checks that the rows of extents are of elements that are there.
static dycc_status checkExtents(dycc_context &context,
                                const DyccValueDesc &desc,
                                const DLTensor &elements,
                                const DLTensor &extents) {
  const auto *dims = static_cast<const int64_t *>(extents.data);
  int64_t total = 0;
  for (int64_t i = 0; i < extents.shape[0]; ++i, dims += desc.tensor.rank) {
    int64_t count = countElements(dims, desc.tensor.rank, INT32_MAX);
    total += count;
    if (count < 0 || total > elements.shape[0])
      return fail(context, DYCC_MODEL_ERROR,
                  "output \"%s\": extents of tensor %d are negative or of more "
                  "elements than there are",
                  desc.tensor.name, i);
  }
  return DYCC_OK;
}

/// One value for each tensor, in memory of the context.
static dycc_value *takeApart(dycc_context &context, const DyccTensorDesc &held,
                             const DLTensor &elements,
                             const DLTensor &extents) {
  const auto *dims = static_cast<const int64_t *>(extents.data);
  uint64_t count = uint64_t(extents.shape[0]);
  auto *values = take<dycc_value>(context, count);
  auto *tensors = take<DLTensor>(context, count);
  auto *shapes = take<int64_t>(context, count * uint64_t(held.rank));
  if (!values || !tensors || !shapes)
    return nullptr;
  auto *data = static_cast<uint8_t *>(elements.data);
  for (uint64_t i = 0; i < count; ++i, dims += held.rank, shapes += held.rank) {
    memcpy(shapes, dims, uint64_t(held.rank) * sizeof(int64_t));
    tensors[i] = {data,   {kDLCPU, 0}, held.rank, {held.code, held.bits, 1},
                  shapes, nullptr,     0};
    values[i] = {DYCC_VALUE_TENSOR, 0, {&tensors[i]}};
    data += bytesOf(countElements(dims, held.rank, INT32_MAX), held.bits);
  }
  return values;
}

dycc_status unpackOutput(dycc_context &context, const DyccValueDesc &desc,
                         DLTensor *const *parts, dycc_value &value) {
  if (desc.form == DYCC_FORM_TENSOR)
    return DYCC_OK;
  bool marks = hasPresence(desc);
  const DLTensor &elements = *parts[marks], &extents = *parts[marks + 1];
  if (dycc_status status = checkExtents(context, desc, elements, extents))
    return status;
  dycc_value *items = takeApart(context, desc.tensor, elements, extents);
  auto *sequence = take<dycc_value>(context, 1);
  if (!items || !sequence)
    return refuseMemory(context, "output", desc.tensor.name);
  uint64_t count = uint64_t(extents.shape[0]);
  *sequence = {DYCC_VALUE_SEQUENCE, 0, {}};
  sequence->as.sequence = {items, count};
  value = *sequence;
  if (!isOptional(desc))
    return DYCC_OK;
  bool isThere =
      marks ? *static_cast<const uint8_t *>(parts[0]->data) != 0 : count != 0;
  value = {DYCC_VALUE_OPTIONAL, 0, {}};
  value.as.optional = !isThere ? nullptr : marks ? sequence : items;
  return DYCC_OK;
}

} // namespace dycc::rt
