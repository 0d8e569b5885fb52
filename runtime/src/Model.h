// A model that is ready to run: its description for the caller, its pool. It is
// a variant of a family: where nobody compiled one, of a family of one.
#ifndef DYCC_RUNTIME_SRC_MODEL_H
#define DYCC_RUNTIME_SRC_MODEL_H

#include "dycc/family.h"
#include "runtime/src/Pool.h"
#include "runtime/src/Text.h"

struct dycc_model {
  const DyccModelDesc *desc;
  dycc_model_info info;
  dycc_family *family;  ///< Never null.
  uint32_t machine;     ///< Whose kernels run: an index of desc->machines.
  int32_t numInputDims; ///< Sum of the inputs' ranks.
};

struct dycc_family {
  dycc_family_info info;
  dycc_model *models; ///< info.num_variants entries.
  dycc::rt::Pool pool;
  uint64_t bytes;                   ///< Of the block that this struct starts.
  uint32_t contexts;                ///< How many live ones there are.
  const DyccDeviceKind *deviceKind; ///< Null: kernels run on the processor.
  void *device;
  uint32_t plans; ///< Of a variant that each context remembers; 0: as usual.

  uint32_t size() const { return info.num_variants; }
  bool isLone() const { return size() == 1; }
};

namespace dycc::rt {

/// The first failure of a run: more than one thread may report.
struct Failure {
  dycc_message *message; ///< May be null.
  int32_t status;

  /// Keeps status and text unless there is one already; returns the status.
  dycc_status set(dycc_status status, const char *format,
                  const int64_t *arguments, int32_t count);
};

/// What random numbers a context draws next.
struct RandomState {
  uint64_t seed;  ///< Of nodes without one of their own.
  uint64_t draws; ///< How many there were.
};

class Strings;

/// What the compiled functions get: they report failures through it.
struct FrameBase : DyccFrame {
  Failure *failure;
  // Of the context; null outside of a run.
  RandomState *random;
  Strings *strings;
};

/// dycc_family_api::family_create for any description.
dycc_status createFamily(const DyccFamilyDesc &desc,
                         const dycc_model_options *options,
                         dycc_family **family, dycc_message *message);
dycc_status destroyFamily(dycc_family *family);
dycc_status queryFamily(const dycc_family *family, const int64_t *symbols,
                        uint32_t threads, dycc_variant_cost *costs,
                        dycc_message *message);

/// dycc_api::model_create for any description: a family of one.
dycc_status createModel(const DyccModelDesc &desc,
                        const dycc_model_options *options, dycc_model **model,
                        dycc_message *message);
dycc_status destroyModel(dycc_model *model);

/// Bytes of the arrays that describeModel() fills.
void describeModel(const DyccModelDesc &desc, Carver &carver,
                   dycc_model_info &info);

/// Chooses the machine whose kernels run: from machine `from` on the first that
/// this processor is, or the one of `name` (null: any). Refuses what it cannot
/// be. Whether there is the device of a machine is not asked here.
dycc_status chooseMachine(const DyccModelDesc &desc, const char *name,
                          uint32_t from, uint32_t &machine,
                          dycc_message *message);

/// Writes the names of the features that this processor lacks, separated by
/// commas; nothing where it has all.
void listMissingFeatures(const char *features, Text &missing);

/// The extents that an input has: those given, or its default's.
inline const int64_t *dimsOf(const DyccModelDesc &desc,
                             const int64_t *const *inputDims, uint32_t input) {
  const int64_t *given = inputDims[input];
  return given ? given : desc.inputs[input].defaultDims;
}

/// Refuses extents that do not fit the description.
dycc_status checkDims(const dycc_model &model, const int64_t *const *inputDims,
                      dycc_message *message);
/// Refuses values of symbols outside their bounds.
dycc_status checkSymbols(const DyccModelDesc &desc, const int64_t *symbols,
                         dycc_message *message);
/// Resolves null bounds and refuses those that are empty, unbounded or
/// outside of the model's; `lower` and `upper` then have all symbols.
dycc_status checkRange(const DyccModelDesc &desc, const int64_t *&lower,
                       const int64_t *&upper, int64_t *storage,
                       dycc_message *message);

/// Calls the compiled bind() after checkDims(); `flat` holds all input dims.
dycc_status bindSymbols(const dycc_model &model,
                        const int64_t *const *inputDims, int64_t *flat,
                        int64_t *symbols, FrameBase &frame);

/// Bytes of arena that these slots and threads need; UINT64_MAX where they are
/// not sensible numbers.
uint64_t arenaBytes(const int64_t *slots, uint32_t threads);

/// Bytes a context of the model's family takes beside the arena.
uint64_t contextBytes(const dycc_model &model, uint32_t threads);

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_MODEL_H
