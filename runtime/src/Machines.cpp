// Which of the model's machines this processor is. Decided once per model: all
// its runs take that machine's versions of kernels.
#include "runtime/src/Model.h"

namespace dycc::rt {
namespace {

/// Whether this processor is the machine; `missing` gets what it lacks.
bool canBe(const DyccMachineDesc &machine, char (&missing)[512]) {
  Text text(missing);
  listMissingFeatures(machine.cpuFeatures, text);
  return text.empty();
}

/// Says of each machine why it is none of them.
dycc_status refuse(const DyccMachineDesc *machines, uint32_t count,
                   dycc_message *message) {
  if (!message)
    return DYCC_UNSUPPORTED;
  Text text(message->text, kLongestText);
  text << "processor cannot run the model:";
  for (uint32_t i = 0; i < count; ++i) {
    char missing[512];
    canBe(machines[i], missing);
    const int64_t names[] = {toArgument(i ? ";" : ""),
                             toArgument(machines[i].name), toArgument(missing)};
    text.format("%s for %s it lacks %s", names, 3);
  }
  return DYCC_UNSUPPORTED;
}

dycc_status refuseName(const DyccModelDesc &desc, const char *name,
                       dycc_message *message) {
  char known[512];
  Text text(known);
  for (uint32_t i = 0; i < desc.numMachines; ++i)
    text << (i ? ", " : "") << desc.machines[i].name;
  return fail(message, DYCC_INVALID_ARGUMENT,
              "model has no machine \"%s\", expected one of %s", name,
              text.empty() ? "none" : known);
}

} // namespace

dycc_status chooseMachine(const DyccModelDesc &desc, const char *name,
                          uint32_t from, uint32_t &machine,
                          dycc_message *message) {
  char missing[512];
  Text text(missing);
  listMissingFeatures(desc.cpuFeatures, text);
  if (!text.empty() && !desc.numMachines)
    return fail(message, DYCC_UNSUPPORTED,
                "processor lacks %s; model was compiled for one with %s",
                missing, desc.cpuFeatures);
  uint32_t first = from, end = desc.numMachines;
  while (name && first < end && strcmp(desc.machines[first].name, name) != 0)
    ++first;
  if (name && first == end)
    return refuseName(desc, name, message);
  if (name)
    end = first + 1;
  for (machine = first; machine < end; ++machine)
    if (canBe(desc.machines[machine], missing))
      return DYCC_OK;
  machine = 0;
  return end ? refuse(desc.machines + first, end - first, message) : DYCC_OK;
}

} // namespace dycc::rt
