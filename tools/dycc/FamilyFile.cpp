#include "tools/dycc/FamilyFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace dycc {
namespace {

namespace json = llvm::json;

llvm::Error expected(const llvm::Twine &place, const llvm::Twine &what) {
  return llvm::createStringError(place + ": expected " + what);
}

/// An object whose keys are some of `known`.
llvm::Expected<const json::Object *>
objectOf(const json::Value &value, const llvm::Twine &place,
         llvm::ArrayRef<llvm::StringRef> known) {
  const json::Object *object = value.getAsObject();
  std::string names = "'" + llvm::join(known, "', '") + "'";
  if (!object)
    return expected(place, "an object of " + names);
  for (const auto &[key, ignored] : *object)
    if (!llvm::is_contained(known, llvm::StringRef(key)))
      return llvm::createStringError(place + ": unknown key '" +
                                     llvm::StringRef(key) +
                                     "', expected one of " + names);
  return object;
}

llvm::Expected<std::string> textOf(const json::Object &object,
                                   llvm::StringRef key,
                                   const llvm::Twine &place) {
  std::optional<llvm::StringRef> text = object.getString(key);
  if (!text || text->empty())
    return expected(place, "'" + key + "', a text");
  return text->str();
}

/// Its model's path is relative to the `folder`.
llvm::Expected<Variant> variantOf(const json::Value &value,
                                  const llvm::Twine &place,
                                  llvm::StringRef folder) {
  auto object = objectOf(value, place, {"name", "model", "quality"});
  if (!object)
    return object.takeError();
  auto name = textOf(**object, "name", place);
  if (!name)
    return name.takeError();
  auto model = textOf(**object, "model", place);
  if (!model)
    return model.takeError();
  const json::Value *quality = (*object)->get("quality");
  if (quality && !quality->getAsNumber())
    return expected(place, "'quality', a number");
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, *model);
  if (llvm::sys::path::is_absolute(*model))
    path = *model;
  return Variant{*name, std::string(path),
                 quality ? quality->getAsNumber() : std::nullopt};
}

/// What is common to all variants is checked here.
llvm::Error addVariants(const json::Array *values, llvm::StringRef file,
                        CompileOptions &options) {
  if (!values || values->size() < 2)
    return expected(file, "'variants', a list of two or more");
  for (const auto &[i, value] : llvm::enumerate(*values)) {
    std::string place = (file + ": variants[" + llvm::Twine(i) + "]").str();
    auto variant = variantOf(value, place, llvm::sys::path::parent_path(file));
    if (!variant)
      return variant.takeError();
    for (const Variant &other : options.variants)
      if (other.name == variant->name)
        return llvm::createStringError(
            place + ": the name '" + other.name +
            "' is another variant's, expected different ones");
    options.variants.push_back(std::move(*variant));
    if (options.variants.back().quality.has_value() !=
        options.variants.front().quality.has_value())
      return expected(place, "'quality' of all variants or of none");
  }
  return llvm::Error::success();
}

/// `{"H": "16..1080%4", "N": 1}`, as `--dim` takes them.
llvm::Error addDims(const json::Value *value, llvm::StringRef file,
                    CompileOptions &options) {
  if (!value)
    return llvm::Error::success();
  const json::Object *dims = value->getAsObject();
  if (!dims)
    return expected(file, "'dims', an object of names and ranges");
  std::vector<std::string> given;
  for (const auto &[name, range] : *dims) {
    std::optional<llvm::StringRef> text = range.getAsString();
    std::optional<int64_t> number = range.getAsInteger();
    if (!text && !number)
      return expected(file + ": dims: '" + llvm::StringRef(name) + "'",
                      "a number or a range, \"16..1080%4\"");
    given.push_back(llvm::StringRef(name).str() + "=" +
                    (text ? text->str() : std::to_string(*number)));
  }
  llvm::sort(given); // Objects have no order.
  options.dims.insert(options.dims.begin(), given.begin(), given.end());
  return llvm::Error::success();
}

} // namespace

bool isFamilyFile(llvm::StringRef model) { return model.ends_with(".json"); }

llvm::Error readFamilyFile(llvm::StringRef path, CompileOptions &options) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return llvm::createStringError("cannot read '" + path +
                                   "': " + file.getError().message());
  llvm::Expected<json::Value> parsed = json::parse((*file)->getBuffer());
  if (!parsed)
    return llvm::createStringError(
        path + ": is no JSON: " + llvm::toString(parsed.takeError()));
  auto object = objectOf(*parsed, path, {"variants", "dims"});
  if (!object)
    return object.takeError();
  options.family = path.str();
  if (llvm::Error error =
          addVariants((*object)->getArray("variants"), path, options))
    return error;
  return addDims((*object)->get("dims"), path, options);
}

} // namespace dycc
