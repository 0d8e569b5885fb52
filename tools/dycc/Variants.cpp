#include "tools/dycc/Variants.h"
#include "tools/dycc/FamilyFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

#include <fmt/format.h>

namespace dycc {

/// What there is for one model alone and is asked for; null: nothing.
static const char *forOneModel(const CommandLine &line) {
  const CompileOptions &options = line.compile;
  const std::pair<const char *, bool> asked[] = {
      {"--stop-after", !options.stopAfter.empty()},
      {"--report", !options.report.empty()},
      {"--tune", !options.tune.empty()},
      {"--max-error", line.budget.maxError.has_value()},
      {"the standard input", llvm::is_contained(line.models, "-")}};
  for (const auto &[what, isAsked] : asked)
    if (isAsked)
      return what;
  bool isText = llvm::is_contained(
      {EmitKind::Mlir, EmitKind::Llvm, EmitKind::Header}, options.emit);
  return isText ? "--emit mlir, llvm and header" : nullptr;
}

/// Those of a file become the models of the line.
static std::string readVariants(CommandLine &line) {
  if (!line.variants.empty())
    return "--variants: expected models, a file has its own names";
  if (line.models.size() > 1)
    return fmt::format("expected one model where it is a file of variants, got "
                       "{}",
                       line.models.size());
  if (llvm::Error error = readFamilyFile(line.models.front(), line.compile))
    return llvm::toString(std::move(error));
  line.models.clear();
  for (const Variant &variant : line.compile.variants)
    line.models.push_back(variant.input);
  if (const char *what = forOneModel(line))
    return fmt::format("{}: expected one model, got {}", what,
                       line.models.size());
  return "";
}

std::string nameVariants(CommandLine &line) {
  if (llvm::any_of(line.models, isFamilyFile))
    return readVariants(line);
  size_t count = line.models.size();
  if (count == 1)
    return line.variants.empty() ? "" : "--variants: expected several models";
  if (const char *what = forOneModel(line))
    return fmt::format("{}: expected one model, got {}", what, count);
  if (!line.variants.empty() && line.variants.size() != count)
    return fmt::format("--variants: expected {} names, of each model one, got "
                       "{}",
                       count, line.variants.size());
  llvm::StringSet<> taken;
  for (size_t i = 0; i < count; ++i) {
    const std::string &model = line.models[i];
    std::string name = line.variants.empty()
                           ? llvm::sys::path::stem(model).str()
                           : line.variants[i];
    if (name.empty())
      return fmt::format("the variant of '{}' has an empty name: give one with "
                         "--variants",
                         model);
    if (!taken.insert(name).second)
      return fmt::format("two variants have the name '{}', expected different "
                         "ones: give them with --variants",
                         name);
    line.compile.variants.push_back({name, model, std::nullopt});
  }
  return "";
}

} // namespace dycc
